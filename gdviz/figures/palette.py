"""Every color, dash and marker of the figures: one palette for light pages, one for dark pages, one for print.

In a Streamlit process Plotly's default template is a placeholder, so nothing here relies on it:
:meth:`Palette.template` says everything.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from gdviz.figures.still import Still

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"

# Color is never the only cue: series i also has its own dash and marker.
DASHES = ("solid", "dash", "dashdot", "longdash", "12px 3px 3px 3px 3px 3px", "6px 3px", "16px 5px", "2px 3px")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "pentagon", "triangle-down")


@dataclass(frozen=True)
class Look:
    """How one of several is drawn: a parameter, a run, a method."""

    color: str
    dash: str
    shape: str

    def line(self, width: float = 2.5, *, busy: bool = False) -> dict[str, Any]:
        return {"color": self.color, "width": 1.0 if busy else width, "dash": "solid" if busy else self.dash}

    def marker(self, size: float, outline: str) -> dict[str, Any]:
        """Its marker at a place of its own, seen apart from all below."""
        return {"symbol": self.shape, "size": size, "color": self.color, "line": {"color": outline, "width": 1.5}}


@dataclass(frozen=True)
class Palette:
    """Colors of one look. All are CSS colors.

    ``paper`` is the figure's own background (transparent on pages), ``surface`` what is seen behind it. ``series``
    are color-blind safe (Okabe & Ito 2008, darkened or lightened to at least 3 : 1 against ``surface``).
    ``landscape`` runs from low to high values. ``type_scale`` is how much larger all words are than usual,
    ``line_scale`` how much thicker all lines of traces.
    """

    name: str
    paper: str
    surface: str
    text: str
    muted: str
    grid: str
    axis: str
    accent: str
    path: str
    outline: str
    early: str
    late: str
    minimum: str
    level_line: str
    hole: str
    landscape: tuple[str, ...]
    series: tuple[str, ...]
    hover: str
    type_scale: float = 1.0
    line_scale: float = 1.0

    def type_size(self, pixels: float) -> float:
        """The size of letters that are ``pixels`` high in type of normal size."""
        return pixels * self.type_scale

    def look(self, i: int) -> Look:
        """How series ``i`` is drawn; a run has the number of its color."""
        return Look(self.series[i % len(self.series)], DASHES[i % len(DASHES)], SYMBOLS[i % len(SYMBOLS)])

    @property
    def colorscale(self) -> list[list[object]]:
        """The landscape's colors as a Plotly colorscale."""
        steps = len(self.landscape) - 1
        return [[i / steps, color] for i, color in enumerate(self.landscape)]

    @property
    def css(self) -> dict[str, str]:
        """The colors that style sheets share with the figures, as custom properties."""
        return {f"--gdviz-{name}": getattr(self, name) for name in ("text", "muted", "surface", "accent")}

    def template(self) -> Still:
        """Return the template that gives every part of a figure its color and font; not to be written to."""
        return _template(self)


@lru_cache(maxsize=8)
def _template(palette: Palette) -> Still:
    return Still(_settings(palette))


def _settings(palette: Palette) -> dict[str, Any]:
    axis = _axis(palette)
    layout = {
        "font": {"family": FONT} | _type(palette, 14),
        "title": {"font": _type(palette, 16), "x": 0.0, "xref": "container", "xanchor": "left"},
        "paper_bgcolor": palette.paper,
        "plot_bgcolor": palette.paper,
        "colorway": list(palette.series),
        "hovermode": "closest",
        "modebar": {"bgcolor": palette.surface, "color": palette.muted, "activecolor": palette.accent},
        "annotationdefaults": {"font": _type(palette, 13), "arrowcolor": palette.text},
        "shapedefaults": {"line": {"color": palette.axis}},
        "margin": {"l": 12, "r": 16, "t": 28, "b": 12, "pad": 0},
        "xaxis": axis,
        "yaxis": axis,
    }
    return {"layout": layout | _explanations(palette)}


