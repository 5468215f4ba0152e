"""What a file of numbers costs is known before it is made, and said; it is made a part at a time."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from itertools import islice
from math import isnan
from threading import Event, Semaphore
from time import sleep
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.runtime.media_file_storage import MediaFileStorageError

from gdviz import pacing
from gdviz.comparisons import Contender
from gdviz.experiments import Experiment
from gdviz.exports import run_csv
from gdviz.exports.formats import export
from gdviz.exports.subject import Subject, subject_of, subject_of_comparison
from gdviz.maps import MapCanceled
from gdviz.ui.pages.map_film import Film
from gdviz.ui.server import change, file_queue
from gdviz.ui.server.file_queue import queued, too_long, waiting

WIDE = "+".join(f"(x{k}-{k})^2*{k + 1}" for k in range(16))
LONG = subject_of(
    Experiment(
        objective="formula", formula=WIDE, start=(0.0,) * 16, epochs=100_000, learning_rate=1e-7, tolerance=0.0
    ).posed()
)
SHORT = subject_of(replace(LONG.task, experiment=replace(LONG.task.experiment, epochs=2_500)))
BOTH = subject_of_comparison(SHORT.task, (Contender("gd"), Contender("adam")))


@pytest.mark.parametrize("ending", ["csv", "json", "zip"])
def test_too_many_numbers_are_refused_and_what_is_offered_fits(ending: str) -> None:
    said = too_long(ending, LONG)
    assert "3,400,034 numbers" in said
    epochs = int(said.split("Take at most ")[1].split(" epoch")[0].replace(",", ""))
    run = replace(LONG.run, thetas=LONG.run.thetas[: epochs + 1])
    assert too_long(ending, Subject(replace(LONG.scene, run=run))) == ""
    assert ("Parquet" in said) == (too_long("parquet", LONG) == "")


@pytest.mark.parametrize("ending", ["csv", "json", "npz", "parquet", "zip", "py", "tex", "html", "gif"])
def test_a_usual_run_is_made_as_every_kind_of_file(ending: str) -> None:
    usual = subject_of(Experiment(epochs=100_000, learning_rate=1e-5, tolerance=0.0).posed())
    assert too_long(ending, usual) == ""
    assert too_long(ending, SHORT) == ""


def test_runs_of_a_comparison_count_together() -> None:
    many = Subject(LONG.scene, tuple(replace(BOTH.results[0], run=LONG.run) for _ in range(8)))
    assert "27,200,272 numbers" in too_long("parquet", many)
    assert "epochs a run" in too_long("parquet", many)
    assert too_long("parquet", BOTH) == ""


@pytest.mark.parametrize("ending", ["csv", "json"])
@pytest.mark.parametrize("subject", [SHORT, BOTH], ids=["run", "comparison"])
def test_a_file_of_numbers_gives_way_while_it_is_made(ending: str, subject: Subject) -> None:
    asked = []
    with pacing.work(1000.0, lambda: asked.append(1)) as work:
        work.give_way = lambda: asked.append(1) or False  # type: ignore[method-assign,func-returns-value]
        export(subject, ending)
    assert len(asked) >= 3 * (len(subject.results) or 1)


def test_a_file_that_was_made_in_parts_is_whole() -> None:
    run = SHORT.run
    rows = list(csv.reader(io.StringIO(run_csv(run))))
    assert len(rows) == 2502
    assert np.array_equal(np.array(rows[1:], dtype=object)[:, 1:17].astype(float), run.thetas)
    assert rows[-1][-1] == ""
    assert float(rows[-2][-1]) == run.learning_rates[-1]
    read = json.loads(export(SHORT, "json"))
    assert np.array_equal(read["thetas"], run.thetas)
    assert np.array_equal(read["gradients"], run.gradients)
    for label, one in zip(BOTH.results, json.loads(export(BOTH, "json"))["runs"], strict=True):
        assert np.array_equal(one["values"], label.run.values)


def test_what_is_no_number_is_null_in_its_place() -> None:
    values = SHORT.run.values.copy()
    values[[0, 1000, 2500]] = np.nan, np.inf, -np.inf
    broken = replace(SHORT.run, values=values)
    read = json.loads(export(Subject(replace(SHORT.scene, run=broken)), "json"))["values"]
    assert [k for k, value in enumerate(read) if value is None] == [0, 1000, 2500]
    assert not any(isnan(value) for value in read if value is not None)


def test_a_file_has_time_of_its_own() -> None:
    assert queued(lambda: f"{pacing.current().left:.0f}".encode())() == b"20"  # type: ignore[union-attr]


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The tab whose script runs, as long as it is ``open``."""
    found = SimpleNamespace(open=True)
    runtime = SimpleNamespace(is_active_session=lambda session: session == "tab" and found.open)
    monkeypatch.setattr(change, "Runtime", SimpleNamespace(exists=lambda: True, instance=lambda: runtime))
    monkeypatch.setattr(change, "get_script_run_ctx", lambda: SimpleNamespace(session_id="tab"))
    return found


def test_a_file_is_given_up_when_its_tab_is_closed(tab: SimpleNamespace) -> None:
    done = 0

    def make() -> bytes:
        nonlocal done
        for done in range(1000):
            tab.open = tab.open and done < 5
            pacing.current()._next_sleep = 0.0  # type: ignore[union-attr]  # as if some time had gone by
            pacing.pause()
        return b"file"

    assert queued(make)() == b""
    assert done == 5
    tab.open = True
    assert queued(lambda: b"file")() == b"file"


def test_nobody_stands_in_the_line_for_a_tab_that_is_closed(tab: SimpleNamespace) -> None:
    waiting().take("another")
    try:
        made = queued(lambda: b"file")
        tab.open = False
        assert made() == b""
        assert waiting().length == 1
    finally:
        waiting().leave("another")


def test_a_tab_waits_for_three_files_at_once(tab: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's hundred clicks stand in the line before one of another's; what is made makes room."""
    monkeypatch.setattr(file_queue, "_places", partial(lambda places: places, Semaphore(3)))
    files = [queued(lambda: b"file") for _ in range(5)]
    waiting().take("another")
    try:
        with ThreadPoolExecutor(5) as pool:
            clicks = [pool.submit(file) for file in files]
            first = [done.exception() for done in islice(as_completed(clicks, 30), 2)]
            waiting().leave("another")
            assert [type(error) for error in first] == [TimeoutError] * 2
            assert sum(click.exception() is None for click in clicks) == 3
    finally:
        waiting().leave("another")
    assert files[0]() == b"file"


@pytest.mark.parametrize(
    ("cause", "told"), [(None, False), (TimeoutError("Others are exporting."), False), (ZeroDivisionError(), True)]
)
def test_the_log_does_not_tell_of_a_file_that_is_no_more_to_be_made(cause: Exception | None, told: bool) -> None:
    error = MediaFileStorageError("no file")
    error.__cause__ = cause
    record = logging.LogRecord("", logging.ERROR, "", 0, "No file", (), (MediaFileStorageError, error, None))
    assert file_queue.is_worth_logging(record) == told


def test_a_film_ends_with_its_tab(tab: SimpleNamespace) -> None:
    begun = Event()

    def endless(tell: Callable[[float], None], go_on: Callable[[], bool]) -> bytes:
        begun.set()
        while go_on():
            sleep(0.001)
        raise MapCanceled

    film = Film("name", endless)
    assert begun.wait(30)
    tab.open = False
    film.thread.join(30)
    assert not film.under_way
    assert waiting().length == 0
