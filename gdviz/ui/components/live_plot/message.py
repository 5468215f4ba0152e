"""From a Plotly figure to the message the browser draws: JSON in which pieces that were sent before are digests."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plotly.utils import PlotlyJSONEncoder

from gdviz.figures.still import Still
from gdviz.ui.server.questions import finite

KEPT_PIECES = 16
"""How many heavy pieces of one chart the browser keeps."""

HEAVY = 2_000
"""From this many characters on a piece is worth remembering."""

Array = NDArray[Any]

Held = dict[str, None]
"""Digests of the pieces one browser page is thought to hold for one chart, the longest unused first."""


def encode_figure(figure: Mapping[str, Any], held: Held, head: Mapping[str, Any]) -> bytes:
    """The message for ``figure`` (``Figure.to_dict()``) with the further fields ``head``.

    ``held`` is updated to what the browser holds afterwards. A trace or template whose digest is in it is sent as
    that digest, and not written down at all; the browser asks for everything again should it not have it (a message can
    be overtaken).
    """
    layout = dict(figure.get("layout") or {})
    template = layout.pop("template", None)
    values = [*figure.get("data", ()), template]
    pieces = [_piece(value, held) for value in values]
    for digest in list(held)[: max(0, len(held) - max(KEPT_PIECES, len(pieces)))]:
        del held[digest]
    layout_text = _dumps(layout)
    fields = {
        "traces": f"[{','.join(pieces[:-1])}]",
        "template": pieces[-1],
        "layout": layout_text,
        "layoutDigest": _dumps(_digest(layout_text.encode())),
        **{name: _dumps(value) for name, value in head.items()},
    }
    return ("{" + ",".join(f'"{name}":{text}' for name, text in fields.items()) + "}").encode()


def pack_arrays(value: Any) -> Any:
    """A copy of a figure's dict with its numeric NumPy arrays as Plotly's base64 arrays, as ``Figure.to_dict`` makes.

    Arrays of 8-byte integers become the shortest type that holds them: JavaScript has no such arrays.
    """
    if isinstance(value, Mapping):
        return {name: pack_arrays(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [pack_arrays(item) for item in value]
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind not in "iuf" or value.ndim not in (1, 2):
        return value.tolist()
    array = np.ascontiguousarray(value, dtype=_type_of(value))
    packed = {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(array.tobytes()).decode()}
    return packed if array.ndim == 1 else packed | {"shape": f"{array.shape[0]}, {array.shape[1]}"}


def _type_of(value: np.ndarray) -> Any:
    """The type in which a browser can read an array."""
    if value.dtype.kind == "f":
        return "<f8" if value.dtype.itemsize in (2, 8) else value.dtype.newbyteorder("<")
    if value.dtype.itemsize < 8:
        return value.dtype.newbyteorder("<")
    least, most = (int(value.min()), int(value.max())) if value.size else (0, 0)
    fitting = ("<u1", "<i2", "<i4") if least >= 0 else ("<i1", "<i2", "<i4")
    return next((name for name in fitting if np.iinfo(name).min <= least and most <= np.iinfo(name).max), "<f8")


def _piece(value: Any, held: Held) -> str:
    if isinstance(value, Still) and value.digest in held:
        return _kept(value.digest, held)
    arrays: list[bytes] = []
    text = _dumps(value, lambda array: _noted(array, arrays))
    digest = _digest(text.encode(), *arrays)
    if len(text) + sum(map(len, arrays)) < HEAVY:
        return f'{{"digest":"{digest}","value":{_dumps(value) if arrays else text}}}'
    if isinstance(value, Still):
        value.digest = digest
    return _kept(digest, held, lambda: _dumps(value) if arrays else text)


def _kept(digest: str, held: Held, write: Callable[[], str] = str) -> str:
    """Return a heavy piece: its digest, and what it is where the browser does not have it."""
    sent = digest in held
    held.pop(digest, None)
    held[digest] = None
    head = f'"digest":"{digest}","keep":true'
    return f"{{{head}}}" if sent else f'{{{head},"value":{write()}}}'


def _noted(array: Array, arrays: list[bytes]) -> str:
    """Add an array's bytes to those of a piece; return what stands for it in the piece's text."""
    arrays.append(array.tobytes())
    return f"{array.dtype}{array.shape}"


def _digest(*parts: bytes) -> str:
    made = hashlib.blake2b(digest_size=12)
    for part in parts:
        made.update(part)
    return made.hexdigest()


def _dumps(value: Any, write: Callable[[Array], Any] = pack_arrays) -> str:
    """Return JSON, with arrays as what ``write`` makes of them."""

    def default(one: Any) -> Any:
        if isinstance(one, np.ndarray):
            return write(one) if one.dtype.kind in "iufb" else one.tolist()
        raise TypeError

    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"), default=default)
    except (TypeError, ValueError):  # NaN in a list, dates, NumPy scalars
        return json.dumps(pack_arrays(value), cls=PlotlyJSONEncoder, separators=(",", ":"))


def decode_event(message: Any) -> dict[str, Any] | None:
    """The event in a browser's message, or None: what comes from outside is checked, not trusted."""
    if not isinstance(message, Mapping) or message.get("kind") not in ("click", "start"):
        return None
    try:
        event: dict[str, Any] = {"kind": message["kind"], "x": finite(message.get("x")), "y": finite(message.get("y"))}
    except ValueError:
        return None
    if event["kind"] == "start":
        event["phase"] = "end" if message.get("phase") == "end" else "move"
    return event
