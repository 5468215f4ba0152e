"""Verdicts on runs whose epochs (or time) ran out on the way, or whose line search gave up.

They are a list of judgments. Each claims a condition, which its docstring says, and returns its verdict where the run
meets it, else None. Few conditions go together: of those the judgment that knows more stands first (tests list them).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Context
from math import inf, isnan, nan

import numpy as np

from gdviz.descent import Trajectory
from gdviz.numerals import format_about, format_number
from gdviz.optimizers import VectorOptimizer
from gdviz.theory.curvature import (
    Curvature,
    best_learning_rate,
    stability_limit,
    steepest_curvature,
)
from gdviz.theory.laws import Form, form_of
from gdviz.verdict.boundless import of_endless_fall, of_fall
from gdviz.verdict.case import TAIL, Case, Kind, Verdict, limit_name, value_at
from gdviz.verdict.course import Course
from gdviz.verdict.divergence import diverging, uphill
from gdviz.verdict.edge import at_the_edge, in_bursts
from gdviz.verdict.hovering import of_noise
from gdviz.verdict.outlook import Outlook, slows_down
from gdviz.verdict.stationary import of_rest, undetermined
from gdviz.verdict.steepest import steepest_near_end
from gdviz.verdict.strides import striding
from gdviz.verdict.wording import against_limit, came, factor_formula, latex_number, told_apart

_NOT_TOO_NEAR = 0.9  # of a limit that is only known nearly
_SLOWLY = 0.95  # a slope that shrinks by this factor each epoch, or less, does not fall slowly
_OFF_THE_EDGE = 0.99  # of a limit: the best rate for a narrow valley is so near to it that swings die out slowly
_NEAR_LIMIT = (0.8, 1.25)  # times a limit
_OFTEN = 0.25  # the share of steps that go up, of a run that leaps about
_NO_LONGER = 0.999  # a slope that shrinks by this factor each epoch, or less, no longer does
_HARDLY = 0.97  # and a swing by this one hardly
_BARELY, _NEXT_TO_NOTHING = 0.9999, 1 - 1e-6  # factors per epoch, of which the digits tell less and less
_WORTH_IT = 1.5  # times the learning rate: less is not worth to be advised
_NARROW = 1e4  # times as steep as flat: here even the best rate takes for ever
_ROUND = 10  # times: here it need not be said
_LONGEST_WAIT = 1e9  # epochs


def of_stall(case: Case) -> Verdict:
    """Return the verdict on a run whose line search found no step."""
    return of_rest(case) or Verdict(
        Kind.STALLED,
        f"Stalled {case.when} at {case.where}, {case.value}: "
        f"no step along the direction lowers the function any more.{undetermined(case)}",
        f"The slope is {format_number(case.run.gradient_norms[-1])}. Near the minimum, differences of f "
        "drown in rounding; elsewhere it is a kink, or ground that is flat one way.",
    )


def of_unfinished(case: Case) -> Verdict:
    """Return the verdict of the first judgment that applies to a run whose epochs, or time, ran out."""
    course = Course(case)
    return next(verdict for judgment in JUDGMENTS if (verdict := judgment(course)) is not None)


def _beside_the_limit(course: Course) -> Verdict | None:
    """On a quadratic, which side of the limit the rate is on is known exactly."""
    known = course.quadratic
    if known is None:
        return None
    if known.unstable and (course.rose or not known.at_edge):
        return diverging(course.case)
    near = known.at_edge and (known.unstable or (known.visible and known.holds_back))
    return at_the_edge(course.case, known) if near else None


def _without_a_bottom(course: Course) -> Verdict | None:
    """On no quadratic, f falls without a bottom ahead, or ever faster."""
    return of_endless_fall(course.case) if course.quadratic is None else None


def _uphill(course: Course) -> Verdict | None:
    """Newton's method stepped uphill, and f ended above the start."""
    return uphill(course.case) if course.rose else None


def _running_away(course: Course) -> Verdict | None:
    """The path is far off and goes farther."""
    return diverging(course.case) if course.ran_away else None


def _thrown(course: Course) -> Verdict | None:
    """A step overshot to far above the start, where the path now creeps."""
    case, run = course.case, course.run
    if not course.thrown:
        return None
    return Verdict(
        Kind.DIVERGING,
        f"Thrown out: {case.out_of}, {case.value}, far above the "
        f"{format_number(value_at(run, 0))} of the start. Try a smaller rate.",
        f"A step at the learning rate {case.eta_text} overshot to where the ground is so different that the path does "
        "not come back.",
        {"measured_rate": course.rate},
    )


