"""A run as a short script of PyTorch: its optimizer, its autograd, float64; the last theta agrees to about 1e-9."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gdviz.codes.tracing import Tracer, finished
from gdviz.experiments import Task
from gdviz.exports.errors import NotOffered
from gdviz.exports.script_text import head, literals, rates_literal, refuse_own_data, spelled, unpacked
from gdviz.exports.subject import Subject
from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.lines import lines_of
from gdviz.formulas.text import INFIX, names_of
from gdviz.optimizers.adaptive import (
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    CenteredRMSProp,
    NAdam,
    RAdam,
    RMSProp,
)
from gdviz.optimizers.first_order import GradientDescent, Momentum, Nesterov

_TORCH: Mapping[type[Any], Callable[[Any], str]] = MappingProxyType(
    {
        GradientDescent: lambda m: "SGD([theta], lr=1.0)",
        Momentum: lambda m: f"SGD([theta], lr=1.0, momentum={m.beta!r})",
        Nesterov: lambda m: f"SGD([theta], lr=1.0, momentum={m.beta!r}, nesterov={m.beta > 0})",
        Adagrad: lambda m: f"Adagrad([theta], lr=1.0, eps={m.epsilon!r})",
        RMSProp: lambda m: f"RMSprop([theta], lr=1.0, alpha={m.alpha!r}, eps={m.epsilon!r})",
        CenteredRMSProp: lambda m: f"RMSprop([theta], lr=1.0, alpha={m.alpha!r}, eps={m.epsilon!r}, centered=True)",
        Adadelta: lambda m: f"Adadelta([theta], lr=1.0, rho={m.rho!r}, eps={m.epsilon!r})",
        Adam: lambda m: f"Adam([theta], lr=1.0, betas={(m.beta1, m.beta2)!r}, eps={m.epsilon!r})",
        AdamW: lambda m: (
            f"AdamW([theta], lr=1.0, betas={(m.beta1, m.beta2)!r}, eps={m.epsilon!r}, weight_decay={m.weight_decay!r})"
        ),
        AMSGrad: lambda m: f"Adam([theta], lr=1.0, betas={(m.beta1, m.beta2)!r}, eps={m.epsilon!r}, amsgrad=True)",
        NAdam: lambda m: (
            f"NAdam([theta], lr=1.0, betas={(m.beta1, m.beta2)!r}, eps={m.epsilon!r}, "
            f"momentum_decay={m.momentum_decay!r})"
        ),
        RAdam: lambda m: f"RAdam([theta], lr=1.0, betas={(m.beta1, m.beta2)!r}, eps={m.epsilon!r})",
        Adamax: lambda m: f"Adamax([theta], lr=1.0, betas={(m.beta1, m.beta2)!r}, eps={m.epsilon!r})",
    }
)

_ARRAYS = {
    **INFIX, "abs": "abs({})", "both": "(({} != 0) & ({} != 0)) * 1.0", "where": "torch.where({} != 0, {}, {})",
    "less": "({} < {}) * 1.0", "less_equal": "({} <= {}) * 1.0", "pow": "torch.pow({}, {})",
    "atan2": "torch.atan2({}, {})", "cbrt": "(torch.sign({0}) * abs({0}) ** (1 / 3))",
}  # fmt: skip

_SCRIPT = """
import torch

torch.set_default_dtype(torch.float64)

NAMES = {names}
START = {start}
EPOCHS = {epochs}
RATES = {rates}
{data}

def f(theta):
    \"\"\"Return the objective.\"\"\"
{body}


theta = torch.tensor(START, requires_grad=True)
optimizer = torch.optim.{optimizer}
for rate in RATES:
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad()
    f(theta).backward()
    optimizer.step()

print(f"epoch {{EPOCHS}}")
for name, x in zip(NAMES, theta.tolist()):
    print(f"{{name}} = {{x!r}}")
print(f"f = {{f(theta).item()!r}}")
"""


def to_torch(subject: Subject, with_data: bool = False) -> str:
    """Return a script of PyTorch that makes the run with PyTorch's own optimizer and autograd.

    Raises NotOffered for comparisons, optimizers that PyTorch does not have, standardized fits, mini-batches and
    estimated gradients, and for own data without a word.
    """
    if subject.results:
        raise NotOffered("A script of PyTorch makes one run: leave runs out of the link, or take the script of NumPy.")
    task, run, e = subject.task, subject.run, subject.task.experiment
    if type(e.optimizer) not in _TORCH:
        raise NotOffered(f"PyTorch has no {e.optimizer.title} of this kind; take the script of NumPy.")
    if task.batched is not None or task.problem.standardized is not None or e.gradient == "estimated":
        raise NotOffered("A script of PyTorch is of plain, exact gradients; take the script of NumPy, or the numbers.")
    body, data = _objective(task)
    if data:
        refuse_own_data(task, with_data)
    return head(task, e.optimizer.title, subject.link) + _SCRIPT.format(
        names=repr(list(run.variables)),
        start=literals(run.thetas[0]),
        epochs=run.epochs,
        rates=rates_literal(run.learning_rates),
        data=data,
        body="\n".join("    " + line for line in body),
        optimizer=_TORCH[type(e.optimizer)](e.optimizer),
    )


def _objective(task: Task) -> tuple[list[str], str]:
    """The lines of the function, and the data that it reads."""
    n = len(task.problem.variables)
    at = Tracer(n)
    value = task.problem.objective.trace_value(at)
    lines, numbers = lines_of(*finished(at.graph, [value.node]))
    spelling = {**_ARRAYS, **{name: f"torch.{name}({{}})" for name in FUNCTIONS if name not in _ARRAYS}}
    found, (text,) = spelled(lines, spelling, numbers)
    body = unpacked(names_of("theta", n), "theta")
    if not at.terms:
        return [*body, *found, f"return {text}"], ""
    rows, row_numbers = lines_of(*finished(at.row_graph, at.terms))
    row_lines, terms = spelled(rows, spelling, row_numbers, "r")
    m = len(at.columns[0]) if at.columns else 0
    own = ["own_theta = theta.repeat(ROWS)[:ROWS]"] if ("var", "own_theta") in rows.nodes else []
    body += ["count = ROWS", *own, *unpacked(names_of("column", len(at.columns)), "DATA"), *row_lines]
    body += [f"total{k} = ({term} + torch.zeros(ROWS)).sum()" for k, term in enumerate(terms)]
    columns = ", ".join(f"torch.tensor({literals(column)})" for column in at.columns)
    return [*body, *found, f"return {text}"], f"DATA = [{columns}]\nROWS = {m}\n"
