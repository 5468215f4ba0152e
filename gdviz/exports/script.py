"""A run as a short Python script that needs NumPy alone and reprints its numbers; also with PyTorch's own optimizer.

What is computed is written from the step's graph, as all codes are: its names are ``v7`` and ``theta0``, its texts are
quoted by Python. What a visitor typed stands only in comments, each on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isinf, isnan
from textwrap import indent

import numpy as np
from numpy.typing import NDArray

from gdviz.codes.step_graph import SUMS, StepGraph
from gdviz.descent import Trajectory
from gdviz.descent.step import sequences_of, step_graph
from gdviz.experiments import UPLOAD, Task, link_text
from gdviz.exports.about import package_version
from gdviz.exports.errors import ExportError
from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.lines import Lines
from gdviz.formulas.text import INFIX, written
from gdviz.optimizers import ElementwiseOptimizer

Array = NDArray[np.float64]

_FLOATS = {**INFIX, "abs": "abs({})", "both": "(1.0 if {} and {} else 0.0)", "where": "({1} if {0} else {2})"}
_ARRAYS = {
    **INFIX, "abs": "abs({})", "both": "(({} != 0) & ({} != 0)) * 1.0", "where": "np.where({} != 0, {}, {})",
    "less": "({} < {}) * 1.0", "less_equal": "({} <= {}) * 1.0",
}  # fmt: skip
_DEPTH = 4  # operations nested in one statement
_NUMBER = re.compile(r"\bnumber(\d+)\b")
_VALUE = re.compile(r"\bv(\d+)\b")
_NAMES_IN_NUMPY = {
    name: row.array_code.__name__ for name, row in FUNCTIONS.items() if isinstance(row.array_code, np.ufunc)
} | {"pow": "power"}
_NEEDS_CARE = {"sqrt": "math.sqrt", "pow": "math.pow"} | {
    name: f"math.{name}" for name, row in FUNCTIONS.items() if row.float_code.__module__ == "math" and name != "abs"
}

_CAREFUL = '''
def careful(exact, otherwise):
    """Return math's function, whose last digits are those of the run, with inf and nan where it raises."""

    def call(*x):
        try:
            return np.float64(exact(*x))
        except (ArithmeticError, ValueError):
            return np.float64(otherwise(*x))

    return call

'''
_TOTAL = f'''
def total(terms):
    """Return the sum over the rows, in the order in which it was added up in the run: {SUMS} sums side by side."""
    terms = np.broadcast_to(terms, ROWS)
    padded = np.zeros(-(-ROWS // {SUMS}) * {SUMS})
    padded[:ROWS] = terms
    s = np.add.reduce(padded.reshape(-1, {SUMS}), axis=0)
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))

'''
_LOOP = '''
def descend():
    """Return theta, f and its gradient at every epoch; epoch 0 is the start."""
    theta, state = [np.float64(x) for x in START], STATE
    thetas, values, gradients = [], [], []
    with np.errstate(all="ignore"):
        for k in range(EPOCHS + 1):
            rate = RATES[k] if k < EPOCHS else 0.0
            value, gradient, after, state = step(theta, state, rate{now})
            thetas.append(theta)
            values.append(value)
            gradients.append(gradient)
            theta = after
    return np.array(thetas), np.array(values), np.array(gradients)

