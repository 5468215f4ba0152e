"""Machine code against Python's: the same bits, the same ends, in paths, passes and batches."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.codes import llvm, llvm_batch, native, python
from gdviz.codes.native_batch import Members, batch_ends
from gdviz.codes.step_graph import StepGraph
from gdviz.descent.recorded import PathInputs, python_path
from gdviz.descent.step import sequences_of, trace_step
from gdviz.fits import LeastSquares
from gdviz.fits.fit import Fit
from gdviz.fits.losses import LOSSES, make_loss
from gdviz.objectives import EstimatedGradient, Quadratic, parse
from gdviz.optimizers import OPTIMIZERS, Adam, ElementwiseOptimizer, GradientDescent, Momentum

ELEMENTWISE = [name for name, cls in OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)]

FORMULAS = [
    "(1 - x)^2 + 100*(y - x^2)^2",
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "x^2 + 3y^2 + x*y",
    "x^2 - y^2",
    "x",
    "3 + 0*x*y",
    "sin(x) + cos(y)*x",
    "tan(x/2) + y^2",
    "asin(x/9) + acos(y/9)",
    "atan(x) + atan2(y, x)",
    "sinh(x) + cosh(y)",
    "tanh(x*y) + x^2",
    "exp(-x)*sin(3y)",
    "exp(exp(x)) + y^2",
    "log(x) + y^2",
    "log2(x^2) + log10(y^2 + 1)",
    "sqrt(x^2 + y^2)",
    "sqrt(x) + 1/y",
    "x^2.5 + y^1.5",
    "x^y",
    "2^x + y^4 - x*y^3",
    "abs(x) + 2*abs(y - 1)",
    "sign(x)*y^2",
    "max(x^2, y, 1) + min(x, y^2)",
    "x^4 - 1e150*y",
    "1/(x - 1.5) + y^2",
    "1/(1 + exp(-300*(x + y)))",
    "x^4/4 - x^3 + y^31/1e9",
    "(x*y - 1)/(x - x + y - y)",
]
ROWS = 53


def _data() -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    x, z = random.normal(size=(2, ROWS))
    return {"x": x, "z": z, "y": 2 * np.exp(-x) + 0.1 * z, "label": (x + z > 0) * 1.0}


def _quadratic(n: int) -> Quadratic:
    half = np.random.default_rng(4).normal(size=(n, n))
    return Quadratic(half @ half.T / n + np.eye(n), np.linspace(-1, 1, n))


def _fits() -> dict[str, Any]:
    data = _data()
    exponential = LeastSquares("a*exp(-b*x) + c", data=data, target="y")
    return {
        "squared": exponential,
        "straight": LeastSquares("slope*x + intercept", data=data, target="y"),
        "absolute": Fit("a*exp(-b*x) + c", data, "y", loss=make_loss("absolute")),
        "huber": Fit("a*x^2 + b*z + c", data, "y", loss=make_loss("huber"), ridge=0.1),
        "log": Fit("a*x + b*z + c", data, "label", loss=make_loss("log"), ridge=0.01),
        "two parameters": _quadratic(2),
        "thirty parameters": _quadratic(30),
        "estimated": EstimatedGradient(exponential),
        "estimated, seventeen": EstimatedGradient(_quadratic(17)),
        "estimated formula": EstimatedGradient(parse("exp(-x)*sin(3y)")),
    }


def _start(n: int) -> tuple[float, ...]:
    return tuple(([1.5, -0.7, 0.3] * n)[:n])


def _course(objective: Any, optimizer: ElementwiseOptimizer, start: Any, rates: Any, tolerance: float) -> PathInputs:
    n, epochs = len(start), len(rates)
    sequences = sequences_of(optimizer, n, epochs)
    return PathInputs(trace_step(objective, optimizer), start, np.asarray(rates), sequences, tolerance, 60.0)


def _native_path(course: PathInputs, chunk: int = 10_000) -> tuple[np.ndarray, str]:
    steps = native.PathSteps(course.step, course.theta, course.rates, course.sequences, course.tolerance)
    rows, reason = 0, llvm.Reason.GOES_ON
    while reason is llvm.Reason.GOES_ON:
        rows, reason = steps.advance(rows, min(rows + chunk, course.epochs + 1))
    return steps.table[:rows], reason.name


def _same_bits(a: Any, b: Any) -> bool:
    """Whether two arrays have the same bits; one nan is as good as another."""
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    if a.shape != b.shape or not np.array_equal(np.isnan(a), np.isnan(b)):
        return False
    there = ~np.isnan(a)
    return np.array_equal(a[there].view(np.int64), b[there].view(np.int64))


def _assert_same_path(course: PathInputs, what: Any) -> str:
    """Compare, and return why the run ended."""
    record, reason = python_path(course)
    rows, native_reason = _native_path(course)
    assert native_reason == reason.name, what
    assert _same_bits(rows, record), what
    return reason.name


@pytest.fixture(autouse=True)
def _compiler() -> None:
    assert native.available()


# -- paths --


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_paths_of_formulas_have_the_bits_of_python(name: str) -> None:
    reasons = set()
    for text in FORMULAS:
        objective, optimizer = parse(text), OPTIMIZERS[name]()
        start = _start(len(objective.variables))
        for rate in (0.002, 0.3):
            course = _course(objective, optimizer, start, np.full(500, rate), 1e-3)
            reasons.add(_assert_same_path(course, (text, rate)))
    assert "DIVERGED" in reasons


def _pairs(names: Iterable[Any], others: Iterable[Any], of: int) -> list[Any]:
    """All pairs: each of the ones with one ``of`` so many others, and the other way round; the rest take their time."""
    return [
        pytest.param(one, other, marks=() if (i + j) % of == 0 else pytest.mark.long)
        for i, one in enumerate(names)
        for j, other in enumerate(others)
    ]


@pytest.mark.parametrize(("name", "kind"), _pairs(ELEMENTWISE, _fits(), of=5))
def test_paths_of_fits_have_the_bits_of_python(name: str, kind: str) -> None:
    objective = _fits()[kind]
    optimizer, n = OPTIMIZERS[name](), len(objective.variables)
    for rate in (0.01, 5.0):
        course = _course(objective, optimizer, _start(n), np.full(500 if n < 9 else 40, rate), 1e-3)
        _assert_same_path(course, (kind, rate))


@settings(max_examples=60)
@given(
    text=st.sampled_from(FORMULAS),
    name=st.sampled_from(ELEMENTWISE),
    start=st.tuples(*[st.floats(-1e3, 1e3)] * 2),
    rate=st.floats(1e-6, 10),
    tolerance=st.sampled_from([0.0, 1e-300, 1e-6, 1.0, 1e200, float("inf")]),
)
def test_any_start_and_rate(text: str, name: str, start: tuple[float, float], rate: float, tolerance: float) -> None:
    objective = parse(text)
    falling = rate * np.linspace(1, 0.1, 120)
    course = _course(objective, OPTIMIZERS[name](), start[: len(objective.variables)], falling, tolerance)
    _assert_same_path(course, "")


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 64, 1001])
def test_any_number_of_rows(rows: int) -> None:
    x = np.linspace(-2, 3, rows)
    fit = LeastSquares("a*exp(-b*x)", data={"x": x, "y": np.cos(x)}, target="y")
    for optimizer in (GradientDescent(), Adam()):
        _assert_same_path(_course(fit, optimizer, (0.5, 0.1), np.full(60, 0.05), 0.0), rows)


@pytest.mark.parametrize("chunk", [1, 2, 7])
@pytest.mark.parametrize(("text", "rate"), [("x^2 + 3y^2", 0.1), ("x^2 + 3y^2", 0.4), ("x^2 + 3y^2", 1e-4)])
def test_a_path_in_pieces_is_the_whole_path(text: str, rate: float, chunk: int) -> None:
    course = _course(parse(text), Momentum(), (1.0, -2.0), np.full(400, rate), 1e-4)
    record, reason = _native_path(course)
    rows, reason_in_pieces = _native_path(course, chunk)
    assert reason_in_pieces == reason
    assert _same_bits(rows, record)


@pytest.mark.parametrize(
    ("text", "start", "rate", "epochs", "reason", "rows"),
    [
        ("x^2", 3.0, 0.5, 9, "CONVERGED", 2),  # at the minimum after one step, and seen to stay there
        ("x^2", 0.0, 0.5, 1, "CONVERGED", 1),
        ("x^2", 3.0, 0.5, 1, "CONVERGED", 2),  # no epoch is left to see whether it stays
        ("x^2", 3.0, 0.1, 4, "EPOCHS", 5),
        ("log(x)", -1.0, 0.1, 4, "DIVERGED", 1),  # no value at the start
        ("log(x)", 1.0, 1.0, 4, "DIVERGED", 1),  # no value after one step
        ("sqrt(x)", 0.0, 0.1, 4, "DIVERGED", 1),  # a value at the start, no slope
        ("x", 0.0, 1e308, 4, "DIVERGED", 2),  # the second step leads beyond the floats
    ],
)
def test_ends(text: str, start: float, rate: float, epochs: int, reason: str, rows: int) -> None:
    course = _course(parse(text), GradientDescent(), (start,), np.full(epochs, rate), 1e-9)
    assert _assert_same_path(course, text) == reason
    assert len(_native_path(course)[0]) == rows


# -- batches --


def _members(objective: Any, optimizer: ElementwiseOptimizer, count: int, epochs: int, names: Any = ()) -> Members:
    n, random = len(objective.variables), np.random.default_rng(5)
    own = np.array([getattr(optimizer, name) * random.uniform(0.5, 1, count) for name in names]).reshape(-1, count)
    return Members(
        trace_step(objective, optimizer, names), random.normal(size=(n, count)) * 2,
        0.03 * np.exp(random.normal(size=count)), own, np.linspace(1, 0.5, epochs),
        sequences_of(optimizer, n, epochs), 1e-3,
    )  # fmt: skip


def _assert_members_end_as_alone(
    objective: Any, optimizer: ElementwiseOptimizer, members: Members, names: Any = ()
) -> None:
    ends = batch_ends(members)
    n = len(objective.variables)
    for i in range(len(members.rates)):
        alone = replace(optimizer, **{name: float(members.own[k, i]) for k, name in enumerate(names)})
        rates = members.rates[i] * members.pace
        rows, reason = _native_path(
            _course(objective, alone, tuple(members.thetas[:, i].tolist()), rates, members.tolerance)
        )
        what = (getattr(objective, "text", ""), optimizer, i)
        assert llvm.Reason(ends.reasons[i]).name == reason, what
        assert ends.epochs[i] == len(rows) - 1, what
        assert _same_bits(ends.thetas[:, i], rows[-1, :n]), what
        assert _same_bits(ends.values[i : i + 1], rows[-1, n : n + 1]), what


@pytest.mark.parametrize(("name", "text"), _pairs(ELEMENTWISE, FORMULAS[::3], of=3))
def test_members_of_a_batch_end_where_they_end_alone(name: str, text: str) -> None:
    objective, optimizer = parse(text), OPTIMIZERS[name]()
    _assert_members_end_as_alone(objective, optimizer, _members(objective, optimizer, 13, 200))


@pytest.mark.parametrize(("name", "kind"), _pairs(("gd", "radam"), _fits(), of=2))
def test_members_of_a_batch_of_fits(name: str, kind: str) -> None:
    objective, optimizer = _fits()[kind], OPTIMIZERS[name]()
    _assert_members_end_as_alone(objective, optimizer, _members(objective, optimizer, 9, 40))


@pytest.mark.parametrize(("name", "own"), [("momentum", ("beta",)), ("adam", ("beta1", "beta2")), ("adam", ("beta2",))])
def test_members_with_their_own_hyperparameters(name: str, own: tuple[str, ...]) -> None:
    objective, optimizer = parse(FORMULAS[0]), OPTIMIZERS[name]()
    _assert_members_end_as_alone(objective, optimizer, _members(objective, optimizer, 21, 300, own), own)


@pytest.mark.parametrize("count", [1, 8, 9, 70_000])
def test_threads_change_nothing(count: int) -> None:
    members = _members(parse("exp(-x)*sin(y) + x^2 + y^4"), Momentum(), count, 60)
    one, two = batch_ends(members, 1), batch_ends(members, 2)
    assert _same_bits(one.thetas, two.thetas)
    assert _same_bits(one.values, two.values)
    np.testing.assert_array_equal(one.epochs, two.epochs)
    np.testing.assert_array_equal(one.reasons, two.reasons)
    assert (one.reasons != llvm.Reason.GOES_ON).all()


def test_a_batch_that_is_stopped_is_where_it_had_come_to() -> None:
    objective = parse("x^2 + y^2")
    members = _members(objective, GradientDescent(), 5, 100_000)
    members = replace(members, rates=np.full(5, 1e-9))
    answers = iter([True, True, False])
    ends = batch_ends(members, go_on=lambda: next(answers))
    assert (ends.reasons == llvm.Reason.GOES_ON).all()
    assert 0 < ends.epochs[0] < 100_000
    assert len(set(ends.epochs.tolist())) == 1
    for i in range(5):
        rows, _ = _native_path(
            _course(objective, GradientDescent(), tuple(members.thetas[:, i].tolist()), 1e-9 * members.pace, 1e-3)
        )
        assert _same_bits(ends.thetas[:, i], rows[ends.epochs[i], :2])
        assert ends.values[i] == rows[ends.epochs[i], 2]


# -- mini-batches --


def _python_passes(step: StepGraph, theta: Any, rates: Any, sequences: Any, size: int, orders: Any) -> Any:
    """The same passes with Python's floats, batch by batch."""
    state, table = step.initial, [theta]
    loop = python.float_loop(step.shape, True)
    for k, order in enumerate(orders):
        for first in range(0, step.rows, size):
            rows = order[first : first + size]
            totals = python.row_totals(step.shape, step.row_numbers, step.data[:, rows])
            now = [[float(sequence[k])] for sequence in sequences]
            rate = [float(rates[k])]
            theta, state = loop(theta, state, rate, now, step.numbers, totals, float(len(rows)), lambda record: None)
        if not np.isfinite(theta).all():
            return np.array(table), "DIVERGED"
        table.append(theta)
    return np.array(table), "GOES_ON"