def _hopping(course: Course) -> Verdict | None:
    """The path hops to and fro over a corner of the function."""
    case = course.case
    if not course.hops:
        return None
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {case.out_of}, {case.value}, it hops over a corner of the "
        "function. A smaller rate hops less far, but no constant rate settles there.",
        f"Beside a corner the slope stays as steep as before, here {format_number(case.run.gradient_norms[-1])}, "
        "so the steps do not get shorter on their own.",
        {"measured_rate": 1.0},
    )


def _in_bursts(course: Course) -> Verdict | None:
    """On no quadratic, the path settled toward ground too steep for it, and was thrown back, again and again."""
    return None if course.rose or course.quadratic is not None else in_bursts(course.case)


def _noisy(course: Course) -> Verdict | None:
    """Noise was added to the gradients, and the run did not get lost by it."""
    return of_noise(course.case) if course.case.noisy and not course.lost else None


def _overshot(course: Course) -> Verdict | None:
    """f ended above the start, for none of the reasons above."""
    case = course.case
    if not course.rose or case.noisy or course.lost:
        return None
    start, end = told_apart(value_at(case.run, 0), value_at(case.run, -1))
    return Verdict(
        Kind.OSCILLATING,
        f"Overshot: {case.out_of}, f = {end}, above the {start} of the start. Try a smaller rate.",
        f"At the learning rate {case.eta_text} a step went beyond the valley in which it began, and landed higher.",
        {"measured_rate": course.rate},
    )


def _at_rest(course: Course) -> Verdict | None:
    """The slope no longer shrinks, because rounding lets nothing be lower."""
    return of_rest(course.case) if course.calm and not course.rate < _NO_LONGER else None


def _striding(course: Course) -> Verdict | None:
    """The last steps are all of a length and go straight on, as methods take them that scale the gradient."""
    return striding(course.case) if course.calm else None


def _arriving(course: Course) -> Verdict | None:
    """It is known when the run arrives at the minimum ahead, and no slow swing is what is to be told of it."""
    case, run, ahead = course.case, course.run, course.ahead
    if not course.calm or ahead is None or (course.swings and ahead.factor >= _HARDLY and case.is_slow(ahead.epochs)):
        return None
    found = Curvature(ahead.frame.eigenvalues, ahead.frame.eigenvectors)
    limit = stability_limit(case.optimizer, found.L)
    numbers = {
        "measured_rate": course.rate,
        "predicted_rate": ahead.factor,
        "remaining_epochs": ahead.epochs,
        "largest_curvature": found.L,
        "smallest_curvature": found.mu,
        "limit": limit,
    }
    slow = case.is_slow(ahead.epochs)
    hint = ""
    if slow and form_of(case.optimizer) is Form.PLAIN:
        best = best_learning_rate(found)
        limit = limit if ahead.exact else min(limit, _path_limit(case))
        numbers |= {"best_learning_rate": best, "path_limit": limit}
        # Where the ground is nearly flat one way even the best rate takes forever: no advice then.
        hint = _faster(case, best if found.condition_number < _NARROW else nan, limit, ahead.exact)
    return Verdict(
        Kind.SLOW if slow else Kind.RAN_OUT,
        f"{'Too slow' if slow else 'Not there yet'}: {case.out_of}, {case.value}; {_needs(ahead)}.{hint}",
        f"{_pace(ahead.factor)} The slope {format_number(run.gradient_norms[-1])} has to come down to "
        f"{format_number(case.tolerance)}." + _flattest(found) + _formulas(case, found),
        numbers,
    )


def _circling(course: Course) -> Verdict | None:
    """The run goes round and comes no closer."""
    case, run, found = course.case, course.run, course.circle
    if not course.calm or found is None:
        return None
    if case.law is not None and course.swings:
        return _oscillating(case, course.rate)  # of these it is known why
    settles = "settles" if case.law is not None else "circles closer, and one that falls settles"
    remedy = f" A smaller rate {settles}." if case.constant else ""
    least, most = told_apart(found.least, found.most)
    between = f"f between {least} and {most}" if least != most else f"f about {least} all the time"
    return Verdict(
        Kind.OSCILLATING,
        f"Never settles: {case.out_of}, {case.value}; over the last {found.epochs:,} epochs it went round and came no "
        f"closer, {between}.{remedy}",
        f"{case.optimizer.title} took steps of up to {format_number(_longest_step(run))} all the time, at the learning "
        f"rate {format_number(case.last_eta, 12)}. Near a minimum they are too long to land on it.",
        {"measured_rate": 1.0},
    )


