"""A run as a film: the path on the landscape beside theta and loss, as GIF or MP4.

Landscape and curves are drawn once each by the browser that draws images; a frame uncovers the curves up to its epoch
and draws the path over the landscape.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image, ImageDraw, ImageFont

from gdviz.arrays import Array
from gdviz.exports.encoding import FilmFormat, Progress, check_length, encoded
from gdviz.exports.images import to_image
from gdviz.exports.subject import Subject
from gdviz.figures import PRINT
from gdviz.figures.base import Trace, parts
from gdviz.figures.contour import has_equal_axes
from gdviz.pacing import pause

WIDTH, HEIGHT = 960, 540  # pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 14, 30, 52  # around each chart
_FINER = 2  # lines are drawn larger and made smaller: their edges are smooth


@dataclass(frozen=True)
class _Course:
    """A path in pixels of the landscape's picture, (k + 1, 2), its color, and the numbers (k + 1,) of its epochs."""

    points: Array
    color: str
    epochs: Array

    def row(self, epoch: int) -> int:
        """The last row that is not after ``epoch``."""
        return max(0, int(np.searchsorted(self.epochs, epoch, side="right")) - 1)


@dataclass(frozen=True)
class _Curves:
    """A chart of curves: with them, without them, and the pixels across of epoch 0 and of one more epoch."""

    whole: Image.Image
    bare: Image.Image
    first: float
    stride: float

    def until(self, epoch: float) -> Image.Image:
        edge = round(min(self.whole.width, max(0.0, self.first + self.stride * epoch + 1)))
        seen = self.bare.copy()
        seen.paste(self.whole.crop((0, 0, edge, self.whole.height)), (0, 0))
        seen.paste(self.whole.crop((0, 0, self.whole.width, _TOP)), (0, 0))  # the legend
        return seen


def to_film(
    subject: Subject,
    format: FilmFormat,
    seconds: float,
    frames: int,
    progress: Progress = lambda share: None,
) -> bytes:
    """Return a film of ``frames`` pictures that lasts ``seconds``; ``progress`` is told the share that is done.

    Raises ValueError for lengths out of bounds (2 to 600 frames, half a second to two minutes), and ExportError where
    there is no browser that draws images.
    """
    check_length(seconds, frames)
    return encoded(_frames(subject, frames, progress), format, seconds, frames)


