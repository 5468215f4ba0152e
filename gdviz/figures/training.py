"""Charts of a training run: its epochs have the numbers that its file gives them, and no hand moves it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gdviz.figures.base import parts


def renumbered(figure: go.Figure, epochs: NDArray[np.float64]) -> go.Figure:
    """Return a figure of curves over rows with row k at ``epochs[k]``, where these are not 0, 1, 2 …

    A second run, drawn behind, keeps its own epochs. What does not rise is no axis: then rows are counted.
    """
    rows = np.arange(len(epochs), dtype=float)
    if np.array_equal(epochs, rows) or not (np.isfinite(epochs).all() and (np.diff(epochs) > 0).all()):
        return figure
    traces, layout = parts(figure)
    for place, trace in enumerate(traces):
        if trace.get("legendgroup") != "beside":
            x = np.clip(np.asarray(trace["x"], dtype=float), 0, len(epochs) - 1)
            traces[place] = {**trace, "x": np.interp(x, rows, epochs)}
    seen = np.concatenate([np.asarray(trace["x"], dtype=float) for trace in traces])
    pad = 0.015 * float(seen.max() - seen.min())
    for name, axis in layout.items():
        if name.startswith("xaxis"):
            spaced = {key: value for key, value in axis.items() if key != "dtick"}
            layout[name] = {
                **spaced,
                "range": [float(seen.min()) - pad, float(seen.max()) + pad],
                "tickformat": ",.7~g",
            }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def standing_still(figure: go.Figure, place: int) -> go.Figure:
    """Return a figure of several runs in which the one at ``place`` does not follow the hand."""
    traces, layout = parts(figure)
    kept = [{**t, "meta": None} if (t.get("meta") or {}).get("run") == place else t for t in traces]
    return go.Figure({"data": kept, "layout": layout}, _validate=False)
