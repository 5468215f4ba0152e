"""The fastest settings for a known curvature.

Sources: Goh, "Why Momentum Really Works", Distill (2017), for gradient descent and heavy ball; Lessard, Recht &
Packard, SIAM J. Optim. 26 (2016), section 2.2, for Nesterov's momentum with a constant beta.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import sqrt
from typing import Any

from gdviz.theory.curvature import Curvature
from gdviz.theory.laws import Form, form_of
from gdviz.theory.linear import linear_step

_ROUNDING = 1e-12  # a factor this small is 0 but for rounding
_TRIED = 0.375  # a share as good as any


@dataclass(frozen=True)
class Settings:
    """A learning rate, the optimizer's hyper-parameters with it, and the error's factor per epoch that they give."""

    learning_rate: float
    rate: float
    hyperparameters: Mapping[str, float] = field(default_factory=dict)


def best_settings(optimizer: Any, found: Curvature) -> Settings | None:
    """Return the constant settings at which ``optimizer`` is fastest on a quadratic of this curvature.

    Gradient descent: 2/(L + mu), factor (kappa - 1)/(kappa + 1). Heavy ball: (2/(√L + √mu))² with
    beta = ((√kappa - 1)/(√kappa + 1))², factor √beta. Nesterov: 4/(3L + mu) with
    beta = (√(3 kappa + 1) - 2)/(√(3 kappa + 1) + 2), factor 1 - 2/√(3 kappa + 1). beta goes by the method's own name
    for it. None for other methods, for one whose beta cannot be set, and unless every curvature is positive.
    """
    if not found.mu > 0:
        return None
    largest, smallest, kappa = found.L, found.mu, found.L / found.mu
    form = form_of(optimizer)
    if form is Form.PLAIN:
        return Settings(2 / (largest + smallest), _factor((kappa - 1) / (kappa + 1)))
    beta = _share_kept(optimizer)
    if beta is None:
        return None
    if form is Form.HEAVY_BALL:
        factor = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)
        return Settings((2 / (sqrt(largest) + sqrt(smallest))) ** 2, factor, {beta: factor**2})
    if form is Form.NESTEROV:
        root = sqrt(3 * kappa + 1)
        return Settings(4 / (3 * largest + smallest), 1 - 2 / root, {beta: max(0.0, (root - 2) / (root + 2))})
    return None


def _factor(rate: float) -> float:
    """The factor, 0 where rounding alone is left of it, as where all curvatures are alike."""
    return rate if rate > _ROUNDING else 0.0


def _share_kept(optimizer: Any) -> str | None:
    """The hyper-parameter that is the share of the velocity kept from one epoch to the next."""
    for f in fields(optimizer):
        try:
            step = linear_step(replace(optimizer, **{f.name: _TRIED}))
        except ValueError:  # out of its range
            continue
        if step is not None and step.e == _TRIED:
            return f.name
    return None
