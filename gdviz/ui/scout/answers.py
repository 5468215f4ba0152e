"""What the core answers while a hand moves, each from the scene that the page shows."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gdviz.experiments import Task
from gdviz.experiments.driving import driven, read_turns
from gdviz.landscapes import Window
from gdviz.numerals import format_number
from gdviz.ui import compute
from gdviz.ui.pictures import Scene, page_palette
from gdviz.ui.scout import Answer, Question
from gdviz.ui.view import moved_start

Ask = Callable[[Question], Answer]


@dataclass(frozen=True)
class Answers:
    """Answers about ``scene``; ``box`` is the window to which paths are thinned, ``ends`` those of the rate's slider,
    ``looks`` the look of a verdict.
    """

    scene: Scene
    box: Window
    ends: tuple[float, float]
    looks: compute.Looks

    @property
    def film_name(self) -> str:
        """What stands for the run."""
        return _name(self.scene.task.key, self.box)

    @property
    def ladder_name(self) -> str:
        """What stands for the experiment at all rates."""
        return _name(self.scene.task.at_rate(1.0).key, self.box, self.ends)

    def by_kind(self) -> Mapping[str, Ask]:
        asked = (self.film, self.ladder, self.rate, self.start, self.hover, self.drive)
        return {answer.__name__: answer for answer in asked}

    def film(self, _: Question) -> Answer:
        """The run that the page shows, epoch by epoch."""
        return {"name": self.film_name}, compute.film_of(self.scene.task, self.box)

    def ladder(self, _: Question) -> Answer:
        """The experiment at many rates."""
        reel = compute.ladder_of(self.scene.task, self.box, self.ends, self.looks)
        return {"name": self.ladder_name}, reel or b""

    def rate(self, question: Question) -> Answer:
        """The experiment at another rate."""
        rate = _number(question, "value")
        return self._run(self.scene.task.at_rate(rate))

    def start(self, question: Question) -> Answer:
        """The experiment from another start, seen from above at x, y."""
        start = moved_start(self.scene, _number(question, "x"), _number(question, "y"))
        return self._run(self.scene.task.changed(start=start))

    def drive(self, question: Question) -> Answer:
        """The experiment as a hand steers it."""
        experiment = driven(self.scene.experiment, read_turns(question.get("turns")))
        return {}, compute.drive_of(replace(self.scene.task, experiment=experiment), self.box)

    def hover(self, question: Question) -> Answer:
        """Value and gradient at a point of the landscape, and the first step that the optimizer would take there."""
        look = Next(self.scene.task, self.scene.experiment.optimizer.title, page_palette().path)
        return _hovered(self.scene, question, [look]), b""

    def _run(self, task: Task) -> Answer:
        return {}, compute.rung_of(task, self.box, self.looks)


@dataclass(frozen=True)
class Next:
    """A task whose next step is drawn, what it is called there, and how its arrow looks."""

    task: Task
    name: str
    color: str
    dash: str = "solid"


@dataclass(frozen=True)
class Rivals:
    """Answers about several runs on one landscape, ``scene`` being that of the first of them."""

    scene: Scene
    nexts: tuple[Next, ...]

    def by_kind(self) -> Mapping[str, Ask]:
        return {"start": self.start, "hover": self.hover}

    def start(self, question: Question) -> Answer:
        """All runs from another start."""
        start = moved_start(self.scene, _number(question, "x"), _number(question, "y"))
        return {}, compute.rungs_of([one.task.changed(start=start) for one in self.nexts], self.scene.box)

    def hover(self, question: Question) -> Answer:
        """Value and gradient at a point of the landscape, and the first step that each would take there."""
        return _hovered(self.scene, question, self.nexts), b""


def _hovered(scene: Scene, question: Question, nexts: Sequence[Next]) -> dict[str, Any]:
    theta = place(scene, _number(question, "x"), _number(question, "y"))
    runs = [(one, one.task.changed(start=theta, epochs=1).run()) for one in nexts]
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
            {"to": spot, "text": f"{one.name}: next ({_words(spot)})", "color": one.color, "dash": one.dash}
            for one, spot in steps
        ],
    }


def _name(*parts: Any) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def place(scene: Scene, x: float, y: float) -> tuple[float, ...]:
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


def _number(question: Question, name: str) -> float:
    """A finite number of the question. Raises ValueError for anything else."""
    value = question.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number")
    return float(value)
