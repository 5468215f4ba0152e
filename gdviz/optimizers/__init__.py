"""Optimizers: from gradients to a direction. The next iterate is theta + learning_rate * direction.

Each optimizer is a frozen dataclass of its hyper-parameters. Most treat every component alike and alone
(:class:`ElementwiseOptimizer`): the same lines run on Python floats, for one path, and on NumPy arrays, for a batch.
The others look at all components together (:class:`VectorOptimizer`).

To add one: write a class and add it to OPTIMIZERS. Widgets, links and the command line follow from its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gdviz.hyperparameters import hyperparameter, make
from gdviz.optimizers import adaptive, first_order, least_squares, second_order
from gdviz.optimizers.base import ElementwiseOptimizer, Here, Optimizer, VectorOptimizer

__all__ = [
    "OPTIMIZERS",
    "ElementwiseOptimizer",
    "Here",
    "Optimizer",
    "VectorOptimizer",
    "hyperparameter",
    "make_optimizer",
]

OPTIMIZERS: Mapping[str, type[Any]] = MappingProxyType(
    {
        cls.name: cls
        for cls in (
            first_order.GradientDescent,
            first_order.Momentum,
            first_order.Nesterov,
            first_order.SteeredMomentum,
            first_order.NoisyGradientDescent,
            adaptive.Adagrad,
            adaptive.RMSProp,
            adaptive.CenteredRMSProp,
            adaptive.Adadelta,
            adaptive.Adam,
            adaptive.AdamW,
            adaptive.AMSGrad,
            adaptive.NAdam,
            adaptive.RAdam,
            adaptive.Adamax,
            adaptive.Lion,
            second_order.Newton,
            second_order.SafeguardedNewton,
            second_order.BFGS,
            second_order.ConjugateGradient,
            least_squares.GaussNewton,
            least_squares.LevenbergMarquardt,
        )
    }
)

# Each of them by its class's name, gdviz.optimizers.Adam, so that a new one needs no line here.
globals().update({cls.__name__: cls for cls in OPTIMIZERS.values()})


def make_optimizer(optimizer: str | Optimizer, **hyperparameters: Any) -> Optimizer:
    """Return an optimizer from its name and hyper-parameters; an optimizer is returned as it is.

    Raises ValueError for an unknown name (the known ones are listed), an unknown hyper-parameter or a value out of
    range, and for hyper-parameters beside an optimizer that has its own.
    """
    if isinstance(optimizer, Optimizer):
        if hyperparameters:
            name = next(iter(hyperparameters))
            raise ValueError(f"{name} belongs into the optimizer itself: {type(optimizer).__name__}({name}=…).")
        return optimizer
    if not isinstance(optimizer, str):
        raise ValueError(f"optimizer is {optimizer!r}; it must be a name or an optimizer, such as gdviz.Momentum().")
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"There is no optimizer “{optimizer}”; choose one of {', '.join(OPTIMIZERS)}.")
    made: Optimizer = make(OPTIMIZERS[optimizer], hyperparameters, "hyper-parameter")
    return made
