"""Verdicts on runs whose steps are noisy: gradients of a few rows at a time, or with noise added.

What theory says of whole gradients does not hold for them: a batch can be steeper than the mean of all rows, and where
the gradient of all rows vanishes those of its batches do not. So these judgments measure, and do not predict.
"""

from __future__ import annotations

import numpy as np

from gdviz.descent import StopReason, Trajectory
from gdviz.numerals import format_number
from gdviz.theory.curvature import curvature, stability_limit
from gdviz.verdict.boundless import of_fall, unbounded
from gdviz.verdict.case import Case, Kind, Verdict
from gdviz.verdict.wording import came, latex_number

_LEAST_EPOCHS = 8  # to tell a trend from noise
_GREW = 2.0  # how many times higher the later half of a growing tail lies than the earlier one


def of_batches(case: Case) -> Verdict:
    """The verdict on a run whose every step saw ``case.batch_size`` rows only."""
    run = case.run
    rose = not run.values[-1] <= run.values[0]
    grows = trend(run) > 0 if run.epochs >= _LEAST_EPOCHS else run.values[-1] == run.values.max()
    if run.stop_reason is StopReason.DIVERGED or (rose and grows):
        return _diverging(case)
    if run.values[-1] < -1e12 and trend(run) < 0:
        return unbounded(case)
    if run.gradient_norms[-1] <= case.tolerance:
        return Verdict(
            Kind.CONVERGED,
            f"Converged {case.when} to {case.where}, {case.value}: every batch agrees that this is the place.",
            f"There the gradient of all rows has a norm of at most {format_number(case.tolerance)}.",
        )
    if rose:
        return Verdict(
            Kind.OSCILLATING,
            f"Hovers higher than it began: {case.when} at {case.where}, {case.value}, above the "
            f"{format_number(run.values[0])} of the start. Try a smaller rate, or larger batches.",
            _disagreement(case),
        )
    if run.epochs < _LEAST_EPOCHS or trend(run) < 0:
        return on_its_way(case)
    return Verdict(
        Kind.RAN_OUT,
        f"Hovers: {case.when} at {case.where}, {case.value}; steps on {_rows(case)} at a time keep it moving. "
        "A smaller learning rate hovers lower, one that falls settles.",
        _disagreement(case) + _above(case),
    )


def of_noise(case: Case) -> Verdict:
    """The verdict on a run with noise in its gradients that did not diverge."""
    fall = of_fall(case)
    if fall is not None:
        return fall
    if case.run.epochs < _LEAST_EPOCHS or trend(case.run) < 0:
        return on_its_way(case)
    return Verdict(
        Kind.RAN_OUT,
        f"Hovers: {case.out_of}, {case.value}; the noise in the gradient "
        "keeps it moving. A smaller learning rate hovers lower, one that falls settles.",
        f"Without the noise the slope would be {format_number(case.run.gradient_norms[-1])} here. Each epoch "
        "adds noise of the size of the learning rate times its standard deviation.",
    )


def on_its_way(case: Case) -> Verdict:
    """Return the verdict on a noisy run that has not come down to its noise yet."""
    still = ", and still falling" if case.run.epochs >= _LEAST_EPOCHS else ""
    return Verdict(
        Kind.RAN_OUT,
        f"On its way: {case.out_of}, {case.value}{still}.",
        f"{came(case.run)}. Give it more epochs.",
    )


def trend(run: Trajectory) -> int:
    """Return -1 if the value still falls over the second half of the run, 1 if it grows, 0 where noise is all there is.

    It falls if the median of the last quarter lies below that of the quarter before by more than the values of the last
    quarter differ among themselves; it grows if it lies twice as high and that much above.
    """
    tail = run.values[len(run.values) // 2 :]
    before, after = tail[: len(tail) // 2], tail[len(tail) // 2 :]
    low, middle, high = np.quantile(after, (0.25, 0.5, 0.75))
    change = float(middle - np.median(before))
    if change < -(high - low):
        return -1
    lifted = middle - run.values.min() > _GREW * (np.median(before) - run.values.min())
    return 1 if change > 0 and lifted else 0


def _diverging(case: Case) -> Verdict:
    run = case.run
    ended = f" {case.when.capitalize()}: {case.where}."
    if run.stop_reason is StopReason.DIVERGED:
        ended = " The first epoch already leaves the range of a computer."
        if run.epochs:
            ended = f" The numbers left the range of a computer {case.when}."
    found = curvature(case.objective, run.thetas[0])
    limit = stability_limit(case.optimizer, found.L) if found is not None else np.nan
    why = "A batch can be steeper than the mean of all rows, and then its steps overshoot."
    if case.law is not None and np.isfinite(limit):
        side = "below" if case.learning_rate < limit else "above"
        why += (
            rf" For all rows together the limit is $\frac{{{case.law.limit_latex}}}{{L}} = {latex_number(limit)}$ at "
            f"the start; the learning rate is {side} it."
        )
    return Verdict(
        Kind.DIVERGING,
        f"Diverges in steps on {_rows(case)}, at the learning rate {case.eta_text}.{ended} Try a smaller rate.",
        why,
        {"limit": limit},
    )


def _rows(case: Case) -> str:
    return "1 row" if case.batch_size == 1 else f"{case.batch_size:,} rows"


def _disagreement(case: Case) -> str:
    return (
        "Each step follows the gradient of its own rows, and where that of all rows vanishes theirs do not. At the end "
        f"the gradient of all rows has the norm {format_number(case.run.gradient_norms[-1])}."
    )


def _above(case: Case) -> str:
    """How far above the lowest known value the run hovers."""
    if not case.minima:
        return ""
    lowest = min(value for _, value in case.minima)
    usual = float(np.median(case.run.values[len(case.run.values) // 2 :]))
    return (
        f" Over the second half of the run f was about {format_number(usual)}; the least there is, is "
        f"{format_number(lowest)}."
    )
