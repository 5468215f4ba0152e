"""The numbers of a picture: the drawn window, the grid over it, its levels, and the minimum near by."""

from gdviz.landscapes.landscape import (
    POINTS,
    Curve,
    Landscape,
    Window,
    affordable_points,
    choose_window,
    curve,
    landscape,
    window_of_path,
)
from gdviz.landscapes.nearby import nearby_minimum, nearest

__all__ = [
    "POINTS",
    "Curve",
    "Landscape",
    "Window",
    "affordable_points",
    "choose_window",
    "curve",
    "landscape",
    "nearby_minimum",
    "nearest",
    "window_of_path",
]
