"""What goes on when nobody waits for it any more: processor time that the server still takes for it.

``python -m tests.load.stops`` has each kind of work begun by a tab of its own. At several moments the tab is closed,
or, where the work is a change, the next one comes. Of what the server took from then on until it rested, the most is
printed. ``python -m tests.load.stops NAME…`` looks at those kinds alone.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg

from gdviz.exports.formats import FORMATS
from gdviz.ui.toolbar import export_menu
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
    shown = {"export_format": [export_menu.KINDS.get(kind, export_menu.KINDS["more"])]}
    chosen = () if kind in export_menu.KINDS else ({"export_more": FORMATS[kind].title},)
    return Kind(long, before=({"export_menu": True}, shown, *chosen), begin=download)


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
    "all of it": _file("zip"),
    "GIF": _file("gif"),
    "MP4": _file("mp4"),
}
LIGHT = link(objective="booth", epochs=20)


def after(server: Server, kind: Kind, moment: float, superseded: bool = False) -> float:
    """Seconds of processor time that the server takes after the tab was closed, or the work was ``superseded`` by a
    light change, which is counted as well."""
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
        if superseded:
            back = BackMsg()
            back.rerun_script.query_string, back.rerun_script.is_history_navigation = LIGHT, True
            client.send(back)
            return seconds_until_rest([server])
    return seconds_until_rest([server])


def main(names: list[str]) -> None:
    print(f"{'':38} {'closed':>8} {'superseded':>11}")
    worst = 0.0
    with Server() as server:
        with Client(server.url, LIGHT) as client:
            client.visit()
        for name in names or KINDS:
            kind = KINDS[name]
            moments = [moment * (1 + random.random() / 2) for moment in MOMENTS]
            closed = max(after(server, kind, moment) for moment in moments)
            changed = max(after(server, kind, moment, True) for moment in moments) if kind.begin is None else 0.0
            print(f"{name:38} {1000 * closed:5.0f} ms {1000 * changed:8.0f} ms", flush=True)
            worst = max(worst, closed, changed)
        log = server.output()
    print(f"{'the most':38} {1000 * worst:5.0f} ms{'' if worst <= ALLOWED else ', too much'}")
    if "Traceback" in log:
        print(log[log.index("Traceback") :][:3000])


if __name__ == "__main__":
    main(sys.argv[1:])
