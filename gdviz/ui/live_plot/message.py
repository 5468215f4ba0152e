"""From a Plotly figure to the message the browser draws: JSON in which pieces that were sent before are digests."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from plotly.utils import PlotlyJSONEncoder

KEPT_PIECES = 16
"""How many heavy pieces of one chart the browser keeps; ``live_plot.js`` has the same number."""

HEAVY = 2_000
"""From this many characters on a piece is worth remembering."""

Shelf = dict[str, None]
"""Digests of the pieces one browser page is thought to hold for one chart, the longest unused first."""


def encode_figure(figure: Mapping[str, Any], shelf: Shelf, head: Mapping[str, Any]) -> bytes:
    """The message for ``figure`` (``Figure.to_dict()``) with the further fields ``head``.

    ``shelf`` is updated to what the browser holds afterwards. A trace or template whose digest is on it is sent as
    that digest; the browser asks for everything again should it not have it (a message can be overtaken).
    """
    layout = dict(figure.get("layout") or {})
    template = layout.pop("template", None)
    values = [*figure.get("data", ()), template]
    pieces = [_piece(value, shelf) for value in values]
    for digest in list(shelf)[: max(0, len(shelf) - max(KEPT_PIECES, len(pieces)))]:
        del shelf[digest]
    layout_text = _dumps(layout)
    fields = {
        "traces": f"[{','.join(pieces[:-1])}]",
        "template": pieces[-1],
        "layout": layout_text,
        "layoutDigest": _dumps(_digest(layout_text)),
        **{name: _dumps(value) for name, value in head.items()},
    }
    return ("{" + ",".join(f'"{name}":{text}' for name, text in fields.items()) + "}").encode()


def _piece(value: Any, shelf: Shelf) -> str:
    text = _dumps(value)
    digest = _digest(text)
    if len(text) < HEAVY:
        return f'{{"digest":"{digest}","value":{text}}}'
    held = digest in shelf
    shelf.pop(digest, None)
    shelf[digest] = None
    return f'{{"digest":"{digest}","keep":true}}' if held else f'{{"digest":"{digest}","keep":true,"value":{text}}}'


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _dumps(value: Any) -> str:
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError):  # NaN in a list, dates, NumPy scalars
        return json.dumps(value, cls=PlotlyJSONEncoder, separators=(",", ":"))


def decode_event(message: Any) -> dict[str, Any] | None:
    """The event in a browser's message, or None: what comes from outside is checked, not trusted."""
    if not isinstance(message, Mapping):
        return None
    kind = message.get("kind")
    if kind not in ("click", "start"):
        return None
    x, y = (_finite(message.get(name)) for name in "xy")
    if x is None or y is None:
        return None
    event: dict[str, Any] = {"kind": kind, "x": x, "y": y}
    if kind == "start":
        event["phase"] = "end" if message.get("phase") == "end" else "move"
    return event


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
