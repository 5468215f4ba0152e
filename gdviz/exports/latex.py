"""LaTeX: the function and its gradient; of a run the update rule and a table of its first and last epochs, of a
comparison a table with a row a run."""

from __future__ import annotations

import re

from gdviz.comparisons import Result
from gdviz.descent import Trajectory
from gdviz.experiments import Problem, Task
from gdviz.exports.about import package_version
from gdviz.exports.subject import Subject
from gdviz.formulas.latex import name_latex
from gdviz.hyperparameters import settings
from gdviz.learning_rates import Constant
from gdviz.lessons.rule import rule_of
from gdviz.numerals import FROM_SUPERSCRIPTS
from gdviz.objectives import Formula
from gdviz.optimizers import ElementwiseOptimizer, Optimizer
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
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")

_DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,booktabs,graphicx}
\begin{document}
%s
\end{document}
"""


def to_latex(subject: Subject, standalone: bool = True) -> str:
    """Return a document of its own, or what a document takes by ``\\input`` (it then needs amsmath, amssymb, booktabs
    and graphicx)."""
    title = rf"\paragraph{{{text(subject.problem.title)}.}}"
    came_of_it = [_runs_table(subject.results)] if subject.results else _run_parts(subject.task, subject.run)
    body = "\n\n".join([title, *map(display, equations(subject.problem)), *came_of_it, text(subject.verdict)])
    head = f"% Written by gdviz {package_version()}: {subject.link}\n"
    return head + (_DOCUMENT % body if standalone else body + "\n")


def equations(problem: Problem) -> list[str]:
    """Return the function, and the gradient of a formula."""
    if not isinstance(problem.objective, Formula):
        return [problem.latex]
    slopes = r" \\ ".join(problem.objective.gradient_latex)
    return [problem.latex, rf"\nabla f = \begin{{pmatrix}} {slopes} \end{{pmatrix}}"]


def _run_parts(task: Task, run: Trajectory) -> list[str]:
    """The method, its update rule, and the table."""
    e = task.experiment
    own = ", ".join(f"{text(name)} = {text(repr(value))}" for name, value in settings(e.optimizer).items())
    parts = [
        r"\begin{sloppypar}"
        rf"\paragraph{{{text(e.optimizer.title)}}} with the learning rate $\eta = {latex_number(e.eta, 12)}$"
        + (f" ({text(e.learning_rate.title)})" if not isinstance(e.learning_rate, Constant) else "")
        + (f", {own}" if own else "")
        + f", from $\\theta_0 = {{}}$({', '.join(f'${latex_number(x, 12)}$' for x in e.start)}):"
        + r"\end{sloppypar}"
    ]
    rule = update_rule(e.optimizer)
    if rule:
        parts.append(display(r" \\ ".join(rule), gather=len(rule) > 1))
    return [*parts, _epochs_table(run)]


def update_rule(optimizer: Optimizer) -> list[str]:
    """Return the formulas of an optimizer, as its own docstring has them, or else as its own lines do."""
    first = (type(optimizer).__doc__ or "").split("Source:")[0]
    found = [" ".join(match.split()) for match in _MATH.findall(first)]
    if found or not isinstance(optimizer, ElementwiseOptimizer):
        return found
    rule = rule_of(optimizer)
    remembered = [rf"s_{{{j + 1},k+1}} = {text}" for j, text in enumerate(rule.states)]
    return [*remembered, rf"d_k = {rule.direction}", r"\theta_{k+1} = \theta_k + \eta\, d_k"]


def display(formula: str, gather: bool = False) -> str:
    """Return a formula on a line of its own, made smaller where it is wider than the text; lines of several stand below
    each other."""
    if gather:
        return f"\\begin{{gather*}}\n{formula}\n\\end{{gather*}}"
    return "\\[\n" + _held(rf"$\displaystyle {formula}$") + "\n\\]"


def _held(content: str) -> str:
    """What is no wider than the text."""
    return rf"\resizebox{{\ifdim\width>\linewidth\linewidth\else\width\fi}}{{!}}{{{content}}}"


def _epochs_table(run: Trajectory) -> str:
    heads = ["$k$", *(f"${name_latex(name)}$" for name in run.variables), "$f$", r"$\lVert\nabla f\rVert$", r"$\eta_k$"]
    rows = []
    for k in first_and_last(run.epochs):
        if k is None:
            rows.append([r"$\vdots$"] + [""] * (len(heads) - 1))
            continue
        found = [*run.thetas[k].tolist(), float(run.values[k]), float(run.gradient_norms[k])]
        rows.append([str(k), *[f"${latex_number(x, _DIGITS)}$" for x in found]])
        rows[-1].append(f"${latex_number(float(run.learning_rates[k]), _DIGITS)}$" if k < run.epochs else "")
    return _table("r" * len(heads), heads, rows)


def first_and_last(last: int) -> list[int | None]:
    """Return the epochs that have a row in a table of a run: all, or the first and the last ones with None between."""
    if last < 2 * _ROWS:
        return list(range(last + 1))
    return [*range(_ROWS), None, *range(last - _ROWS + 1, last + 1)]


def _runs_table(results: tuple[Result, ...]) -> str:
    heads = ["run", r"$\eta$", "epochs", "evaluations", "$f$", "ended"]
    return _table("lrrrrl", heads, [_run_row(result) for result in results])


def _run_row(result: Result) -> list[str]:
    return [
        text(result.label),
        "--" if result.recorded else f"${latex_number(result.contender.eta, _DIGITS)}$",
        f"{result.last_epoch}",
        f"{round(float(result.costs[-1]))}",
        f"${latex_number(result.value, _DIGITS)}$",
        text(result.run.stop_reason.value),
    ]


def _table(columns: str, heads: list[str], rows: list[list[str]]) -> str:
    """A table of LaTeX's own texts; ``columns`` are its letters."""
    lines = [
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        " & ".join(heads) + r" \\",
        r"\midrule",
        *[" & ".join(row) + r" \\" for row in rows],
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join([r"\begin{center}", _held("%\n" + "\n".join(lines)) + "%", r"\end{center}"])


def text(words: str) -> str:
    """Return words as LaTeX prints them: no sign in them is a command; what T1 fonts lack is a question mark."""
    parts = _RAISED.split(words)
    raised = [f"$^{{{found.translate(FROM_SUPERSCRIPTS)}}}$" for found in _RAISED.findall(words)]
    return "".join(_plain(part) + power for part, power in zip(parts, [*raised, ""], strict=True))


def _plain(words: str) -> str:
    made = "".join(_SPECIAL.get(c) or (c if c.isprintable() else " ") for c in words)
    return "".join(c if ord(c) < 0x180 else "?" for c in made)
