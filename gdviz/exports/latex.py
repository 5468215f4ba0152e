"""A run in LaTeX: the function, its gradient, the update rule, and a table of the first and the last epochs."""

from __future__ import annotations

import re

from gdviz.descent import Trajectory
from gdviz.experiments import Task, link_text
from gdviz.exports.about import package_version
from gdviz.formulas.latex import name_latex
from gdviz.hyperparameters import settings
from gdviz.objectives import Formula
from gdviz.optimizers import Optimizer
from gdviz.verdict.wording import latex_number

_ROWS = 5  # of the table, at either end
_DIGITS = 6
_MATH = re.compile(r":math:`([^`]*)`")
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "−": r"$-$", "×": r"$\times$",
    "…": r"\ldots{}", "’": "'", "‘": "'", "“": "``", "”": "''", "–": "--", "—": "---", "·": r"$\cdot$",
    "≤": r"$\le$", "≥": r"$\ge$", "θ": r"$\theta$", "η": r"$\eta$", "∇": r"$\nabla$", "²": r"$^2$", "‖": r"$\|$",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")

_DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,booktabs}
\begin{document}
%s
\end{document}
"""


def to_latex(task: Task, run: Trajectory, standalone: bool = True) -> str:
    """Return a run in LaTeX: a document of its own, or what a document takes by ``\\input`` (it then needs amsmath,
    amssymb and booktabs)."""
    body = "\n\n".join(_sections(task, run))
    head = f"% Written by gdviz {package_version()}: {link_text(task.experiment)}\n"
    return head + (_DOCUMENT % body if standalone else body + "\n")


def _sections(task: Task, run: Trajectory) -> list[str]:
    problem, e = task.problem, task.experiment
    objective = problem.objective
    names = ", ".join(name_latex(name) for name in problem.variables)
    parts = [
        rf"\paragraph{{{text(problem.title)}.}}",
        display(rf"f({names}) = {objective.latex}"),
    ]
    if isinstance(objective, Formula):
        slopes = r" \\ ".join(objective.gradient_latex)
        parts.append(display(rf"\nabla f = \begin{{pmatrix}} {slopes} \end{{pmatrix}}"))
    own = ", ".join(f"{text(name)} = {text(repr(value))}" for name, value in settings(e.optimizer).items())
    parts.append(
        rf"\paragraph{{{text(e.optimizer.title)}}} with the learning rate $\eta = {latex_number(e.eta, 12)}$"
        + (f" ({text(e.learning_rate.title)})" if e.learning_rate.name != "constant" else "")
        + (f", {own}" if own else "")
        + f", from $\\theta_0 = ({', '.join(latex_number(x, 12) for x in e.start)})$:"
    )
    rule = update_rule(e.optimizer)
    if rule:
        parts.append(display(r" \\ ".join(rule), gather=len(rule) > 1))
    parts += [_table(run), text(task.verdict(run).sentence.replace("**", ""))]
    return parts


def update_rule(optimizer: Optimizer) -> list[str]:
    """Return the formulas of an optimizer, as its own docstring has them."""
    first = (type(optimizer).__doc__ or "").split("Source:")[0]
    return [" ".join(match.split()) for match in _MATH.findall(first)]


def display(formula: str, gather: bool = False) -> str:
    """Return a formula on a line of its own."""
    return f"\\begin{{gather*}}\n{formula}\n\\end{{gather*}}" if gather else f"\\[\n{formula}\n\\]"


def _table(run: Trajectory) -> str:
    heads = ["k", *map(name_latex, run.variables), "f", r"\lVert\nabla f\rVert", r"\eta_k"]
    last = run.epochs
    rows = list(range(last + 1)) if last < 2 * _ROWS else [*range(_ROWS), *range(last - _ROWS + 1, last + 1)]
    lines = []
    for k in rows:
        numbers = [*run.thetas[k].tolist(), float(run.values[k]), float(run.gradient_norms[k])]
        cells = [str(k), *[f"${latex_number(x, _DIGITS)}$" for x in numbers]]
        cells.append(f"${latex_number(float(run.learning_rates[k]), _DIGITS)}$" if k < last else "")
        lines.append(" & ".join(cells) + r" \\")
        if last >= 2 * _ROWS and k == _ROWS - 1:
            lines.append(r"$\vdots$" + " & " * (len(heads) - 1) + r" \\")
    return "\n".join(
        [
            rf"\begin{{center}}\begin{{tabular}}{{{'r' * len(heads)}}}",
            r"\toprule",
            " & ".join(f"${head}$" for head in heads) + r" \\",
            r"\midrule",
            *lines,
            r"\bottomrule",
            r"\end{tabular}\end{center}",
        ]
    )


def text(words: str) -> str:
    """Return words as LaTeX prints them: no sign in them is a command; what T1 fonts lack is a question mark."""
    parts = _RAISED.split(words)
    raised = [f"$^{{{found.translate(_SUPERSCRIPTS)}}}$" for found in _RAISED.findall(words)]
    return "".join(_plain(part) + power for part, power in zip(parts, [*raised, ""], strict=True))


def _plain(words: str) -> str:
    made = "".join(_SPECIAL.get(c) or (c if c.isprintable() else " ") for c in words)
    return "".join(c if ord(c) < 0x180 else "?" for c in made)