def _frames(subject: Subject, frames: int, progress: Progress) -> Iterator[Image.Image]:
    ground, courses = _landscape(subject)
    charts = [_chart(subject, name, HEIGHT // 2) for name in ("theta", "loss")]
    last = max(float(course.epochs[-1]) for course in courses)
    trail = Image.new("RGBA", (_FINER * ground.width, _FINER * ground.height), (0, 0, 0, 0))
    before = 0
    font = ImageFont.load_default(size=17)
    for number in range(frames):
        pause()
        epoch = round(last * number / (frames - 1))
        for course in courses:
            _extend(trail, course, course.row(before), course.row(epoch))
        before = epoch
        page = Image.new("RGB", (WIDTH, HEIGHT), "white")
        page.paste(ground, (0, 0))
        path = trail.resize(ground.size, Image.Resampling.BOX)
        page.paste(path, (0, 0), path)
        for course in courses:
            _mark_end(page, course, course.row(epoch))
        for place, chart in enumerate(charts):
            page.paste(chart.until(epoch), (ground.width, place * (HEIGHT // 2)))
        ImageDraw.Draw(page).text((_LEFT, 6), f"epoch {epoch:,}", fill="#1c1f2e", font=font)
        progress((number + 1) / frames)
        yield page


def _landscape(subject: Subject) -> tuple[Image.Image, list[_Course]]:
    """The landscape without paths, and the paths in its pixels."""
    width = WIDTH // 2
    figure = subject.figure("contour", PRINT)
    traces, layout = parts(figure)
    one = len(subject.problem.variables) == 1
    ranges = [layout[axis]["range"] for axis in ("xaxis", "yaxis")]
    box = _area(width, HEIGHT, ranges, not one and has_equal_axes(tuple(map(tuple, ranges))))
    image = _drawn([t for t in traces if not t.get("meta", {}).get("moving")], layout, width, HEIGHT, box, ranges)
    courses = []
    results = subject.results
    runs = [(r.run, PRINT.look(r.contender.color).color, r.epochs) for r in results]
    runs = runs or [(subject.run, PRINT.path, subject.run.epoch_numbers)]
    i, j = subject.scene.axes
    for run, color, epochs in runs:
        path = np.column_stack([run.thetas[:, i], run.values if one else run.thetas[:, j]])
        courses.append(_Course(_pixels(path, ranges, box), color, epochs))
    return image, courses


def _chart(subject: Subject, name: str, height: int) -> _Curves:
    figure = subject.figure(name, PRINT)
    traces, layout = parts(figure)
    width = WIDTH - WIDTH // 2
    axis = layout["xaxis2"] if "xaxis2" in layout else layout["xaxis"]
    low, high = axis["range"]
    box = (float(_LEFT), float(_TOP), float(width - _LEFT - _RIGHT), float(height - _TOP - _BOTTOM))
    whole = _drawn(traces, layout, width, height, box)
    hidden = [{**t, "opacity": 0} if _is_of_a_run(t) else t for t in traces]
    bare = _drawn(hidden, layout, width, height, box)
    return _Curves(whole, bare, box[0] - low / (high - low) * box[2], box[2] / (high - low))


def _is_of_a_run(trace: Trace) -> bool:
    """Whether it is a run's curve, or the mark at its end."""
    meta = trace.get("meta") or {}
    return bool(meta.get("moving") or (meta.get("own") and trace.get("mode") == "markers"))


def _area(width: int, height: int, ranges: list[list[float]], equal: bool) -> tuple[float, float, float, float]:
    """Left, top, width and height of the frame of a chart."""
    across, down = float(width - _LEFT - _RIGHT), float(height - _TOP - _BOTTOM)
    if not equal:
        return float(_LEFT), float(_TOP), across, down
    spans = [high - low for low, high in ranges]
    scale = min(across / spans[0], down / spans[1])
    own = (round(scale * spans[0]), round(scale * spans[1]))
    return _LEFT + (across - own[0]) // 2, _TOP + (down - own[1]) // 2, float(own[0]), float(own[1])


def _drawn(
    traces: list[Trace],
    layout: dict[str, Any],
    width: int,
    height: int,
    box: tuple[float, float, float, float],
    ranges: list[list[float]] | None = None,
) -> Image.Image:
    """A figure as an image whose frame is exactly ``box``."""
    left, top, across, down = box
    margin = {"l": left, "t": top, "r": width - left - across, "b": height - top - down, "autoexpand": False}
    own: dict[str, Any] = {**layout, "margin": margin}
    for name, axis in layout.items():
        if name.startswith(("xaxis", "yaxis")):
            own[name] = {k: v for k, v in axis.items() if k not in ("scaleanchor", "scaleratio", "constrain")}
            own[name] |= {"automargin": False}
    if ranges is not None:
        own["showlegend"] = False
    else:
        own["legend"] = {"x": 0, "y": 1.0, "yanchor": "bottom", "xanchor": "left", "orientation": "h"}
    figure = go.Figure({"data": traces, "layout": own}, _validate=False)
    return Image.open(io.BytesIO(to_image(figure, "png", width, height))).convert("RGB")


def _pixels(path: Array, ranges: list[list[float]], box: tuple[float, float, float, float]) -> Array:
    left, top, across, down = box
    (x0, x1), (y0, y1) = ranges
    with np.errstate(all="ignore"):
        x = left + (path[:, 0] / 2 - x0 / 2) / (x1 / 2 - x0 / 2) * across
        y = top + down - (path[:, 1] / 2 - y0 / 2) / (y1 / 2 - y0 / 2) * down
    placed = np.column_stack([x, y])
    return np.clip(np.where(np.isfinite(placed), placed, 1e5), -1e5, 1e5)


def _extend(trail: Image.Image, course: _Course, first: int, last: int) -> None:
    """Draw the path from one row to another."""
    if last <= first:
        return
    points = [tuple(point) for point in (_FINER * course.points[first : last + 1]).tolist()]
    draw = ImageDraw.Draw(trail)
    draw.line(points, fill="white", width=_FINER * 5, joint="curve")
    # The halo of new steps must not cover the path before them.
    back = [tuple(point) for point in (_FINER * course.points[max(0, first - 40) : last + 1]).tolist()]
    draw.line(back, fill=course.color, width=_FINER * 2 + 1, joint="curve")


def _mark_end(page: Image.Image, course: _Course, row: int) -> None:
    draw = ImageDraw.Draw(page)
    x, y = course.points[0].tolist()
    draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill="white", outline=course.color, width=3)
    x, y = course.points[row].tolist()
    draw.polygon([(x - 7, y), (x, y - 7), (x + 7, y), (x, y + 7)], fill=course.color, outline="white")
