"""Long work gives way, stops when nobody waits for it any more, and ends when its time is spent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from gdviz import pacing
from gdviz.cache import cached_property
from gdviz.comparisons import Contender, FairTerms, sweep_of
from gdviz.datasets import make_table, read_csv
from gdviz.descent import StopReason, descend, descend_batch
from gdviz.descent.minibatch import descend_minibatch
from gdviz.experiments import Experiment, offered_rate, pose
from gdviz.fits import LeastSquares
from gdviz.landscapes import affordable_points, landscape
from gdviz.learning_rates import StrongWolfe
from gdviz.lessons.published import recompute
from gdviz.objectives import parse
from gdviz.optimizers import make_optimizer
from gdviz.presets import PRESETS
from gdviz.theory import envelope, sharpness_along
from gdviz.ui.server.file_queue import queued

ACKLEY = PRESETS["ackley"].objective
ROWS = 20_000
_x = np.linspace(0, 10, ROWS)
TABLE = make_table({"x": _x, "y": 2 * np.exp(-0.3 * _x) + 0.1 * np.sin(40 * _x)})
CURVE = LeastSquares("a*exp(b*x) + c", TABLE.columns, "y")
BENT = replace(
    Experiment(), objective="fit", data="upload", model="a*exp(b*x) + c", target="y", start=(1.0, -0.1, 0.0), epochs=50
).posed(TABLE)
RUN = descend(CURVE, (1.0, -0.1, 0.0), 0.01, 300)
CSV = "\n".join(f"{i}%,{i + 1}%" for i in range(3000))
TERMS = FairTerms(budget=2000, trials=40)


WORK: dict[str, Callable[[], object]] = {
    "python": lambda: descend(ACKLEY, (1.3, 2.7), 0.01, 100_000, "adam", tolerance=0, engine="python"),
    "machine code": lambda: descend(CURVE, (1.0, -0.1, 0.0), 1e-3, 10_000, "adam", tolerance=0, engine="native"),
    "search": lambda: descend(ACKLEY, (1.3, 2.7), StrongWolfe(1.0), 100_000, "bfgs", tolerance=0),
    "whole vectors": lambda: descend(CURVE, (1.0, -0.1, 0.0), 1.0, 10_000, "levenberg_marquardt", tolerance=0),
    "passes": lambda: descend_minibatch(CURVE, (1.0, -0.1, 0.0), 1e-4, 2000, "adam", batch_size=1),
    "passes in python": lambda: descend_minibatch(
        CURVE, (1.0, -0.1, 0.0), 1e-4, 2000, "adam", batch_size=1, engine="python"
    ),
    "batch": lambda: descend_batch(ACKLEY, np.ones((400, 2)), 0.001, 20_000, "adam", tolerance=0, engine="native"),
    "batch in python": lambda: descend_batch(
        ACKLEY, np.ones((400, 2)), 0.001, 20_000, "adam", tolerance=0, engine="python"
    ),
    "sweep": lambda: sweep_of(BENT, Contender("adam"), TERMS),
    "sweep, run by run": lambda: sweep_of(BENT, Contender("bfgs"), TERMS),
    "landscape": lambda: landscape(CURVE, ((0, 1), (-1, 0)), (0, 1), (1.0, 0.1, 0.0)),
    "sharpness": lambda: sharpness_along(CURVE, RUN, make_optimizer("gd"), 0.01),
    "prediction": lambda: envelope(CURVE, RUN, make_optimizer("gd"), 0.01),
    "verdict": lambda: BENT.verdict(RUN),
    "start of a fit": lambda: pose("fit", "", TABLE, data="upload", model="a*sin(b*x + c) + d*exp(e*x)", target="y"),
    "offered rate": lambda: offered_rate(BENT.problem, (1.2, -0.2, 0.1), make_optimizer("adam")),
    "file": lambda: read_csv(CSV),
    "published numbers": recompute,
}


@pytest.mark.parametrize("count", [1, 7])
def test_work_gives_way_between_short_runs(count: int) -> None:
    """Each is over before its own loop would ask."""
    asked: list[int] = []
    with pacing.work(1000.0, lambda: asked.append(1)) as work:
        for _ in range(count):
            work._next_sleep = 0.0
            descend(ACKLEY, (1.3, 2.7), 0.01, 2, "adam")
    assert len(asked) >= count


class Unwanted(BaseException):
    """What a check raises, as Streamlit's own does: it ends the script, and no ``except Exception`` sees it."""


