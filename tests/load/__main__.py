"""Load: visitors without a browser on a server of their own, each with one change a second; how long the page takes.

``make load``, or ``python -m tests.load 20 40 60`` for these numbers of visitors. The visitors run on the same machine
and take their share of it.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

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


def measured(url: str, count: int, attacked: bool = False) -> Measured:
    found = Measured()
    together = threading.Barrier(count + attacked)
    threads = [threading.Thread(target=visitor, args=(url, k, together, found)) for k in range(count)]
    threads += [threading.Thread(target=attacker, args=(url, together))] if attacked else []
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def memory(process: int) -> float:
    """Megabytes that the server takes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(counts: tuple[int, ...]) -> None:
    print(
        f"{os.cpu_count()} processors, load before: {os.getloadavg()[0]:.1f}; one change a second each, {SECONDS:.0f} s"
    )
    print(f"{'visitors':>24} {'changes':>8} {'median ms':>10} {'p95 ms':>8} {'failed':>7} {'MB':>7}")
    with Server() as server:
        for count, attacked in [*((count, False) for count in counts), (10, True)]:
            found = measured(server.url, count, attacked)
            times = [1000 * seconds for seconds in found.seconds] or [float("nan")] * 2
            name = f"{count} and an attacker" if attacked else str(count)
            late = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
            print(
                f"{name:>24} {len(found.seconds):8} {median(times):10.0f} {late:8.0f} {found.failed:7} "
                f"{memory(server.process.pid):7.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or VISITORS)