def _native_passes(step: StepGraph, theta: Any, rates: Any, sequences: Any, size: int, orders: Any) -> Any:
    passes = native.Passes(step, theta, rates, sequences, size)
    for first in range(0, len(rates), 3):
        rows, reason = passes.advance(first, orders[first : first + 3])
        if reason is not llvm.Reason.GOES_ON:
            break
    return passes.table[:rows], reason.name


@pytest.mark.parametrize("size", [1, 5, 8, 16, ROWS])
@pytest.mark.parametrize("loss", LOSSES)
def test_passes_have_the_bits_of_python(loss: str, size: int) -> None:
    data, epochs, random = _data(), 7, np.random.default_rng(6)
    fit = Fit("a*exp(b*x)", data, "label", loss=make_loss(loss), ridge=0.1)
    orders = np.array([random.permutation(ROWS) for _ in range(epochs)])
    reasons = set()
    for name in ("gd", "adam", "radam", "noisy_gd", "lion"):
        optimizer = OPTIMIZERS[name]()
        step, sequences = trace_step(fit, optimizer), sequences_of(optimizer, 2, epochs)
        for rate in (0.01, 1e3):
            rates = rate * np.linspace(1, 0.5, epochs)
            with np.errstate(all="ignore"):
                expected, reason = _python_passes(step, (1.5, -0.7), rates, sequences, size, orders)
            table, native_reason = _native_passes(step, (1.5, -0.7), rates, sequences, size, orders)
            assert native_reason == reason, (name, rate)
            assert _same_bits(table, expected), (name, rate)
            reasons.add(reason)
    assert "GOES_ON" in reasons


