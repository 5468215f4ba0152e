"""A training run's numbers: where its path lies on the plane, how far each epoch moved, its loss."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import numpy as np

from gdviz.exports.about import package_version
from gdviz.exports.data import npz
from gdviz.scenes import TrainingScene
from gdviz.spreadsheets import on_one_line, or_empty, plain_cell, rows_of, table_text

MOST_THETAS = 100  # parameters that are written out besides


def training_csv(scene: TrainingScene) -> str:
    """Return a row an epoch: its place on the plane, how far the step to it moved, the loss, and theta where it has at
    most 100 numbers; below lines that begin with ``#``."""
    columns = training_columns(scene)
    said = "".join(f"# {name}: {on_one_line(str(value))}\n" for name, value in _said(scene).items())
    rows = (map(or_empty, row) for row in rows_of(*columns.values()))
    return said + table_text([plain_cell(name) for name in columns], rows)


def training_json(scene: TrainingScene) -> str:
    """Return the same as JSON; what is no finite number is null."""
    numbers = {
        name: [x if isfinite(x) else None for x in column.tolist()] for name, column in training_columns(scene).items()
    }
    return json.dumps(_said(scene) | {"columns": numbers}, ensure_ascii=False, allow_nan=False) + "\n"


def training_npz(scene: TrainingScene) -> bytes:
    """Return the same as a NumPy archive: ``plane`` (k + 1, 2), ``moved`` (k,), ``shares`` (2,), ``epochs`` (k + 1,),
    ``loss`` (k + 1,) where the file has one, and all of ``thetas`` (k + 1, n)."""
    run = scene.run
    arrays: dict[str, Any] = {"plane": run.plane.points, "moved": run.moved, "shares": np.array(run.plane.shares)}
    arrays |= {"epochs": run.epochs, "thetas": run.thetas}
    if run.losses is not None:
        arrays["loss"] = run.losses
    return npz(_said(scene), arrays)


def training_columns(scene: TrainingScene) -> dict[str, np.ndarray[Any, Any]]:
    """Return the columns (k + 1,) of a table of a training run, by name."""
    run = scene.run
    first, second = run.plane.points.T
    found = {"epoch": run.epochs, "first_component": first, "second_component": second}
    found["moved"] = np.append(np.nan, run.moved)
    if run.losses is not None:
        found["loss"] = run.losses
    if scene.known is not None:
        found["value"] = scene.known.values
    if len(run.names) <= MOST_THETAS:
        found |= {name: np.asarray(run.thetas[:, i], dtype=float) for i, name in enumerate(run.names)}
    return found


def _said(scene: TrainingScene) -> dict[str, Any]:
    run = scene.run
    return {
        "format": "gdviz-training-run",
        "version": 1,
        "parameters": len(run.names),
        "epochs": run.last,
        "measured_rate": run.rate if isfinite(run.rate) else None,
        "verdict": run.verdict,
        "shares_of_variance": list(run.plane.shares),
        "gdviz": package_version(),
    }
