"""One step as a graph: what is traced, and that every code of it does the same."""

from __future__ import annotations

import numpy as np
import pytest

import gdviz
from gdviz.codes.step_graph import order_of_sums
from gdviz.descent.step import replay, sequences_of, step_graph, trace_step
from gdviz.formulas.graph import Graph
from gdviz.formulas.graph_numbers import both, choice, exp, graph_variable, larger, log1p, root, sign, smaller
from gdviz.optimizers import ElementwiseOptimizer
from tests.own_optimizer import SignDescent

ROSENBROCK = gdviz.parse("(1 - x)**2 + 100*(y - x**2)**2")


def test_an_optimizer_that_nobody_knows_runs_in_every_code():
    method = SignDescent(blend=0.25)
    runs = [
        gdviz.descend(ROSENBROCK, [-1.2, 1.0], 0.001, 300, method, engine=engine) for engine in ("python", "native")
    ]
    theta = np.array([-1.2, 1.0])
    for row in runs[0].thetas:
        assert row == pytest.approx(theta, rel=1e-12)
        gradient = ROSENBROCK.gradient(theta)
        theta = theta - 0.001 * (0.25 * gradient + 0.75 * np.sign(gradient))
    assert runs[0].thetas.tobytes() == runs[1].thetas.tobytes()
    batch = gdviz.descend_batch(ROSENBROCK, [[-1.2, 1.0]] * 3, 0.001, 300, method)
    assert batch.thetas.tolist() == [runs[0].thetas[-1].tolist()] * 3
    assert "export function descend" in gdviz.step_javascript(ROSENBROCK, method)


# ---------------------------------------------------------------- numbers that write lines down


def test_the_functions_of_graph_numbers_take_floats_and_arrays_too():
    x = np.array([-2.0, 0.0, 3.0])
    assert larger(x, 1.0).tolist() == [1, 1, 3]
    assert smaller(x, 1.0).tolist() == [-2, 0, 1]
    assert sign(x).tolist() == [-1, 0, 1]
    assert (larger(2.0, 1.0), smaller(2.0, 1.0), sign(-0.5), sign(0.0)) == (2, 1, -1, 0)
    assert root(9.0) == 3
    assert choice(x > 0, x, -x).tolist() == [2, 0, 3]
    assert both(x > -1, x < 1).tolist() == [0, 1, 0]
    assert (exp(0.0), log1p(0.0)) == (1, 0)


@pytest.mark.parametrize(
    ("line", "node"),
    [
        (lambda x: x + 1, "add"), (lambda x: 1 + x, "add"), (lambda x: x - 1, "sub"), (lambda x: 1 - x, "sub"),
        (lambda x: 2 * x, "mul"), (lambda x: x / 2, "div"), (lambda x: 2 / x, "div"), (lambda x: -x, "neg"),
        (abs, "abs"), (lambda x: x**0.5, "sqrt"), (lambda x: x**3, "pow"), (lambda x: 2**x, "pow"),
        (lambda x: x > 1, "less"), (lambda x: x <= 1, "less_equal"), (sign, "where"), (lambda x: +x, "var"),
    ],
)  # fmt: skip
def test_a_line_becomes_a_node_as_it_stands(line, node):
    graph = Graph(100)
    made = line(graph_variable(graph, "x"))
    assert graph.nodes[made.node][0] == node


def test_a_number_of_the_graph_says_what_to_write_where_it_cannot_be_asked():
    x = graph_variable(Graph(10), "x")
    with pytest.raises(TypeError, match=r"choice\(condition, a, b\)"):
        bool(x > 0)
    with pytest.raises(TypeError, match="no value yet"):
        float(x)


# ---------------------------------------------------------------- the step


def test_steps_of_one_shape_share_their_shape():
    """So that another start, number in a formula or hyper-parameter compiles nothing."""
    other = gdviz.parse("(3 - x)**2 + 7*(y - x**2)**2")
    for method, changed in ((gdviz.Momentum(), gdviz.Momentum(beta=0.3)), (gdviz.Adam(), gdviz.Adam(beta1=0.7))):
        one, two = step_graph(ROSENBROCK, method), step_graph(other, changed)
        assert one.shape == two.shape
        assert hash(one.shape) == hash(two.shape)
        assert one.numbers != two.numbers
    assert step_graph(ROSENBROCK, gdviz.Adam()).shape != step_graph(ROSENBROCK, gdviz.Momentum()).shape


