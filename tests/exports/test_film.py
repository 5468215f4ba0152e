"""Films: as many frames as asked for, that last as long, and move."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from gdviz import Experiment
from gdviz.comparisons import decode_runs
from gdviz.exports.film import HEIGHT, WIDTH, to_film
from gdviz.exports.images import chrome_available
from gdviz.exports.subject import subject_of, subject_of_comparison

BOWL = subject_of(Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.4, epochs=40).posed())
pytestmark = pytest.mark.skipif(not chrome_available(), reason="needs Chrome or Chromium")


@pytest.mark.parametrize("wrong", [{"frames": 1}, {"frames": 10_000}, {"seconds": 0.0}, {"seconds": float("nan")}])
def test_lengths_out_of_bounds_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="A film of"):
        to_film(BOWL, "gif", **{"seconds": 6.0, "frames": 60} | wrong)


def test_an_mp4_has_its_frames_and_moves() -> None:
    told: list[float] = []
    with av.open(io.BytesIO(to_film(BOWL, "mp4", 2.0, 20, told.append))) as film:
        stream = film.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
        assert (stream.width, stream.height) == (WIDTH, HEIGHT)
        assert float(stream.duration * stream.time_base) == pytest.approx(2.0, abs=0.15)
        assert stream.codec_context.pix_fmt == "yuv420p"
    assert len(frames) == 20
    assert told == pytest.approx(np.arange(1, 21) / 20)
    assert all((abs(a.astype(int) - b) > 60).sum() > 20 for a, b in pairwise(frames[:8]))


def test_a_gif_has_its_frames_and_ends_at_the_runs_end() -> None:
    film = Image.open(io.BytesIO(to_film(BOWL, "gif", 1.0, 10)))
    assert film.n_frames == 10
    assert film.size == (WIDTH, HEIGHT)
    assert film.info["duration"] == 100
    assert "comment" not in film.info, "no words but those in the picture"
    film.seek(0)
    first = np.asarray(film.convert("RGB")).astype(int)
    film.seek(9)
    last = np.asarray(film.convert("RGB")).astype(int)
    right = (abs(first - last) > 60).any(axis=2)[:, WIDTH // 2 :]
    assert right.sum() > 500, "the curves are there at the end and not before"


@pytest.mark.long
def test_a_comparison_and_one_parameter_have_films() -> None:
    runs, _ = decode_runs("gd@0.01;adam@0.1")
    both = subject_of_comparison(Experiment(objective="booth", start=(-8.0, 6.0), epochs=20).posed(), runs)
    one = subject_of(Experiment(objective="parabola", start=(4.0,), learning_rate=0.1, epochs=9).posed())
    for subject in (both, one):
        assert Image.open(io.BytesIO(to_film(subject, "gif", 1.0, 3))).n_frames == 3