def _axis(palette: Palette) -> dict[str, Any]:
    return {
        "color": palette.text,
        "gridcolor": palette.grid,
        "linecolor": palette.axis,
        "tickcolor": palette.axis,
        "zerolinecolor": palette.grid,
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "zeroline": False,
        "automargin": True,
        "ticklabeloverflow": "allow",  # there is room for all; to look for those without is half the work of an axis
        "tickfont": _type(palette, 13) | {"color": palette.muted},
        "title": {"font": _type(palette, 15), "standoff": 8},
        "exponentformat": "power",
        "minexponent": 4,
    }


def _explanations(palette: Palette) -> dict[str, Any]:
    """What says what is drawn: the words under the pointer, and the legend."""
    return {
        "hoverlabel": {
            "bgcolor": palette.hover,
            "bordercolor": palette.axis,
            "font": {"family": FONT} | _type(palette, 13),
            "align": "left",
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "font": _type(palette, 13),
            "bgcolor": "rgba(0,0,0,0)",
            "itemsizing": "trace",
        },
    }


def _type(palette: Palette, size: float) -> dict[str, Any]:
    return {"color": palette.text, "size": palette.type_size(size)}


LIGHT = Palette(
    name="light",
    paper="rgba(0,0,0,0)",
    surface="#ffffff",
    text="#1c1f2e",
    muted="#545b70",
    grid="#e4e7ef",
    axis="#9aa1b5",
    accent="#4338ca",
    path="#b93a08",
    outline="#ffffff",
    early="#ffd9a8",
    late="#7a1f00",
    minimum="#4338ca",
    level_line="#a3b1cb",
    hole="#eceaea",
    landscape=("#bccae2", "#cfd9ea", "#e0e7f2", "#eef2f8", "#f8fafc"),
    series=("#0072b2", "#c75000", "#00805c", "#b04a87", "#946300", "#1f83b8", "#6f6500", "#1c1f2e"),
    hover="#ffffff",
)

DARK = Palette(
    name="dark",
    paper="rgba(0,0,0,0)",
    surface="#12141c",
    text="#e8eaf2",
    muted="#a9b0c4",
    grid="#2a2f40",
    axis="#5d6580",
    accent="#818cf8",
    path="#ffa24d",
    outline="#12141c",
    early="#6b3a10",
    late="#ffe0b8",
    minimum="#a5b4fc",
    level_line="#4c5878",
    hole="#1f1c1d",
    landscape=("#161c2e", "#1c2439", "#232d45", "#2b3751", "#34415e"),
    series=("#56a9ea", "#ff8f52", "#35c79d", "#e79bc6", "#f2b134", "#8fd3fb", "#f0e442", "#e8eaf2"),
    hover="#1b1e29",
)

PRINT = replace(LIGHT, name="print", paper="#ffffff")

# For journals: the same hues, of which no two are equally dark, so that lines stay apart in gray print.
CAMERA = replace(
    PRINT,
    name="camera",
    text="#000000",
    muted="#30343f",
    axis="#5a6072",
    series=("#003857", "#e35b00", "#00664a", "#b44d8a", "#312100", "#2499d7", "#4f4800", "#151722"),
)

PALETTES = {palette.name: palette for palette in (LIGHT, DARK, PRINT, CAMERA)}


@lru_cache(maxsize=8)
def print_colors(name: str) -> dict[str, str]:
    """Return the colors of the palette ``name`` with those that stand for them in print, where they differ;
    not to be written to."""
    return dict(
        pair
        for f in fields(Palette)
        for pair in zip(_colors(PALETTES[name], f.name), _colors(PRINT, f.name), strict=True)
        if pair[0] != pair[1] and f.name not in ("name", "paper")
    )


def _colors(palette: Palette, field: str) -> tuple[str, ...]:
    value = getattr(palette, field)
    return value if isinstance(value, tuple) else (str(value),)
