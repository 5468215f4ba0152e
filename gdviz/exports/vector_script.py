"""Scripts of methods that look at whole vectors (Newton, BFGS, conjugate gradients, Gauss–Newton …).

The objective's lines are written from its graph; the method's are its own, copied from where gdviz has them with the
functions that they call.
"""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import fields
from textwrap import dedent, indent
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from gdviz.codes.tracing import Tracer, finished
from gdviz.descent import Trajectory
from gdviz.experiments import Task
from gdviz.exports.script_text import (
    TOTAL,
    arrays,
    data_literals,
    floats,
    imports,
    literal,
    row_totals,
    setting_lines,
    unpacked,
)
from gdviz.fits import Fit
from gdviz.formulas.derivatives import differentiate
from gdviz.formulas.graph_numbers import GraphNumber
from gdviz.formulas.lines import Lines, lines_of
from gdviz.formulas.text import names_of
from gdviz.optimizers import VectorOptimizer

_LOOP = '''
class Here:
    """What the method asks of f at theta."""

    def __init__(self, theta):
        self.theta = np.array(theta)

    def value_at(self, theta):
        return objective([np.float64(x) for x in theta])[0]
{asks}

def descend():
    """Return theta, f and its gradient at every epoch; epoch 0 is the start."""
    theta, state, method = [np.float64(x) for x in START], (), Method()
    thetas, values, gradients = [], [], []
    with np.errstate(all="ignore"):
        for k in range(EPOCHS + 1):
            value, gradient = objective(theta)
            thetas.append(theta)
            values.append(value)
            gradients.append(gradient)
            if k < EPOCHS:
                direction, state = method.direction(np.array(gradient), state, Here(theta))
                theta = [x + RATES[k] * d for x, d in zip(theta, direction)]
    return np.array(thetas), np.array(values), np.array(gradients)

'''
_ASKS = {
    "hessian": """
    def hessian(self):
        return hessian([np.float64(x) for x in self.theta])
""",
    "residuals": """
    def residuals(self, theta=None):
        return residuals([np.float64(x) for x in (self.theta if theta is None else theta)])
""",
}


def vector_parts(task: Task, moved: Trajectory) -> str:
    """Return the imports, the numbers and the functions of a run whose method looks at whole vectors."""
    method: Any = task.experiment.optimizer
    assert isinstance(method, VectorOptimizer)
    at = Tracer(len(moved.variables))
    value, gradient = task.descended.trace(at)  # type: ignore[attr-defined]
    roots = [number.node for number in (value, *gradient)]
    second = _second(task.problem.descended, at) if method.needs == "hessian" else []
    lines, numbers = lines_of(*finished(at.graph, roots + second))
    n = len(moved.variables)
    errors = _residuals(task.problem.descended, at) if method.needs == "residuals" else ""
    rows = lines_of(*finished(at.row_graph, at.terms)) if at.terms else None
    sums = row_totals(*rows, len(at.columns)) if rows is not None else []
    data = np.array(at.columns)
    said = setting_lines(task, moved)
    if at.columns:
        said.append(f"DATA = {data_literals(data, data.shape[1])}")
    parts = [
        imports(lines),
        "".join(line + "\n" for line in said),
        TOTAL if rows is not None else "",
        _objective(lines.only(lines.roots[: n + 1]), numbers, sums, n, bool(at.columns)),
        _hessian(lines.only(lines.roots[n + 1 :]), numbers, sums, n, bool(at.columns)) if second else "",
        errors,
        _method(method),
        _LOOP.format(asks=_ASKS.get(method.needs, "")),
    ]
    return "".join(parts)


def _objective(lines: Lines, numbers: tuple[float, ...], sums: list[str], n: int, rows: bool) -> str:
    found, (value, *gradient) = floats(lines, numbers)
    body = [*unpacked(names_of("theta", n), "theta"), *sums, *found, f"return {value}, [{', '.join(gradient)}]"]
    return _function("objective", "Return f and its gradient.", body, rows)


