"""Which verdict is given on a run that came to rest: a list of judgments, each of which claims a condition.

Its docstring says which. Of those whose conditions go together the one that knows more stands first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gdviz.cache import cached_property
from gdviz.theory.curvature import Curvature
from gdviz.verdict.case import Case, Kind, Verdict
from gdviz.verdict.ground import FlatGround, flat_ground
from gdviz.verdict.stationary import (
    converged,
    falls_beyond,
    falls_in_their_own_units,
    is_plateau,
    largest,
    not_a_minimum,
    of_estimate,
    of_flat_ground,
    of_hollow,
    of_kink,
    of_ledge,
    of_plateau,
    small,
)  # fmt: skip

_NO_CURVATURE = 1e-10  # curvatures below this tell nothing


@dataclass(frozen=True, eq=False)
class Rest:
    """The facts about the run of ``case``, which ended where the slope is next to zero; each found when asked for."""

    case: Case

    @property
    def curvature(self) -> Curvature | None:
        return self.case.curvature

    @cached_property
    def flat(self) -> FlatGround | None:
        """The directions in which the parameters may move without any change of f."""
        return flat_ground(self.case.objective, self.case.run)

    @property
    def is_level(self) -> bool:
        """Whether the ground is next to flat every way, so that no curvature tells what is here."""
        found = self.curvature
        return found is not None and (largest(found) < _NO_CURVATURE or is_plateau(self.case, found))

    @property
    def falls(self) -> bool:
        """Whether the ground curves down one way."""
        return self.curvature is not None and self.curvature.mu < -small(self.curvature)


def of_stationary_point(case: Case) -> Verdict:
    """Return the verdict on a run that came to rest: at a minimum, a kink, a saddle, a maximum or flat ground."""
    rest = Rest(case)
    return next(verdict for judgment in JUDGMENTS if (verdict := judgment(rest)) is not None)


def _at_a_kink(rest: Rest) -> Verdict | None:
    """The formula has a corner at the end."""
    return of_kink(rest.case)


def _by_an_estimate(rest: Rest) -> Verdict | None:
    """The estimated gradient vanishes at the end, and the exact one does not."""
    return of_estimate(rest.case, rest.curvature)


def _without_curvature(rest: Rest) -> Verdict | None:
    """The curvature cannot be had: all that can be told is whether f, tried out, stays the same one way."""
    if rest.curvature is not None:
        return None
    if rest.flat is not None:
        return of_flat_ground(rest.case, rest.flat)
    return Verdict(Kind.CONVERGED, f"Converged {rest.case.when} to {rest.case.where}, {rest.case.value}.")


def _on_level_ground(rest: Rest) -> Verdict | None:
    """The curvature is next to nothing every way: f, tried out, tells a hollow from a plateau."""
    return (of_hollow(rest.case) or of_plateau(rest.case, rest.flat)) if rest.is_level else None


def _where_it_falls(rest: Rest) -> Verdict | None:
    """The ground curves down one way, also with each parameter counted in units of its own size."""
    if rest.curvature is None or not (rest.falls and falls_in_their_own_units(rest.case)):
        return None
    return not_a_minimum(rest.case, rest.curvature)


def _on_flat_ground(rest: Rest) -> Verdict | None:
    """f, tried out, stays the same one way."""
    return None if rest.flat is None else of_flat_ground(rest.case, rest.flat)


def _where_it_seems_to_fall(rest: Rest) -> Verdict | None:
    """The ground curves down one way, and is not flat there."""
    return not_a_minimum(rest.case, rest.curvature) if rest.curvature is not None and rest.falls else None


def _on_a_ledge(rest: Rest) -> Verdict | None:
    """f falls on beyond the place where it would be lowest, were the ground a parabola."""
    found = rest.curvature
    return of_ledge(rest.case, found) if found is not None and falls_beyond(rest.case, found) else None


def _at_a_minimum(rest: Rest) -> Verdict | None:
    """The ground curves up every way."""
    return None if rest.curvature is None else converged(rest.case, rest.curvature)


JUDGMENTS: tuple[Callable[[Rest], Verdict | None], ...] = (
    _at_a_kink,
    _by_an_estimate,
    _without_curvature,
    _on_level_ground,
    _where_it_falls,
    _on_flat_ground,
    _where_it_seems_to_fall,
    _on_a_ledge,
    _at_a_minimum,
)
