"""What the browser runs is the core's run: every method and schedule, with the numbers that a hand changes."""

from __future__ import annotations

import gzip
import itertools
import json
from base64 import b64decode
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdviz
from gdviz.datasets import read_csv
from gdviz.experiments import Experiment, Task
from gdviz.experiments.driving import Turn, driven, freed
from gdviz.learning_rates import LEARNING_RATES, Schedule
from gdviz.optimizers import OPTIMIZERS, ElementwiseOptimizer
from gdviz.ui.components.live.experiments import MOST_OPERATIONS, Shown, changed, described
from gdviz.ui.server.modules import modules
from tests.ui.test_javascript import browser

METHODS = [name for name, cls in OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)]
SCHEDULES = [name for name, cls in LEARNING_RATES.items() if issubclass(cls, Schedule)]
STEERED = {"rate_changes": "20:0.01 31:0.02"}
POWERS = {"nadam": ("beta1", "momentum_decay"), "radam": ("beta2",)}  # what the powers of an epoch are made of
BOWL = {"objective": "formula", "formula": "x^2 + 3y^2 + x*y", "start": (2.0, 1.0), "epochs": 60}
DATA = read_csv(b"x,z,y\n" + b"\n".join(b"%d,%d,%d" % (i, i * i % 7, 3 * i + i * i % 5) for i in range(40)))
FIT = {"objective": "fit", "data": "upload", "target": "y", "epochs": 50}


def task(**given: Any) -> Task:
    return Experiment(**given).posed(DATA)


def case(one: Task, changes: dict[str, Any] | None = None, turns: Any = None, frame: float = 1e9) -> dict[str, Any]:
    experiment = replace(one, experiment=freed(one.experiment)) if turns else one
    rows = [[turn.epoch, turn.rate, turn.beta] for turn in turns] if turns else None
    known = described(Shown(experiment, "", ""), "run")
    return {"described": known, "changes": changes or {}, "turns": rows, "frame": frame}


def answers(cases: list[dict[str, Any]], cache: Path) -> list[dict[str, Any]]:
    names = {name for one in cases for name in (one["described"]["step"], one["described"]["rates"]) if name}
    texts = {name: gzip.decompress(modules().packed(Path(name).stem) or b"").decode() for name in names}
    found: list[dict[str, Any]] = browser({"cases": cases, "texts": texts}, cache, "runs_from_python.js")
    return found


