"""A figure of curves for pgfplots: TeX draws it, in the document's own type, from the numbers in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gdviz.exports.errors import NotOffered
from gdviz.exports.latex import text
from gdviz.exports.sizes import Size
from gdviz.exports.subject import OVER_EPOCHS
from gdviz.figures.base import Trace, parts

_LARGEST = 1e30  # numbers beyond are not drawn
_FARTHEST = 20.0  # heights of the axis that a curve may go beyond it
_MOST_POINTS = 1500  # of one curve: TeX's memory has an end

_DASHES = {
    "solid": "solid", "dash": "dashed", "dot": "densely dotted", "dashdot": "dash dot", "longdash": "loosely dashed",
    "longdashdot": "loosely dash dot",
}  # fmt: skip
_DOCUMENT = r"""\documentclass[border=2pt]{standalone}
\usepackage[T1]{fontenc}
\usepackage{pgfplots}
\usepgfplotslibrary{groupplots}
\pgfplotsset{compat=1.17}
\begin{document}
%s\end{document}
"""


def to_pgfplots(figure: go.Figure, size: Size, shape: float, standalone: bool = True) -> str:
    """Return ``figure`` for pgfplots, ``size.width`` wide: a document of its own, or what a document takes by
    ``\\input`` (it then needs ``\\usepackage{pgfplots}`` and ``\\usepgfplotslibrary{groupplots}``).

    Raises NotOffered for what is no figure of curves.
    """
    traces, layout = parts(figure)
    if any(trace["type"] != "scatter" for trace in traces):
        raise NotOffered(f"pgfplots draws curves ({', '.join(OVER_EPOCHS)}); take this figure as pdf.")
    pairs = list(dict.fromkeys((trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in traces))
    colors = list(dict.fromkeys(_color(trace) for trace in traces))
    names = {color: f"gdviz{chr(ord('A') + i)}" for i, color in enumerate(colors)}
    height = (size.height or size.width * shape) / len(pairs)
    lines = [f"\\definecolor{{{name}}}{{HTML}}{{{color[1:].upper()}}}" for color, name in names.items()]
    lines += [
        r"\begin{tikzpicture}",
        rf"\begin{{groupplot}}[group style={{group size=1 by {len(pairs)}, vertical sep=14pt}},",
        rf"  width={size.width:.2f}pt, height={height:.2f}pt, scale only axis=false,",
        r"  grid=major, grid style={black!12}, unbounded coords=jump, legend cell align=left,",
        r"  legend style={draw=none, fill=none, font=\small}]",
    ]
    for place, pair in enumerate(pairs):
        own = [t for t in traces if (t.get("xaxis", "x"), t.get("yaxis", "y")) == pair]
        lines += _axis(own, layout, pair, place == len(pairs) - 1, names)
    lines += [r"\end{groupplot}", r"\end{tikzpicture}", ""]
    body = "\n".join(lines)
    return _DOCUMENT % body if standalone else body


def _axis(
    traces: Sequence[Trace], layout: dict[str, Any], pair: tuple[str, str], last: bool, names: dict[str, str]
) -> list[str]:
    x, y = (layout[f"{name[0]}axis{name[1:]}"] for name in pair)
    across, down = (
        _ends(axis, [np.asarray(t[letter], dtype=float) for t in traces])
        for letter, axis in zip("xy", (x, y), strict=True)
    )
    options = [*_scale("x", x, across), *_scale("y", y, down)]
    options.append(f"ylabel={{{text(_title(y))}}}")
    options.append(f"xlabel={{{text(_title(x))}}}" if last else "xticklabels={}")
    lines = [rf"\nextgroupplot[{', '.join(options)}]"]
    for trace in traces:
        lines += _curve(trace, names, bool(layout.get("showlegend")), down, y.get("type") == "log")
    return lines


def _ends(axis: dict[str, Any], columns: Sequence[np.ndarray[Any, Any]]) -> tuple[float, float]:
    """The ends of an axis: its own, else those of what is drawn, apart even where that is one number."""
    logarithmic = axis.get("type") == "log"
    if axis.get("range"):
        low, high = (float(end) for end in axis["range"])
        return (10.0**low, 10.0**high) if logarithmic else (low, high)
    values = np.concatenate(columns)
    values = values[np.isfinite(values) & (np.abs(values) < _LARGEST)]
    values = values[values > 0] if logarithmic else values
    if not len(values):
        return (1.0, 10.0) if logarithmic else (-1.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        more = (high / low) ** 0.05 if high > 1.01 * low else 3.0
        return low / more, high * more
    apart = high - low
    pad = 0.05 * apart if apart > 1e-4 * max(abs(low), abs(high)) else 0.1 * (abs(high) or 1.0)
    return low - pad, high + pad


def _scale(letter: str, axis: dict[str, Any], ends: tuple[float, float]) -> list[str]:
    found = [f"{letter}mode=log"] if axis.get("type") == "log" else []
    found += [f"{letter}min={ends[0]:.8g}", f"{letter}max={ends[1]:.8g}"]
    if axis.get("tickvals") is not None:
        places = ", ".join(f"{v:.8g}" for v in axis["tickvals"])
        labels = ", ".join(f"{{{text(str(label))}}}" for label in axis.get("ticktext", ()))
        found += [f"{letter}tick={{{places}}}", f"{letter}ticklabels={{{labels}}}"]
    return found


def _title(axis: dict[str, Any]) -> str:
    title = axis.get("title") or {}
    return str(title.get("text", "")) if isinstance(title, dict) else str(title)


def _color(trace: Trace) -> str:
    color = str(trace.get("line", {}).get("color") or trace.get("marker", {}).get("color") or "#000000")
    return color if color.startswith("#") and len(color) == 7 else "#000000"


def _curve(
    trace: Trace, names: dict[str, str], legend: bool, ends: tuple[float, float], logarithmic: bool
) -> list[str]:
    x, y = (np.asarray(trace[axis], dtype=float) for axis in "xy")
    good = np.isfinite(x) & np.isfinite(y) & ((y > 0) if logarithmic else True)
    if not logarithmic:  # TeX knows no length of five meters
        far = _FARTHEST * (ends[1] - ends[0])
        y = np.clip(y, ends[0] - far, ends[1] + far)
    rows = np.flatnonzero(good)
    if not len(rows):
        return []
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _MOST_POINTS)).astype(int))]
    line = trace.get("line", {})
    style = [names[_color(trace)], _DASHES.get(str(line.get("dash", "solid")), "dashed")]
    style.append(f"line width={0.45 * float(line.get('width', 2)):.3g}pt")
    style.append("mark=*, mark size=1pt" if "markers" in str(trace.get("mode")) else "mark=none")
    shown = legend and trace.get("showlegend", True) and trace.get("name")
    if not shown:
        style.append("forget plot")
    points = " ".join(f"({a:.10g},{b:.10g})" for a, b in zip(x[rows].tolist(), y[rows].tolist(), strict=True))
    lines = [rf"\addplot[{', '.join(style)}] coordinates {{{points}}};"]
    return [*lines, rf"\addlegendentry{{{text(str(trace['name']))}}}"] if shown else lines