@pytest.mark.parametrize("name", WORK)
def test_work_that_nobody_wants_stops_at_its_first_pause(name: str) -> None:
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        raise Unwanted

    with pytest.raises(Unwanted), pacing.work(1000.0, check):
        WORK[name]()
    assert asked == 1


@pytest.mark.parametrize("name", WORK)
def test_work_without_time_ends_or_says_so(name: str) -> None:
    """Nothing hangs, nothing raises anything but a ValueError in words; what can end early ends as DEADLINE."""
    said, found = "", None
    with pacing.work(0.0, lambda: None):
        try:
            found = WORK[name]()
        except ValueError as error:
            said = str(error)
    reasons = getattr(found, "stop_reasons", [getattr(found, "stop_reason", None)])
    assert "left out" in said or "lower the budget" in said or set(reasons) == {StopReason.DEADLINE}


def test_without_a_work_nothing_is_cut() -> None:
    run = descend(ACKLEY, (1.3, 2.7), 0.01, 20_000, "adam", tolerance=0)
    with pacing.work(1000.0, lambda: None):
        assert np.array_equal(descend(ACKLEY, (1.3, 2.7), 0.01, 20_000, "adam", tolerance=0).thetas, run.thetas)
    assert run.epochs == 20_000
    assert pacing.share(10.0) == 10.0
    pacing.pause()


@pytest.mark.parametrize("engine", ["native", "python"])
def test_members_that_are_still_on_their_way_end_as_deadline(engine: str) -> None:
    starts = np.array([[1.3, 2.7], [0.0, 0.0]])
    ends = descend_batch(ACKLEY, starts, 1e-3, 50_000, "adam", deadline=0.0, engine=engine)  # type: ignore[arg-type]
    assert ends.stop_reasons[0] is StopReason.DEADLINE
    assert ends.epochs[0] < 50_000


def test_the_time_of_other_threads_counts() -> None:
    with pacing.work(10.0, lambda: None) as work:
        before = work.left
        WORK["batch"]()
        own = before - work.left
        work.add(3.0)
        assert work.left < 7.1
        assert pacing.share(100.0) <= 3.6
    assert own > 0


def test_a_limit_ends_with_the_work_around_it() -> None:
    with pacing.work(1000.0, lambda: None) as work:
        limit, short = pacing.Limit(500.0), pacing.Limit(0.0)
        assert not limit.passed()
        assert short.passed()
        work.add(600.0)
        assert limit.passed()
        assert pacing.Limit(500.0).left <= 400.0
        work.add(600.0)
        assert work.left < 0


def test_a_pause_says_that_the_time_is_spent() -> None:
    with pytest.raises(pacing.OutOfTime, match="one change"), pacing.work(0.0, lambda: None):
        pacing.pause()


def test_what_a_visitor_waits_for_once_is_not_counted() -> None:
    with pacing.work(1.0, lambda: None) as work:
        with pacing.extra(50.0):
            assert work.left > 40
            work.add(30.0)  # as if something else had cost that
        assert work.left < 0


