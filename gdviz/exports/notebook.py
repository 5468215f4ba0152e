"""A run, or all runs of a comparison, as a Jupyter notebook: formulas, the script in cells, pictures."""

from __future__ import annotations

import json
from typing import Any

from gdviz.experiments import Task
from gdviz.exports.about import package_version
from gdviz.exports.latex import equations, update_rule
from gdviz.exports.script import PRINT_ALL, curves, definitions, own_units_line
from gdviz.exports.script_text import literals
from gdviz.exports.subject import Subject

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


def to_notebook(subject: Subject, with_data: bool = False) -> str:
    """Return a notebook (nbformat 4.5) that makes the runs anew and draws their curves, of one run its landscape too.

    It needs NumPy and Matplotlib. Raises NotOffered as :func:`gdviz.exports.script.to_script` does.
    """
    shown = PRINT_ALL.strip() if subject.results else _shown(subject.task)
    sources = [definitions(subject, with_data).rstrip(), shown, curves(subject)]
    if not subject.results:
        sources += _landscape(subject, sources[0])
    cells = [{"cell_type": "markdown", "metadata": {}, "source": _formulas(subject)}, *map(_code_cell, sources)]
    made = {
        "cells": [{**cell, "id": f"gdviz-{number}"} for number, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "gdviz": {"version": package_version(), "link": subject.link},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _shown(task: Task) -> str:
    """The lines that make a run and say where it ends."""
    last = 'for name, x in zip(NAMES, thetas[-1].tolist()):\n    print(f"{name} = {x!r}")\n'
    return f'thetas, values, gradients = descend()\n{own_units_line(task)}{last}print(f"f = {{values[-1].item()!r}}")'


def _landscape(subject: Subject, script: str) -> list[str]:
    """The lines that draw the path on its landscape, where there is one in the script's own units."""
    box = subject.scene.box
    if min(len(subject.problem.variables), len(box)) < 2 or subject.problem.standardized is not None:
        return []
    now = ", [s[0] for s in SEQUENCES]" if "SEQUENCES" in script else ""
    return [_LANDSCAPE.format(x=literals(box[0]), y=literals(box[1]), now=now)]


def _formulas(subject: Subject) -> str:
    """Title, function, gradient and update rule, as Markdown. Its formulas are made from the graph, not from a text."""
    method = subject.task.experiment.optimizer
    lines = [f"# {plain(subject.title)}", *(f"$${equation}$$" for equation in equations(subject.problem))]
    if not subject.results:
        lines += [f"**{plain(method.title)}**", *(f"$${rule}$$" for rule in update_rule(method))]
    return "\n\n".join([*lines, plain(subject.verdict), f"Opens on the page with `{subject.link}`."])


def plain(words: str) -> str:
    """Return words that Markdown shows as they are."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+!|$~&" else c if c.isprintable() else " " for c in words)


def _code_cell(source: str) -> dict[str, Any]:
    """A cell of code that was not run yet."""
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
