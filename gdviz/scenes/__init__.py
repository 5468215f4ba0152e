"""Scenes: a run with all that its pictures need."""

from gdviz.scenes.scene import TITLES, Scene
from gdviz.scenes.sources import Sources, window

__all__ = ["TITLES", "Scene", "Sources", "window"]
