"""Straight-line arithmetic as Python with NumPy, for scripts that leave: statements, numbers, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isinf, isnan

import numpy as np
from numpy.typing import NDArray

from gdviz.codes.step_graph import SUMS
from gdviz.descent import Trajectory
from gdviz.experiments import UPLOAD, Task
from gdviz.exports.about import package_version
from gdviz.exports.errors import NotOffered
from gdviz.formulas.code import FLOATS
from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.lines import Lines
from gdviz.formulas.text import INFIX, names_of, written
from gdviz.learning_rates import Schedule
from gdviz.spreadsheets import on_one_line

_COMPARED = {"less": "({} < {}) * 1.0", "less_equal": "({} <= {}) * 1.0"}  # NumPy's truths have no minus
_FLOATS = {**FLOATS, **_COMPARED, "abs": "abs({})"}
_NAMES_IN_NUMPY = {
    name: row.array_code.__name__ for name, row in FUNCTIONS.items() if isinstance(row.array_code, np.ufunc)
} | {"pow": "power"}
_ARRAYS = {
    **INFIX, **_COMPARED, "abs": "abs({})", "both": "(({} != 0) & ({} != 0)) * 1.0",
    "where": "np.where({} != 0, {}, {})",
}  # fmt: skip
_ARRAYS |= {name: f"np.{own}({{}})" for name, own in _NAMES_IN_NUMPY.items() if name not in _ARRAYS}
_ARRAYS |= {"pow": "np.power({}, {})", "atan2": "np.arctan2({}, {})"}
_NEEDS_CARE = {"sqrt": "math.sqrt", "pow": "math.pow"} | {
    name: f"math.{name}" for name, row in FUNCTIONS.items() if row.float_code.__module__ == "math" and name != "abs"
}
_DEPTH = 4  # operations nested in one statement
_NUMBER = re.compile(r"\bnumber(\d+)\b")
_VALUE = re.compile(r"\bv(\d+)\b")

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
TOTAL = f'''
def total(terms, rows):
    """Return the sum over the rows, in the order in which it was added up in the run: {SUMS} sums side by side."""
    padded = np.zeros(-(-rows // {SUMS}) * {SUMS})
    padded[:rows] = terms
    s = np.add.reduce(padded.reshape(-1, {SUMS}), axis=0)
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))

'''


def comment(text: str) -> str:
    """Return a text as one line of comment: nothing in it can end the line."""
    return "# " + on_one_line(text) + "\n"


def imports(*lines: Lines) -> str:
    """Return the imports of a script that computes ``lines`` on floats, and the functions that they call."""
    names = dict.fromkeys(part.nodes[node][0] for part in lines for node in part.needed())
    calls = [name for name in names if name in _NEEDS_CARE]
    if not calls:
        return "import numpy as np\n"
    made = [f"{name} = careful({_NEEDS_CARE[name]}, np.{_NAMES_IN_NUMPY[name]})\n" for name in calls]
    return "import math\n\nimport numpy as np\n\n" + _CAREFUL + "\n" + "".join(made)


def floats(lines: Lines, numbers: Sequence[float]) -> tuple[list[str], list[str]]:
    """Return the statements that compute the roots on floats, and the text of each root."""
    return spelled(lines, _FLOATS, numbers)


def arrays(lines: Lines, numbers: Sequence[float]) -> tuple[list[str], list[str]]:
    """The same on arrays of rows."""
    return spelled(lines, _ARRAYS, numbers, "r")


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


def row_totals(rows: Lines, numbers: Sequence[float], columns: int) -> list[str]:
    """Return the lines that sum up the roots over the rows of ``data``, as total0 …, and ``count`` them."""
    found, texts = arrays(rows, numbers)
    own = ("var", "own_theta") in rows.nodes
    return [
        "count = data.shape[1]",
        *(["own_theta = np.resize(np.array(theta), count)"] if own else []),
        *unpacked(names_of("column", columns), "data"),
        *found,
        *[f"total{k} = total({text}, count)" for k, text in enumerate(texts)],
    ]


def head(task: Task, what: str, link: str) -> str:
    """Return the comments at the head of a script: what it is of, what was typed, and the link to the page."""
    typed = task.experiment.formula or task.experiment.model
    lines = [f"{task.problem.title}, {what}. Written by gdviz {package_version()}."]
    lines += [f"f({', '.join(task.problem.variables)}) = {typed}"] if typed else []
    return "".join(map(comment, [*lines, f"The page that shows it: {link}"]))


def refuse_own_data(task: Task, with_data: bool) -> None:
    """Raise NotOffered for a script that holds a visitor's own data, unless they may be in it."""
    if task.experiment.data == UPLOAD and not with_data:
        raise NotOffered("The script holds your data: allow it (with data), or take another format.")


def rates_literal(rates: NDArray[np.float64]) -> str:
    """Return the rates of the epochs as Python writes them, short where all are the same."""
    same = len(rates) > 0 and bool((rates == rates[0]).all())
    return f"[{literal(float(rates[0]))}] * EPOCHS" if same else literals(rates)


def setting_lines(task: Task, moved: Trajectory) -> list[str]:
    """Return the lines that name the parameters, the start and the rates of a run."""
    rates = moved.learning_rates
    found = "" if isinstance(task.experiment.learning_rate, Schedule) else "  # as the search found them"
    return [
        f"NAMES = {list(task.problem.variables)!r}",
        f"START = {literals(moved.thetas[0])}",
        f"EPOCHS = {len(rates)}",
        f"RATES = {rates_literal(rates)}{found}",
    ]


def data_literals(data: NDArray[np.float64], rows: int) -> str:
    """Return columns (q, m) as Python writes them."""
    return f"np.array([{', '.join(map(literals, data))}])" if len(data) else f"np.zeros((0, {rows}))"


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