def expect_run(answer: dict[str, Any], one: Task, tolerance: float = 0.0) -> None:
    """The browser's rows are the core's: to the last bit, or to within ``tolerance``."""
    run = one.run()
    assert answer["stop"] == run.stop_reason.value
    columns = {name: np.frombuffer(b64decode(text), "<f8") for name, text in answer["columns"].items()}
    for i in range(len(run.variables)):
        for kind, expected in (("theta", run.thetas[:, i]), ("gradient", run.gradients[:, i])):
            np.testing.assert_allclose(columns[f"{kind} {i}"], expected, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(columns["value"], run.values, rtol=tolerance, atol=tolerance)
    finite = np.isfinite(run.gradients).all(axis=1)  # of others the length means nothing
    np.testing.assert_allclose(columns["norm"][finite], run.gradient_norms[finite], rtol=1e-12, atol=1e-300)


def other(owner: Any, name: str) -> float:
    """Another legal value of a hyper-parameter."""
    metadata = next(f.metadata for f in fields(owner) if f.name == name)
    value = float(getattr(owner, name))
    near = value + 1.0 if metadata["whole"] else 0.7 * value + 0.0123 * (value == 0)
    return near if metadata["low"] <= near <= metadata["high"] else value


def test_every_method_with_other_numbers_gives_the_core_s_bits(tmp_path: Path):
    tasks, cases = [], []
    for name in METHODS:
        own = task(**BOWL, optimizer=name, learning_rate=0.02)
        known = described(Shown(own, "", ""), "run")
        powers = POWERS.get(name, ())
        settings = {s: other(own.experiment.optimizer, s) for s in known["live"] if s not in ("learning_rate", *powers)}
        for changes in ({}, {"learning_rate": 0.05, "start": [1.5, -0.25], **settings}, {"epochs": 7}):
            tasks.append(changed(own, changes))
            cases.append(case(own, changes))
    for answer, one in zip(answers(cases, tmp_path), tasks, strict=True):
        expect_run(answer, one)


def test_numbers_that_shape_whole_sequences_are_live(tmp_path: Path):
    """To within what the powers of a browser may differ by; steered momentum has none, so its bits are the core's."""
    long = {"epochs": 300}
    changes: dict[Any, list[dict[str, Any]]] = {
        gdviz.RAdam(): [{"beta2": b} for b in (0.0, 0.5, 0.9, 0.99, 0.9999)] + [{"beta1": 0.5}, long],
        gdviz.RAdam(beta2=0.9): [{}, {"beta2": 0.999}, long | {"beta2": 0.95, "epsilon": 1e-4}],
        gdviz.NAdam(): [{"momentum_decay": d} for d in (0.0, 0.1, 1000.0)] + [{"beta1": 0.0}, {"beta1": 0.99}, long],
        gdviz.NAdam(beta1=0.5, momentum_decay=1.0): [{}, {"beta2": 0.5}, long | {"beta1": 0.8, "momentum_decay": 0.5}],
        gdviz.SteeredMomentum(0.9, "20:0.5 41:0.0"): [{}, {"beta": 0.0}, {"beta": 0.3}, long | {"beta": 0.95}],
        gdviz.NoisyGradientDescent(0.1, 3): [{}, {"noise": 0.5}, {"epochs": 20, "noise": 0.0}],
    }
    tasks, cases, tolerances = [], [], []
    for method, each in changes.items():
        own = task(**BOWL, optimizer=method, learning_rate=0.02)
        for one in each:
            tasks.append(changed(own, one))
            cases.append(case(own, one))
            powers = POWERS.get(method.name, ())
            tolerances.append(1e-10 if powers and any(name in (*powers, "epochs") for name in one) else 0.0)
    for answer, one, tolerance in zip(answers(cases, tmp_path), tasks, tolerances, strict=True):
        expect_run(answer, one, tolerance)


def test_every_schedule_with_other_numbers_gives_the_core_s_rates(tmp_path: Path):
    tasks, cases = [], []
    for name in SCHEDULES:
        rate = LEARNING_RATES[name](0.05, **(STEERED if name == "steered" else {}))
        own = task(**BOWL, learning_rate=rate)
        settings = {s: other(rate, s) for s in described(Shown(own, "", ""), "run")["live"] if s != "learning_rate"}
        for changes in ({}, {"learning_rate": 0.03, **settings}, {"epochs": 33}, {"epochs": 1}):
            tasks.append(changed(own, changes))
            cases.append(case(own, changes))
    for answer, one in zip(answers(cases, tmp_path), tasks, strict=True):
        expect_run(answer, one, tolerance=1e-13)


def test_fits_and_estimates_give_the_core_s_runs(tmp_path: Path):
    tasks = [
        task(**FIT, model="a*x + b", start=(0.0, 0.0), learning_rate=0.0005),
        task(**FIT, model="a*x + b", start=(1.0, 0.0), learning_rate=0.1, standardize=True, optimizer="momentum"),
        task(**FIT, model="a*x + b*z + c", start=(0.0, 0.0, 1.0), learning_rate=0.1, standardize=True, ridge=0.1),
        task(**FIT, model="a*x/(1 + b*z^2)", start=(1.0, 0.5), learning_rate=0.0001, fit_loss="absolute"),
        task(**BOWL, gradient="estimated", h=0.01, learning_rate=0.05),
        task(**BOWL | {"formula": "exp(x/3)*sin(y) + x^2 + y^2"}, learning_rate=0.05, optimizer="adam"),
        task(**BOWL | {"formula": "x^4 + y^4", "start": (9.0, 1.0)}, learning_rate=5.0),
        task(**BOWL | {"tolerance": 0.5}, learning_rate=0.1),
    ]
    for answer, one in zip(answers([case(one) for one in tasks], tmp_path), tasks, strict=True):
        expect_run(answer, one, tolerance=1e-12)


@pytest.mark.parametrize("name", ["gd", "momentum", "adam"])
def test_a_steered_run_is_the_core_s(tmp_path: Path, name: str):
    own = task(**BOWL, learning_rate=0.02, optimizer=name)
    betas = (None, None, None) if name == "adam" else (0.0 if name == "gd" else 0.9, 0.5, 0.8)
    turns = [Turn(epoch, rate, beta) for epoch, rate, beta in zip((0, 7, 30), (0.02, 0.05, 0.1), betas, strict=True)]
    (answer,) = answers([case(own, turns=turns)], tmp_path)
    expect_run(answer, replace(own, experiment=driven(own.experiment, turns)))


def test_a_long_run_comes_frame_by_frame_to_the_same_end(tmp_path: Path):
    own = task(**BOWL | {"epochs": 20_000, "tolerance": 0.0}, optimizer="adam", learning_rate=0.0001)
    turns = [Turn(epoch, 0.001 * (1 + epoch % 3)) for epoch in range(0, 20_000, 999)]
    long, steered = answers([case(own, frame=0.01), case(own, turns=turns, frame=0.01)], tmp_path)
    assert long["frames"] > 3
    expect_run(long, own)
    expect_run(steered, replace(own, experiment=driven(own.experiment, turns)))


def test_what_the_browser_cannot_do_it_leaves_to_the_server(tmp_path: Path):
    noisy = task(**BOWL, optimizer=gdviz.NoisyGradientDescent(0.1), learning_rate=0.02)
    cases = [
        case(task(**BOWL, optimizer="newton", learning_rate=1.0)),
        case(task(**BOWL, learning_rate=LEARNING_RATES["backtracking"](1.0))),
        case(task(**FIT, model="a*x + b", start=(0.0, 0.0), learning_rate=0.001, batch_size=8)),
        case(noisy, {"noise_seed": 1.0}),
        case(noisy, {"epochs": 61}),
        case(task(**BOWL, learning_rate=0.1), {"nothing": 1.0}),
    ]
    assert [answer["taken"] for answer in answers(cases, tmp_path)] == [False] * len(cases)


def test_a_rate_that_makes_no_sense_is_not_run(tmp_path: Path):
    own = task(**BOWL, learning_rate=LEARNING_RATES["formula"](0.1, "eta - 0.01k"))
    with pytest.raises(ValueError, match="epoch 11"):
        changed(own, {"learning_rate": 0.105}).run()
    (answer,) = answers(
        [case(task(**BOWL | {"epochs": 5}, learning_rate=own.experiment.learning_rate), {"epochs": 60})], tmp_path
    )
    assert answer == {"taken": True, "refused": True}


@pytest.mark.parametrize(
    "changes",
    [
        None, [], {"start": [1.0]}, {"start": "ab"}, {"start": [1.0, float("nan")]}, {"start": [True, 1.0]},
        {"epochs": 0}, {"epochs": 10**9}, {"epochs": 1.5}, {"learning_rate": -1.0}, {"learning_rate": "0.1"},
        {"learning_rate": float("inf")}, {"beta": 1.0}, {"beta": -0.1}, {"name": 1.0}, {"__class__": 1.0},
        {"gradient": 1.0},
    ],
)  # fmt: skip
def test_changes_from_outside_are_checked(changes: Any):
    with pytest.raises(ValueError):  # noqa: PT011
        changed(task(**BOWL, optimizer="momentum", learning_rate=0.1), changes)


def test_runs_too_long_for_a_browser_are_left_to_the_server():
    columns = "\n".join(f"{i % 97},{(i % 97) * 0.3 + 1},{i % 2}" for i in range(20_000))
    table = read_csv(f"x,z,kind\n{columns}".encode())
    fit = Experiment(objective="fit", data="upload", target="kind", model="a*x + b*z + c", fit_loss="log",
                     start=(0.0, 0.0, 0.0), learning_rate=0.01, epochs=1000)  # fmt: skip
    known = described(Shown(fit.posed(table), "", ""), "run")
    assert known["step"] is None or known["most"] * known["price"] <= MOST_OPERATIONS


def test_other_numbers_need_no_other_module():
    names = {
        (known["step"], known["rates"])
        for rate, beta, epochs in itertools.product((0.1, 0.2), (0.5, 0.9), (10, 20))
        for known in [
            described(
                Shown(task(**BOWL | {"epochs": epochs}, optimizer=gdviz.Momentum(beta), learning_rate=rate), "", ""),
                "run",
            )
        ]
    }
    assert len(names) == 1


def test_columns_of_every_size_have_a_description_that_can_be_sent():
    for size in (1e-150, 1.0, 1e149):
        lines = "\n".join(f"{i * size!r},{i + 1}" for i in range(9))
        for standardize in (False, True):
            fit = Experiment(objective="fit", data="upload", target="y", model="a*x + b", start=(0.0, 0.0),
                             learning_rate=0.1, epochs=5, standardize=standardize)  # fmt: skip
            known = described(Shown(fit.posed(read_csv(f"x,y\n{lines}".encode())), "", ""), "run")
            json.dumps(known, allow_nan=False)
