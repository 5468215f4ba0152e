"""The numbers of a run, or of all runs of a comparison, as CSV, JSON, Parquet and NPZ, with all that is to be known of
them.

The names are those of :class:`gdviz.descent.Trajectory`: ``thetas`` (k + 1, n), ``values`` (k + 1,), ``gradients``
(k + 1, n), ``learning_rates`` (k,). Numbers keep all their digits: read back, they are the same floats.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.comparisons import runs_csv
from gdviz.descent import Trajectory
from gdviz.exports.about import about
from gdviz.exports.errors import ExportError
from gdviz.exports.subject import Subject
from gdviz.pacing import pause
from gdviz.spreadsheets import ROWS, on_one_line, or_empty, plain_cell, rows_of, table_text

_FIELDS = ("thetas", "values", "gradients", "learning_rates")
_EPOCHS = "epoch_numbers"  # of the rows of a run that another program made


def run_csv(trajectory: Trajectory) -> str:
    """Return a run as CSV: epoch, each theta, value, each partial derivative, and the rate of the step leaving the row.

    Numbers have all their digits (reading them back gives the same floats); the last row's rate is empty.
    """
    names = trajectory.variables
    epochs, rates = np.arange(len(trajectory.thetas)), np.append(trajectory.learning_rates, np.nan)
    head = ["epoch", *names, "value", *(f"gradient_{name}" for name in names), "learning_rate"]
    rows = rows_of(epochs, trajectory.thetas, trajectory.values, trajectory.gradients, rates)
    return table_text([plain_cell(name) for name in head], ([*row, or_empty(rate)] for *row, rate in rows))


def to_csv(subject: Subject) -> str:
    """Return :func:`run_csv`, or all runs below each other, below lines that begin with ``#`` and say what the numbers
    are.

    ``pandas.read_csv(file, comment="#")`` reads it, as does gdviz itself.
    """
    said = "".join(f"# {line}\n" for line in _lines(about(subject)))
    return said + (runs_csv(subject.results) if subject.results else run_csv(subject.run))


def _lines(said: dict[str, Any]) -> Iterable[str]:
    """What is said of a run, a line each; none of them can end a line or be taken for a number."""
    for name, value in said.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} = {part}" for key, part in value.items())
        for part in value if isinstance(value, list) and name in ("conventions", "runs") else [value]:
            shown = ", ".join(part) if isinstance(part, list) else _shown(part)
            yield f"{name}: {on_one_line(shown)}"


def _shown(part: Any) -> str:
    return "; ".join(f"{key} = {value}" for key, value in part.items()) if isinstance(part, dict) else str(part)


def to_json(subject: Subject) -> str:
    """Return a run as JSON, or a comparison: each of its ``runs`` has its label, what is to be known of it, and its
    numbers; one that another program made also the numbers of its rows' epochs. What is no finite number is null."""
    said = about(subject)
    if not subject.results:
        return _run_json(said, subject.run) + "\n"
    owns = [
        own | ({_EPOCHS: result.epochs.tolist()} if result.recorded else {})
        for own, result in zip(said.pop("runs"), subject.results, strict=True)
    ]
    runs = [_run_json(own, result.run) for own, result in zip(owns, subject.results, strict=True)]
    return f'{_json(said).removesuffix("}")},"runs":[{",".join(runs)}]}}\n'


def _run_json(said: dict[str, Any], run: Trajectory) -> str:
    """Return JSON on one line of what is ``said`` of a run, and its numbers; what is no finite number is null."""
    numbers = [f'"{name}":{_listed(getattr(run, name))}' for name in _FIELDS]
    return ",".join([_json(said).removesuffix("}"), *numbers]) + "}"


def _json(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _listed(array: NDArray[np.float64]) -> str:
    """Return an array in JSON, made a part at a time: all at once gives no way to others."""
    parts = []
    for first in range(0, len(array), ROWS):
        pause()
        part = array[first : first + ROWS]
        parts.append(_json(part.tolist() if np.isfinite(part).all() else _nulls(part.tolist()))[1:-1])
    return f"[{','.join(parts)}]"


def _nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_nulls(part) for part in value]
    return value if isfinite(value) else None


def to_npz(subject: Subject) -> bytes:
    """Return a run as a NumPy archive; ``metadata`` is a text in JSON. ``numpy.load`` needs no pickle for it.

    A comparison has ``thetas_0``, ``values_0`` … of the first of ``labels``, and so on; of one that another program
    made also ``epoch_numbers_0``, those of its rows.
    """
    results = subject.results
    runs = {f"_{i}": result.run for i, result in enumerate(results)} or {"": subject.run}
    arrays = {f"{name}{which}": getattr(run, name) for which, run in runs.items() for name in _FIELDS}
    arrays |= {f"{_EPOCHS}_{i}": result.epochs for i, result in enumerate(results) if result.recorded}
    labels = {"labels": np.array([result.label for result in results])} if results else {}
    return npz(about(subject), arrays | labels | {"variables": np.array(subject.problem.variables)})


def npz(said: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> bytes:
    """Return a NumPy archive of ``arrays`` and of ``metadata``, a text in JSON."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays, metadata=np.array(_text(said)))
    return file.getvalue()


def to_parquet(subject: Subject) -> bytes:
    """Return a run as Parquet: a row an epoch, ``thetas`` and ``gradients`` lists of n doubles.

    All runs of a comparison stand below each other; their first column ``run`` says which a row belongs to.

    The last row's learning rate is null, as one that is not known. The file's metadata has ``gdviz``, a text in JSON,
    and the names of the parameters. Raises ExportError where there is no pyarrow.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ExportError("Parquet needs pyarrow, which is not installed: pip install pyarrow.") from None
    variables = subject.problem.variables
    runs = {r.label: (r.epochs, r.run) for r in subject.results} or {"": (subject.run.epoch_numbers, subject.run)}

    def table(name: str, epochs: NDArray[np.float64], run: Trajectory) -> Any:
        vectors = {
            field: pa.FixedSizeListArray.from_arrays(pa.array(getattr(run, field).ravel()), len(variables))
            for field in ("thetas", "gradients")
        }
        labels = {"run": pa.array([name] * len(run.thetas))} if subject.results else {}
        return pa.table(
            {
                **labels,
                "epoch": pa.array(np.rint(epochs).astype(np.int64)),
                "thetas": vectors["thetas"],
                "values": pa.array(run.values),
                "gradients": vectors["gradients"],
                "learning_rates": pa.array([*run.learning_rates.tolist(), None], pa.float64(), from_pandas=True),
            }
        )

    whole = pa.concat_tables([table(name, epochs, run) for name, (epochs, run) in runs.items()])
    whole = whole.replace_schema_metadata({"gdviz": _text(about(subject)), "variables": json.dumps(variables)})
    file = io.BytesIO()
    pq.write_table(whole, file, compression="zstd")
    return file.getvalue()


def _text(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
