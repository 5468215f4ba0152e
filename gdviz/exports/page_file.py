"""The page as one file: the landscape with the path, theta and loss, and the hands that move them, without a network.

The step's own JavaScript is inside (:func:`gdviz.step_javascript`), so that learning rate and start are live. What was
typed or named goes in as JSON or as escaped text, never as script; the file's own policy lets it ask for nothing.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io
from numpy.typing import NDArray
from plotly.offline import get_plotlyjs

from gdviz.descent import Trajectory, step_javascript
from gdviz.descent.step import can_trace, step_graph
from gdviz.experiments import HIGHEST_RATE, LOWEST_RATE, UPLOAD, Experiment, Task, offered_rate
from gdviz.exports.about import package_version
from gdviz.exports.errors import ExportError
from gdviz.exports.subject import Subject
from gdviz.figures import PRINT
from gdviz.learning_rates import Constant, Schedule, scheduled_rates
from gdviz.optimizers import ElementwiseOptimizer
from gdviz.scenes import TITLES

Array = NDArray[np.float64]

_HERE = Path(__file__).parent / "page"
_SCRIPTS = ("drawing.js", "runs.js", "page.js")
_IMPORT = re.compile(r"^import .*$\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class))", re.MULTILINE)
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
_CHARTS = ("contour", "theta", "loss")
_DECADES = (3.0, 1.5)  # of the slider, below and above the rate that is offered


def to_page(subject: Subject, with_data: bool = False) -> str:
    """Return the page of ``subject`` as one HTML file.

    ``with_data`` says that rows of a visitor's own data may be in it, which a fit needs to be live unless it is linear.
    Raises ExportError where it would need them without a word.
    """
    tasks = [Task(r.experiment, subject.problem) for r in subject.results] or [subject.task]
    runs = [r.run for r in subject.results] or [subject.run]
    why = next((reason for reason in map(_not_live, tasks) if reason), "")
    modules = [] if why else [_module(task, run, with_data) for task, run in zip(tasks, runs, strict=True)]
    content = _content(subject, tasks, runs, why)
    return _file(subject, content, modules)


def _not_live(task: Task) -> str:
    """Why a run cannot be made in the file; empty where it can."""
    e = task.experiment
    if not isinstance(e.optimizer, ElementwiseOptimizer):
        return f"{e.optimizer.title} looks at more than each component alone, so this file plays its run."
    if task.batched is not None:
        return "Mini-batches are drawn anew in each epoch, so this file plays the run."
    if not isinstance(e.learning_rate, Schedule):
        return f"{e.learning_rate.title} searches for each rate, so this file plays the run."
    return "" if can_trace(task.descended) else "This function has no code for the browser, so this file plays its run."


def _module(task: Task, run: Trajectory, with_data: bool) -> str:
    """The step's module as an expression whose value is its ``descend``."""
    e = task.experiment
    assert isinstance(e.optimizer, ElementwiseOptimizer)
    if step_graph(task.descended, e.optimizer).data.size and e.data == UPLOAD and not with_data:
        raise ExportError("The live page of this fit holds your data: allow it (with data), or take a picture.")
    text = step_javascript(task.descended, e.optimizer, e.epochs)
    return f"(() => {{\n{_EXPORT.sub('', text)}\nreturn descend;\n}})()"


# -- what it shows --


def _content(subject: Subject, tasks: list[Task], runs: list[Trajectory], why: str) -> dict[str, Any]:
    problem, e = subject.problem, subject.task.experiment
    offered = offered_rate(problem, e.start, e.optimizer)
    etas = [task.experiment.eta for task in tasks]
    low, high = min(offered * 10 ** -_DECADES[0], *etas), max(offered * 10 ** _DECADES[1], *etas)
    fit = problem.standardized
    scaling = None if fit is None else fit.scaling
    names = [(r.label, r.verdict.sentence) for r in subject.results]
    names = names or [("", subject.task.verdict(subject.run).sentence)]
    return {
        "variables": list(problem.variables),
        "axes": list(subject.scene.axes),
        "start": list(e.start),
        "minimum": min((value for _, value in problem.minima), default=None),
        "range": [max(low, LOWEST_RATE), min(high, HIGHEST_RATE)],
        "live": not why,
        "why": why,
        "scaling": scaling
        and {
            "means": scaling.means.tolist(),
            "scales": scaling.scales.tolist(),
            "intercept": scaling.intercept,
            "level": scaling.level,
        },
        "runs": [
            _exported(label, sentence.replace("**", ""), task.experiment, run)
            for (label, sentence), task, run in zip(names, tasks, runs, strict=True)
        ],
        "charts": [
            {"id": f"chart-{name}", "heading": _heading(subject, name), "figure": _figure(subject.figure(name, PRINT))}
            for name in _CHARTS
        ],
    }


