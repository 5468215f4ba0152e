"""Training runs of other programs: parameters, and losses if there are any, of each epoch."""

from gdviz.training.plane import Plane, principal_plane
from gdviz.training.reading import TrainingError, read_training
from gdviz.training.record import TrainingRun

__all__ = ["Plane", "TrainingError", "TrainingRun", "principal_plane", "read_training"]
