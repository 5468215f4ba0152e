"""What every figure has in common."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.figures.labels import symbol
from gdviz.figures.palette import Palette

Trace = dict[str, Any]

MOVING = {"moving": True}  # traces that follow the hand; all others stand still while it moves
PLACE = "(%{x:.6~g}, %{y:.6~g})<extra></extra>"  # what is said of a point
OWN = {"own": True}  # traces that are true of this run only; hidden while another is shown


def moving(x: str, y: str, part: str = "line", unit: float | None = None, run: int | None = None) -> dict[str, Any]:
    """Return the meta of a trace that follows the hand, and says which columns of a run it draws.

    Columns are ``"epoch"``, ``"theta 0"``, …, ``"value"``, ``"gap"`` (the value above the known minimum) and ``"norm"``
    (the gradient's). ``part`` is the line through all rows, its ``"halo"``, their ``"points"``, or the ``"first"`` or
    ``"last"`` row alone. ``unit`` is that of a signed log scale for y, if it has one; ``run`` the run's number where
    there are several. So the browser can draw another run, or this one up to some epoch, without being sent a figure.
    """
    more = {name: value for name, value in (("unit", unit), ("run", run)) if value is not None}
    return {**MOVING, "x": x, "y": y, "part": part, **more}


class Sheet:
    """A figure in the making: traces and axes as plain dicts, with colors and fonts all explicit.

    Plotly's own classes check every property as it is set, which takes 20 ms a figure and would be most of a redraw.
    What is written here never varies in kind, so the tests check it once instead (:mod:`tests.figures.test_figures`).
    """

    def __init__(self, palette: Palette, uirevision: str, **layout: Any) -> None:
        self.palette = palette
        self.traces: list[Trace] = []
        self.layout: dict[str, Any] = {
            "template": palette.template(),
            "paper_bgcolor": palette.paper,
            "plot_bgcolor": palette.paper,
            "font": {"color": palette.text},
            "uirevision": uirevision,
            "xaxis": {},
            "yaxis": {},
            **layout,
        }

    def add(self, *traces: Trace) -> None:
        """Add traces, drawn in this order."""
        self.traces.extend(map(self._thick, traces))

    def _thick(self, trace: Trace) -> Trace:
        scale = self.palette.line_scale
        if scale == 1 or "width" not in trace.get("line", {}):
            return trace
        return {**trace, "line": {**trace["line"], "width": scale * trace["line"]["width"]}}

    def show_legend(self, *names: str) -> None:
        """Show a legend with the traces so far that have one of ``names``."""
        self.layout["showlegend"] = True
        self.traces = [{**trace, "showlegend": trace["name"] in names} for trace in self.traces]

    def x(self, title: str | None = None, number: int = 1, **settings: Any) -> None:
        """Set properties of an x axis."""
        self._axis(f"xaxis{number if number > 1 else ''}", title, settings)

    def y(self, title: str | None = None, number: int = 1, **settings: Any) -> None:
        """Set properties of a y axis."""
        self._axis(f"yaxis{number if number > 1 else ''}", title, settings)

    def _axis(self, name: str, title: str | None, settings: dict[str, Any]) -> None:
        axis = self.layout.setdefault(name, {})
        axis.update(settings)
        font = settings.get("tickfont", {})
        if "size" in font:
            axis["tickfont"] = {**font, "size": self.palette.type_size(font["size"])}
        if title is not None:
            axis["title"] = {"text": title}

    def figure(self) -> go.Figure:
        """Return the finished figure."""
        return PlainFigure(self.traces, self.layout)


class PlainFigure(go.Figure):  # type: ignore[misc]
    """A figure that stays plain dicts until somebody asks for what Plotly's own classes make of them.

    They copy and look at everything, which takes as long as all else of a redraw; the page needs only the dicts.
    """

    def __init__(self, traces: list[Trace], layout: dict[str, Any]) -> None:
        self._plain = {"data": traces, "layout": layout}

    def __getattr__(self, name: str) -> Any:
        plain = self.__dict__.pop("_plain", None)
        if plain is None:
            raise AttributeError(name)
        super().__init__(plain, _validate=False)
        return getattr(self, name)

    def __reduce__(self) -> tuple[type[go.Figure], tuple[dict[str, Any]]]:
        return go.Figure, (self.to_dict(),)


def plain_of(figure: go.Figure) -> dict[str, Any]:
    """Return traces and layout of a figure, to be read only; arrays may be as they are."""
    plain: dict[str, Any] = figure.__dict__.get("_plain") or figure.to_dict()
    return plain


def parts(figure: go.Figure) -> tuple[list[Trace], dict[str, Any]]:
    """Return copies of a sheet's traces and layout, with arrays as they are: Plotly's own ``to_dict`` packs them."""
    return [dict(trace) for trace in figure._data], {**figure._layout}


def scatter(**properties: Any) -> Trace:
    """Return a scatter trace."""
    return {"type": "scatter", **properties}


def hover_rows(rows: NDArray[np.intp], run: Trajectory, whose: str = "") -> dict[str, Any]:
    """Return the properties of a trace that says of each of its ``rows`` of a run, under the pointer, ``whose`` it is,
    its epoch, theta and value."""
    lines = [whose] if whose else []
    lines.append("epoch %{customdata[0]:,d}")
    lines += [f"{symbol(name)} = %{{customdata[{i + 1}]:.5~g}}" for i, name in enumerate(run.variables)]
    lines.append(f"f = %{{customdata[{len(run.variables) + 1}]:.5~g}}")
    return {
        "customdata": np.column_stack([rows, run.thetas[rows], run.values[rows]]),
        "hovertemplate": "<br>".join(lines) + "<extra></extra>",
    }


def flag(palette: Palette, halo: str, size: int = 13) -> dict[str, Any]:
    """Return a font that stays readable over a landscape."""
    blur = ", ".join(f"{x}px {y}px 2px {halo}" for x in (-1, 1) for y in (-1, 1))
    return {"color": palette.text, "size": palette.type_size(size), "shadow": blur}
