"""Every sentence that a verdict can begin with, each with a link to a run that earns it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from gdviz.datasets import make_table
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Task, read_link
from gdviz.verdict import Verdict, at_rest, unfinished
from gdviz.verdict.case import Case
from gdviz.verdict.course import Course
from tests.earned import unearned

CLASSES = make_table({"x": [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], "y": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]})
RAVINE = "formula=0.1*x^2 %2B 2*y^2&start=-5,-2"
LINE = "objective=fit&data=line"

SENTENCES = [
    # what it begins with, the link
    # -- it came to rest --
    ("Converged after 86 epochs to x", "formula=x^2&start=1&learning_rate=0.1&epochs=1000"),
    ("Converged from the start to x", "formula=x^1.5 %2B y^2&start=0,0"),
    ("Converged after 500 epochs to b1", "objective=fit&data=thurber&optimizer=gauss_newton&learning_rate=1"
                                         "&schedule=backtracking&epochs=500"),
    ("Starts at a minimum", "formula=x^2&start=0&learning_rate=0.1"),
    ("Starts at a minimum: x = 0, y = 0, f = 0", "formula=x^4 %2B y^4&start=0,0&learning_rate=0.1"),
    ("Came to flat ground from the start", "formula=x^2*y^2&start=0,0&learning_rate=0.1"),
    ("Stopped at a kink", "formula=abs(x) %2B y^2&start=0,1&learning_rate=0.1&epochs=1000"),
    ("Stuck at a saddle", "formula=x^2 - y^2&start=1,0&learning_rate=0.1&epochs=1000"),
    ("Stuck at a maximum", "formula=cos(x)&start=0&learning_rate=0.1"),
    ("Stuck on flat ground", "formula=exp(-(x - 10)^2)&start=-10&learning_rate=0.1"),
    ("Stuck on a ledge", "formula=x^3&start=1&learning_rate=0.1&epochs=3000&tolerance=0.0001"),
    ("Came to flat ground", "formula=(x %2B y)^2&start=1,2&learning_rate=0.1&epochs=1000"),
    ("Converged after 86 epochs to x = −0.05, f = 0.0025, beside a minimum, where the slope estimated with h = 0.1",
     "formula=x^2&start=1&learning_rate=0.1&epochs=1000&gradient=estimated&h=0.1"),
    ("Stuck from the start: x = 1.1 × 10⁹, f = 1 × 10⁷, where the slope estimated",
     "formula=(x - 1e9)^2/1e9&start=1.1e9&learning_rate=1e6&gradient=estimated&h=1e-9"),
    ("Stalled after", "formula=max(x, -2*x) %2B y^2&start=1,1&schedule=backtracking&learning_rate=1"),
    # -- there is nowhere to arrive --
    ("No minimum ahead", "formula=exp(-x)&start=0&learning_rate=1&epochs=300"),
    ("Falls without end", "formula=x^3&start=-0.1&learning_rate=0.1&epochs=1000"),
    ("Falls without end", "formula=-x&start=0&learning_rate=0.01&epochs=100&optimizer=noisy_gd&noise=10"),
    ("Falls without end", "formula=x^2 %2B y&start=1,0&learning_rate=0.1&epochs=20&optimizer=noisy_gd&noise=10"),
    ("No minimum ahead", "formula=exp(x)&start=0&learning_rate=0.1&epochs=20&optimizer=noisy_gd"),
    ("No minimum ahead", "formula=exp(x)&start=0&learning_rate=0.01&epochs=100&optimizer=adam"),
    ("Falls ever faster", "formula=-x^2&start=0.1&learning_rate=0.1&epochs=20"),
    ("No finite minimum", "objective=fit&data=upload&model=a*x %2B b&target=y&fit_loss=log&learning_rate=1&epochs=100"),
    # -- it left the numbers, or is about to --
    ("Cannot start", "formula=log(x)&start=-1&learning_rate=0.1"),
    ("Stopped after 1 epoch: at x = 0, y = 0", "formula=sqrt(x^2 %2B y^2)&start=1,0&learning_rate=1"),
    ("Stopped at once: the next step", "formula=x - log(x)&start=4&learning_rate=10"),
    ("Diverges: the learning rate 0.6 is above the stability limit 2/L = 0.5, so y grows",
     f"{RAVINE}&learning_rate=0.6&epochs=20"),
    ("Diverges: the learning rate 0.01 is above the stability limit 2/L = 0.00133 at the start, so x grows faster and",
     "objective=rosenbrock&start=-1.2,1&learning_rate=0.01&epochs=100"),
    ("Diverges at the learning rate 3, so x grows 2-fold", "formula=x^2&start=1&learning_rate=3&optimizer=newton"
                                                           "&epochs=10"),
    ("Leaps away", "formula=x^4 - y&start=0.5,1&learning_rate=1&epochs=20&optimizer=newton"),
    ("Walks uphill", "formula=x*cos(0.15*pi*x)&start=10&learning_rate=1&epochs=3&optimizer=newton"),
    ("Thrown out", "formula=x^2 %2B 0.1/x&start=0.1&learning_rate=2&epochs=3"),
    ("Overshot", "formula=x^2 %2B 3*sin(5*x)&start=2&learning_rate=3&epochs=10&optimizer=rmsprop"),
    # -- its epochs ran out --
    ("At the edge of stability, exactly", f"{RAVINE}&learning_rate=0.5&epochs=200"),
    ("At the edge of stability, on the stable side", f"{RAVINE}&learning_rate=0.4999&epochs=300"),
    ("At the edge of stability, in bursts",
     "objective=rosenbrock&start=-1.2,1&learning_rate=0.0015&epochs=3000&optimizer=nesterov"),
    ("Oscillates: after 100 epochs at x = 0.03", "formula=abs(x)&start=1.03&learning_rate=0.1&epochs=100"),
    ("Oscillates: after 400 epochs it still jumps",
     "formula=x^2 %2B 3*sin(5*x)&start=2&learning_rate=3&epochs=400&optimizer=adam"),
    ("Leaps about: after 100 epochs", "formula=x*sin(x)&start=3&learning_rate=0.5&epochs=100&optimizer=momentum"),
    ("Never settles", "formula=sin(x)&start=1&learning_rate=1&epochs=400&optimizer=rmsprop"),
    ("Hovers: after 400 epochs", "formula=x^2&start=1&learning_rate=0.1&epochs=400&optimizer=noisy_gd"),
    ("On its way: after 20 epochs", "formula=x^2&start=100&learning_rate=0.001&epochs=20&optimizer=noisy_gd"),
    ("On its way: after 400 epochs", "formula=x^2&start=100&learning_rate=0.1&epochs=400&optimizer=adam"),
    ("Not there yet", f"{RAVINE}&learning_rate=0.4&epochs=200"),
    ("Too slow: after 20 epochs", f"{RAVINE}&learning_rate=0.4&epochs=20"),
    ("Slower and slower", "formula=x^4&start=1&learning_rate=0.1&epochs=500"),
    ("Too slow: after 5 epochs", "formula=x^4&start=1&learning_rate=0.001&epochs=5"),
    # -- its steps saw a few rows each --
    ("Hovers: after 200 epochs", f"{LINE}&learning_rate=0.0001&batch_size=10&data_noise=100&epochs=200"),
    ("Hovers higher", f"{LINE}&start=20,5&learning_rate=0.0002&batch_size=30&data_noise=100&epochs=50"),
    ("Converged after 2,000 epochs", f"{LINE}&learning_rate=0.0005&batch_size=10&epochs=2000&tolerance=0.01"),
    ("On its way: after 20 epochs at slope", f"{LINE}&learning_rate=0.00001&batch_size=10&epochs=20"),
    ("Diverges in steps on 10 rows", f"{LINE}&learning_rate=0.1&batch_size=10&epochs=20"),
]  # fmt: skip

CLAUSES = [
    # what else a verdict, or its reason, may hold; the link
    ("on the unstable side: the learning rate 0.5001 is above", f"{RAVINE}&learning_rate=0.5001&epochs=200"),
    ("on the unstable side", "formula=x^2/2 %2B 100*y^2 %2B x*y^2&start=3,0.001&learning_rate=0.01001&epochs=100"),
    ("on the stable side", "formula=1-cos(x)&start=0.05&learning_rate=1.9995&epochs=200"),
    ("hovering there", "formula=1-cos(x)&start=0.07&learning_rate=2.000834&epochs=6000"),
    ("the data do not determine b2 here: this is a plateau",
     "objective=fit&data=misra1a&optimizer=levenberg_marquardt&learning_rate=1&epochs=2000&start=100,30"),
    ("A step led up here from f = 0.632", "formula=1 - exp(-x^2)&start=1&learning_rate=50&epochs=20"),
    ("the data do not determine a and b one by one, only together",
     "objective=fit&data=upload&model=(a%2Bb)*x %2B c&target=y&learning_rate=0.05&epochs=5000"),
    ("This run is beyond it and converged all the same",
     "formula=x^2 %2B 100*y^2&start=1,0&learning_rate=0.1&epochs=1000"),
    ("a local minimum: the lowest is", "objective=styblinski_tang&start=2,2&learning_rate=0.01&epochs=2000"),
    ("the nearest lowest point is",
     "objective=booth&optimizer=adam&learning_rate=0.01&epochs=100&start=-5,-5"),
    ("than anyone can wait for", f"{RAVINE}&learning_rate=1e-10&epochs=20"),
    ("Now each epoch takes next to nothing of the error away.", f"{RAVINE}&learning_rate=1e-10&epochs=20"),
    ("Now each epoch takes only", f"{RAVINE}&learning_rate=0.0001&epochs=20"),
    ("A learning rate of 0.476 would be the fastest here.", f"{RAVINE}&learning_rate=0.1&epochs=20"),
    ("The path is stable up to a learning rate of", "formula=x^4 %2B x^2&start=2&learning_rate=0.01&epochs=30"),
    ("The learning rate 2.2 is near the stability limit",
     "formula=sqrt(1%2Bx^2)&start=1&learning_rate=2.2&epochs=300"),
    ("the larger root of", f"{RAVINE}&learning_rate=0.01&epochs=50&optimizer=momentum&beta=0.5"),
    ("the size of the complex roots", f"{RAVINE}&learning_rate=0.4&epochs=50&optimizer=momentum&beta=0.9"),
]  # fmt: skip

# Judgments on an unfinished run of which the first knows more where both of them apply.
FIRST = {
    ("_beside_the_limit", "_overshot"): "on a quadratic it is known why f rose",
    ("_beside_the_limit", "_swinging"): "on a quadratic it is known why it swings",
    ("_uphill", "_overshot"): "Newton's step is known to have gone uphill",
    ("_without_a_bottom", "_falling_for_ever"): "the one has no bottom, of the other that is not known",
    ("_falling_for_ever", "_slowing_down"): "the ground ahead has been looked at",
    ("_without_a_bottom", "_noisy"): "the noise does not hide that there is no bottom",
    ("_falling_for_ever", "_striding"): "where the way goes on for ever, how far each step goes is beside the point",
    ("_arriving", "_slowing_down"): "the minimum ahead has been found",
    ("_striding", "_slowing_down"): "the way that is left has been measured",
}
# And of those on a run that came to rest.
FIRST_AT_REST = {
    ("_on_level_ground", "_on_flat_ground"): "all around is flat, not one way alone",
    ("_on_level_ground", "_on_a_ledge"): "where all is flat, it falls on far from here",
    ("_on_flat_ground", "_on_a_ledge"): "a fall that fades is no ledge",
    ("_where_it_falls", "_where_it_seems_to_fall"): "the one has seen it in the parameters' own units too",
}


@cache
def opened(link: str) -> tuple[Task, Trajectory]:
    """The task that a link names, and its run."""
    task, notes = read_link(dict(parse_qsl(link)), CLASSES)
    assert notes == ()
    return task, task.run()


def judged(link: str) -> Verdict:
    task, run = opened(link)
    return task.verdict(run)


@pytest.mark.parametrize(("begins", "link"), SENTENCES, ids=[begins for begins, _ in SENTENCES])
def test_a_run_earns_its_sentence(begins: str, link: str) -> None:
    assert judged(link).sentence.startswith(begins)


@pytest.mark.parametrize(("clause", "link"), CLAUSES, ids=[clause for clause, _ in CLAUSES])
def test_a_run_earns_a_clause(clause: str, link: str) -> None:
    found = judged(link)
    assert clause in f"{found.sentence} {found.why}"


def test_all_words_are_earned_by_one_of_these_runs() -> None:
    cases = [partial(Task.verdict, *opened(link)) for _, link in [*SENTENCES, *CLAUSES]]
    assert unearned(Path(unfinished.__file__).parent.glob("*.py"), cases) == []


def test_few_judgments_on_an_unfinished_run_apply_together_so_their_order_hardly_counts() -> None:
    together: set[tuple[str, str]] = set()
    for _, link in SENTENCES:
        task, run = opened(link)
        e = task.experiment
        if run.stop_reason is StopReason.EPOCHS and not e.batch_size:
            course = Course(Case(task.descended, run, e.optimizer, e.eta, e.tolerance, task.problem.minima))
            together |= applying(unfinished.JUDGMENTS, course)
    assert together <= FIRST.keys()


def test_few_judgments_on_a_run_at_rest_apply_together() -> None:
    together: set[tuple[str, str]] = set()
    for _, link in [*SENTENCES, *CLAUSES]:
        task, run = opened(link)
        e = task.experiment
        if run.stop_reason is StopReason.CONVERGED and not e.batch_size and e.gradient == "exact":
            rest = at_rest.Rest(Case(task.descended, run, e.optimizer, e.eta, e.tolerance, task.problem.minima))
            together |= applying(at_rest.JUDGMENTS, rest)
    assert together == FIRST_AT_REST.keys()


def applying(judgments: Sequence[Callable[[Any], Verdict | None]], facts: Any) -> set[tuple[str, str]]:
    """The pairs of judgments that both apply, without the last one, which says what is left to say."""
    with np.errstate(all="ignore"):
        names = [judge.__name__ for judge in judgments[:-1] if judge(facts) is not None]
    return set(itertools.combinations(names, 2))
