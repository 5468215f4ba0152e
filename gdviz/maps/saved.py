"""A map as a file of arrays with axes and metadata (NPZ), or as a table (CSV)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent.plans import STOP_REASONS
from gdviz.maps.basins import Basins
from gdviz.maps.sweep import LearningRateSweep
from gdviz.maps.trainability import Trainability
from gdviz.spreadsheets import table_text

Map = Basins | LearningRateSweep | Trainability

MOST_ROWS = 300_000  # of a table: what a spreadsheet still opens


def arrays_of(found: Map) -> dict[str, NDArray[Any]]:
    """Return a map's arrays by name. Reasons to stop are their words; of a map with many, numbers into ``reasons``."""
    if isinstance(found, Basins):
        names = ("x", "y", "reached", "epochs", "points", "kinds", "shares", "share_errors", "known")
        return {name: getattr(found, name) for name in names} | {"variables": np.array(found.variables)}
    if isinstance(found, LearningRateSweep):
        arrays = {name: getattr(found, name) for name in ("rates", "values", "epochs", "thetas", "works")}
        numbers = {name: np.array(getattr(found, name)) for name in ("limit", "best", "fastest", "window")}
        return arrays | {"stop_reasons": _words(found.stop_reasons)} | numbers
    arrays = {name: getattr(found, name) for name in ("x", "y", "epochs", "values", "trained")}
    named = {reason: k for k, reason in enumerate(STOP_REASONS)}
    codes = np.array([named[reason] for reason in found.stop_reasons.ravel()], dtype=np.int8)
    return arrays | {
        "stop_reasons": codes.reshape(found.stop_reasons.shape),
        "reasons": np.array([reason.value if reason else "" for reason in STOP_REASONS]),
        "axes": np.array([axis.name for axis in found.axes]),
        "dimension": np.array(found.dimension),
        "box_sizes": found.boxes.sizes,
        "box_counts": found.boxes.counts,
    }


def map_npz(found: Map, about: Mapping[str, Any] | None = None) -> bytes:
    """Return a map as an NPZ file (``numpy.load`` reads it); ``about`` is kept in it as JSON under that name."""
    file = io.BytesIO()
    text = json.dumps(dict(about or {}), ensure_ascii=False)
    np.savez_compressed(file, about=np.array(text), **arrays_of(found))  # type: ignore[arg-type]
    return file.getvalue()


def map_csv(found: Map) -> str:
    """Return a map as CSV, a row for each member, with all digits.

    Raises ValueError for a map of more than 300,000 members: that is for NPZ.
    """
    if isinstance(found, LearningRateSweep):
        heads = ["learning_rate", "value", "epochs", "stop_reason", "works"]
        columns = [found.rates, found.values, found.epochs, _words(found.stop_reasons), found.works]
        return _table(heads, [np.asarray(column).tolist() for column in columns])
    h, w = found.epochs.shape
    if h * w > MOST_ROWS:
        raise ValueError(f"A table of {h * w:,} rows is more than a spreadsheet opens: choose NPZ, or fewer pixels.")
    places = [np.tile(found.x, h).tolist(), np.repeat(found.y, w).tolist()]
    if isinstance(found, Basins):
        heads = [*found.variables, "reached", "epochs"]
        return _table(heads, [*places, found.reached.ravel().tolist(), found.epochs.ravel().tolist()])
    heads = [*[axis.name for axis in found.axes], "stop_reason", "epochs", "value"]
    rest = [_words(found.stop_reasons.ravel()), found.epochs.ravel(), found.values.ravel()]
    return _table(heads, [*places, *[column.tolist() for column in rest]])


def _words(reasons: NDArray[Any]) -> NDArray[np.str_]:
    return np.array([reason.value for reason in reasons.ravel()]).reshape(reasons.shape)


def _table(heads: list[str], columns: list[list[Any]]) -> str:
    return table_text(heads, zip(*columns, strict=True))
