"""Training runs of other programs: parameters, and losses if there are any, of each epoch."""

from gdviz.training.plane import Embedding, Plane, embedding_of
from gdviz.training.reading import ReadingLimits, TrainingError, read_training
from gdviz.training.record import TrainingRun

__all__ = [
    "Embedding",
    "Plane",
    "ReadingLimits",
    "TrainingError",
    "TrainingRun",
    "embedding_of",
    "read_training",
]
