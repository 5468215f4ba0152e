"""Test functions: published values at starts, minima and a maximum, and how flat the ground is there."""

from __future__ import annotations

from functools import partial

import numpy as np

from gdviz.landscapes import nearby_minimum
from gdviz.lessons.published.case import Published
from gdviz.numerals import format_number
from gdviz.presets import PRESETS
from gdviz.presets.published import MGH

COLLECTED = "Collections of test functions (Jamil & Yang 2013)"


def _value(key: str, at: tuple[float, ...]) -> float:
    return float(PRESETS[key].objective.value(at))


def _at(source: str, key: str, at: tuple[float, ...], published: str, what: str = "f there") -> Published:
    place = ", ".join(format_number(x, 6) for x in at)
    link = {"objective": key, "start": ",".join(repr(x) for x in at)}
    return Published(source, f"{PRESETS[key].title} at ({place})", what, published, partial(_value, key, at), link)


def _found(source: str, key: str, near: tuple[float, ...], published: tuple[str, ...]) -> list[Published]:
    """The coordinates of the minimum that a search from ``near`` finds."""
    objective, link = PRESETS[key].objective, {"objective": key, "start": ",".join(map(repr, near))}

    def coordinate(i: int) -> float:
        found = nearby_minimum(objective, np.array(near))
        return float("nan") if found is None else float(found[i])

    names, where = objective.variables, ", ".join(format_number(x, 6) for x in near)
    setting = f"{PRESETS[key].title}, minimum near ({where})"
    return [
        Published(source, setting, name, digits, partial(coordinate, i), link)
        for i, (name, digits) in enumerate(zip(names, published, strict=True))
    ]  # fmt: skip


MINIMA: tuple[Published, ...] = (
    _at(MGH, "rosenbrock", (-1.2, 1.0), "24.2"),
    _at(MGH, "rosenbrock", (1.0, 1.0), "0"),
    _at(MGH, "beale", (1.0, 1.0), "14.203125"),
    _at(MGH, "beale", (3.0, 0.5), "0"),
    _at(MGH, "freudenstein_roth", (5.0, 4.0), "0"),
    _at(MGH, "freudenstein_roth", (11.4128, -0.896805), "48.9842"),
    *_found(MGH, "freudenstein_roth", (11.0, -1.0), ("11.41", "-0.8968")),
    _at(MGH, "brown_badly_scaled", (1e6, 2e-6), "0"),
    _at(
        "Himmelblau, Applied Nonlinear Programming (1972)",
        "himmelblau",
        (-0.270845, -0.923039),
        "181.6165",
        "maximum f",
    ),
    *_found("Himmelblau, Applied Nonlinear Programming (1972)", "himmelblau", (-2.8, 3.1), ("-2.805118", "3.131312")),
    *_found("Himmelblau, Applied Nonlinear Programming (1972)", "himmelblau", (-3.8, -3.3), ("-3.779310", "-3.283186")),
    *_found("Himmelblau, Applied Nonlinear Programming (1972)", "himmelblau", (3.6, -1.8), ("3.584428", "-1.848127")),
    _at(COLLECTED, "mccormick", (-0.547198, -1.547198), "-1.913223"),
    _at(COLLECTED, "goldstein_price", (0.0, -1.0), "3"),
    _at(COLLECTED, "branin", (np.pi, 2.275), "0.397887"),
    _at(COLLECTED, "six_hump_camel", (0.0898, -0.7127), "-1.031628"),
    _at(COLLECTED, "styblinski_tang", (-2.903534, -2.903534), "-78.332331"),
    _at(COLLECTED, "booth", (1.0, 3.0), "0"),
    _at(COLLECTED, "easom", (np.pi, np.pi), "-1"),
)
