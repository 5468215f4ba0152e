"""Training runs of other programs: parameters, and losses if there are any, of each epoch."""

from gdviz.training.plane import Frame, Plane, frame_of
from gdviz.training.reading import Limits, TrainingError, read_training
from gdviz.training.record import TrainingRun

__all__ = [
    "Frame",
    "Limits",
    "Plane",
    "TrainingError",
    "TrainingRun",
    "frame_of",
    "read_training",
]
