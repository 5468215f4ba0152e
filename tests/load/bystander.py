"""One visitor with a change a moment beside others who ask for the most there is: how long each change takes.

``python -m tests.load.bystander`` prints a line for each kind of work, or for the kinds that are named behind it.
"""

from __future__ import annotations

import sys
import threading
import time
from statistics import median, quantiles

from tests.load.stops import KINDS, Kind
from tests.server.clients import Client, Server, link

ALLOWED = 0.25  # seconds
PAUSE = 0.05  # between two changes


def attack(url: str, kind: Kind, done: threading.Event) -> None:
    try:
        with Client(url, link(**kind.link, h=1e-3), timeout=60) as client:
            client.ask(page=kind.page)
            client.drawn()
    finally:
        done.set()


def main(names: list[str]) -> None:
    every: list[float] = []
    with Server() as server, Client(server.url, link(objective="rosenbrock", epochs=100)) as client:
        client.visit()
        for name in names or [name for name, kind in KINDS.items() if kind.begin is None]:
            found, done = [], threading.Event()
            threading.Thread(target=attack, args=(server.url, KINDS[name], done)).start()
            while not done.is_set():
                begun = time.monotonic()
                client.visit(epochs=100 + (len(every) + len(found)) % 400)
                found.append(time.monotonic() - begun)
                time.sleep(PAUSE)
            every += found
            times = f"median {1000 * median(found):4.0f}, most {1000 * max(found):4.0f} ms"
            print(f"{name:38} {len(found):4} changes, {times}", flush=True)
        late = sum(seconds > ALLOWED for seconds in every)
        print(
            f"{'all':38} {len(every):4} changes, 95 of 100 within {1000 * quantiles(every, n=20)[-1]:.0f} ms, "
            f"most {1000 * max(every):.0f} ms, {late} over {1000 * ALLOWED:.0f} ms"
        )
        if "Traceback" in server.output():
            print(server.output())


if __name__ == "__main__":
    main(sys.argv[1:])