def test_a_state_that_no_gradient_enters_is_one_for_all_components():
    assert step_graph(ROSENBROCK, gdviz.Adam()).shape.states == 2 * 2 + 2  # the two weights are shared
    assert step_graph(ROSENBROCK, gdviz.Momentum()).shape.states == 2
    assert step_graph(ROSENBROCK, gdviz.GradientDescent()).shape.states == 0


def test_numbers_of_a_member_are_variables_of_the_step():
    step = trace_step(ROSENBROCK, gdviz.Momentum(), ("beta",))
    assert ("var", "member0") in step.shape.step.nodes
    assert step.shape.members == 1


def test_no_word_that_a_user_typed_is_in_the_lines():
    fit = gdviz.LeastSquares("secret*exp(hidden*column)", {"column": [1.0, 2.0, 4.0], "goal": [1.0, 2.0, 3.0]}, "goal")
    for objective in (fit, gdviz.parse("window*document^2 + self")):
        for method in (gdviz.Adam(), gdviz.NoisyGradientDescent()):
            text = gdviz.step_javascript(objective, method, 10)
            for word in ("secret", "hidden", "goal", "window", "document", "self"):
                assert word not in text


@pytest.mark.parametrize("name", [n for n, cls in gdviz.OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)])
def test_a_replay_gives_the_steps_of_the_run(name: str):
    method = gdviz.OPTIMIZERS[name]()
    run = gdviz.descend(ROSENBROCK, [-1.2, 1.0], 0.0007, 60, method)
    again = replay(method, run.thetas[:-1], run.gradients[:-1])
    assert (run.thetas[:-1] + 0.0007 * again.directions).tobytes() == run.thetas[1:].tobytes()
    assert again.states.shape[:2] == (61, 2)


def test_the_sequences_of_an_optimizer_are_those_of_its_epochs():
    assert sequences_of(gdviz.Adam(), 2, 10).shape == (0, 10)
    assert sequences_of(gdviz.NAdam(), 2, 10).shape == (2, 10)
    assert sequences_of(gdviz.NoisyGradientDescent(), 3, 10).shape == (3, 10)
    steered = gdviz.SteeredMomentum(beta=0.9, beta_changes="3:0.5 7:0.1")
    assert sequences_of(steered, 2, 10).tolist() == [[0.9] * 3 + [0.5] * 4 + [0.1] * 3]
    longer = sequences_of(gdviz.NoisyGradientDescent(noise_seed=4), 2, 50)
    assert longer[:, :20].tolist() == sequences_of(gdviz.NoisyGradientDescent(noise_seed=4), 2, 20).tolist()


# ---------------------------------------------------------------- sums over rows


def test_a_sum_over_rows_is_eight_sums():
    values = np.random.default_rng(0).normal(size=1003)
    fit = gdviz.LeastSquares("a^3", {"y": values}, "y")
    sums = [0.0] * 8
    for r, value in enumerate(values.tolist()):
        sums[r % 8] += 2.0 * (8.0 - value) * 12.0
    for engine in ("python", "native"):
        run = gdviz.descend(fit, [2.0], 0.001, 1, engine=engine)
        assert run.gradients[0, 0] == order_of_sums(sums) / 1003


@pytest.mark.parametrize("engine", ["python", "native"])
def test_an_engine_that_is_not_there_is_named(engine: str):
    with pytest.raises(ValueError, match="engine is 'fortran'"):
        gdviz.descend(ROSENBROCK, [0, 0], 0.1, 10, engine="fortran")
    assert gdviz.descend(ROSENBROCK, [0, 0], 1e-4, 10, engine=engine).epochs == 10


def test_without_a_compiler_everything_runs_on_python(monkeypatch):
    start = [[-1.2, 1.0], [0.5, 0.5]]
    whole = gdviz.descend_batch(ROSENBROCK, start, 0.001, 400, "adam")
    monkeypatch.setattr("gdviz.codes.native.available", lambda: False)
    run = gdviz.descend(ROSENBROCK, start[0], 0.001, 400, "adam")
    assert run.thetas[-1].tolist() == whole.thetas[0].tolist()
    assert gdviz.descend_batch(ROSENBROCK, start, 0.001, 400, "adam").thetas.tolist() == whole.thetas.tolist()
    with pytest.raises(ValueError, match="needs llvmlite"):
        gdviz.descend(ROSENBROCK, start[0], 0.001, 400, engine="native")
