"""How large a figure is printed: lengths with their units, and what venues ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0, "px": 0.75}  # to the unit
LENGTHS = "8.5cm, 3.5in, 89mm or 640px"  # as they are written
NARROWEST, WIDEST = 57.0, 3000.0  # points: 2 cm and a little more than a meter
SMALLEST_TYPE, LARGEST_TYPE = 6.0, 36.0  # points

_LENGTH = re.compile(r"\s*([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(in|inch|inches|\"|cm|mm|pt|px)?\s*", re.ASCII)


@dataclass(frozen=True)
class Size:
    """A printed figure: ``width`` and ``height`` in points (1/72 inch; height None for the figure's usual shape),
    ``type_size`` of the numbers along its axes in points, ``dpi`` of a PNG, and whether the paper shows through."""

    width: float = 432.0
    height: float | None = None
    type_size: float = 9.0
    dpi: float = 300.0
    transparent: bool = False

    def __post_init__(self) -> None:
        for name, side in (("width", self.width), ("height", self.height)):
            if side is not None and not NARROWEST <= side <= WIDEST:
                raise ValueError(f"The {name} is {side / POINTS['cm']:.3g} cm; it must be from 2 cm to 105 cm.")
        if not SMALLEST_TYPE <= self.type_size <= LARGEST_TYPE:
            raise ValueError(f"The font size is {self.type_size:g} pt; it must be from 6 to 36 pt.")
        if not 36 <= self.dpi <= 1200:
            raise ValueError(f"The resolution is {self.dpi:g} dpi; it must be from 36 to 1,200.")

    def changed(self, **values: object) -> Size:
        """Return the size with those of ``values`` that are not None."""
        given = {name: value for name, value in values.items() if value is not None}
        return replace(self, **given) if given else self  # type: ignore[arg-type]


def points(text: str) -> float:
    """Return a length such as ``8.5cm``, ``3.5 in``, ``89mm`` or ``640px`` in points. Raises ValueError in words."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text[:40]}” is no length; write a number and a unit, such as {LENGTHS}.")
    number, unit = match[1].replace(",", "."), match[2] or "px"
    return float(number) * POINTS["in" if unit.startswith(("i", '"')) else unit]


def _of(width: str, type_size: float = 9.0, height: str | None = None, dpi: float = 300.0) -> Size:
    return Size(points(width), None if height is None else points(height), type_size, dpi)


PROFILES: Mapping[str, Size] = MappingProxyType(
    {
        "ieee": _of("3.5in"),
        "ieee-wide": _of("7.16in"),
        "acm": _of("3.33in"),
        "acm-wide": _of("7in"),
        "nature": _of("89mm"),
        "nature-wide": _of("183mm"),
        "neurips": _of("5.5in"),
        "lncs": _of("122mm"),
        "slides": _of("13.333in", 20.0, "7.5in", 144.0),
    }
)
"""Widths of a column, and of a page, in journals and proceedings; and a slide of 16 : 9."""