def _swinging(course: Course) -> Verdict | None:
    """The gradient turns around at nearly every step and hardly shrinks."""
    swings = course.calm and course.circle is None and course.swings and not (course.rate < _HARDLY or course.still)
    slow = isnan(course.epochs_left) or course.case.is_slow(course.epochs_left)
    return _oscillating(course.case, course.rate) if swings and slow else None


def _falling_for_ever(course: Course) -> Verdict | None:
    """On no quadratic, f falls ever more slowly, as far ahead as one looks."""
    return of_fall(course.case) if course.calm and course.quadratic is None else None


def _leaping(course: Course) -> Verdict | None:
    """On no quadratic, steps too long for the ground go up as well as down, from one valley into another."""
    case, run = course.case, course.run
    if not course.calm or course.quadratic is not None or case.law is None or run.epochs < TAIL // 2:
        return None
    lately = -min(TAIL, max(6, run.epochs // 4))
    limit = stability_limit(case.optimizer, steepest_curvature(case.objective, run.thetas[lately:]))
    if not (case.last_eta > _NEAR_LIMIT[1] * limit and (np.diff(run.values[lately:]) > 0).mean() > _OFTEN):
        return None
    return Verdict(
        Kind.OSCILLATING,
        f"Leaps about: {case.out_of}, {case.value}; at the learning rate {format_number(case.last_eta, 12)} its steps "
        "are longer than the valleys are wide. Try a smaller rate.",
        f"The stability limit {limit_name(case)} is {format_number(limit)} on the steepest ground that it came by "
        "lately. That f is lower than at the start is chance.",
        {"measured_rate": course.rate, "limit": limit},
    )


def _slowing_down(course: Course) -> Verdict | None:
    """Each epoch takes off less than the one before."""
    case, run = course.case, course.run
    if not (course.calm and course.falls and slows_down(run)) or course.passes_a_saddle:
        return None
    return Verdict(
        Kind.SLOW,
        f"Slower and slower: {case.out_of}, {case.value}; each epoch takes off less than the one before, so no number "
        "of epochs can be told.",
        f"The slope fell from {format_number(run.gradient_norms[run.epochs // 2])} to "
        f"{format_number(run.gradient_norms[-1])} over the second half of the run, more of it early than late. So the "
        "run is where only flat directions are left, or on a bottom that gets flatter and flatter, as that of x⁴ does, "
        "or comes to a ledge, as that of x³.",
        {"measured_rate": course.rate},
    )


def _on_its_way(course: Course) -> Verdict:
    """What is left to say of any run: how far it has come."""
    case, run = course.case, course.run
    stuck = course.still and course.rate > _NO_LONGER  # f falls by less than its rounding
    slow = stuck or (course.rate > _SLOWLY and case.is_slow(course.epochs_left))
    falls = stuck or course.falls
    state = ", and still falls" if falls else ""
    if (course.rate < 1 or stuck) and falls and slow:
        state = f", and falls slowly: the slope {_shrinks(course.rate)} each epoch"
    return Verdict(
        Kind.SLOW if slow and falls else Kind.RAN_OUT,
        f"{'Too slow' if slow and falls else 'On its way'}: {case.out_of}, {case.value}{state}.",
        f"{came(run)}, and the slope is "
        f"{format_number(run.gradient_norms[-1])}. How many more epochs it takes cannot be told from here.",
        {"measured_rate": course.rate},
    )


def _shrinks(rate: float) -> str:
    return "hardly shrinks" if rate > _NEXT_TO_NOTHING else f"shrinks by {format_number(100 * (1 - rate), 2)} %"


def _needs(ahead: Outlook) -> str:
    if ahead.epochs > _LONGEST_WAIT:
        return "at this pace it takes more epochs than anyone can wait for"
    # On a quadratic the number is exact; elsewhere the ground is only nearly one.
    about = "at least" if ahead.exact and ahead.epochs < 10_000 else "about"
    return f"{about} {format_about(ahead.epochs)} more epoch{'' if ahead.epochs == 1 else 's'} at this pace"


def _pace(rate: float) -> str:
    if rate > _NEXT_TO_NOTHING:
        return "Now each epoch takes next to nothing of the error away."
    if rate > _BARELY:
        return f"Now each epoch takes only {format_number(100 * (1 - rate))} % of the error away."
    return f"Now each epoch multiplies the error by {format_number(rate, 3 if rate < 0.99 else 4)}."


def _path_limit(case: Case) -> float:
    """The learning rate up to which the path so far is stable: the limit at the steepest of some of its points."""
    rows = np.unique(np.geomspace(1, case.run.epochs + 1, 12).astype(int)) - 1
    return stability_limit(case.optimizer, steepest_curvature(case.objective, case.run.thetas[rows]))


def _faster(case: Case, best: float, limit: float, exact: bool) -> str:
    """Advice on a larger learning rate, as far as the path allows one."""
    if _WORTH_IT * case.learning_rate < best < (1.0 if exact else _NOT_TOO_NEAR) * limit:
        return f" A learning rate of {_rounded_down(min(best, _OFF_THE_EDGE * limit))} would be the fastest here."
    if not case.learning_rate < limit < inf:
        return ""
    if limit > _WORTH_IT * case.learning_rate:
        return f" The path is stable up to a learning rate of {_rounded_down(limit)}."
    return f" A larger learning rate helps little: above {format_number(limit)} it is not stable." if exact else ""


def _rounded_down(eta: float) -> str:
    """A learning rate as it is shown: who types it must not land above a limit that lies between its digits."""
    return format_number(float(Context(prec=3, rounding=ROUND_DOWN).create_decimal_from_float(eta)))


def _flattest(found: Curvature | None) -> str:
    if found is None or not found.mu > 0 or found.condition_number < _ROUND:
        return ""
    return (
        f" Along its flattest direction the ground curves {format_number(found.condition_number)} times less than "
        "along its steepest; the steepest sets the limit for the rate, the flattest the pace."
    )


def _formulas(case: Case, found: Curvature | None) -> str:
    """The two products that decide: eta times the largest curvature over stability, times the smallest over pace."""
    if found is None or case.law is None or not found.mu > 0:
        return ""
    text = f" Stability: {against_limit(case, case.law, found.L)}."
    if len(found.eigenvalues) > 1 and found.condition_number > 1 + 1e-9:
        slowest = factor_formula(case, case.law, found.mu, r"\mu")
        text += f" Pace along the flattest direction, $\\mu = {latex_number(found.mu)}$: {slowest}."
    return text


def _longest_step(run: Trajectory) -> float:
    return float(np.linalg.norm(np.diff(run.thetas[-TAIL:], axis=0), axis=1).max())


def _oscillating(case: Case, rate: float) -> Verdict:
    seen = steepest_near_end(case)
    if seen is not None and seen.at_edge and seen.visible:
        return at_the_edge(case, seen)
    found = case.curvature
    limit = stability_limit(case.optimizer, found.L) if found else nan
    near = ""
    if _NEAR_LIMIT[0] < case.last_eta / limit < _NEAR_LIMIT[1]:
        near = f" The learning rate {format_number(case.last_eta, 12)} is near the stability limit "
        near += f"{limit_name(case)} = {format_number(limit)} here."
    remedy = ""
    if case.constant and not isinstance(case.optimizer, VectorOptimizer):
        remedy = f" A smaller rate {'lands inside the valley' if case.law is not None else 'jumps less far'}."
    pace = "does not shrink" if not rate < _BARELY else f"shrinks only to {format_number(rate, 4)} of itself each epoch"
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {case.when} it still jumps from one side of the valley to the other, at {case.where}, "
        f"{case.value}.{near}",
        f"The slope turns around at nearly every step and its size {pace}.{remedy}",
        {"measured_rate": rate, "limit": limit, "largest_curvature": found.L if found else nan},
    )


Judgment = Callable[[Course], Verdict | None]

JUDGMENTS: tuple[Judgment, ...] = (
    _beside_the_limit,
    _without_a_bottom,
    _uphill,
    _running_away,
    _thrown,
    _hopping,
    _in_bursts,
    _noisy,
    _overshot,
    _at_rest,
    _falling_for_ever,
    _striding,
    _arriving,
    _circling,
    _swinging,
    _leaping,
    _slowing_down,
    _on_its_way,
)
