"""Load: visitors without a browser on a server of their own, each with one change a second; how long the page takes.

``make load``, or ``python -m tests.load 20 40 60`` for these numbers of visitors; :mod:`tests.load.soak` looks for
memory that grows. The visitors run on the same machine and take their share of it.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from tests.load.measures import memory, processor_seconds
from tests.server.clients import Client, Server, link

SECONDS = 12.0  # that each number of visitors is looked at
VISITORS = (10, 30, 60)
PRESETS = ("rosenbrock", "himmelblau", "ravine", "ackley")
HEAVY = link(
    objective="ackley", start="1.3,2.7", optimizer="bfgs", schedule="strong_wolfe", epochs=100_000, tolerance=0
)


@dataclass
class Measured:
    """Seconds from each change to the end of its redraw; ``failed`` changes had no answer."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0


def visitor(url: str, number: int, together: threading.Barrier, found: Measured) -> None:
    """Change the number of epochs once a second, each time to another, from when all have their page."""
    random_ = random.Random(number)
    try:
        with Client(url, link(objective=PRESETS[number % len(PRESETS)], epochs=100), timeout=60) as client:
            client.visit()
            together.wait(120)
            until = time.monotonic() + SECONDS
            time.sleep(random_.random())
            while (begun := time.monotonic()) < until:
                client.visit(epochs=100 + random_.randrange(400))
                found.seconds.append(time.monotonic() - begun)
                time.sleep(max(0.0, begun + 1 - time.monotonic()))
    except Exception:  # whatever it is, a visitor sees no page
        found.failed += 1


def attacker(url: str, together: threading.Barrier) -> None:
    """Send the longest run there is, again and again."""
    rate = 0.1
    with Client(url, HEAVY, timeout=60) as client:
        client.visit()
        together.wait(120)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            rate += 0.001
            client.visit(learning_rate=rate)


def measured(urls: Sequence[str], count: int, attacked: bool = False) -> Measured:
    """Let so many visitors come, spread over the servers, and an attacker beside them if asked for."""
    found = Measured()
    together = threading.Barrier(count + attacked)
    threads = [threading.Thread(target=visitor, args=(urls[k % len(urls)], k, together, found)) for k in range(count)]
    threads += [threading.Thread(target=attacker, args=(urls[0], together))] if attacked else []
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def row(name: str, servers: Sequence[Server], count: int, attacked: bool = False) -> None:
    """Measure, and print one row of the table."""
    before = processor_seconds(servers)
    found = measured([server.url for server in servers], count, attacked)
    times = [1000 * seconds for seconds in found.seconds] or [float("nan")] * 2
    late = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    each = 1000 * (processor_seconds(servers) - before) / max(1, len(found.seconds) + count)  # a visit is one, too
    print(
        f"{name:>28} {len(servers):>9} {len(found.seconds):>8} {median(times):>10.0f} {late:>7.0f} {each:>8.0f} "
        f"{found.failed:>7} {memory(servers):>6.0f}",
        flush=True,
    )


def main(counts: Sequence[int]) -> None:
    print(
        f"{os.cpu_count()} processors, load before: {os.getloadavg()[0]:.1f}; one change a second each, {SECONDS:.0f} s"
    )
    print(
        f"{'visitors':>28} {'processes':>9} {'changes':>8} {'median ms':>10} {'p95 ms':>7} {'cpu ms':>8} {'failed':>7} "
        f"{'MB':>6}"
    )
    with Server() as one:
        for count in counts:
            row(str(count), (one,), count)
        row("10 and an attacker", (one,), 10, attacked=True)
        with Server() as other:
            for count in counts[-2:]:
                row(str(count), (one, other), count)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or VISITORS)
