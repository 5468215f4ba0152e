"""Reading a training run: a CSV file, or a NumPy archive, from any framework. The bytes are a stranger's."""

from __future__ import annotations

import csv
import io
import zipfile
from math import prod

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gdviz.spelling import did_you_mean
from gdviz.training.record import TrainingRun

Array = NDArray[np.float64]

MOST_BYTES = 2 * 2**30  # of an archive's arrays: it stands on the user's own computer
MOST_TEXT = 50 * 2**20
MOST_EPOCHS = 100_000
MOST_COLUMNS = 20_000
_GRAM = 4_000  # epochs whose plane can be found

_EPOCH = ("epoch", "epochs", "step", "steps", "iteration", "iterations", "k")
_LOSS = ("loss", "losses", "value", "values", "train_loss", "training_loss", "objective", "f", "cost")
_NOT_THETA = ("learning_rate", "learning_rates", "lr", "variables", "metadata")


class TrainingError(ValueError):
    """A file that is no training run, with a sentence that says what to mend."""


def read_training(data: bytes) -> TrainingRun:
    """Return the run in a CSV file or an NPZ archive.

    CSV: a row an epoch, a column a parameter; columns called epoch and loss (or value, train_loss) are that, gradients
    and rates are left out; lines that begin with # are comments. NPZ: arrays whose first axis is the epoch, flattened
    and put side by side; one called loss holds the losses. Raises :class:`TrainingError`.
    """
    run = _from_archive(data) if data[:2] == b"PK" else _from_text(data)
    if run.last < 1:
        raise TrainingError("One epoch is no run: there must be at least two rows.")
    return run


def _from_text(data: bytes) -> TrainingRun:
    if len(data) > MOST_TEXT:
        raise TrainingError("A text of more than 50 MB: save the parameters as an NPZ archive.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TrainingError(
            "This is neither a text nor an NPZ archive: save the run as CSV or by numpy.savez."
        ) from None
    lines = [line for line in io.StringIO(text) if line.strip() and not line.startswith("#")]
    if not lines:
        raise TrainingError("The file is empty.")
    separator = max(",;\t", key=lines[0].count)
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:
        raise TrainingError(f"This is no table of numbers: {error}.") from None
    head = [name.strip() for name in rows[0]]
    if all(_number(cell) is not None for cell in head):
        head = [f"theta{i}" for i in range(len(head))]
    else:
        rows = rows[1:]
    if len(head) > MOST_COLUMNS:
        raise TrainingError(f"{len(head):,} columns: more than {MOST_COLUMNS:,} belong into an NPZ archive.")
    if len(rows) > MOST_EPOCHS:
        raise TrainingError(f"{len(rows):,} epochs: at most {MOST_EPOCHS:,} can be shown; save every tenth.")
    columns = _columns(head, rows)
    return _run({name: column[:, None] for name, column in columns.items()}, len(rows))


def _columns(head: list[str], rows: list[list[str]]) -> dict[str, Array]:
    if len(set(head)) < len(head):
        twice = next(name for name in head if head.count(name) > 1)
        raise TrainingError(f"Two columns are called “{twice[:40]}”: give each its own name.")
    table = np.full((len(rows), len(head)), np.nan)
    for place, row in enumerate(rows):
        if len(row) != len(head):
            raise TrainingError(f"Row {place + 1} has {len(row)} cells, and there are {len(head)} columns.")
        for column, cell in enumerate(row):
            number = _number(cell)
            if number is None and not (head[column].lower() in _NOT_THETA and not cell.strip()):
                raise TrainingError(f"Row {place + 1}, column “{head[column][:40]}”: “{cell[:40]}” is no number.")
            table[place, column] = np.nan if number is None else number
    return dict(zip(head, table.T, strict=True))


def _number(cell: str) -> float | None:
    try:
        return float(cell) if len(cell) < 60 and "_" not in cell else None
    except ValueError:
        return None


def _from_archive(data: bytes) -> TrainingRun:
    arrays: dict[str, NDArray[np.generic]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if info.filename.endswith(".npy") and name not in _NOT_THETA:
                    arrays[name] = _array(archive, info)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, RuntimeError) as error:
        if isinstance(error, TrainingError):
            raise
        raise TrainingError(f"The archive cannot be read: {error}") from None
    if not arrays:
        raise TrainingError(
            "The archive holds no array of parameters: save them by numpy.savez(file, thetas=…, loss=…)."
        )
    sizes = {array.shape[0] for array in arrays.values()}
    if len(sizes) > 1:
        listed = ", ".join(f"{name[:30]} has {array.shape[0]:,}" for name, array in list(arrays.items())[:4])
        raise TrainingError(f"The first axis must be the epoch in every array; {listed}.")
    rows = sizes.pop()
    if rows > _GRAM:
        raise TrainingError(f"{rows:,} epochs: at most {_GRAM:,} of an archive can be shown; save every tenth.")
    return _run({name: np.asarray(array).reshape(rows, -1) for name, array in arrays.items()}, rows)


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[np.generic]:
    """Read one array, whose head says how large it is before it is read."""
    with archive.open(info) as file:
        version = npy.read_magic(file)
        read_head = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, kind = read_head(file)
    if kind.kind not in "fiu" or not shape or kind.itemsize * prod(shape) > MOST_BYTES:
        raise TrainingError(
            f"“{info.filename[:40]}” must be an array of real numbers, at most 2 GB, its first axis the epoch."
        )
    with archive.open(info) as file:
        return npy.read_array(file, allow_pickle=False)


def _run(columns: dict[str, NDArray[np.generic]], rows: int) -> TrainingRun:
    """Tell epochs and losses from parameters by their names."""
    lower = {name.lower(): name for name in columns}
    epoch = next((lower[name] for name in _EPOCH if name in lower and columns[lower[name]].shape[1] == 1), None)
    loss = next((lower[name] for name in _LOSS if name in lower and columns[lower[name]].shape[1] == 1), None)
    left = [
        name
        for name in columns
        if name not in (epoch, loss) and name.lower() not in _NOT_THETA and not name.lower().startswith("gradient")
    ]
    if not left:
        hint = did_you_mean("theta", list(columns))
        raise TrainingError(f"There is no column of parameters, only {', '.join(list(columns)[:5])}{hint or '.'}")
    names = [
        name if columns[name].shape[1] == 1 else f"{name}[{i}]" for name in left for i in range(columns[name].shape[1])
    ]
    parts = [columns[name] for name in left]
    thetas = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    return TrainingRun(
        tuple(names),
        thetas if thetas.dtype.kind == "f" else thetas.astype(float),
        None if loss is None else columns[loss][:, 0].astype(float),
        np.arange(rows, dtype=float) if epoch is None else columns[epoch][:, 0].astype(float),
    )
