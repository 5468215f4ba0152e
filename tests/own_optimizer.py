"""An optimizer that gdviz does not know: the README's example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gdviz.optimizers import ElementwiseOptimizer, hyperparameter
from gdviz.optimizers.base import Number, State


@dataclass(frozen=True)
class SignDescent(ElementwiseOptimizer):
    """theta - learning_rate * sign(gradient), blended with the gradient itself."""

    blend: float = hyperparameter(0.0, 0.0, 1.0, "Share of the gradient itself.")

    name: ClassVar[str] = "sign"
    title: ClassVar[str] = "Sign descent"

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        sign = (gradient > 0) * 1.0 - (gradient < 0) * 1.0
        return -(self.blend * gradient + (1 - self.blend) * sign), state
