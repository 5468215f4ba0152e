"""Maps: every learning rate and every start at once. A path answers what happens here; a map, where it works."""

from gdviz.maps.axes import Axis
from gdviz.maps.basins import DIVERGED, RAN_OUT, Basins, basins
from gdviz.maps.dimension import BoxCounts
from gdviz.maps.sweep import LearningRateSweep, learning_rate_sweep
from gdviz.maps.tiles import MapCanceled
from gdviz.maps.trainability import Trainability, trainability

__all__ = [
    "DIVERGED",
    "RAN_OUT",
    "Axis",
    "Basins",
    "BoxCounts",
    "LearningRateSweep",
    "MapCanceled",
    "Trainability",
    "basins",
    "learning_rate_sweep",
    "trainability",
]
