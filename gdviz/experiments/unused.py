"""What a link names and no experiment reads: settings of another method, misspelt names, names of other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from gdviz.experiments.experiment import Experiment
from gdviz.experiments.readers import Note, short
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS
from gdviz.spelling import did_you_mean

#: Link parameters that choose a view of the experiment, and those of a lesson.
VIEW = ("axes", "runs", "fair", "against", "landscape", "scenario", "hide", "question", "offered", "map")
SWITCHES = ("theory", "whole_path", "cover", "present")  # the same, on or off

# What other programs add to any link: mail, advertisements, social networks, and Streamlit itself.
_FOREIGN = {
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh",
    "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "srsltid", "ref", "ref_src", "ref_url", "referrer", "embed",
    "embed_options",
}  # fmt: skip
_FOREIGN_BEGINNINGS = ("utm_", "pk_", "mtm_", "hsa_", "_ga", "_gl", "_hs")

_MOST_NAMED = 5
_MOST_OWNERS = 4

# What others call our settings.
_ELSEWHERE = {
    "lr": "learning_rate", "eta": "learning_rate", "rate": "learning_rate (or rate_formula)",
    "step_size": "learning_rate", "step": "learning_rate",
    "steps": "epochs", "iterations": "epochs", "iters": "epochs", "n_iter": "epochs", "max_iter": "epochs",
    "num_epochs": "epochs", "maxiter": "epochs",
    "x0": "start", "theta0": "start", "theta": "start", "init": "start", "initial": "start", "from": "start",
    "method": "optimizer", "algorithm": "optimizer", "solver": "optimizer", "opt": "optimizer",
    "function": "objective", "func": "objective", "fn": "objective", "preset": "objective", "problem": "objective",
    "f": "formula", "expr": "formula", "expression": "formula", "equation": "formula",
    "tol": "tolerance", "eps": "epsilon", "momentum": "beta, with optimizer=momentum",
    "scheduler": "schedule", "lr_schedule": "schedule", "loss": "fit_loss", "dataset": "data", "csv": "data",
    "file": "data", "y": "target", "batch": "batch_size", "l2": "ridge", "regularization": "ridge",
    "lambda": "ridge", "normalize": "standardize", "scale": "standardize", "random_state": "seed",
}  # fmt: skip


def unused(parameters: Mapping[str, str], experiment: Experiment) -> list[Note]:
    """Return a note on each of ``parameters`` that is no setting of ``experiment`` and no view of the page."""
    left = {n: text for n, text in parameters.items() if not (n in (*VIEW, *SWITCHES) or is_foreign(n))}
    notes = [
        Note(f"{short(name, 40)} = “{short(text)}” is not used: {_why(name, experiment)}")
        for name, text in list(left.items())[:_MOST_NAMED]
    ]
    if len(left) > _MOST_NAMED:
        notes.append(Note(f"{len(left) - _MOST_NAMED} more names in the link are no settings of this run"))
    return notes


def is_foreign(name: str) -> bool:
    """Whether some other program adds this parameter to links, so that it is no mistake of the visitor's."""
    return name.lower() in _FOREIGN or name.lower().startswith(_FOREIGN_BEGINNINGS)


def _why(name: str, experiment: Experiment) -> str:
    for kind, registry, chosen in (
        ("optimizer", OPTIMIZERS, experiment.optimizer.name),
        ("schedule", LEARNING_RATES, experiment.learning_rate.name),
    ):
        owners = [key for key, cls in registry.items() if name in _own(cls)]
        if owners:
            its = ", ".join(_own(registry[chosen])) or "none"
            some = ", ".join(owners[:_MOST_OWNERS]) + " …" * (len(owners) > _MOST_OWNERS)
            return f"{chosen} has no {name} (its own settings: {its}); it goes with {kind}={some}"
    own = [*_own(type(experiment.optimizer)), *_own(type(experiment.learning_rate))]
    hint = did_you_mean(name, [*own, *_common()], _choices() | _ELSEWHERE) or did_you_mean(name, _others())
    return f"there is no such setting{hint}"


def _common() -> list[str]:
    """The names that every link can hold."""
    return [*(f.name for f in fields(Experiment)), "schedule", *VIEW, *SWITCHES]


def _others() -> list[str]:
    """The settings of all optimizers and schedules."""
    return [name for cls in (*OPTIMIZERS.values(), *LEARNING_RATES.values()) for name in _own(cls)]


def _choices() -> dict[str, str]:
    """A choice that was written as if it were a setting, with the setting that it is a choice of."""
    registries = {"objective": PRESETS, "schedule": LEARNING_RATES, "optimizer": OPTIMIZERS}
    return {key: f"{name}={key}" for name, registry in registries.items() for key in registry}


def _own(cls: type[Any]) -> list[str]:
    return [f.name for f in fields(cls) if f.name != "learning_rate"]
