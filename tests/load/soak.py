"""Soak: three visitors for ten minutes, one who stays and two who come and go; does the server's memory grow?

``python -m tests.load.soak 10`` for so many minutes, a row each. What a server remembers is bounded in bytes, so that
memory is filled first, with long runs: what grows after that is a leak.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from dataclasses import dataclass

from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS
from tests.load.measures import memory, processor_seconds
from tests.server.clients import Client, Server, link

FILLING = 60  # long runs, which together are more than all that is remembered
CHANGES = 15  # of a visitor who comes and goes
FORMULAS = ("x^2 + {}*y^2", "sin({}*x) + y^2/9", "exp(-x*y/{}) + x^2 + y^2", "|x| + {}*|y|")
PAGES = ("descend", "compare", "maps", "derivatives", "training")


@dataclass
class Counted:
    """Changes that were answered, and visits that failed, by all visitors."""

    changes: int = 0
    failed: int = 0


def any_link(choose: random.Random) -> str:
    """A link of an everyday kind, seldom the same twice."""
    formula = choose.choice(FORMULAS).format(choose.randrange(1, 500))
    what = choose.choice([{"objective": choose.choice([*PRESETS])}, {"objective": "formula", "formula": formula},
                          {"objective": "fit", "data": choose.choice(["line", "thurber"])}])  # fmt: skip
    return link(**what, optimizer=choose.choice([*OPTIMIZERS]), epochs=100, theory=choose.choice([0, 1]))


def visit(url: str, choose: random.Random, changes: int, until: float, counted: Counted) -> None:
    """Open a page, and make so many changes, one a second."""
    with Client(url, any_link(choose), timeout=60) as client:
        client.visit()
        for _ in range(changes):
            if time.monotonic() > until:
                return
            begun = time.monotonic()
            client.ask(page=choose.choice(PAGES), epochs=100 + choose.randrange(900))
            client.drawn()
            counted.changes += 1
            time.sleep(max(0.0, begun + 1 - time.monotonic()))


def visitor(url: str, number: int, changes: int, until: float, counted: Counted) -> None:
    choose = random.Random(number)
    while time.monotonic() < until:
        try:
            visit(url, choose, changes, until, counted)
        except Exception as error:  # whatever it is, a visitor sees no page
            print(f"  a visit failed: {type(error).__name__}: {error}", flush=True)
            counted.failed += 1


def fill(url: str) -> None:
    """Have the server remember as much as it may."""
    for k in range(FILLING):  # a link is read on arrival
        with Client(url, timeout=120) as client:
            client.visit(link(objective="ackley", learning_rate=0.5, epochs=100_000 - k, tolerance=0, start="1.3,2.7"))


def main(minutes: int) -> None:
    with Server() as server:
        print(f"{'minute':>8} {'changes':>8} {'failed':>7} {'cpu s':>6} {'MB':>6}", flush=True)
        fill(server.url)
        counted, until = Counted(), time.monotonic() + 60 * minutes
        stays = (100_000, CHANGES, CHANGES)
        for k, changes in enumerate(stays):
            threading.Thread(target=visitor, args=(server.url, k, changes, until, counted)).start()
        for minute in range(minutes + 1):
            print(
                f"{minute:>8} {counted.changes:>8} {counted.failed:>7} {processor_seconds([server]):>6.0f} "
                f"{memory([server]):>6.0f}",
                flush=True,
            )  # fmt: skip
            time.sleep(max(0.0, until - 60 * (minutes - 1 - minute) - time.monotonic()))
        print(("Traceback" in server.output() and server.output()[-3000:]) or "no traceback")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
