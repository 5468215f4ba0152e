"""What the page as one file knows: its pictures in both themes, its experiments, and words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from plotly.utils import PlotlyJSONEncoder

from gdviz.comparisons import Result, outlook
from gdviz.descent import StopReason, Trajectory
from gdviz.descent.browser import curve_javascript, rates_javascript, step_module
from gdviz.descent.step import can_trace
from gdviz.experiments import FIT, UPLOAD, Task, offered_rate
from gdviz.experiments.described import described
from gdviz.experiments.rates import slider_range
from gdviz.exports.about import package_version
from gdviz.exports.subject import Subject
from gdviz.figures import DARK, LIGHT, Palette
from gdviz.figures.epochs import BESIDE, COUNTED, MOST_ON_CURVE, SIGNED
from gdviz.figures.marks import MOST_POINTS
from gdviz.landscapes.scales import EXPLOSION, MOST_TICKS, ROOM
from gdviz.learning_rates import Constant, Schedule
from gdviz.numerals import decades, format_assignment, format_count, format_number, format_power
from gdviz.optimizers import ElementwiseOptimizer
from gdviz.verdict import Verdict

MOST_OPERATIONS = 2_000_000_000
"""Of one run in the file: some ten seconds. Longer ones are shown as they were recorded."""

FIT_POINTS = 201  # of a fitted curve
_MOST_ROWS = 5_000  # of a run that is recorded in the file
_LIMITS = {
    "dots": MOST_POINTS, "marked": MOST_ON_CURVE, "explosion": EXPLOSION, "room": ROOM, "ticks": MOST_TICKS,
    "beside": BESIDE, "counted": COUNTED, "signed": SIGNED,
}  # fmt: skip
_THEMES = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True)
class Contents:
    """``shown`` is ready for JSON; ``modules`` are the texts of the JavaScript that it names."""

    shown: dict[str, Any]
    modules: dict[str, str]


@dataclass(frozen=True)
class _Run:
    """One of the file's runs, with the numbers (k + 1,) of its epochs; ``foreign``: another program made it."""

    label: str
    task: Task
    run: Trajectory
    epochs: np.ndarray[Any, Any]
    foreign: bool = False


def contents_of(subject: Subject) -> Contents:
    """Return what a page of ``subject`` holds."""
    modules: dict[str, str] = {}
    parts = _Parts()
    runs = [_of_result(result, subject) for result in subject.results]
    runs = runs or [_Run("", subject.task, subject.run, subject.run.epoch_numbers)]
    experiments = [_experiment(run, place, modules, parts) for place, run in enumerate(runs)]
    for place, result in enumerate(subject.results):
        looks = {name: palette.look(result.contender.color).color for name, palette in _THEMES.items()}
        experiments[place]["colors"] = looks
        experiments[place]["verdict"] = result.verdict.plain
    figures = {theme: _figures(subject, palette, parts) for theme, palette in _THEMES.items()}
    for pictures in figures.values():
        _follow_fit(subject, pictures, modules)
    said = {
        "title": subject.title,
        "facts": list(_facts(subject)),
        "note": subject.problem.note,
        "verdict": _verdict(subject),
        "experiments": experiments,
        "axes": list(subject.scene.axes)[: len(subject.problem.variables)],
        "slices": len(subject.problem.variables) > 2,
        "figures": figures,
        "arrays": parts.arrays,
        "data": _data(subject, modules),
        "made": f"gdviz {package_version()}",
        "link": _link(subject),
    }
    return Contents(said, modules)


