"""What every figure has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gdviz.figures.palette import Palette

Array = NDArray[np.float64]

MOVING = {"moving": True}  # traces that follow the hand; all others stand still while it moves


def empty_figure(palette: Palette, uirevision: str, **layout: Any) -> go.Figure:
    """Return a figure without traces whose colours and fonts are all explicit."""
    return go.Figure(
        layout={
            "template": palette.template(),
            "paper_bgcolor": palette.paper,
            "plot_bgcolor": palette.paper,
            "font": {"color": palette.text},
            "uirevision": uirevision,
            **layout,
        }
    )


def row_hover(names: Sequence[str], value_name: str = "f") -> str:
    """Return a hover template for customdata of epoch, theta (n), value."""
    lines = ["epoch %{customdata[0]:,d}"]
    lines += [f"{name} = %{{customdata[{i + 1}]:.5~g}}" for i, name in enumerate(names)]
    return "<br>".join([*lines, f"{value_name} = %{{customdata[{len(names) + 1}]:.5~g}}"]) + "<extra></extra>"


def row_data(rows: NDArray[np.intp], thetas: Array, values: Array) -> Array:
    """Return customdata for :func:`row_hover`: epoch, theta, value of each of ``rows``."""
    return np.column_stack([rows, thetas[rows], values[rows]])


def flag(color: str, halo: str, size: int = 13) -> dict[str, Any]:
    """Return a font that stays readable over a landscape."""
    blur = ", ".join(f"{x}px {y}px 2px {halo}" for x in (-1, 1) for y in (-1, 1))
    return {"color": color, "size": size, "shadow": blur}
