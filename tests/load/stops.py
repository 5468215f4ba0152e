"""What goes on when a tab is closed in the midst of its work: processor time that the server still takes.

``python -m tests.load.stops`` has each kind of work begun by a tab of its own, which is closed at several moments, and
prints, of what the server took from then on until it rested, the most. ``python -m tests.load.stops NAME…`` looks at
those kinds alone.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.hostile.test_prices import ACKLEY, MESSAGES
from tests.load.measures import seconds_until_rest
from tests.server.clients import Client, Server, link

MOMENTS = (0.15, 0.4, 0.9)  # seconds after which a tab is closed, and up to a half more
ALLOWED = 0.25  # seconds


@dataclass(frozen=True)
class Kind:
    """A kind of work: the link and the ``page`` that is opened, and what is then done ``before`` the work and to begin
    it."""

    link: dict[str, object]
    page: str = ""
    before: tuple[dict[str, object], ...] = ()
    begin: Callable[[Client], None] | None = field(default=None)


def download(client: Client) -> None:
    """Press the button of a file that is made when it is asked for."""
    message = BackMsg()
    message.backend_operation_request.request_id = "1"
    message.backend_operation_request.session_id = client.session  # Streamlit answers to no other
    message.backend_operation_request.deferred_file.file_id = client.files[-1]
    client.send(message)


def _file(kind: str, **more: object) -> Kind:
    long = {"objective": "himmelblau", "epochs": 100_000, "optimizer": "adam", "tolerance": 0, **more}
    return Kind(long, before=({"export_menu": True}, {"export_format": [kind]}), begin=download)


def _run(optimizer: str, **more: object) -> Kind:
    return Kind(ACKLEY | {"optimizer": optimizer} | more)


SINES = "*".join(f"sin({name} + {k})" for k, name in enumerate("abcdfghjkl"))
LONG = {"objective": "formula", "formula": SINES, "epochs": 100_000, "tolerance": 0}
KINDS = {
    **{
        name: Kind(dict(message.link), "" if message.page == "descend" else message.page)
        for name, message in MESSAGES.items()
        if not message.own_data
    },
    "gradient descent": Kind(LONG),
    "adam": Kind(LONG | {"optimizer": "adam"}),
    "newton": Kind(LONG | {"optimizer": "newton_safeguarded"}),
    "bfgs, backtracking": _run("bfgs", schedule="backtracking"),
    "conjugate gradients, exact": _run("cg", schedule="exact"),
    "mini-batches": Kind({"objective": "fit", "data": "thurber", "batch_size": 1, "epochs": 100_000}),
    "a picture, two parameters of many": Kind(LONG | {"landscape": "both"}),
    "CSV": _file("csv"),
    "PNG": _file("png"),
    "SVG": _file("svg"),
    "PDF": _file("pdf"),
    "the page as a file": _file("page"),
}


def after(server: Server, kind: Kind, moment: float) -> float:
    """Seconds of processor time that the server takes after the tab was closed."""
    with Client(server.url, link(**kind.link), timeout=30) as client:
        if kind.before or kind.begin:
            client.ask(page=kind.page)
            client.drawn()
            for values in kind.before:
                client.visit(**values)
        if kind.begin is not None:
            kind.begin(client)
        else:
            client.ask(page=kind.page)
        time.sleep(moment)
    return seconds_until_rest([server])


def main(names: list[str]) -> None:
    print(f"{'closed in':38} {'after':>6}")
    worst = 0.0
    with Server() as server:
        with Client(server.url, link(objective="booth")) as client:
            client.visit()
        for name in names or KINDS:
            moments = [moment * (1 + random.random() / 2) for moment in MOMENTS]
            found = max(after(server, KINDS[name], moment) for moment in moments)
            print(f"{name:38} {1000 * found:4.0f} ms", flush=True)
            worst = max(worst, found)
        log = server.output()
    print(f"{'the most':38} {1000 * worst:4.0f} ms{'' if worst <= ALLOWED else ', too much'}")
    if "Traceback" in log:
        print(log[log.index("Traceback") :][:3000])


if __name__ == "__main__":
    main(sys.argv[1:])
