"""A dive into a map as a film, made beside the page: how far it is, a button that ends it, and the file.

It is made on a thread of its own, which takes turns with what visitors do, and stops when nobody asks for it any more.
It waits in the queue of all files (:mod:`gdviz.ui.server.file_queue`), and every few thousand descents lets those go on
that wait behind it: most are soon done.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

import streamlit as st

from gdviz import pacing
from gdviz.exports.dive import cost, scaled, to_dive
from gdviz.exports.encoding import FilmFormat
from gdviz.exports.formats import FORMATS
from gdviz.maps import Axis, MapCanceled
from gdviz.pacing import OutOfTime
from gdviz.scenes.map_bands import TaskMap
from gdviz.ui.server import change
from gdviz.ui.server.file_queue import waiting
from gdviz.ui.toolbar.downloads import download_button
from gdviz.ui.words import plain

Axes = tuple[Axis, Axis]
Make = Callable[[Callable[[float], None], Callable[[], bool]], bytes]

_FILM = "_map_film"
_SECONDS = 60.0  # of processor time
_LEAST = 1.5  # times magnified, below which there is nowhere to dive to
_EVERY = 0.5  # seconds between two looks at how far it is
_MISSED = 15.0  # seconds after which nobody waits for it any more


class Film:
    """A film in the making: the ``share`` that is done, and then its ``content``, or in ``words`` why there is none."""

    def __init__(self, name: str, make: Make) -> None:
        self.name, self.share, self.words = name, 0.0, ""
        self.content: bytes | None = None
        self.begun = self.asked = monotonic()
        self._make, self._canceled, self._check_tab = make, Event(), change.while_here()
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    @property
    def under_way(self) -> bool:
        return self.content is None and not self.words

    @property
    def left(self) -> float:
        """About how many seconds it still takes; infinite before anything is known of it."""
        taken = monotonic() - self.begun
        return taken * (1 - self.share) / self.share if self.share else float("inf")

    def cancel(self) -> None:
        self._canceled.set()

    def _wanted(self) -> bool:
        return not self._canceled.is_set() and monotonic() - self.asked < _MISSED

    def _check(self) -> None:
        self._check_tab()
        if not self._wanted():
            raise MapCanceled

    def _wait(self) -> None:
        while not waiting().take(self, _EVERY):
            self._check()

    def _goes_on(self) -> bool:
        """Let others' files pass, and say whether this one is still wanted."""
        if waiting().length > 1:
            waiting().leave(self)
            with pacing.aside():
                self._wait()
        self._check_tab()
        return self._wanted()

    def _run(self) -> None:
        try:
            self._wait()
            self.begun = monotonic()
            with change.own_work(self._check, _SECONDS):
                self.content = self._make(self._tell, self._goes_on)
        except (MapCanceled, change.NobodyWaits):
            self.words = "The film was canceled."
        except OutOfTime:
            self.words = "The film takes more of the server’s time than it may: choose fewer epochs, or dive less deep."
        except Exception:
            self.words = "The film could not be made."
            raise
        finally:
            waiting().leave(self)

    def _tell(self, share: float) -> None:
        self.share = share


def film_fields(picture: TaskMap, whole: Axes, goal: Axes, name: str, format: FilmFormat) -> None:
    """Draw what there is of the film from the ``whole`` map to ``goal``; ``name`` stands for both."""
    if all(_LEAST * _size(b) > _size(a) for a, b in zip(whole, goal, strict=True)):
        st.info("A film dives from the whole map to what you see: zoom in first.", icon=":material/info:")
        return
    if cost(picture, whole, goal) > _SECONDS / 2:
        st.info(
            "This film would take too long here. Choose fewer epochs, or make it with the command line: gdviz map … -o "
            "dive.mp4.",
            icon=":material/timer_off:",
        )
        return
    film: Film | None = st.session_state.get(_FILM)
    if film is None or film.name != name:
        if film is not None:
            film.cancel()
        st.session_state.pop(_FILM, None)
        _begin_button("Make the film", picture, whole, goal, name, format)
    elif film.under_way:
        st.fragment(_progress, run_every=_EVERY)(film)
    elif film.content is not None:
        what, media = f"the film as {format.upper()}", FORMATS[format].media
        download_button(what, film.content, f"gdviz-dive.{format}", media, "map_film")
    else:
        st.info(plain(film.words), icon=":material/info:")
        _begin_button("Make it again", picture, whole, goal, name, format)


def _begin_button(label: str, picture: TaskMap, whole: Axes, goal: Axes, name: str, format: FilmFormat) -> None:
    def make(tell: Callable[[float], None], go_on: Callable[[], bool]) -> bytes:
        return to_dive(picture, whole, goal, format, progress=tell, go_on=go_on)

    def begin() -> None:
        st.session_state[_FILM] = Film(name, make)

    st.button(label, key="map_film_make", icon=":material/movie:", on_click=begin, type="primary", width="stretch")


def _progress(film: Film) -> None:
    film.asked = monotonic()
    if not film.under_way:
        st.rerun()
    left = film.left
    st.progress(film.share, f"{film.share:.0%}, about {left:.0f} s left" if left < 600 else "The film waits its turn.")
    st.button("Cancel", key="map_film_cancel", on_click=film.cancel, width="stretch")


def _size(axis: Axis) -> float:
    low, high = scaled(axis)
    return high - low
