"""What a map shows, as a text for links: ``trainability;learning_rate:0.0001:1:log;beta:0:0.99``."""

from __future__ import annotations

from dataclasses import dataclass

from gdviz.maps.axes import Axis

KINDS = ("basins", "sweep", "trainability")


@dataclass(frozen=True)
class MapView:
    """A ``kind`` of map over the axes ``x`` and ``y``; a sweep has none, as its rates follow from the experiment."""

    kind: str
    x: Axis | None = None
    y: Axis | None = None

    @property
    def text(self) -> str:
        """The view as links say it; :func:`read_map_view` reads it to the last bit."""
        return ";".join([self.kind, *[_written(axis) for axis in (self.x, self.y) if axis is not None]])


def read_map_view(text: str) -> MapView:
    """Return the view that a link's text says. Raises ValueError, in words."""
    kind, *axes = text.split(";")
    if kind not in KINDS:
        raise ValueError(f"must begin with one of {', '.join(KINDS)}")
    if len(axes) not in (0, 2) or (axes and kind == "sweep"):
        raise ValueError("must name no axes or two, as in basins;x:-5:5;y:-5:5")
    return MapView(kind, *[_read(axis) for axis in axes])


def _written(axis: Axis) -> str:
    return ":".join([axis.name, repr(axis.low), repr(axis.high), *(["log"] if axis.spacing == "log" else [])])


def _read(text: str) -> Axis:
    name, *rest = text.split(":")
    if len(rest) not in (2, 3) or rest[2:] not in ([], ["log"]):
        raise ValueError(f"has the axis “{text[:60]}”; an axis is name:low:high or name:low:high:log")
    try:
        low, high = float(rest[0]), float(rest[1])
    except ValueError:
        raise ValueError(f"has the axis “{text[:60]}”, whose ends are no numbers") from None
    return Axis(name, low, high, "log" if rest[2:] else "linear")
