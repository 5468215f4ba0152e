"""Training runs of other programs: parameters, and losses if there are any, of each epoch."""

from gdviz.training.plane import Frame, Plane, frame_of, principal_plane
from gdviz.training.reading import LIMITS, Limits, TrainingError, read_training
from gdviz.training.record import TrainingRun

__all__ = [
    "LIMITS",
    "Frame",
    "Limits",
    "Plane",
    "TrainingError",
    "TrainingRun",
    "frame_of",
    "principal_plane",
    "read_training",
]
