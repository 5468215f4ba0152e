"""A dive into a map as a film: from the whole down to a view, all the way at the same pace.

The numbers of a map serve all frames of the next doubling: each frame takes its pixels from a map of twice as many to a
side, and its shades from the ranks in what it shows, as the page does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from gdviz.exports.encoding import FilmFormat, Progress, check_length, encoded
from gdviz.figures.map_colors import shaded
from gdviz.maps import Axis, MapCanceled
from gdviz.pacing import pause
from gdviz.scenes.map_bands import TaskMap, hues, marked_kinds

SIDE = 480  # pixels of the map in a frame
_BAND = 32  # below it, for words
_CHUNK = 32_768  # pixels computed between two words of progress
_INK, _PAPER = "#ffffff", "#1c1f2e"

Axes = tuple[Axis, Axis]


@dataclass(frozen=True)
class View:
    """What is seen: the ends (2, 2) of the axes x and y, of a logarithmic axis their logarithms."""

    ends: NDArray[np.float64]

    @staticmethod
    def of(axes: Axes) -> View:
        return View(np.array([scaled(axis) for axis in axes]))

    @property
    def sizes(self) -> NDArray[np.float64]:
        return np.asarray(np.diff(self.ends)[:, 0])

    def axes(self, like: Axes) -> Axes:
        """Return the axes that go so far."""
        x, y = (axis_of(axis, low, high) for axis, (low, high) in zip(like, self.ends.tolist(), strict=True))
        return x, y


def to_dive(
    picture: TaskMap,
    whole: Axes,
    goal: Axes,
    format: FilmFormat,
    seconds: float = 8.0,
    frames: int = 160,
    side: int = SIDE,
    progress: Progress = lambda share: None,
    go_on: Callable[[], bool] = lambda: True,
) -> bytes:
    """Return a film of ``frames`` pictures that goes from the ``whole`` axes of a map to ``goal`` in ``seconds``.

    ``progress`` is told the share that is done, ``go_on`` asked after every few thousand descents; once it says no,
    :class:`gdviz.maps.MapCanceled` is raised. Raises ValueError for lengths out of bounds, and axes that are others.
    """
    check_length(seconds, frames)
    for a, b in zip(whole, goal, strict=True):
        if (a.name, a.spacing) != (b.name, b.spacing):
            raise ValueError(f"A dive goes from {a.name} to {b.name}: both ends must be of the same axes.")
    views = way(View.of(whole), View.of(goal), frames)
    return encoded(_frames(picture, whole, views, side, progress, go_on), format, seconds, frames)


def cost(picture: TaskMap, whole: Axes, goal: Axes, frames: int = 160, side: int = SIDE) -> float:
    """Return about how many seconds of a processor a dive takes to compute."""
    job = picture.over(whole, 2, 2)
    sections = _sections(way(View.of(whole), View.of(goal), frames))
    return sum(float(np.prod(_pixels(*section, side))) for section in sections) * job.seconds


def way(whole: View, goal: View, frames: int) -> list[View]:
    """Return what each frame sees: every one smaller than the last by the same factor, about one place."""
    a, b = whole.sizes, goal.sizes
    views = []
    for t in np.linspace(0.0, 1.0, frames):
        with np.errstate(invalid="ignore"):
            left = np.where(a == b, 1 - t, (a * (b / a) ** t - b) / (a - b))  # of the way that is yet to go
        views.append(View(goal.ends + left[:, None] * (whole.ends - goal.ends)))
    return views


Section = tuple[View, list[View]]


def _sections(views: list[View]) -> list[Section]:
    """Part views into runs that one map serves: it sees what all of them see, and at most twice as far as any."""
    sections: list[Section] = []
    for view in views:
        if sections:
            hull = _hull(sections[-1][0], view)
            seen = [*sections[-1][1], view]
            if (hull.sizes <= 2 * np.min([one.sizes for one in seen], axis=0)).all():
                sections[-1] = hull, seen
                continue
        sections.append((view, [view]))
    return sections


def _hull(a: View, b: View) -> View:
    return View(np.column_stack([np.minimum(a.ends[:, 0], b.ends[:, 0]), np.maximum(a.ends[:, 1], b.ends[:, 1])]))


def _pixels(hull: View, views: list[View], side: int) -> tuple[int, int]:
    """Return width and height of a map whose pixels are no larger than those of any view."""
    width, height = np.ceil(side * hull.sizes / np.min([view.sizes for view in views], axis=0)).astype(int).tolist()
    return width, height


def _frames(
    picture: TaskMap, whole: Axes, views: list[View], side: int, progress: Progress, go_on: Callable[[], bool]
) -> Iterator[Image.Image]:
    known, sections, first = picture.known(whole), _sections(views), View.of(whole).sizes[0]
    words = f"{picture.task.problem.title}, {picture.task.experiment.optimizer.title}"
    for section, (hull, seen) in enumerate(sections):
        w, h = _pixels(hull, seen, side)
        job = picture.over(hull.axes(whole), w, h)
        kinds, measures = np.empty((h, w), np.uint8), np.empty((h, w), np.uint16)
        rows = max(1, _CHUNK // w)
        for begin in range(0, h, rows):
            if not go_on():
                raise MapCanceled
            pause()
            end = min(begin + rows, h)
            kinds[begin:end], measures[begin:end] = picture.rows(job, begin, end, known)
            progress((section + end / h) / len(sections))
        for view in seen:
            x, y = (_places(hull.ends[k], view.ends[k], side, count) for k, count in enumerate((w, h)))
            shown = shaded(
                kinds[np.ix_(y, x)].astype(int) - 1, measures[np.ix_(y, x)].astype(int), hues(picture.kind, known),
                **marked_kinds(picture.kind),
            )  # fmt: skip
            yield _page(shown.rgb, words, _times(float(first / view.sizes[0])))


def _places(hull: NDArray[np.float64], view: NDArray[np.float64], side: int, count: int) -> NDArray[np.intp]:
    """Return which pixel of the map's ``count`` along an axis each of a frame's shows."""
    share = (np.linspace(view[0], view[1], side) - hull[0]) / (hull[1] - hull[0])
    return np.asarray(np.clip(np.rint(share * (count - 1)), 0, count - 1), dtype=np.intp)


def _times(magnified: float) -> str:
    """In letters and digits: the font of pictures has little else."""
    return f"{magnified:,.0f} times" if magnified < 1e7 else f"{magnified:.1e} times"


def _page(pixels: NDArray[np.uint8], words: str, depth: str) -> Image.Image:
    """A frame: the map, and below it what it is of and how deep it goes."""
    side = pixels.shape[1]
    page = Image.new("RGB", (side, pixels.shape[0] + _BAND), _PAPER)
    page.paste(Image.fromarray(pixels), (0, 0))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=15)
    middle = pixels.shape[0] + _BAND // 2
    draw.text((10, middle), words, fill=_INK, font=font, anchor="lm")
    draw.text((side - 10, middle), depth, fill=_INK, font=font, anchor="rm")
    return page


def scaled(axis: Axis) -> tuple[float, float]:
    """Return an axis' ends on its own scale, which is that of logarithms on a logarithmic one."""
    if axis.spacing == "log":
        return float(np.log(axis.low)), float(np.log(axis.high))
    return axis.low, axis.high


def axis_of(like: Axis, low: float, high: float) -> Axis:
    """Return the axis whose ends on its own scale are these."""
    if like.spacing == "log":
        low, high = float(np.exp(low)), float(np.exp(high))
    return Axis(like.name, low, high, like.spacing)
