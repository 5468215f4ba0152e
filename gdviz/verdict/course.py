"""How a run went whose epochs ran out: the facts that the judgments on it claim."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, nan

import numpy as np

from gdviz.arrays import Array, Flags
from gdviz.cache import cached_property
from gdviz.descent import Trajectory
from gdviz.theory.curvature import measured_rate
from gdviz.verdict.case import GROWS, TAIL, Case, own_expression
from gdviz.verdict.circling import Circle, circling
from gdviz.verdict.outlook import Outlook, outlook
from gdviz.verdict.rounding import is_still, rose
from gdviz.verdict.steepest import Steepest, steepest

_FAR = 1e7  # sizes of the start
_COARSE = 1e-3  # of the steepest slope: a change from one float to the next
_FEW, _SOME = 3, 5  # epochs: a pace, and a habit, need more of them to show
_NEARLY_EVERY = 0.8  # the share of the last steps at which the gradient of a swing turns around
_AS_HIGH, _AS_STEEP = 0.9, 0.5  # of the highest f and the steepest slope: about as high, as steep as ever
_FAR_ABOVE = 1e3  # times what f was at the start
_BENT_DOWN = 1e-6  # of the largest curvature: a downward one as small may be rounding


@dataclass(frozen=True, eq=False)
class Course:
    """The facts about the run of ``case``, each found when it is first asked for."""

    case: Case

    @property
    def run(self) -> Trajectory:
        return self.case.run

    @cached_property
    def rate(self) -> float:
        """The factor of the gradient's norm per epoch lately; nan where the run is too short to tell."""
        return measured_rate(self.run.gradient_norms[-2 * TAIL :]) if self.run.epochs > _FEW else nan

    @cached_property
    def quadratic(self) -> Steepest | None:
        """On a quadratic, where all is known exactly, the direction nearest to the limit; None elsewhere."""
        return steepest(self.case)

    @cached_property
    def rose(self) -> bool:
        """Whether f ended above the start, by more than rounding."""
        return rose(self.case.objective, self.run)

    @cached_property
    def still(self) -> bool:
        """Whether f lately changed by rounding alone."""
        return is_still(self.case.objective, self.run)

    @property
    def passes_a_saddle(self) -> bool:
        """Whether the ground bends down one way: a run that slows down there gets faster again."""
        found = self.case.curvature
        return found is not None and found.mu < -_BENT_DOWN * abs(found.L)

    @cached_property
    def ran_away(self) -> bool:
        """Whether, on no quadratic, the path is far off with its longest step last, or among floats too coarse for the
        function, or f is high and rises on."""
        run = self.run
        return self.quadratic is None and (
            _is_far_off(run)
            or _is_among_coarse_floats(self.case)
            or (self.rose and self.rate > GROWS and not _comes_back(run) and _spreads(run))
        )

    @cached_property
    def thrown(self) -> bool:
        """Whether, on no quadratic, some step overshot to far above the start, where the path now creeps."""
        return self.quadratic is None and not self.ran_away and _is_far_above(self.run)

    @cached_property
    def hops(self) -> bool:
        """Whether the slope of a function with corners turns around and stays as steep: no bend, a corner."""
        return self.quadratic is None and not (self.ran_away or self.thrown) and _hops_over_a_kink(self.case)

    @property
    def lost(self) -> bool:
        """Whether one of these tells that it cannot go on so."""
        return self.ran_away or self.thrown or self.hops

    @property
    def calm(self) -> bool:
        """Whether f fell, by gradients without noise, and nothing tells that it cannot go on so."""
        return not (self.rose or self.case.noisy or self.lost)

    @cached_property
    def ahead(self) -> Outlook | None:
        """The minimum that the run goes to, and when it arrives, where that is known."""
        return outlook(self.case)

    @cached_property
    def circle(self) -> Circle | None:
        """The circle in which the run goes, if it does."""
        return None if self.still else circling(self.run)

    @cached_property
    def swings(self) -> bool:
        """Whether the gradient turned around at nearly every one of the last steps."""
        tail = self.run.gradients[-TAIL - 1 :]
        return len(tail) > _SOME and float(_turns(tail).mean()) >= _NEARLY_EVERY

    @property
    def falls(self) -> bool:
        """Whether f rose at none of the last steps."""
        return self.run.epochs > 1 and bool((np.diff(self.run.values[-TAIL:]) <= 0).all())

    @property
    def epochs_left(self) -> float:
        """How many more epochs it takes at the pace of late; nan where it never gets there."""
        norm, tolerance = float(self.run.gradient_norms[-1]), self.case.tolerance
        if norm <= tolerance:
            return 0.0
        return ceil(log(tolerance / norm) / log(self.rate)) if tolerance > 0 and self.rate < 1 else nan


def _turns(gradients: Array) -> Flags:
    with np.errstate(all="ignore"):
        return np.asarray(np.sum(gradients[1:] * gradients[:-1], axis=1) < 0)


def _is_far_off(run: Trajectory) -> bool:
    """Whether the path is very far from its start and its last step was its longest."""
    steps = np.max(np.abs(np.diff(run.thetas, axis=0)), axis=1)
    far = np.abs(run.thetas[-1]).max() > _FAR * (1 + np.abs(run.thetas[0]).max())
    return bool(len(steps) and far and steps[-1] >= steps.max())


def _is_among_coarse_floats(case: Case) -> bool:
    """Whether the path is so far off that from one float to the next the slope is another: a wave of sin(x) at 10¹⁷."""
    run = case.run
    if not np.abs(case.end).max() > _FAR * (1 + np.abs(run.thetas[0]).max()) or case.curvature is None:
        return False
    bends = float(np.abs(case.curvature.eigenvalues).max())
    return bends * float(np.spacing(np.abs(case.end).max())) > _COARSE * float(run.gradient_norms.max())


def _spreads(run: Trajectory) -> bool:
    """Whether f is about as high as it ever was, or the path goes ever farther: leaping about alone is neither."""
    away = np.abs(run.thetas - run.thetas[0]).max(axis=1)
    heights = run.values - run.values.min()
    half = (run.epochs + 1) // 2
    farther = float(away[half:].max()) > 2 * float(away[:half].max(initial=0.0))
    return bool(heights[-1] >= _AS_HIGH * heights.max() or farther)


def _is_far_above(run: Trajectory) -> bool:
    """Whether f ended far above where it began: some step overshot to where the path now creeps.

    Far is measured by how much f was, or by what its slope makes of the start's own size: f may be 0 there by chance.
    """
    lowest = run.values.min()
    scale = max(abs(run.values[0]), float(np.abs(run.gradients[0] * run.thetas[0]).max()), 1e-300)
    return bool(run.values[-1] - lowest > _FAR_ABOVE * max(run.values[0] - lowest, scale))


def _comes_back(run: Trajectory) -> bool:
    """Whether f has fallen for some steps by now, however high it was thrown."""
    tail = run.values[-TAIL:]
    return bool(len(tail) > _SOME and (np.diff(tail) < 0).all())


def _hops_over_a_kink(case: Case) -> bool:
    """Whether the slope of a function with corners turns around without getting smaller: no bend, a corner."""
    expression = own_expression(case)
    if expression is None or not expression.has_kinks or case.run.epochs <= _SOME:
        return False
    tail = case.run.gradients[-2 * TAIL :]
    norms = case.run.gradient_norms[-2 * TAIL :]
    return bool(_turns(tail).any() and norms[-1] > _AS_STEEP * norms.max())
