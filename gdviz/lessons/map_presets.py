"""Maps that open with one click: each a link, and two sentences on what is seen and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class MapPreset:
    """``link`` are the parameters of the link that opens it, its ``map`` among them; ``sees`` and ``tries`` a sentence
    each."""

    key: str
    title: str
    sees: str
    tries: str
    link: Mapping[str, str]


_ALL = (
    MapPreset(
        "himmelblau",
        "Himmelblau's four basins",
        "Each color is one of four minima, light where a start gets there in few epochs: four tidy territories at this "
        "rate.",
        "Drag the learning rate up past 0.012: steps leap over the borders, and the territories break into pieces.",
        {"objective": "himmelblau", "learning_rate": "0.008", "epochs": "500", "map": "basins"},
    ),
    MapPreset(
        "newton",
        "Newton's basins",
        "Newton's method goes to the nearest stationary point only near by: here are three saddles, where z³ = 1, and "
        "between their territories lies a fractal.",
        "Hold the button down on a border: whatever the depth, all three colors meet there.",
        {
            "objective": "formula", "formula": "(x^4 - 6*x^2*y^2 + y^4)/4 - x", "start": "0.5,1", "learning_rate": "1",
            "epochs": "100", "optimizer": "newton", "map": "basins;x:-2.0:2.0;y:-2.0:2.0",
        },
    ),
    MapPreset(
        "ripples",
        "The fractal of x² + ε cos",
        "A bowl with small ripples, over learning rate and start: once ε/λ² is above 1/(2π²) it is not convex, and the "
        "border between staying and flying away is a fractal.",
        "Zoom into the border; then make ε 0.005, below the threshold, and see it turn smooth.",
        {
            "objective": "formula", "formula": "x^2 + 0.02*cos(2*pi*x/0.5)", "start": "1", "learning_rate": "0.1",
            "epochs": "400", "map": "trainability;learning_rate:0.5:1.5:log;x:-2.0:2.0",
        },
    ),
    MapPreset(
        "rosenbrock",
        "Rosenbrock: rate × momentum",
        "Learning rate to the right, momentum upwards: lighter green ends lower, red flies away, and the best of both "
        "lies right at the edge.",
        "Click just left of the edge at a momentum of 0.9, then open Descend to see that run.",
        {
            "objective": "rosenbrock", "optimizer": "momentum", "epochs": "500",
            "map": "trainability;learning_rate:0.0001:0.1:log;beta:0.0:0.99",
        },
    ),
    MapPreset(
        "ackley",
        "Ackley with Adam",
        "Ackley's egg box has a minimum in every dent, and Adam settles in one of those near by, hardly ever in the "
        "lowest.",
        "Drag the learning rate up: longer steps climb out of the dents, and the territories grow.",
        {
            "objective": "ackley", "optimizer": "adam", "learning_rate": "0.05", "epochs": "800", "map": "basins",
        },
    ),
)  # fmt: skip

MAP_PRESETS: Mapping[str, MapPreset] = MappingProxyType({preset.key: preset for preset in _ALL})
"""Every preset by its key, in the order of the page."""
