"""Scenes: a run with all that its pictures need."""

from gdviz.scenes.scene import TITLES, Scene
from gdviz.scenes.sources import Sources, window
from gdviz.scenes.training_scene import TRAINING_TITLES, TrainingScene, Unmatched, beside_contenders

__all__ = [
    "TITLES",
    "TRAINING_TITLES",
    "Scene",
    "Sources",
    "TrainingScene",
    "Unmatched",
    "beside_contenders",
    "window",
]