def dumped(said: Mapping[str, Any]) -> str:
    """Return JSON that may stand in a page's script element, whatever texts are in it."""
    text = json.dumps(said, cls=PlotlyJSONEncoder, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


class _Parts:
    """Arrays of all pictures, each kept once."""

    def __init__(self) -> None:
        self.arrays: list[dict[str, Any]] = []
        self._places: dict[str, int] = {}

    def apart(self, value: Any) -> Any:
        """Return a figure's dict with ``{"$": place}`` for each array in it."""
        if isinstance(value, dict) and "bdata" in value:
            key = f"{value['dtype']} {value.get('shape')} {value['bdata']}"
            if key not in self._places:
                self._places[key] = len(self.arrays)
                self.arrays.append(value)
            return {"$": self._places[key]}
        if isinstance(value, dict):
            return {name: self.apart(item) for name, item in value.items()}
        return [self.apart(item) for item in value] if isinstance(value, list | tuple) else value

    def packed(self, array: np.ndarray[Any, Any]) -> dict[str, int]:
        """Return the place of an array of numbers."""
        import plotly.graph_objects as go

        trace = go.Figure({"data": [{"x": np.ascontiguousarray(array, dtype=float)}]}, _validate=False).to_dict()
        place: dict[str, int] = self.apart(trace["data"][0]["x"])
        return place


def _figures(subject: Subject, palette: Palette, parts: _Parts) -> list[dict[str, Any]]:
    builders = subject.figures()
    names = [name for name in ("contour", "theta", "loss", "fit") if name in builders]
    found = []
    for name in names:
        figure = parts.apart(builders[name](palette).to_dict())
        if subject.results:
            figure["layout"]["showlegend"] = name == "loss"  # the names stand above the charts; a line's look once
        said = {"key": name, "title": subject.titles[name], "shape": subject.shape(name), "limits": _LIMITS}
        panels = len(subject.problem.variables) if subject.results else 0
        found.append(said | figure | {"heights": _heights(name, panels, "fit" in names)})
    return found


def _heights(name: str, panels: int, beside_fit: bool) -> tuple[int, int]:
    """The pixels that a picture takes at least and at most; ``panels`` are those of a comparison's parameters."""
    if name == "theta" and panels:
        return 120 + 90 * panels, 130 + 120 * panels
    return {"contour": (300, 400 if beside_fit else 620), "theta": (280, 330), "loss": (340, 400)}.get(name, (280, 400))


def _follow_fit(subject: Subject, pictures: list[dict[str, Any]], modules: dict[str, str]) -> None:
    """Let the picture of a fit follow the hand, where it has a curve: its module gives the curve for any theta."""
    fit = subject.problem.fit
    picture = next((picture for picture in pictures if picture["key"] == "fit"), None)
    if fit is None or picture is None or not fit.used_columns or (fit.loss.classes and len(fit.used_columns) > 1):
        return
    name = fit.used_columns[0]
    column = fit.columns[name]
    ends = float(column.min()), float(column.max())
    modules["curve"] = curve_javascript(fit, name, *ends, FIT_POINTS)
    picture["curve"] = {"first": ends[0], "last": ends[1], "count": FIT_POINTS}
    for trace in picture["data"][1:]:
        run = 1 if trace["name"] == "at the start" else 0
        trace["meta"] = {"moving": True, "part": "line", "x": "place", "y": "height", "run": run}


# -- experiments --


def _of_result(result: Result, subject: Subject) -> _Run:
    own = Task(result.experiment, subject.problem)
    return _Run(result.label, own, result.run, result.epochs, result.recorded)


def _experiment(shown: _Run, place: int, modules: dict[str, str], parts: _Parts) -> dict[str, Any]:
    task, run = shown.task, shown.run
    e, problem = task.experiment, task.problem
    fixed = "another program made this run" if shown.foreign else _fixed(task, run)
    step = None
    if fixed is None:
        assert isinstance(e.optimizer, ElementwiseOptimizer)
        step = step_module(task.descended, e.optimizer, e.epochs)
        if step.price * e.epochs > MOST_OPERATIONS:
            step, fixed = None, "its run is too long to be computed here"
    said = described(task) | {
        "name": str(place),
        "title": shown.label,
        "color": "",
        "dash": "",
        "stop": run.stop_reason.value,
    }
    said |= {"step": None, "rates": None, "most": e.epochs, "price": 1, "live": ["learning_rate"]}
    low, high = slider_range(offered_rate(problem, problem.start, e.optimizer))
    while e.eta < low:
        low = low / 10 or e.eta  # the least float has no decade below it
    while e.eta > high:
        high *= 10
    said |= {
        "low": low,
        "high": high,
        "ticks": [{"value": tick, "label": format_power(tick)} for tick in decades(low, high)],
    }
    said |= {"fixed": fixed, "steady": False, "ran": float(shown.epochs[-1])}
    said |= {"settings": {}} if shown.foreign else {}
    pace = e.learning_rate
    if step is not None and isinstance(pace, Schedule):
        said |= {"step": f"step{place}", "rates": f"rates{place}", "price": step.price}
        modules |= {f"step{place}": step.text, f"rates{place}": rates_javascript(pace)}
        said["steady"] = not _follows(pace, e.epochs)
    else:
        said["recorded"] = _recorded(shown, parts)
    return said


def _fixed(task: Task, run: Trajectory) -> str | None:
    """Why the run cannot be computed in the file, to stand after “because”; None where it can."""
    e = task.experiment
    if task.batched is not None:
        return "its steps take a few rows of the data each, in an order that only gdviz knows"
    if not isinstance(e.learning_rate, Schedule):
        return f"“{e.learning_rate.title}” finds each step’s rate as it goes"
    if not isinstance(e.optimizer, ElementwiseOptimizer) or not can_trace(task.descended, e.optimizer):
        return f"{e.optimizer.title} looks at the whole of θ in each step"
    if run.stop_reason is StopReason.DEADLINE:
        return "its run is too long to be computed here"
    return None


def _follows(schedule: Schedule, epochs: int) -> bool:
    """Say whether the rates of the epochs change with the rate that is set."""
    counted = np.arange(epochs, dtype=float)
    other = replace(schedule, learning_rate=2 * schedule.learning_rate)
    with np.errstate(all="ignore"):
        return bool(np.any(schedule.at(counted, epochs) != other.at(counted, epochs)))


def _recorded(shown: _Run, parts: _Parts) -> dict[str, Any]:
    """The run's rows: all, or of a long one those of its first epochs and others evenly spread."""
    run, k = shown.run, shown.run.epochs
    rows = np.arange(k + 1)
    if k >= _MOST_ROWS:
        spread = np.linspace(0, k, _MOST_ROWS // 2), np.geomspace(1, k, _MOST_ROWS // 2)
        rows = np.unique(np.concatenate([part.astype(int) for part in spread]))
    lowest = described(shown.task)["minimum"]
    columns = {"epoch": shown.epochs[rows], "value": run.values[rows], "norm": run.gradient_norms[rows]}
    columns |= {f"theta {i}": run.thetas[rows, i] for i in range(len(run.variables))}
    if lowest is not None:
        columns["gap"] = run.values[rows] - lowest
    return {"rows": len(rows), "columns": {name: parts.packed(column) for name, column in columns.items()}}


# -- words --


def _verdict(subject: Subject) -> dict[str, str]:
    if not subject.results:
        judged: Verdict = subject.task.verdict(subject.run)
        return {"sentence": judged.plain, "look": judged.kind.look}
    return {"sentence": subject.verdict, "look": outlook(subject.results)}


def _facts(subject: Subject) -> Sequence[str]:
    """What was run, a line each."""
    e, problem = subject.task.experiment, subject.problem
    names = ", ".join(problem.variables)
    fit = problem.fit
    text = problem.objective.text
    what = f"{fit.target} ≈ {text}, {fit.loss.title}" if fit is not None else f"f({names}) = {text}"
    where = f"from {format_assignment(problem.variables, e.start)}, for up to {format_count(e.epochs, 'epoch')}"
    if subject.results:
        return [what, f"{format_count(len(subject.results), 'run')} {where}"]
    pace = "" if isinstance(e.learning_rate, Constant) else f" ({e.learning_rate.title})"
    return [what, f"{e.optimizer.title}, learning rate {format_number(e.eta, 6)}{pace}, {where}"]


def _link(subject: Subject) -> str:
    """The link that opens the same in gdviz, empty where a link cannot say what was fitted."""
    e = subject.task.experiment
    posed_by_link = (e.objective == FIT) == (subject.problem.fit is not None)
    return subject.link if posed_by_link and e.data != UPLOAD else ""


def _data(subject: Subject, modules: Mapping[str, str]) -> str:
    """What of a fit's data is in the file; empty where there is no fit."""
    fit = subject.problem.fit
    if fit is None:
        return ""
    names = ", ".join(dict.fromkeys([*fit.used_columns, fit.target]))
    if "step0" in modules:
        return f"This file holds the {format_count(fit.rows, 'row')} of {names} that are fitted."
    return f"This file holds those points of {names} that its pictures draw."
