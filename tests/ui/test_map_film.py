"""A film in the making beside the page: how far it is, that it ends when told to or not asked for, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import pytest

from gdviz.maps import MapCanceled
from gdviz.pacing import OutOfTime
from gdviz.ui.pages import map_film
from gdviz.ui.pages.map_film import Film
from gdviz.ui.server.file_queue import queued

Tell, GoOn = Callable[[float], None], Callable[[], bool]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def endless(tell: Tell, go_on: GoOn) -> bytes:
    tell(0.25)
    while go_on():
        time.sleep(0.005)
    raise MapCanceled


def test_it_says_how_far_it_is_and_has_its_content():
    halfway, on = Event(), Event()

    def make(tell: Tell, go_on: GoOn) -> bytes:
        tell(0.5)
        halfway.set()
        on.wait(20)
        return b"film"

    film = Film("name", make)
    halfway.wait(20)
    assert film.under_way
    assert film.share == 0.5
    assert 0 <= film.left < 20
    on.set()
    until(lambda: not film.under_way)
    assert (film.content, film.words) == (b"film", "")


def test_it_is_canceled():
    film = Film("name", endless)
    until(lambda: film.share == 0.25)
    film.cancel()
    until(lambda: not film.under_way)
    assert film.content is None
    assert film.words == "The film was canceled."


def test_it_ends_when_nobody_asks_for_it_any_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(map_film, "_MISSED", 0.1)
    film = Film("name", endless)
    until(lambda: not film.under_way)
    assert film.words == "The film was canceled."


def test_one_is_made_at_a_time_and_one_that_waits_can_be_canceled():
    begun, on = Event(), Event()

    def held(tell: Tell, go_on: GoOn) -> bytes:
        begun.set()
        on.wait(20)
        return b"first"

    first = Film("first", held)
    assert begun.wait(20)
    second, third = Film("second", endless), Film("third", lambda tell, go_on: b"film")
    second.cancel()
    until(lambda: not second.under_way)
    assert third.under_way
    on.set()
    until(lambda: not third.under_way)
    assert (first.content, third.content) == (b"first", b"film")


def test_a_film_lets_pass_what_others_ask_for_meanwhile():
    film = Film("name", endless)
    until(lambda: film.share == 0.25)
    assert queued(lambda: b"table")() == b"table"
    other = Film("other", lambda tell, go_on: b"film")
    until(lambda: not other.under_way)
    assert film.under_way
    film.cancel()
    until(lambda: not film.under_way)
    assert (other.content, film.words) == (b"film", "The film was canceled.")


def test_what_takes_too_long_says_so():
    def make(tell: Tell, go_on: GoOn) -> bytes:
        raise OutOfTime

    film = Film("name", make)
    until(lambda: not film.under_way)
    assert "choose fewer epochs" in film.words
