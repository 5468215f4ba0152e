"""5,000 recorded epochs on Rosenbrock and Himmelblau: gdviz.descend against torch.optim, where torch is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import gdviz
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part, race

EPOCHS = 5000
CASES = {
    "rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, 0.0002),
    "himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, 0.001),
}
TORCH = {
    "gd": lambda torch, theta, rate: torch.optim.SGD([theta], rate),
    "momentum": lambda torch, theta, rate: torch.optim.SGD([theta], rate, momentum=0.9),
    "nesterov": lambda torch, theta, rate: torch.optim.SGD([theta], rate, momentum=0.9, nesterov=True),
    "adam": lambda torch, theta, rate: torch.optim.Adam([theta], rate),
}


def torch_loop(torch: object, f: Callable, start: tuple[float, ...], make: Callable, rate: float) -> list[list[float]]:
    """PyTorch's usual loop, every iterate recorded."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, thetas = make(torch, theta, rate), [list(start)]
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        f(theta[0], theta[1]).backward()
        optimizer.step()
        thetas.append(theta.tolist())
    return thetas


def run(share: float = 1) -> Iterator[Table]:
    try:
        import torch
    except ImportError:
        torch = None
    for key, (f, rate) in CASES.items():
        preset = gdviz.PRESETS[key]
        for name, make in TORCH.items():
            contenders = {
                "gdviz.descend": lambda p=preset, n=name, r=rate: gdviz.descend(
                    p.objective, p.start, r, EPOCHS, n, tolerance=0
                )
            }
            if torch is not None:
                torch.set_num_threads(1)
                contenders["torch.optim"] = lambda f=f, p=preset, m=make, r=rate: torch_loop(torch, f, p.start, m, r)
            yield race(contenders, rounds=part(3, share)).table(f"{preset.title}, {name}", "gdviz.descend")
