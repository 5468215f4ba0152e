"""Reading a training run: a CSV file, or a NumPy archive, from any framework. The bytes are a stranger's."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gdviz import archives
from gdviz.arrays import Array
from gdviz.descent import MAX_EPOCHS
from gdviz.pacing import pause
from gdviz.spelling import did_you_mean
from gdviz.training.record import TrainingRun

MOST_COLUMNS = 20_000  # of a text
_MOST_ARRAYS = 2_000  # of an archive: the head of each takes its time
_MOST_HEAD = 20_000  # bytes that say what an array is: NumPy reads no more than 10,000 signs
_MOST_SIDE = 4_000  # epochs or parameters, whichever are fewer: inner products of so many are found in seconds


@dataclass(frozen=True)
class ReadingLimits:
    """How much is read: ``text`` and ``archive`` in bytes (of its arrays, unpacked), and products of numbers (the work
    of finding the plane)."""

    text: int
    archive: int
    products: float


LIMITS = ReadingLimits(50 * 2**20, 2 * 2**30, 1e13)  # where the file stands on the user's own computer

_EPOCH = ("epoch", "epochs", "step", "steps", "iteration", "iterations", "k")
_LOSS = ("loss", "losses", "value", "values", "train_loss", "training_loss", "objective", "f", "cost")
_OTHER = (  # what logs hold besides; a run of ours has the first ones
    "learning_rate", "learning_rates", "lr", "gradients", "gradient_norm", "grad_norm", "val_loss", "validation_loss",
    "test_loss", "acc", "accuracy", "train_accuracy", "val_accuracy", "val_acc", "test_accuracy", "time", "seconds",
    "timestamp", "wall_time", "plane", "shares", "moved", "first_component", "second_component",
)  # fmt: skip
_WRAPPED = re.compile(r"(?:np\.float(?:16|32|64)|tensor)\(([-+.\dEeinfa]{1,40})\)", re.ASCII)  # as repr writes numbers
_OURS = ("variables", "metadata", "labels")


class TrainingError(archives.ArchiveError):
    """A file that is no training run, with a sentence that says what to mend."""


def read_training(data: bytes, limits: ReadingLimits = LIMITS) -> TrainingRun:
    """Return the run in a CSV file or an NPZ archive.

    CSV: a row an epoch, a column a parameter; columns called epoch and loss (or value, train_loss) are that; gradients,
    rates and what else logs hold are left out; lines that begin with # are comments. NPZ: arrays whose first axis is
    the epoch, flattened
    and put side by side; one called loss holds the losses. Raises :class:`TrainingError`.
    """
    run = _from_archive(data, limits) if data[:2] == b"PK" else _from_text(data, limits)
    if run.last < 1:
        raise TrainingError("One epoch is no run: there must be at least two rows.")
    side = min(run.thetas.shape)
    if side > _MOST_SIDE or float(side) * run.thetas.size > limits.products:
        raise TrainingError(
            f"{run.thetas.shape[0]:,} epochs of {run.thetas.shape[1]:,} parameters are too many for a plane to be "
            "found: save every tenth epoch, or fewer parameters."
        )
    return run


def _from_text(data: bytes, limits: ReadingLimits) -> TrainingRun:
    if len(data) > limits.text:
        raise TrainingError(f"A text of more than {limits.text >> 20} MB: save the parameters as an NPZ archive.")
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
    _check_epochs(len(rows))
    columns = _columns(head, rows)
    return _run({name: column[:, None] for name, column in columns.items()}, len(rows))


def _check_epochs(count: int) -> None:
    if count > MAX_EPOCHS:
        raise TrainingError(f"{count:,} epochs: at most {MAX_EPOCHS:,} can be shown; save every tenth.")


def _columns(head: list[str], rows: list[list[str]]) -> dict[str, Array]:
    if len(set(head)) < len(head):
        twice = next(name for name in head if head.count(name) > 1)
        raise TrainingError(f"Two columns are called “{twice[:40]}”: give each its own name.")
    table = np.full((len(rows), len(head)), np.nan)
    for place, row in enumerate(rows):
        pause()
        if len(row) != len(head):
            raise TrainingError(f"Row {place + 1} has {len(row)} cells, and there are {len(head)} columns.")
        for column, cell in enumerate(row):
            number = _number(cell)
            if number is None and not (_may_be_empty(head[column]) and not cell.strip()):
                raise TrainingError(f"Row {place + 1}, column “{head[column][:40]}”: “{cell[:40]}” is no number.")
            table[place, column] = np.nan if number is None else number
    return dict(zip(head, table.T, strict=True))


def _may_be_empty(name: str) -> bool:
    return not _is_theta(name) or name.lower() in _LOSS


def _is_theta(name: str) -> bool:
    """Whether an array or a column of this name holds parameters, as far as its name says."""
    return name.lower() not in (*_OTHER, *_OURS) and not name.lower().startswith("gradient")


def _number(cell: str) -> float | None:
    if len(cell) >= 60 or "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        inner = _WRAPPED.fullmatch(cell.strip())
        return None if inner is None else _number(inner[1])


def _from_archive(data: bytes, limits: ReadingLimits) -> TrainingRun:
    left = limits.archive
    arrays: dict[str, NDArray[np.generic]] = {}
    try:
        with archives.opened(data) as archive:
            if len(archive.infolist()) > _MOST_ARRAYS:
                raise TrainingError(
                    f"{len(archive.infolist()):,} arrays: at most {_MOST_ARRAYS:,} are read; put several side by side."
                )
            for info in archive.infolist():
                pause()
                name = info.filename.removesuffix(".npy")
                if info.filename.endswith(".npy") and name not in (*_OTHER, *_OURS):
                    arrays[name] = _array(archive, info, left, limits.archive)
                    left -= arrays[name].nbytes
    except archives.ArchiveError as error:
        raise error if isinstance(error, TrainingError) else TrainingError(str(error)) from None
    if not arrays:
        raise TrainingError(
            "The archive holds no array of parameters: save them by numpy.savez(file, thetas=…, loss=…)."
        )
    sizes = {array.shape[0] for array in arrays.values()}
    if len(sizes) > 1:
        listed = ", ".join(f"{name[:30]} has {array.shape[0]:,}" for name, array in list(arrays.items())[:4])
        raise TrainingError(f"The first axis must be the epoch in every array; {listed}.")
    rows = sizes.pop()
    _check_epochs(rows)
    flat = {name: np.asarray(array).reshape(rows, prod(array.shape[1:])) for name, array in arrays.items()}
    return _run(flat, rows)


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, most: int) -> NDArray[np.generic]:
    """Read one array, whose head says how large it is before it is read."""
    head = io.BytesIO(archives.first_bytes(archive, info, _MOST_HEAD))
    version = npy.read_magic(head)
    read_head = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, kind = read_head(head)
    if kind.kind not in "fiu" or not shape or prod(shape[1:]) < 1:
        raise TrainingError(f"“{info.filename[:40]}” must be an array of real numbers, its first axis the epoch.")
    if kind.itemsize * prod(shape) > left:
        raise TrainingError(
            f"The arrays are larger than {most >> 20:,} MB: save every tenth epoch, or fewer parameters."
        )
    with archives.unpacked(archive, info) as file:
        return npy.read_array(file, allow_pickle=False)


def _run(columns: dict[str, NDArray[np.generic]], rows: int) -> TrainingRun:
    """Tell epochs and losses from parameters by their names."""
    lower = {name.lower(): name for name in columns}
    epoch = next((lower[name] for name in _EPOCH if name in lower and columns[lower[name]].shape[1] == 1), None)
    loss = next((lower[name] for name in _LOSS if name in lower and columns[lower[name]].shape[1] == 1), None)
    left = [name for name in columns if name not in (epoch, loss) and _is_theta(name)]
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
        tuple(name for name in columns if name not in (epoch, loss, *left)),
        epoch is not None,
    )
