"""The numbers of a picture: the drawn window, the grid over it, its levels, and the minimum near by."""

from gdviz.landscapes.landscape import (
    MAX_POINTS,
    POINTS,
    Curve,
    Landscape,
    Levels,
    Window,
    affordable_points,
    choose_levels,
    choose_window,
    curve,
    landscape,
    window_of_path,
)
from gdviz.landscapes.nearby import nearby_minimum, nearest

__all__ = [
    "MAX_POINTS",
    "POINTS",
    "Curve",
    "Landscape",
    "Levels",
    "Window",
    "affordable_points",
    "choose_levels",
    "choose_window",
    "curve",
    "landscape",
    "nearby_minimum",
    "nearest",
    "window_of_path",
]