def test_work_gives_way_every_few_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still but for our own steps of a millisecond."""
    now, slept = 0.0, []
    monkeypatch.setattr(pacing, "monotonic", lambda: now)
    monkeypatch.setattr(pacing, "sleep", lambda seconds: slept.append(now))
    with pacing.work(1000.0, lambda: None):
        for _ in range(1000):
            pacing.pause()
            now += 0.001
    assert len(slept) >= 150
    assert max(np.diff(slept)) < 0.008


# -- turns --


def test_turns_are_taken_first_come_first_served() -> None:
    turns, order = pacing.Turns(), []
    turns.take("first")

    def wait(name: str) -> None:
        turns.take(name)
        order.append(name)
        turns.leave(name)

    threads = []
    for place, name in enumerate("abc", start=2):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        while turns.length < place:
            time.sleep(0.001)
    assert order == []
    turns.leave("first")
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c"]


def test_long_work_hands_on_its_turn() -> None:
    """A short work that comes while a long one is on is done long before that ends."""
    turns, done = pacing.Turns(), threading.Event()

    def short() -> None:
        with pacing.work(10.0, lambda: None, turns):
            done.set()

    with pacing.work(1000.0, lambda: None, turns):
        other = threading.Thread(target=short)
        other.start()
        for _ in range(10_000_000):
            pacing.pause()
            if done.is_set():
                break
        assert done.is_set()
        other.join()
    assert turns.length == 0


def test_others_have_their_turn_while_one_is_aside() -> None:
    turns = pacing.Turns()
    with pacing.work(10.0, lambda: None, turns) as work:
        with pacing.aside():
            assert turns.length == 0
        assert turns.length == 1
        turns.leave(work)
        turns.take(work)
    assert turns.length == 0
    with pacing.aside():
        pass


def test_a_picture_gives_way_and_is_drawn_without_time_left() -> None:
    asked: list[int] = []
    with pacing.work(0.0, lambda: asked.append(1)):
        pacing.give_way()
    assert asked == [1]


def test_a_turn_is_given_back_whatever_happens() -> None:
    turns = pacing.Turns()
    with pytest.raises(Unwanted), pacing.work(1.0, lambda: None, turns):
        raise Unwanted
    assert turns.length == 0


def test_who_keeps_the_turn_too_long_is_passed_by_and_waits_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of it may not give way, or it may be waiting for something that we have."""
    now = 0.0
    monkeypatch.setattr(pacing, "monotonic", lambda: now)
    turns, order, comes_back = pacing.Turns(most=0.01), [], threading.Event()

    def short() -> None:
        with pacing.work(1.0, lambda: None, turns):
            order.append("short")

    def longer() -> None:
        with pacing.work(1.0, lambda: None, turns):
            order.append("begun")
            comes_back.wait(30)
            time.sleep(0.01)
            order.append("done")

    with pacing.work(1000.0, comes_back.set, turns) as work:
        for do in (short, short, longer):
            now += 1.0
            other = threading.Thread(target=do)
            other.start()
            if do is short:
                other.join(30)  # without a moment in which we give way
        while order[-1] != "begun":
            time.sleep(0.001)
        assert not turns.has(work)
        pacing.give_way()
        order.append("again")
        other.join(30)
    assert order == ["short", "short", "begun", "done", "again"]
    assert turns.length == 0


def test_a_place_in_the_line_is_kept_and_left() -> None:
    turns = pacing.Turns()
    turns.take("first")
    assert not turns.take("second", patience=0.0)
    assert not turns.take("third", patience=0.0)
    turns.leave("second")
    assert (turns.length, turns.has("first")) == (2, True)
    turns.leave("first")
    assert turns.take("third", patience=0.0)
    turns.leave("third")
    assert turns.length == 0


# -- prices --


def test_a_landscape_is_as_fine_as_it_is_cheap() -> None:
    assert affordable_points(ACKLEY, 0.5) == 121
    assert affordable_points(ACKLEY, 0.5, axes=1) == 801
    assert affordable_points(LeastSquares("a*x + b", TABLE.columns, "y"), 0.5) == 121
    dear = affordable_points(CURVE, 0.1)
    assert 21 <= dear < 121
    assert dear < affordable_points(CURVE, 0.4)
    assert affordable_points(CURVE, 1e-9) == 21
    assert affordable_points(parse("x^2"), 0.5, axes=1) == 801


def test_files_are_made_one_at_a_time() -> None:
    together, most = [], []

    def make() -> bytes:
        together.append(1)
        most.append(len(together))
        time.sleep(0.01)
        together.pop()
        return b"file"

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: queued(make)(), range(8))) == [b"file"] * 8
    assert max(most) == 1


def test_nobody_waits_for_what_is_made_once_of_another_object() -> None:
    """Who gives way while it makes a property of one object holds up nobody who needs that of another."""
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def __init__(self, waits: bool) -> None:
            self.waits = waits

        @cached_property
        def made(self) -> object:
            if self.waits:
                begun.set()
                assert go_on.wait(30)
            return object()

    held, free = Slow(True), Slow(False)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: held.made)
        assert begun.wait(30)
        try:
            assert pool.submit(lambda: free.made).result(30) is free.made
        finally:
            go_on.set()
        assert first.result(30) is held.made
