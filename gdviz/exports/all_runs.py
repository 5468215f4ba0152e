"""A comparison's numbers, notebook and LaTeX: what is exported of a run, for all runs together."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from gdviz.comparisons import Result, runs_csv, standing
from gdviz.exports.about import about_all
from gdviz.exports.data import FIELDS, commented, json_text, npz, parquet, run_json
from gdviz.exports.latex import document, objective_parts, table, text
from gdviz.exports.notebook import code_cell, notebook, objective_words, plain, words_cell
from gdviz.exports.script import CURVES_OF_ALL, to_script_of_all
from gdviz.exports.subject import Subject
from gdviz.verdict.wording import latex_number

_EPOCHS = "epoch_numbers"


def all_csv(subject: Subject) -> str:
    """Return all runs below each other, those of other programs too, below lines that begin with ``#`` and say what
    the numbers are."""
    return commented(_said(subject)) + runs_csv(subject.results)


def all_json(subject: Subject) -> str:
    """Return all runs as JSON: each of ``runs`` has its label, what is to be known of it, and its numbers; one that
    another program made also the numbers of its rows' epochs."""
    said = _said(subject)
    owns = said.pop("runs")
    for own, result in zip(owns, subject.results, strict=True):
        own |= {_EPOCHS: result.epochs.tolist()} if result.recorded else {}
    runs = [run_json(own, result.run) for own, result in zip(owns, subject.results, strict=True)]
    return f'{json_text(said).removesuffix("}")},"runs":[{",".join(runs)}]}}\n'


def all_npz(subject: Subject) -> bytes:
    """Return all runs as a NumPy archive: ``thetas_0``, ``values_0`` … of the first of ``labels``, and so on; of one
    that another program made also ``epoch_numbers_0``, those of its rows."""
    arrays = {
        f"{name}_{place}": getattr(result.run, name) for place, result in enumerate(subject.results) for name in FIELDS
    }
    arrays |= {f"{_EPOCHS}_{i}": result.epochs for i, result in enumerate(subject.results) if result.recorded}
    arrays["labels"] = np.array([result.label for result in subject.results])
    return npz(_said(subject), arrays | {"variables": np.array(subject.problem.variables)})


def all_parquet(subject: Subject) -> bytes:
    """Return all runs as Parquet, the column ``run`` says which a row belongs to."""
    return parquet(_said(subject), {result.label: (result.epochs, result.run) for result in subject.results})


def all_notebook(subject: Subject, with_data: bool) -> str:
    """Return a notebook that makes all runs anew and draws their losses."""
    script, end = to_script_of_all(subject.task, subject.results, with_data=with_data).split("\n\nif __name__")
    shown = "if __name__" + end
    words = [f"# {plain(subject.title)}", *objective_words(subject.task), plain(_standing(subject))]
    cells = [
        words_cell("\n\n".join([*words, f"Opens on the page with `{subject.link}`."])),
        code_cell(script.rstrip()),
        code_cell(shown.rstrip()),
        code_cell(CURVES_OF_ALL),
    ]
    return json.dumps(notebook(cells, subject.link), ensure_ascii=False, indent=1) + "\n"


def all_latex(subject: Subject, standalone: bool) -> str:
    """Return a comparison in LaTeX: the function, and a table with a row a run."""
    heads = ["run", r"$\eta$", "epochs", "evaluations", "$f$", "ended"]
    rows = [_row(result) for result in subject.results]
    parts = [*objective_parts(subject.task), table("lrrrrl", heads, rows), text(_standing(subject))]
    return document(parts, subject.link, standalone)


def _row(result: Result) -> list[str]:
    return [
        text(result.label),
        "--" if result.recorded else f"${latex_number(result.contender.eta, 6)}$",
        f"{result.last_epoch}",
        f"{round(float(result.costs[-1]))}",
        f"${latex_number(result.value, 6)}$",
        text(result.run.stop_reason.value),
    ]


def _standing(subject: Subject) -> str:
    return standing(subject.results, subject.task.experiment.tolerance).replace("**", "")


def _said(subject: Subject) -> dict[str, Any]:
    return about_all(subject.task, subject.results, subject.link)
