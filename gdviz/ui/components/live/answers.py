"""What the core answers while a hand moves, each from what the page shows: the verdict, and what has no module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gdviz.cache import cached_property
from gdviz.experiments.driving import driven, read_turns
from gdviz.landscapes import Window
from gdviz.numerals import format_number
from gdviz.scenes import Scene
from gdviz.ui.components.live.experiments import Shown, changed, name_of
from gdviz.ui.server.questions import Answer, Question, finite
from gdviz.ui.session import compute

Ask = Callable[[Question], Answer]


@dataclass(frozen=True)
class Answers:
    """Answers about the runs ``shown`` on one landscape, ``scene`` being that of the first of them.

    ``box`` is the window to which paths are thinned.
    """

    scene: Scene
    shown: Sequence[Shown]
    box: Window

    @cached_property
    def name(self) -> str:
        """What stands for the first run."""
        return name_of(self.shown[0].task, self.box)

    def by_kind(self) -> Mapping[str, Ask]:
        asked = (self.rest, self.run, self.verdict, self.hover, self.drive)
        return {answer.__name__: answer for answer in asked}

    def rest(self, _: Question) -> Answer:
        """The run that the page shows, epoch by epoch."""
        return {"name": self.name}, compute.every_epoch(self.shown[0].task, self.box)

    def run(self, question: Question) -> Answer:
        """The runs with the changes that a hand makes."""
        tasks = [changed(one.task, question.get("changes")) for one in self.shown]
        return {}, compute.quick_runs(tasks, self.box)

    def verdict(self, question: Question) -> Answer:
        """What is to be said of the first run with these changes."""
        if len(self.shown) > 1:
            raise ValueError("Several runs have no verdict of their own.")
        return compute.quick_verdict(changed(self.shown[0].task, question.get("changes"))), b""

    def drive(self, question: Question) -> Answer:
        """The experiment as a hand steers it."""
        task = self.shown[0].task
        experiment = driven(task.experiment, read_turns(question.get("turns")))
        return {}, compute.steered(replace(task, experiment=experiment), self.box)

    def hover(self, question: Question) -> Answer:
        """Value and gradient at a point, and the first step that each method would take there."""
        theta = _place(self.scene, finite(question.get("x")), finite(question.get("y")))
        runs = [(one, one.task.changed(start=theta, epochs=1).run()) for one in self.shown]
        return _hovered(self.scene, runs), b""


def _hovered(scene: Scene, runs: Sequence[tuple[Shown, Any]]) -> dict[str, Any]:
    here = runs[0][1]
    axes = list(dict.fromkeys(scene.axes))
    slope = _words(here.gradients[0, axes])
    steps = [(one, _seen(scene, run.thetas[1], float(run.values[1]))) for one, run in runs if run.epochs]
    return {
        "lines": [
            f"f = {format_number(float(here.values[0]), 4)}",
            f"∇f = ({slope})" if len(here.variables) > 1 else f"f′ = {slope}",
        ],
        "from": _seen(scene, here.thetas[0], float(here.values[0])),
        "steps": [
            {"to": spot, "text": f"{one.title}: next ({_words(spot)})", "color": one.color, "dash": one.dash}
            for one, spot in steps
        ],
    }


def _place(scene: Scene, x: float, y: float) -> tuple[float, ...]:
    """The point of the drawn slice at x, y: the other parameters are as at the end of the run."""
    theta = scene.run.thetas[-1].tolist()
    theta[scene.axes[0]] = x
    if len(theta) > 1:
        theta[scene.axes[1]] = y
    return tuple(theta)


def _seen(scene: Scene, theta: Any, value: float) -> list[float]:
    """Where theta (n,) lies in the picture."""
    spot = (theta[0], value) if len(theta) == 1 else (theta[scene.axes[0]], theta[scene.axes[1]])
    return [float(number) for number in spot]


def _words(numbers: Iterable[float]) -> str:
    return ", ".join(format_number(float(number), 3) for number in numbers)
