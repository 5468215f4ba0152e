"""Every forecast and every remedy of a verdict, followed: whoever does what the page says gets there.

Functions of all kinds (parabolas, ravines, flat bottoms, corners, waves, plateaus, slopes without end) × methods ×
learning rates × starts × epochs. What a verdict says is read from its sentence, as a visitor does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.descent import StopReason, Trajectory
from gdviz.learning_rates import Cosine
from gdviz.numerals import format_about
from gdviz.optimizers import make_optimizer
from gdviz.verdict import Kind, Verdict, judge

MOST = 30_000  # epochs that a forecast is followed for

FUNCTIONS = {
    "x^2": [(5,), (0.3,)], "(x - 3)^2": [(-2,)], "0.1*x^2 + 2*y^2": [(-5, -2)], "x^2 + 1e6*y^2": [(1, 1)],
    "x^2 + x*y + y^2 - 3x": [(4, -1)], "1e-4*x^2 + y^2": [(1, 1)], "(1-x)^2 + 100*(y-x^2)^2": [(-1.2, 1), (0.9, 0.9)],
    "(x^2+y-11)^2 + (x+y^2-7)^2": [(0, 0), (4, -2)], "x^4": [(1,), (3,)], "x^4 + y^2": [(1, 1)], "x^6": [(1,)],
    "cosh(x)": [(2,)], "log(cosh(x))": [(1.5,), (5,)], "sqrt(1 + x^2)": [(2,), (30,)], "exp(-x)": [(0,)],
    "exp(-x) + y^2/2": [(0, 1)], "-log(x)": [(1,)], "1/x": [(1,)], "x - log(x)": [(4,), (0.1,)],
    "x^2/(1 + x^2)": [(0.5,), (4,)], "abs(x)": [(1.03,)], "abs(x) + y^2": [(1, 1)], "x*cos(0.15*pi*x)": [(10,), (2,)],
    "x^4 - 2x^3 + 1": [(2,), (-1,)], "x^4/4 - x^2/2": [(1.2,), (0.01,)], "sin(x) + cos(2*y)": [(0, 0.3)],
    "0.5x^2 - 2y": [(1, 1)], "x^3": [(1,), (-0.1,)], "log(1 + exp(x))": [(0,)], "exp(x) - 2x": [(0,), (2,)],
    "(x + y - 1)^2": [(1, 2)], "(x*y - 1)^2": [(2, 2)], "x^2*y^2": [(1, 2)], "x^2*exp(-x)": [(1,), (4,)],
    "-exp(-x^2)": [(1,), (3,)], "x^2 - y^2": [(1, 0.001)], "1/(1 + exp(-x))": [(0,)], "x^2 + sin(3x)": [(3,)],
    "x^4/100 + x^2/2": [(10,)], "(x - 1e6)^2": [(0,)], "sqrt(x^2 + 1e-6)": [(1,)], "atan(x)^2": [(2,)],
}  # fmt: skip
FIRST_ORDER = [("gd", {}), ("momentum", {}), ("momentum", {"beta": 0.5}), ("nesterov", {})]
SCALED = [
    ("adam", {}), ("adam", {"beta1": 0.5, "beta2": 0.1}), ("adam", {"beta1": 0.0, "beta2": 0.0}),
    ("adam", {"beta1": 0.9, "beta2": 0.5}), ("rmsprop", {}), ("adagrad", {}), ("lion", {}), ("adamax", {}),
]  # fmt: skip
SECOND_ORDER = [("newton", {}), ("newton_safeguarded", {}), ("bfgs", {})]


@dataclass(frozen=True)
class Setting:
    formula: str
    start: tuple[float, ...]
    rate: float
    epochs: int
    optimizer: str
    hyperparameters: tuple[tuple[str, float], ...] = ()

    def run(self, schedule: gdviz.learning_rates.LearningRate | None = None) -> Trajectory:
        rate = self.rate if schedule is None else schedule
        return gdviz.descend(gdviz.parse(self.formula), self.start, rate, self.epochs, self.method)

    @property
    def method(self):
        return make_optimizer(self.optimizer, **dict(self.hyperparameters))

    def verdict(self, run: Trajectory) -> Verdict:
        return judge(gdviz.parse(self.formula), run, self.rate, self.method)


def foretold(sentence: str) -> float | None:
    """The epochs that a sentence foretells, None if it does not."""
    found = re.search(r"(?:about|at least) (a|[\d.,]+)( million)? more epochs?\b", sentence)
    if found is None:
        assert "more epoch" not in sentence or "than anyone can wait for" in sentence, sentence
        return None
    number = 1.0 if found[1] == "a" else float(found[1].replace(",", ""))
    return number * (1e6 if found[2] else 1)


def number_after(words: str, sentence: str) -> float | None:
    found = re.search(words + r" ([\d.,]*\d)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", sentence)
    if found is None:
        return None
    power = (found[2] or "0").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(found[1].replace(",", "")) * 10 ** int(power)


def works(run: Trajectory) -> bool:
    return run.stop_reason is not StopReason.DIVERGED and bool(run.values[-1] <= run.values[0])


def follow(setting: Setting) -> Iterator[tuple[str, bool, str]]:
    """What the verdict says to do, or foretells, each with whether that works."""
    run = setting.run()
    found = setting.verdict(run)
    said = f"{found.sentence} {found.why}"
    more = foretold(found.sentence)
    if more is not None and setting.epochs + 1.1 * more + 3 < MOST:
        onward = replace(setting, epochs=setting.epochs + int(1.1 * more) + 3).run()
        yield "arrives", onward.stop_reason is StopReason.CONVERGED, said
        yield "not much earlier", onward.epochs - setting.epochs >= 0.5 * more - 5, said
    if re.search(r"smaller (learning )?rate(?! (circles|hops|only))|below the limit ends", said):
        rates = [setting.rate * 0.5**k for k in (1, 2, 3, 5, 8, 12, 20, 26, 34)]
        tried = (replace(setting, rate=rate, epochs=min(2000, 4 * setting.epochs)).run() for rate in rates)
        yield "a smaller rate", any(map(works, tried)), said
    fastest = number_after("A learning rate of", found.sentence)
    if fastest is not None and more is not None and setting.epochs + more < MOST:
        faster = replace(setting, rate=fastest, epochs=setting.epochs + int(more)).run()
        yield (
            "the fastest rate",
            faster.stop_reason is StopReason.CONVERGED and faster.epochs < setting.epochs + more,
            said,
        )
    stable = number_after("stable up to a learning rate of", found.sentence)
    if stable is not None:
        yield "a stable rate", works(replace(setting, rate=0.98 * stable).run()), said
    if "circles closer" in said:
        half = len(run.values) // 2
        closer = replace(setting, rate=setting.rate / 10, epochs=20 * setting.epochs).run()
        arrived = closer.stop_reason is StopReason.CONVERGED
        reaches = [np.ptp(r.thetas[-half:], axis=0).max() for r in (closer, run)]
        yield "a smaller rate circles closer", arrived or reaches[0] < reaches[1], said
        slower = setting.run(Cosine(setting.rate))
        yield "a falling rate settles", slower.gradient_norms[-1] < np.median(run.gradient_norms[-half:]), said
    if "“Newton, safeguarded” only goes downhill" in said:
        tried = (replace(setting, optimizer="newton_safeguarded", rate=rate).run() for rate in (setting.rate, 0.3, 0.1))
        yield "safeguarded Newton", any(map(works, tried)), said
    if "Gradient descent does without" in said:
        tried = (replace(setting, optimizer="gd", rate=rate, epochs=2000).run() for rate in (1e-4, 1e-3, 0.01, 0.1))
        yield "gradient descent", any(map(works, tried)), said
    if "A start a little to the side" in said or "Move the start a little" in said:
        aside = [tuple(np.add(setting.start, 1e-3 * axis)) for axis in np.eye(len(setting.start))]
        ends = [replace(setting, start=start, epochs=1000).run() for start in aside]
        yield "a start beside", any(end.values[-1] < run.values[-1] - 1e-7 for end in ends), said


def assert_followed(settings_: Iterator[Setting]) -> set[str]:
    """Follow each, and return what there was to follow."""
    seen = set()
    for setting in settings_:
        for what, right, said in follow(setting):
            seen.add(what)
            assert right, f"{what}: {setting}: {said}"
    return seen


def table(methods, rates, epochs) -> Iterator[Setting]:
    for (formula, starts), (name, more), rate, count in product(FUNCTIONS.items(), methods, rates, epochs):
        for start in starts:
            yield Setting(formula, start, rate, count, name, tuple(more.items()))


@pytest.mark.parametrize(("name", "more"), FIRST_ORDER)
def test_what_is_said_of_methods_with_a_law_comes_true(name, more):
    seen = assert_followed(table([(name, more)], (1e-3, 0.05, 0.1, 0.5, 2.0), (3, 30, 400)))
    assert seen >= {"arrives", "not much earlier", "a smaller rate"}
    assert name != "gd" or seen >= {"the fastest rate", "a stable rate"}


@pytest.mark.parametrize(("name", "more"), SCALED)
def test_what_is_said_of_methods_that_scale_comes_true(name, more):
    seen = assert_followed(table([(name, more)], (0.01, 0.5), (3, 100)))
    assert "arrives" not in seen  # nobody knows


@pytest.mark.parametrize(("name", "more"), SECOND_ORDER)
def test_what_is_said_of_methods_of_the_second_order_comes_true(name, more):
    seen = assert_followed(table([(name, more)], (0.1, 1.0), (3, 40)))
    assert name != "newton" or seen >= {"safeguarded Newton", "gradient descent"}


@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.sampled_from(FIRST_ORDER + SCALED + SECOND_ORDER),
    st.floats(-4, 0.5),
    st.integers(1, 300),
    st.floats(0.3, 2),
)
@settings(max_examples=150, deadline=None)
def test_what_is_said_of_any_run_comes_true(formula, method, power, epochs, stretch):
    name, more = method
    for start in FUNCTIONS[formula]:
        place = tuple(stretch * x for x in start)
        assert_followed(iter([Setting(formula, place, 10**power, epochs, name, tuple(more.items()))]))


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.floats(0.02, 0.97), st.integers(2, 300))
@settings(max_examples=100, deadline=None)
def test_a_forecast_on_any_parabola_is_exact(seed, n, share, epochs):
    """Up to the rounding of the number that is said."""
    rng = np.random.default_rng(seed)
    eigenvalues = 10 ** rng.uniform(-2, 1, n)
    axes = np.linalg.qr(rng.normal(size=(n, n)))[0]
    matrix = (axes * eigenvalues) @ axes.T
    objective = gdviz.Quadratic((matrix + matrix.T) / 2, rng.normal(size=n))
    for optimizer, limit in ((make_optimizer("gd"), 2.0), (make_optimizer("momentum", beta=0.7), 3.4)):
        rate = share * limit / float(eigenvalues.max())
        run = gdviz.descend(objective, [1.0] * n, rate, epochs, optimizer)
        found = judge(objective, run, rate, optimizer)
        more = found.numbers.get("remaining_epochs", np.nan)
        if not 0 < more < 20_000 or foretold(found.sentence) is None:
            continue
        assert format_about(more) in found.sentence
        whole = gdviz.descend(objective, [1.0] * n, rate, epochs + int(1.02 * more) + 3, optimizer)
        assert whole.stop_reason is StopReason.CONVERGED
        assert whole.epochs >= epochs + 0.97 * more - 1


# ---------------------------------------------------------------- runs of which nothing can be foretold


@pytest.mark.parametrize("betas", [(0.0, 0.0), (0.9, 0.5), (0.5, 0.1)])
def test_a_limit_cycle_never_settles_and_nothing_is_foretold(betas):
    for epochs in (20, 50, 150, 400, 1000, 3000):
        setting = Setting("x^2", (5.0,), 0.5, epochs, "adam", (("beta1", betas[0]), ("beta2", betas[1])))
        found = setting.verdict(setting.run())
        assert found.kind in (Kind.OSCILLATING, Kind.RAN_OUT)
        assert foretold(found.sentence) is None
        if epochs >= 1000:
            assert "Never settles" in found.sentence
            assert assert_followed(iter([setting])) >= {"a smaller rate circles closer", "a falling rate settles"}


@pytest.mark.parametrize(
    ("formula", "start", "kind", "words"),
    [
        ("0.5x^2 - 2y", (1, 1), Kind.UNBOUNDED, "falls on as far as y ="),
        ("-x - y", (1, 1), Kind.UNBOUNDED, "There is no minimum in this direction"),
        ("-sqrt(x)", (1,), Kind.UNBOUNDED, "There is no minimum in this direction"),
        ("x^2 - log(y)", (1, 1), Kind.NO_MINIMUM, "ever more slowly, at least as far as y ="),
        ("exp(-x)", (0,), Kind.NO_MINIMUM, "there is no finite minimum to arrive at"),
        ("exp(-x) + y^2/2", (0, 1), Kind.NO_MINIMUM, "No minimum ahead"),
        ("1/x", (1,), Kind.NO_MINIMUM, "No minimum ahead"),
        ("log(1 + exp(x))", (0,), Kind.NO_MINIMUM, "at least as far as x ="),
        ("1/(1 + exp(-x))", (0,), Kind.NO_MINIMUM, "No minimum ahead"),
        ("(1 - tanh(x))^2", (0,), Kind.NO_MINIMUM, "No minimum ahead"),
        ("x^4", (1,), Kind.SLOW, "Slower and slower"),
        ("x^4 + y^2", (1, 1), Kind.SLOW, "Slower and slower"),
        ("x^6", (1,), Kind.SLOW, "Slower and slower"),
        ("(x - 2)^4 + 3", (0,), Kind.SLOW, "each epoch takes off less than the one before"),
    ],
)
def test_a_run_that_gets_nowhere_has_words_of_its_own(formula, start, kind, words):
    for rate, epochs in product((0.05, 0.1), (300, 1000, 3000)):
        setting = Setting(formula, start, rate, epochs, "gd")
        found = setting.verdict(setting.run())
        assert found.kind is kind, found.sentence
        assert words in found.sentence
        assert foretold(found.sentence) is None


def test_the_curvature_at_the_start_is_not_the_limit_of_the_run():
    """24 there, so 2/L is 0.0833; but the path is soon on ground of curvature 9, where 0.222 is stable."""
    for rate in (0.084, 0.1, 0.15, 0.2, 0.21):
        for epochs in (1, 2, 3, 5, 20, 100, 1000):
            setting = Setting("x^4 - 2x^3 + 1", (2.0,), rate, epochs, "gd")
            found = setting.verdict(setting.run())
            assert found.kind in (Kind.CONVERGED, Kind.SLOW, Kind.RAN_OUT)
            assert "0.0833" not in found.sentence + found.why
        assert found.kind is Kind.CONVERGED
    beyond = Setting("x^4 - 2x^3 + 1", (2.0,), 0.6, 100, "gd")
    found = beyond.verdict(beyond.run())
    assert found.kind is Kind.DIVERGING
    assert "above the stability limit 2/L = 0.0833 at the start" in found.sentence
    assert "not that of the whole way" in found.why


def test_a_swing_in_a_local_valley_gets_there_as_foretold():
    """Dive into Deep Learning's x·cos(0.15πx) at rate 2: a local minimum, and the rate close below its limit."""
    for epochs in (10, 30, 100):
        setting = Setting("x*cos(0.15*pi*x)", (10.0,), 2.0, epochs, "gd")
        found = setting.verdict(setting.run())
        assert found.kind in (Kind.SLOW, Kind.RAN_OUT, Kind.OSCILLATING, Kind.EDGE)
        assert_followed(iter([setting]))


@pytest.mark.parametrize(
    ("formula", "start"),
    [("exp(-x^2)", (8.0,)), ("1/(1 + exp(-x))", (30.0,)), ("x^4 - y", (0.5, 1.0)), ("(x + y)^2 - x", (1.0, 1.0))],
)
def test_no_smaller_rate_is_advised_where_newton_divides_by_next_to_nothing(formula, start):
    setting = Setting(formula, start, 1.0, 20, "newton")
    run = gdviz.descend(gdviz.parse(formula), start, 1.0, 20, "newton", tolerance=0.0)
    found = judge(gdviz.parse(formula), run, 1.0, setting.method, tolerance=0.0)
    assert "smaller" not in found.sentence
    assert not re.search(r"[Tt]ry a smaller|smaller rate (ends|lands)", found.why)
