"""The colors of maps: one hue for each limit or fate, light where it came quickly and dark where it took long.

Shades are equalized by rank: each holds as many pixels of its hue as any other, so that detail shows wherever it is.
Hue is never the only cue: what diverged is hatched, what ran out is dotted, and limits carry letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import StopReason
from gdviz.figures.png import Pixels
from gdviz.maps import DIVERGED, RAN_OUT, Basins, Trainability

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_HUES = ("#2f7fd0", "#f0a020", "#15a37a", "#d8589c", "#8c66d9", "#d9482b", "#49b6d6", "#9aa82a")
ASIDE = ("#c9b48a", "#a9a08f", "#e3d6b5", "#8f8468")  # saddles and maxima beside minima
DIVERGED_HUE, RAN_OUT_HUE = "#3a3440", "#8d8f9c"
_TRAINED, _BOUNDED, _UNBOUNDED, _BROKEN = "#2f7fd0", "#15a37a", "#f0a020", "#d9482b"
_MOST_SHADES = 40
_HATCH = 8  # pixels between two lines
_LIGHT, _DARK = 0.55, 0.28  # of the way to white, and what is left of the hue, at the ends of its shades
SHADING = {"shades": _MOST_SHADES, "hatch": _HATCH, "light": _LIGHT, "dark": _DARK}  # as browsers are told

Colors = NDArray[np.uint8]


def limit_hues(found: Basins) -> list[str]:
    """Return the hue of each limit (m): minima, or whatever there is alone, first choose among the strong ones."""
    main = [k for k, kind in enumerate(found.kinds) if kind in ("minimum", "flat")] or list(range(len(found.kinds)))
    hues = {k: main_hue(place) for place, k in enumerate(main)}
    aside = [k for k in range(len(found.kinds)) if k not in hues]
    hues |= {k: ASIDE[place % len(ASIDE)] for place, k in enumerate(aside)}
    return [hues[k] for k in range(len(found.kinds))]


def letter(k: int) -> str:
    """Return what limit k is called: A … Z, A2, B2 …"""
    lap, place = divmod(k, len(LETTERS))
    return LETTERS[place] + (str(lap + 1) if lap else "")


def basins_pixels(found: Basins) -> Pixels:
    """Color each start by the limit it reaches, shaded by its epochs."""
    hues = [RAN_OUT_HUE, DIVERGED_HUE, *limit_hues(found)]
    kind = found.reached + 2  # ran out, diverged, limits
    return shaded(kind, found.epochs, hues, dotted=RAN_OUT + 2, hatched=DIVERGED + 2)


FATES = ("converged", "bounded", "growing", "diverged")
FATE_WORDS = {
    "converged": "comes to rest",
    "bounded": "stays bounded",
    "growing": "ends higher than it began",
    "diverged": "diverges",
}
FATE_HUES = dict(zip(FATES, (_TRAINED, _BOUNDED, _UNBOUNDED, _BROKEN), strict=True))


FATE_MARKS = {"dotted": FATES.index("growing"), "hatched": FATES.index("diverged")}


def fates(found: Trainability) -> NDArray[np.int8]:
    """Return the fate of each pixel (h, w), a place in FATES."""
    fate = np.where(found.trained, 1, 2).astype(np.int8)
    fate[found.stop_reasons == StopReason.CONVERGED] = 0
    fate[found.stop_reasons == StopReason.DIVERGED] = 3
    return fate


def trainability_pixels(found: Trainability) -> Pixels:
    """Color each pixel by its fate, shaded by its epochs, or by its value where it used all of them."""
    fate = fates(found)
    by_value = (fate == 1) | (fate == 2)
    measure = found.epochs.astype(float)
    measure[by_value] = np.where(np.isfinite(found.values[by_value]), found.values[by_value], np.inf)
    return shaded(fate, measure, [FATE_HUES[name] for name in FATES], **FATE_MARKS)


def shaded(kind: NDArray, measure: NDArray, hues: Sequence[str], dotted: int, hatched: int) -> Pixels:  # type: ignore[type-arg]
    """Give each pixel a hue by its ``kind`` (h, w), and a shade by the rank of its ``measure`` among its kind."""
    shades = max(8, min(_MOST_SHADES, 256 // len(hues)))
    colors = np.concatenate([_ramp(hue, shades) for hue in hues])
    rank = _ranks(kind.ravel(), measure.ravel(), len(hues)).reshape(kind.shape)
    shade = (rank * (shades - 1) + 0.5).astype(np.intp)
    i, j = np.arange(kind.shape[0])[:, None], np.arange(kind.shape[1])[None]
    shade[(kind == hatched) & ((i + j) % _HATCH == 0)] = 0
    shade[(kind == dotted) & (i % _HATCH == 0) & (j % _HATCH == 0)] = 0
    return Pixels(kind * shades + shade, colors)


def _ranks(kind: NDArray, measure: NDArray, kinds: int) -> NDArray[np.float64]:  # type: ignore[type-arg]
    """Return the rank of each measure among those of its kind, from 0 to 1; equals share the middle of their ranks."""
    rank = np.zeros(len(kind))
    for k in range(kinds):
        some = np.flatnonzero(kind == k)
        if not some.size:
            continue
        numbers = measure[some]
        if numbers.dtype.kind == "i":
            counts = np.bincount(numbers)
            middle = np.cumsum(counts) - counts / 2
            rank[some] = middle[numbers] / len(some)
        else:
            _, which, counts = np.unique(numbers, return_inverse=True, return_counts=True)
            rank[some] = ((np.cumsum(counts) - counts / 2) / len(some))[which]
    return rank


def _ramp(hue: str, shades: int) -> Colors:
    """Return the shades of a hue, from light to dark."""
    middle = np.array(rgb(hue), dtype=float)
    light, dark = middle + (255 - middle) * _LIGHT, middle * _DARK
    t = np.linspace(0, 1, shades)[:, None]
    ramp = np.where(t < 0.5, light + (middle - light) * 2 * t, middle + (dark - middle) * (2 * t - 1))
    return np.asarray(np.rint(ramp).astype(np.uint8))


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green and blue of #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def main_hue(place: int) -> str:
    """Return the color of a limit by its place among the strong ones."""
    if place < len(_HUES):
        return _HUES[place]
    turn = 2 * np.pi * ((place * 0.618034) % 1.0)  # by the golden angle: neighbors in the list stay apart
    parts = [round(150 + 90 * np.cos(turn - third)) for third in (0.0, 2.0944, 4.1888)]
    return "#" + "".join(f"{part:02x}" for part in parts)
