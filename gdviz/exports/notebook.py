"""A run as a Jupyter notebook: its formulas, its script in cells, its pictures."""

from __future__ import annotations

import json
from typing import Any

from gdviz.descent import Trajectory
from gdviz.experiments import Task, link_text
from gdviz.exports.about import package_version
from gdviz.exports.latex import update_rule
from gdviz.exports.script import CURVES, script_parts
from gdviz.exports.script_text import literals
from gdviz.formulas.latex import name_latex
from gdviz.objectives import Formula

_LANDSCAPE = """\
# The landscape over the first two parameters, the others as they are at the end, with the path on it.
x, y = np.linspace(*{x}, 81), np.linspace(*{y}, 81)
ground = np.empty((len(y), len(x)))
with np.errstate(all="ignore"):
    for row, b in enumerate(y):
        for column, a in enumerate(x):
            point = [np.float64(a), np.float64(b), *thetas[-1][2:]]
            ground[row, column] = step(point, STATE, 0.0{now})[0]
height = np.log10(1e-9 + ground - np.nanmin(ground)) if np.isfinite(ground).all() else ground
plt.contourf(x, y, height, levels=24, cmap="Blues_r", alpha=0.6)
plt.plot(thetas[:, 0], thetas[:, 1], color="#b93a08")
plt.plot(*thetas[0, :2], "o", color="#b93a08", mfc="white")
plt.plot(*thetas[-1, :2], "D", color="#b93a08")
plt.xlim(x[0], x[-1])
plt.ylim(y[0], y[-1])
plt.xlabel(NAMES[0])
plt.ylabel(NAMES[1])
plt.show()"""


def to_notebook(task: Task, run: Trajectory, box: tuple[tuple[float, float], ...], with_data: bool = False) -> str:
    """Return a notebook (nbformat 4.5) that makes the run anew and draws it; ``box`` is the drawn window.

    It needs NumPy and Matplotlib. Raises ExportError as :func:`gdviz.exports.script.to_script` does.
    """
    own = "thetas = own_units(thetas)\n" if task.problem.standardized is not None else ""
    last = 'for name, x in zip(NAMES, thetas[-1].tolist()):\n    print(f"{name} = {x!r}")\n'
    cells = [
        words_cell(_formulas(task, run)),
        code_cell(script_parts(task, run, with_data).rstrip()),
        code_cell(f'thetas, values, gradients = descend()\n{own}{last}print(f"f = {{values[-1].item()!r}}")'),
        code_cell(CURVES),
    ]
    if len(run.variables) > 1 and len(box) > 1 and task.problem.standardized is None:
        now = ", [s[0] for s in SEQUENCES]" if "SEQUENCES" in cells[1]["source"] else ""
        cells.append(code_cell(_LANDSCAPE.format(x=literals(box[0]), y=literals(box[1]), now=now)))
    return json.dumps(notebook(cells, link_text(task.experiment)), ensure_ascii=False, indent=1) + "\n"


def notebook(cells: list[dict[str, Any]], link: str) -> dict[str, Any]:
    """Return cells as a notebook that says which link it is of."""
    return {
        "cells": [{**cell, "id": f"gdviz-{number}"} for number, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "gdviz": {"version": package_version(), "link": link},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _formulas(task: Task, run: Trajectory) -> str:
    """Title, function, gradient and update rule, as Markdown. Its formulas are made from the graph, not from a text."""
    e = task.experiment
    lines = [f"# {plain(task.problem.title)}", *objective_words(task)]
    lines.append(f"**{plain(e.optimizer.title)}**")
    lines += [f"$${rule}$$" for rule in update_rule(e.optimizer)]
    verdict = plain(task.verdict(run).plain)
    return "\n\n".join([*lines, verdict, f"Opens on the page with `{link_text(e)}`."])


def objective_words(task: Task) -> list[str]:
    """Return function and gradient, as Markdown."""
    problem = task.problem
    names = ", ".join(name_latex(name) for name in problem.variables)
    lines = [f"$$f({names}) = {problem.objective.latex}$$"]
    if isinstance(problem.objective, Formula):
        slopes = r" \\ ".join(problem.objective.gradient_latex)
        lines.append(rf"$$\nabla f = \begin{{pmatrix}} {slopes} \end{{pmatrix}}$$")
    return lines


def plain(words: str) -> str:
    """Return words that Markdown shows as they are."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+!|$~&" else c if c.isprintable() else " " for c in words)


def words_cell(source: str) -> dict[str, Any]:
    """Return a cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code_cell(source: str) -> dict[str, Any]:
    """Return a cell of code that was not run yet."""
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