# -- kernels --


@pytest.fixture
def fresh_kernels() -> Iterator[None]:
    native._kernels.cache_clear()
    yield
    native._kernels.cache_clear()


@pytest.mark.usefixtures("fresh_kernels")
def test_another_start_rate_or_beta_compiles_nothing() -> None:
    first = trace_step(parse("(x - 3)^2 + 5y^2"), Adam())
    assert not native.known("path", first.shape)
    kernel = native.kernel("path", first.shape)
    for objective, optimizer in (("(x - 3)^2 + 5y^2", Adam(beta1=0.7)), ("(x - 4)^2 + 7y^2", Adam())):
        shape = trace_step(parse(objective), optimizer).shape
        assert native.known("path", shape)
        assert native.kernel("path", shape) is kernel
    assert not native.known("batch", first.shape)


@pytest.mark.usefixtures("fresh_kernels")
def test_threads_that_ask_for_the_same_kernel_get_the_same() -> None:
    shape = trace_step(parse("sin(x)*exp(y)"), Adam()).shape
    with ThreadPoolExecutor(8) as pool:
        kernels = list(pool.map(lambda _: native.kernel("path", shape), range(8)))
    assert len(set(map(id, kernels))) == 1


def test_dropped_kernels_are_freed_once_nobody_runs_them() -> None:
    kernels = native.Kernels(most=1)
    shapes = [trace_step(parse(text), GradientDescent()).shape for text in ("x^2", "x^4")]
    held = kernels.get("path", shapes[0])
    gone = weakref.ref(held)
    kernels.get("path", shapes[1])
    assert kernels.find("path", shapes[0]) is None
    assert gone() is not None
    del held
    gc.collect()
    assert gone() is None


def test_no_word_of_a_user_is_in_the_text() -> None:
    data = {"height": np.arange(9.0), "weight": np.arange(9.0)}
    shape = trace_step(LeastSquares("slope*height + exp(bend)", data=data, target="weight"), Adam()).shape
    for write in (llvm.path, llvm.passes, llvm_batch.batch):
        text = write(shape)
        for word in ("height", "weight", "slope", "bend"):
            assert word not in text


def test_a_step_of_too_many_operations_does_not_suit() -> None:
    shape = trace_step(parse("x^2"), GradientDescent()).shape
    assert native.suits(shape)
    long = replace(shape.step, nodes=shape.step.nodes * 2_000)
    assert not native.suits(replace(shape, step=long))


def test_without_the_compiler_it_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    native._machine.cache_clear()
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    try:
        assert not native.available()
        with pytest.raises(RuntimeError, match="llvmlite"):
            native.Kernels(1).get("path", trace_step(parse("x^6"), GradientDescent()).shape)
    finally:
        native._machine.cache_clear()
