"""What is remembered: bounded in bytes, refusals too, and what was cut short until there is more time for it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from gdviz import pacing
from gdviz.cache import SHARES, Recent, bytes_of
from gdviz.comparisons import Contender, FairTerms
from gdviz.datasets import make_table
from gdviz.descent import StopReason
from gdviz.experiments import Experiment, Task, fitting
from gdviz.ui.server.modules import Modules
from gdviz.ui.session import compute

LONG = Experiment(
    "fit",
    data="thurber",
    start=(1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03),
    optimizer="adam",
    epochs=100_000,
    tolerance=0.0,
)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Held:
    array: np.ndarray
    again: np.ndarray
    name: str = "x"
    inner: tuple[np.ndarray, ...] = field(default=())


@pytest.fixture
def empty() -> None:
    compute._memory.cache_clear()


def at_left(task: Task, seconds: float) -> StopReason:
    """Why the run ends that a change shows which has so much time left."""
    with pacing.work(seconds, lambda: None):
        return compute.run(task).stop_reason


# -- bytes --


def test_things_weigh_what_their_arrays_do() -> None:
    array = np.zeros(100_000)
    assert bytes_of(array) == 800_000
    assert bytes_of(array[:10]) == 800_000, "a view keeps all of it"
    assert bytes_of([array, array[::2]]) == pytest.approx(800_000, rel=0.01), "once"
    held = Held(array, array, "x", (np.zeros(1000), np.zeros(1000)))
    assert bytes_of(held) == pytest.approx(816_000, rel=0.01)
    assert bytes_of({"a": held, "b": b"x" * 5000}) == pytest.approx(821_000, rel=0.01)


def test_all_caches_together_have_a_limit() -> None:
    assert sum(SHARES.values()) == 256e6
    assert compute._memory()._most == SHARES["results"]
    assert fitting._PROBLEMS._most == SHARES["problems"]


def test_a_memory_lets_go_of_the_oldest_by_weight() -> None:
    memory = Recent(100, weigh=len)
    for name in "abc":
        memory.keep(name, "x" * 40)
    assert (memory.find("a"), len(memory), memory.weight) == (None, 2, 80)
    assert memory.find("b")
    memory.keep("d", "x" * 40)
    assert memory.find("c") is None, "b was asked for after it"
    memory.keep("d", "x")
    assert memory.weight == 41
    memory.keep("e", "x" * 1000)
    assert (len(memory), memory.weight) == (1, 1000), "the last one is kept whatever it weighs"


def test_many_long_runs_stay_within_the_bytes(empty: None) -> None:
    for k in range(30):
        compute.run(Experiment("himmelblau", start=(1.0, 1.0 + k / 100), epochs=100_000, tolerance=0.0).posed())
    memory = compute._memory()
    assert memory.weight <= 160e6
    assert memory.weight == sum(weight for _, weight in memory._kept.values())


def test_many_wide_tables_stay_within_the_bytes() -> None:
    fitting._PROBLEMS.__init__(64e6, fitting._weight)  # type: ignore[misc]
    random = np.random.RandomState(0)
    for k in range(8):
        columns = {f"c{i}": random.randn(20_000) for i in range(100)} | {"y": np.arange(20_000.0) + k}
        table = make_table(columns, digest=str(k))
        replace(Experiment(), objective="fit", data="upload", model="a*c1 + b", target="y", start=(0.0, 0.0)).posed(
            table
        )
    assert fitting._PROBLEMS.weight <= 64e6
    assert len(fitting._PROBLEMS) < 8


# -- refusals, and what was cut --


def test_a_refusal_is_remembered(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(*arguments: object) -> None:
        asked.append(arguments)
        raise ValueError("It takes too long here.")

    monkeypatch.setattr(compute, "sweep_of", refuse)
    task = Experiment().posed()
    for _ in range(3):
        with pytest.raises(ValueError, match="too long"):
            compute.swept(task, Contender("bfgs"), FairTerms())
    assert len(asked) == 1


def test_a_run_that_was_cut_is_run_again_where_there_is_more_time(empty: None) -> None:
    task = LONG.posed()
    assert at_left(task, 0.0010) is StopReason.DEADLINE
    cut = compute._done(task)
    assert at_left(task, 0.0012) is StopReason.DEADLINE
    assert compute._done(task) is cut, "not for so little more"
    assert at_left(task, 1000.0) is not StopReason.DEADLINE
    whole = compute._done(task)
    assert at_left(task, 0.0010) is not StopReason.DEADLINE
    assert compute._done(task) is whole


def test_what_is_said_of_a_run_belongs_to_that_run(empty: None) -> None:
    task = LONG.posed()
    at_left(task, 0.0010)
    assert "the time allowed was up" in compute.verdict(task).sentence
    at_left(task, 1000.0)
    assert "the time allowed was up" not in compute.verdict(task).sentence


def test_a_verdict_that_takes_too_long_says_how_far_the_run_came(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(*_: object) -> None:
        raise pacing.OutOfTime

    monkeypatch.setattr(Task, "verdict", long)
    said = compute.verdict(Experiment().posed()).sentence
    assert said.startswith("After ")
    assert "left out" in said


def test_modules_that_compute_alike_are_one_and_served_as_long_as_one_of_them_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(SHARES, "modules", 1000.0)
    kept = Modules()
    name = kept.get("x^2", lambda: ("export {};", 3)).name
    assert kept.get("2*x^2", lambda: ("export {};", 3)).name == name
    assert kept.get("dear", lambda: ("export {};", 4)).name != name, "other facts"
    for number in range(100):
        kept.get(f"{number}", lambda number=number: (f"// {number}", None))
        kept.get("x^2", lambda: pytest.fail("it was used last"))
    assert gzip.decompress(kept.packed(name) or b"") == b"export {};"
    assert kept.packed(kept.get("0", lambda: ("// 0", None)).name) is not None, "made again"
    assert kept.packed("no such name") is None
