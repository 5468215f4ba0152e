"""Films that dive into maps: the frames asked for, from the whole to the view, each as the map there is."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from gdviz import Experiment
from gdviz.exports.dive import View, cost, to_dive, way
from gdviz.figures.map_colors import shaded
from gdviz.maps import Axis, MapCanceled
from gdviz.scenes.map_bands import TaskMap, hues, marked_kinds

WHOLE = Axis("x", -5.0, 5.0), Axis("y", -5.0, 5.0)
GOAL = Axis("x", -0.13, -0.12), Axis("y", -1.96, -1.95)
HIMMELBLAU = Experiment(objective="himmelblau", start=(0.0, 0.0), learning_rate=0.01, epochs=100).posed()
BASINS = TaskMap("basins", HIMMELBLAU, WHOLE)


def test_the_way_is_down_at_one_pace_about_one_place():
    views = way(View.of(WHOLE), View.of(GOAL), 31)
    sizes = np.array([view.sizes for view in views])
    assert sizes[1:] / sizes[:-1] == pytest.approx(1000 ** (-1 / 30), rel=1e-9)
    np.testing.assert_allclose(views[0].ends, [[-5, 5], [-5, 5]], rtol=1e-12)
    np.testing.assert_array_equal(views[-1].ends, [[-0.13, -0.12], [-1.96, -1.95]])
    for outer, inner in pairwise(views):
        assert (outer.ends[:, 0] <= inner.ends[:, 0] + 1e-12).all()
        assert (outer.ends[:, 1] >= inner.ends[:, 1] - 1e-12).all()


def test_an_mp4_has_its_frames_and_ends_as_the_map_there():
    told: list[float] = []
    with av.open(io.BytesIO(to_dive(BASINS, WHOLE, GOAL, "mp4", 1.0, 12, 64, told.append))) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == 12
    assert told == sorted(told)
    assert told[-1] == 1.0
    for axes, frame in ((WHOLE, frames[0]), (GOAL, frames[-1])):
        known = BASINS.known(WHOLE)
        kinds, measures = BASINS.rows(BASINS.over(axes, 64, 64), 0, 64, known)
        seen = shaded(kinds.astype(int) - 1, measures.astype(int), hues("basins", known), **marked_kinds("basins")).rgb
        assert np.median(np.abs(frame[:64].astype(int) - seen)) <= 6


def test_a_gif_of_two_settings_on_a_logarithmic_axis():
    task = Experiment(objective="rosenbrock", start=(-1.2, 1.0), optimizer="momentum", epochs=60).posed()
    whole = Axis("learning_rate", 1e-4, 1.0, "log"), Axis("beta", 0.0, 0.99)
    goal = Axis("learning_rate", 2e-3, 4e-3, "log"), Axis("beta", 0.7, 0.8)
    film = Image.open(io.BytesIO(to_dive(TaskMap("trainability", task, whole), whole, goal, "gif", 1.0, 5, 32)))
    assert film.n_frames == 5
    assert film.info["duration"] == 200


def test_a_film_can_be_canceled_and_has_a_price_before_it_begins():
    with pytest.raises(MapCanceled):
        to_dive(BASINS, WHOLE, GOAL, "gif", 1.0, 5, 32, go_on=lambda: False)
    assert cost(BASINS, WHOLE, GOAL, 40, 64) < cost(BASINS, WHOLE, GOAL, 40, 128)


def test_what_makes_no_film_is_refused():
    with pytest.raises(ValueError, match="A film of 1 frames"):
        to_dive(BASINS, WHOLE, GOAL, "gif", 1.0, 1, 32)
    with pytest.raises(ValueError, match="must be of the same axes"):
        to_dive(BASINS, WHOLE, (Axis("y", 0, 1), Axis("x", 0, 1)), "gif", 1.0, 5, 32)
