"""Maps: every learning rate and every start at once. A path answers what happens here; a map, where it works."""

from gdviz.maps.axes import Axis
from gdviz.maps.basins import DIVERGED, RAN_OUT, Basins, basins, share_errors
from gdviz.maps.dimension import BoxCounts, box_counts
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
    "box_counts",
    "learning_rate_sweep",
    "share_errors",
    "trainability",
]