'''
_OWN = """
def own_units(thetas):
    \"\"\"Return theta of the standardized terms in the data's own units.\"\"\"
    own = thetas / np.array(SCALES)
{shift}    return own

"""
_PRINT = """
if __name__ == "__main__":
    thetas, values, gradients = descend()
{own}    print(f"epoch {{EPOCHS}}")
    for name, x in zip(NAMES, thetas[-1].tolist()):
        print(f"{{name}} = {{x!r}}")
    print(f"f = {{values[-1].item()!r}}")
"""
CURVES = """\
import matplotlib.pyplot as plt

figure, (above, below) = plt.subplots(2, sharex=True, layout="constrained")
for name, column in zip(NAMES, thetas.T):
    above.plot(column, label=name)
above.set_ylabel("parameters")
above.legend()
below.plot(values)
below.set_yscale("log" if (values > 0).all() and values.max() > 100 * values.min() else "linear")
below.set_xlabel("epoch")
below.set_ylabel("f")
plt.show()"""
_DRAW = "\n" + indent(CURVES, "    ") + "\n"


def to_script(task: Task, run: Trajectory, matplotlib: bool = False, with_data: bool = False) -> str:
    """Return a Python script that prints the run's last theta, with all its digits, and f there.

    ``descend()`` in it gives every epoch. ``matplotlib`` adds pictures, ``with_data`` says that own data may
    be in it. Raises ExportError for methods that look at whole vectors or search with more than gradients, whose codes
    are no short scripts, and for own data without a word.
    """
    return script_parts(task, run, with_data) + _end(task, matplotlib)


def script_parts(task: Task, run: Trajectory, with_data: bool = False) -> str:
    """Return all of the script but what is done when it is run."""
    method = task.experiment.optimizer
    if not isinstance(method, ElementwiseOptimizer) or task.batched is not None:
        what = "Mini-batches" if task.batched is not None else method.title
        raise ExportError(f"{what}: there is no short script of such a run. Take its numbers (csv, json, npz) instead.")
    step = step_graph(task.descended, method)
    if step.data.size and task.experiment.data == UPLOAD and not with_data:
        raise ExportError("The script holds your data: allow it (with data), or take another format.")
    moved = run.moved or run
    sequences = sequences_of(method, len(run.variables), max(1, run.epochs))
    return "".join(
        [
            _head(task),
            "import math\n" if _calls(step.shape.step) else "",
            "\nimport numpy as np\n\n" if _calls(step.shape.step) else "import numpy as np\n\n",
            _constants(task, moved, step, sequences),
            _careful(step.shape.step),
            _TOTAL if step.shape.rows is not None else "",
            _step(step),
            _LOOP.format(now=", [s[min(k, EPOCHS - 1)] for s in SEQUENCES]" if step.shape.sequences else ""),
            _scaling(task),
        ]
    )


def comment(text: str) -> str:
    """Return a text as one line of comment: nothing in it can end the line."""
    return "# " + "".join(c if c.isprintable() else " " for c in text) + "\n"


def _head(task: Task) -> str:
    e = task.experiment
    typed = e.formula or e.model
    lines = [f"{task.problem.title}, {e.optimizer.title}. Written by gdviz {package_version()}."]
    lines += [f"f({', '.join(task.problem.variables)}) = {typed}"] if typed else []
    return "".join(map(comment, [*lines, f"The page that shows it: {link_text(e)}"]))


def _constants(task: Task, moved: Trajectory, step: StepGraph, sequences: Array) -> str:
    rates = moved.learning_rates
    same = len(rates) > 0 and bool((rates == rates[0]).all())
    lines = [
        f"NAMES = {list(task.problem.variables)!r}",
        f"START = {literals(moved.thetas[0])}",
        f"EPOCHS = {len(rates)}",
        f"RATES = [{literal(float(rates[0]))}] * EPOCHS" if same else f"RATES = {literals(rates)}",
        f"STATE = {literals(step.initial)}  # what the optimizer remembers, at first",
    ]
    if sequences.size:
        lines.append(f"SEQUENCES = [{', '.join(literals(row) for row in sequences)}]  # its numbers of each epoch")
    if step.shape.rows is not None:
        columns = ", ".join(f"np.array({literals(column)})" for column in step.data)
        lines += [f"DATA = [{columns}]", f"ROWS = {step.rows}"]
    return "".join(line + "\n" for line in lines)


def _calls(lines: Lines) -> list[str]:
    """The functions that the lines call."""
    names = dict.fromkeys(lines.nodes[node][0] for node in lines.needed())
    return [name for name in names if name in _NEEDS_CARE]


def _careful(lines: Lines) -> str:
    calls = _calls(lines)
    made = [f"{name} = careful({_NEEDS_CARE[name]}, np.{_NAMES_IN_NUMPY[name]})\n" for name in calls]
    return "\n" + _CAREFUL + "\n" + "".join(made) if calls else ""


def _step(step: StepGraph) -> str:
    shape = step.shape
    n = shape.parameters
    theta, state = names_of("theta", n), names_of("state", shape.states)
    now = names_of("sequence", shape.sequences)
    found, texts = spelled(shape.step.only(shape.step.roots[:-4]), _FLOATS, step.numbers)
    lines = [*unpacked(theta, "theta"), *unpacked(state, "state"), *unpacked(now, "now")]
    if shape.rows is not None:
        lines += ["count = ROWS", *_rows(step)]
    lines += found
    value, gradient, after, following = texts[0], texts[1 : 1 + n], texts[1 + n : 1 + 2 * n], texts[1 + 2 * n :]
    lines += [
        f"value = {value}",
        f"gradient = [{', '.join(gradient)}]",
        f"after = [{', '.join(after)}]",
        f"return value, gradient, after, [{', '.join(following)}]",
    ]
    head = f"\ndef step(theta, state, rate{', now' if now else ''}):\n"
    said = '    """Return f, its gradient, the next theta, and what the optimizer remembers then."""\n'
    return "\n".join(["", head + said + "\n".join("    " + line for line in lines), "", ""])


def _rows(step: StepGraph) -> list[str]:
    """The sums over the rows of a fit."""
    shape = step.shape
    assert shape.rows is not None
    spelling = {**_ARRAYS, **{name: f"np.{own}({{}})" for name, own in _NAMES_IN_NUMPY.items() if name not in _ARRAYS}}
    spelling |= {"pow": "np.power({}, {})", "atan2": "np.arctan2({}, {})"}
    found, texts = spelled(shape.rows, spelling, step.row_numbers, "r")
    own = ("var", "own_theta") in shape.rows.nodes
    return [
        *(["own_theta = np.resize(np.array(theta), ROWS)"] if own else []),
        *unpacked(names_of("column", shape.columns), "DATA"),
        *found,
        *[f"total{k} = total({text})" for k, text in enumerate(texts)],
    ]


def _scaling(task: Task) -> str:
    fit = task.problem.standardized
    if fit is None:
        return ""
    scaling = fit.scaling
    lines = [f"SCALES = {literals(scaling.scales)}\n"]
    shift = ""
    if scaling.intercept is not None:
        lines.append(f"MEANS = {literals(scaling.means)}\n")
        shift = f"    own[..., {scaling.intercept}] -= own @ np.array(MEANS) / {literal(scaling.level)}\n"
    return "\n" + "".join(lines) + "\n" + _OWN.format(shift=shift)


def _end(task: Task, matplotlib: bool) -> str:
    own = "    thetas = own_units(thetas)\n" if task.problem.standardized is not None else ""
    return _PRINT.format(own=own) + (_DRAW if matplotlib else "")


# -- lines as text --


def spelled(
    lines: Lines, spelling: Mapping[str, str], numbers: Sequence[float], letter: str = "v"
) -> tuple[list[str], list[str]]:
    """Return the statements that compute the roots, and the text of each root, with the numbers in them.

    ``letter`` is what the names of nodes begin with.
    """
    found, texts = written(lines, spelling, _DEPTH)

    def filled(text: str) -> str:
        named = _VALUE.sub(lambda match: f"{letter}{match[1]}", text)
        return _NUMBER.sub(lambda match: literal(numbers[int(match[1])]), named)

    return [f"{letter}{node} = {filled(text)}" for node, text in found], [filled(text) for text in texts]


def names_of(kind: str, count: int) -> list[str]:
    """Return kind0, kind1, …"""
    return [f"{kind}{i}" for i in range(count)]


def unpacked(names: Sequence[str], source: str) -> list[str]:
    """Return the line that gives these names to the elements of ``source``; none for no names."""
    return [f"{', '.join(names)}{',' * (len(names) == 1)} = {source}"] if names else []


def literals(numbers: Iterable[float]) -> str:
    """Return a list of numbers as Python writes it."""
    return f"[{', '.join(literal(float(x)) for x in numbers)}]"


def literal(x: float) -> str:
    """Return a number as Python writes it inside of an expression."""
    if isnan(x) or isinf(x):
        return f'float("{x!r}")'
    return repr(x) if x >= 0 and str(x)[0] != "-" else f"({x!r})"
