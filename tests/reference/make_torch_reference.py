"""Write torch.json beside this file: what PyTorch's own optimizers and schedules do, as numbers to test against.

Run once by hand, in an environment of its own with ``pip install torch==2.13.0 numpy``; the tests need no torch. All
in float64, which for NAdam takes the default dtype too: it holds a product in that one, whatever its parameters have.
Gradients come from autograd on the lines below, so nothing of gdviz is in the numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.optim import lr_scheduler

HERE = Path(__file__).parent
ROWS = (1, 2, 3, 5, 8, 13, 25, 50)
EPOCHS = 60

FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[float, ...]]] = {
    "0.1*x^2 + 2*y^2": (lambda x, y: 0.1 * x**2 + 2 * y**2, (-5.0, -2.0)),
    "(1 - x)^2 + 100*(y - x^2)^2": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (1.0, 1.5)),
    "log(cosh(x)) + sin(y)^2 + x*y/10": (
        lambda x, y: torch.log(torch.cosh(x)) + torch.sin(y) ** 2 + x * y / 10, (2.0, 1.1)),
    "(x - 2)^2 + (x - y)^2/2 + (y - z)^4 + exp(z/4)": (
        lambda x, y, z: (x - 2) ** 2 + (x - y) ** 2 / 2 + (y - z) ** 4 + torch.exp(z / 4), (0.5, -1.0, 1.0)),
}  # fmt: skip

# our name: torch's class, its fixed arguments, ours → its names, and settings (learning rate or None for torch's, ours)
BETAS = ("beta1", "beta2")
OPTIMIZERS: dict[str, tuple[str, dict[str, Any], dict[str, str], list[tuple[float | None, dict[str, float]]]]] = {
    "gd": ("SGD", {}, {}, [(None, {}), (0.0004, {})]),
    "momentum": ("SGD", {"momentum": 0.9}, {"beta": "momentum"}, [(0.0001, {}), (0.0005, {"beta": 0.5})]),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}, {"beta": "momentum"},
                 [(0.0001, {}), (0.0005, {"beta": 0.5})]),
    "adagrad": ("Adagrad", {}, {"epsilon": "eps"}, [(None, {}), (0.3, {"epsilon": 0.01})]),
    "rmsprop": ("RMSprop", {}, {"alpha": "alpha", "epsilon": "eps"},
                [(None, {}), (0.005, {"alpha": 0.9, "epsilon": 0.01})]),
    "rmsprop_centered": ("RMSprop", {"centered": True}, {"alpha": "alpha", "epsilon": "eps"},
                         [(None, {}), (0.005, {"alpha": 0.9, "epsilon": 0.01})]),
    "adadelta": ("Adadelta", {}, {"rho": "rho", "epsilon": "eps"}, [(None, {}), (2.0, {"rho": 0.8, "epsilon": 1e-4})]),
    "adam": ("Adam", {}, {"epsilon": "eps"}, [(None, {}), (0.05, {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.01})]),
    "adamw": ("AdamW", {}, {"epsilon": "eps", "weight_decay": "weight_decay"},
              [(None, {}), (0.05, {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "weight_decay": 0.3})]),
    "amsgrad": ("Adam", {"amsgrad": True}, {"epsilon": "eps"},
                [(None, {}), (0.05, {"beta1": 0.8, "beta2": 0.6, "epsilon": 0.01})]),
    "nadam": ("NAdam", {}, {"epsilon": "eps", "momentum_decay": "momentum_decay"},
              [(None, {}), (0.05, {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "momentum_decay": 0.1})]),
    "radam": ("RAdam", {}, {"epsilon": "eps"}, [(None, {}), (0.005, {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.01})]),
    "adamax": ("Adamax", {}, {"epsilon": "eps"}, [(None, {}), (0.05, {"beta1": 0.8, "beta2": 0.9, "epsilon": 0.01})]),
}  # fmt: skip

SCHEDULES: dict[str, tuple[dict[str, float], Callable[[Any], Any]]] = {
    "step": ({"drop": 0.5, "every": 7}, lambda o: lr_scheduler.StepLR(o, 7, gamma=0.5)),
    "exponential": ({"keep": 0.93}, lambda o: lr_scheduler.ExponentialLR(o, 0.93)),
    "cosine": (
        {"cycles": 3, "final": 0.1},
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, EPOCHS // 3, eta_min=0.02),
    ),
    "one_cycle": ({}, lambda o: lr_scheduler.OneCycleLR(o, 0.2, total_steps=EPOCHS)),
    "triangular": (
        {"cycles": 3, "low": 0.25},
        lambda o: lr_scheduler.CyclicLR(o, 0.05, 0.2, step_size_up=EPOCHS // 6, cycle_momentum=False),
    ),
}  # fmt: skip


def descend(make: Callable[..., Any], function: Callable[..., Any], start: tuple[float, ...]) -> list[list[float]]:
    """Return theta after each of ROWS steps."""
    theta = [torch.tensor(x, requires_grad=True) for x in start]
    optimizer = make(theta)
    found = []
    for epoch in range(1, ROWS[-1] + 1):
        optimizer.zero_grad()
        function(*theta).backward()
        optimizer.step()
        if epoch in ROWS:
            found.append([x.item() for x in theta])
    return found


def maker(name: str, rate: float | None, ours: dict[str, float]) -> tuple[Callable[[list[Any]], Any], float]:
    cls, fixed, names, _ = OPTIMIZERS[name]
    arguments = {**fixed, **{names[k]: v for k, v in ours.items() if k not in BETAS}}
    if BETAS[0] in ours:
        arguments["betas"] = tuple(ours[k] for k in BETAS)
    if rate is not None:
        arguments["lr"] = rate

    def make(theta: list[Any]) -> Any:
        return getattr(torch.optim, cls)(theta, **arguments, foreach=False)

    return make, make([torch.zeros((), requires_grad=True)]).param_groups[0]["lr"]


def main() -> None:
    torch.set_default_dtype(torch.float64)
    runs = []
    for name, (*_, settings) in OPTIMIZERS.items():
        for rate, ours in settings:
            make, used = maker(name, rate, ours)
            for text, (function, start) in FUNCTIONS.items():
                runs.append(
                    {"optimizer": name, "learning_rate": used, "usual": rate is None, "hyperparameters": ours,
                     "formula": text, "start": start, "thetas": descend(make, function, start)}
                )  # fmt: skip
    schedules = []
    for name, (ours, make_schedule) in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.zeros((), requires_grad=True)], lr=0.2)
        schedule, rates = make_schedule(optimizer), []
        for _ in range(EPOCHS):
            rates.append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            schedule.step()
        schedules.append({"schedule": name, "learning_rate": 0.2, "hyperparameters": ours, "rates": rates})
    lines = [
        f'"torch": {json.dumps(torch.__version__.split("+")[0])}',
        f'"rows": {json.dumps(ROWS)}',
        '"runs": [\n' + ",\n".join(json.dumps(run) for run in runs) + "\n]",
        '"schedules": [\n' + ",\n".join(json.dumps(schedule) for schedule in schedules) + "\n]",
    ]
    (HERE / "torch.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