def _heading(subject: Subject, name: str) -> str:
    return TITLES[name] if not subject.results or name != "contour" else "All paths on the landscape"


def _exported(label: str, sentence: str, e: Experiment, run: Trajectory) -> dict[str, Any]:
    rates = None
    follows = True
    if isinstance(e.learning_rate, Schedule) and not isinstance(e.learning_rate, Constant):
        rates = scheduled_rates(e.learning_rate, e.epochs)
        try:
            half = scheduled_rates(replace(e.learning_rate, learning_rate=e.eta / 2), e.epochs)
            follows = bool(np.allclose(2 * half, rates, rtol=1e-12, atol=0))
        except ValueError:
            follows = False
    return {
        "label": label,
        "eta": e.eta,
        "rates": None if rates is None else rates.tolist(),
        "follows": follows,
        "epochs": e.epochs,
        "tolerance": e.tolerance,
        "verdict": sentence,
        "thetas": _packed(run.thetas),
        "gradients": _packed(run.gradients),
        "values": _packed(run.values),
        "stop": run.stop_reason.value,
    }


def _packed(numbers: Array) -> str:
    return b64encode(np.ascontiguousarray(numbers, dtype="<f8").tobytes()).decode()


def _figure(figure: go.Figure) -> Any:
    return json.loads(plotly.io.to_json(figure, validate=False))


# -- the file --


@cache
def _page_script() -> str:
    """The page's own modules as one script."""
    texts = [(_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)


def embedded_json(value: Any) -> str:
    """Return JSON that can stand inside of a script element: no sign in it can end the element or begin another."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _file(subject: Subject, content: dict[str, Any], modules: list[str]) -> str:
    title = escape(subject.title)
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    charts = "\n".join(
        f'<section><h2>{escape(chart["heading"])}</h2><div class="chart" id="{chart["id"]}"></div></section>'
        for chart in content["charts"]
    )
    which = ""
    if len(content["runs"]) > 1:
        options = "".join(f'<option value="{i}">{escape(r["label"])}</option>' for i, r in enumerate(content["runs"]))
        which = f'<label>Run <select id="run">{options}</select></label>'
    drag = "" if content["why"] else "Drag the ring on the landscape to another start. "
    why = f"<p>{escape(content['why'])}</p>" if content["why"] else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>
<p id="verdict" role="status"></p>
{why}<div class="hands">
{which}
<label>Learning rate <input type="range" id="rate" min="0" max="1000" step="1" aria-label="Learning rate"></label>
<output id="rate-shown" for="rate"></output>
<button id="play" type="button">Play</button>
<label>Epoch <input type="range" id="epoch" min="0" max="1" step="1" aria-label="Epoch"></label>
<output id="epoch-shown" for="epoch"></output>
<button id="again" type="button">As exported</button>
</div>
<div class="charts">
{charts}
</div>
<footer>{drag}Opens in gdviz with <code>{escape(subject.link)}</code>.
Written by gdviz {escape(package_version())}.</footer>
<script type="application/json" id="content">{embedded_json(content)}</script>
<script>{get_plotlyjs()}</script>
<script>
"use strict";
(() => {{
const STEPS = [{", ".join(modules)}];
{_page_script()}
const content = JSON.parse(document.getElementById("content").textContent);
begin(content, STEPS, Plotly).then((page) => (globalThis.gdviz = page));
}})();
</script>
</body>
</html>
"""