def _hessian(lines: Lines, numbers: tuple[float, ...], sums: list[str], n: int, rows: bool) -> str:
    found, texts = floats(lines, numbers)
    entries = ", ".join(f"[{', '.join(texts[i : i + n])}]" for i in range(0, n * n, n))
    body = [*unpacked(names_of("theta", n), "theta"), *sums, *found, f"return np.array([{entries}])"]
    return _function("hessian", "Return the second derivatives of f.", body, rows)


def _function(name: str, said: str, body: list[str], rows: bool) -> str:
    given = "theta, data=DATA" if rows else "theta"
    return f'\n\ndef {name}({given}):\n    """{said}"""\n' + indent("\n".join(body), "    ") + "\n"


def _second(objective: Any, at: Tracer) -> list[int]:
    """The nodes of the n × n second derivatives: of what is no sum over rows at once, else with those of each sum."""
    if hasattr(objective, "trace_hessian"):
        return [number.node for row in objective.trace_hessian(at) for number in row]
    _, gradient = objective.trace(at)
    count = len(at.terms)
    found = []
    for slope in gradient:
        parts = [GraphNumber(at.graph, differentiate(at.graph, [slope.node], f"total{k}")[0]) for k in range(count)]
        for i in range(len(gradient)):
            entry = GraphNumber(at.graph, differentiate(at.graph, [slope.node], f"theta{i}")[0])
            for part, term in zip(parts, at.terms[:count], strict=True):
                if at.graph.nodes[part.node] != ("number", 0):
                    bent = GraphNumber(at.row_graph, differentiate(at.row_graph, [term], f"theta{i}")[0])
                    entry = entry + part * at.total(bent)
            found.append(entry.node)
    return found


def _residuals(fit: Fit, at: Tracer) -> str:
    """The function of a fit's errors and their Jacobian, with a row for each parameter in a ridge."""
    prediction, partials = fit.trace_prediction(at)
    error = prediction - at.column(fit.columns[fit.target])
    nodes = [number.node for number in (error, *partials)]
    found, texts = arrays(*lines_of(*finished(at.row_graph, nodes)))
    n = len(partials)
    body = [
        *unpacked(names_of("theta", n), "theta"),
        *unpacked(names_of("column", len(at.columns)), "data"),
        *found,
        "rows = np.zeros(data.shape[1])",
        f"errors, jacobian = rows + {texts[0]}, np.column_stack([{', '.join(f'rows + {text}' for text in texts[1:])}])",
    ]
    if fit.ridge:
        pull = ", ".join(f"[{', '.join(map(literal, row))}]" for row in fit.ridge_rows.tolist())
        body += [
            f"pull = np.array([{pull}]).reshape(-1, {n})  # the ridge",
            "return np.concatenate([errors, pull @ np.array(theta)]), np.concatenate([jacobian, pull])",
        ]
    else:
        body.append("return errors, jacobian")
    return _function("residuals", "Return the errors row by row, and their derivatives.", body, True)


# -- the method's own lines --


def _method(method: VectorOptimizer) -> str:
    """Return the class of the method: its settings, its direction, and before it what of its module it calls."""
    direction = dedent(inspect.getsource(type(method).direction))
    module = sys.modules[type(method).__module__]
    before = _called(direction, module, {})
    settings = [f"    {f.name} = {literal(float(getattr(method, f.name)))}" for f in fields(method)]
    own = "\n".join([f"class Method:\n    # {method.title}", *settings, "", indent(direction, "    ")])
    needed = "\n\nfrom dataclasses import dataclass\n" if any("@dataclass" in text for text in before) else ""
    return needed + "".join(f"\n\n{text.rstrip()}\n" for text in before) + f"\n\n{own}"


def _called(source: str, module: ModuleType, known: dict[str, str]) -> list[str]:
    """The texts of the module's own functions, classes and numbers that ``source`` names, and those that they name."""
    for node in ast.walk(ast.parse(source)):
        name = node.id if isinstance(node, ast.Name) else ""
        found = vars(module).get(name)
        if not name or name in known:
            continue
        if isinstance(found, FunctionType | type) and getattr(found, "__module__", "") == module.__name__:
            known[name] = ""  # its own name in it is no new one
            known[name] = inspect.getsource(found)
            _called(known[name], module, known)
        elif isinstance(found, int | float):
            known[name] = f"{name} = {found!r}\n"
    return [text for text in known.values() if text]
