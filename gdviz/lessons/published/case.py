"""One published number: where it stands, under which setting, and how it is computed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from math import isfinite

#: Numbers printed to all 17 digits of a float depend on the order of additions; of those, twelve digits are compared.
COMPARED_DIGITS = 12


@dataclass(frozen=True)
class Published:
    """A published number.

    ``published`` is written as its source prints it: its digits say how exactly it has to be met. ``compute`` gives our
    number. ``link`` are the parameters that open the setting on the Descend page, empty where it is not a run.
    """

    source: str
    setting: str
    quantity: str
    published: str
    compute: Callable[[], float]
    link: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A case recomputed: ``ours``, ``difference`` (ours minus published), and whether every printed digit ``holds``."""

    case: Published
    ours: float
    difference: float
    holds: bool

    @property
    def printed(self) -> str:
        """Ours with as many digits as the published number, and with twelve at least."""
        digits = len(Decimal(self.case.published).as_tuple().digits)
        return f"{self.ours:.{max(COMPARED_DIGITS, digits)}g}"


def check(case: Published) -> Checked:
    """Recompute a case. It holds where our number, rounded or cut to the printed digits, is the printed one.

    Cut too, because some sources cut: Moré, Garbow & Hillstrom print 48.9842 for 48.98425…
    """
    ours = float(case.compute())
    return Checked(case, ours, ours - float(case.published), _agrees(ours, case.published))


def _agrees(ours: float, published: str) -> bool:
    if not isfinite(ours):
        return False
    printed, exact = Decimal(published), Decimal(ours)
    unit = Decimal(1).scaleb(
        int(printed.as_tuple().exponent) + max(0, len(printed.as_tuple().digits) - COMPARED_DIGITS)
    )
    compared = printed.quantize(unit)
    return compared in (exact.quantize(unit, ROUND_HALF_EVEN), exact.quantize(unit, ROUND_DOWN))
