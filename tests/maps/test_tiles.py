"""Tiles: whatever computes them and however often it was interrupted, the map is the same to the bit."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import gdviz
from gdviz.maps import MapCanceled, tiles
from tests.maps.killed import slow_map, workers

ROOT = Path(__file__).parents[2]
HIMMELBLAU = gdviz.PRESETS["himmelblau"]
WINDOW = ((-5.0, 5.0), (-5.0, 5.0))
FIELDS = ("x", "y", "reached", "epochs", "points", "kinds", "shares")


def same(a: Any, b: Any, fields: tuple[str, ...] = FIELDS) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in fields)


@pytest.fixture(autouse=True)
def own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """New processes begin with the main module, in whose place a test of the page may have left a script of its own."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture(scope="module")
def undisturbed() -> gdviz.Basins:
    return slow_map()


class Backwards(Executor):
    """Runs what it is given, the last first, when somebody waits."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def submit(self, function, /, *arguments, **more):
        future: Future[Any] = Future()
        self.given.append((future, function, arguments))
        if len(self.given) == 5:
            threading.Timer(0.01, self._run).start()
        return future

    def _run(self) -> None:
        for future, function, arguments in reversed(self.given):
            future.set_result(pickle.loads(pickle.dumps(function))(*pickle.loads(pickle.dumps(arguments))))


@pytest.mark.parametrize("size", [64, 128, 1000, 4096])
def test_the_map_does_not_depend_on_its_tiles(size: int, monkeypatch: pytest.MonkeyPatch):
    maps = []
    for each in (tiles.LARGEST_TILE, size):
        monkeypatch.setattr(tiles, "tile_size", lambda job, each=each: each)
        plateau = gdviz.parse("-exp(-x^2 - y^2) + 0.01*x")
        newton = gdviz.basins(HIMMELBLAU.objective, WINDOW, (40, 40), 1.0, 50, "newton")
        adam = gdviz.trainability(
            gdviz.parse("x^4 - x^2 + y^2"), [1, 1], y=("beta1", 0, 0.9), shape=(40, 40), optimizer="adam"
        )
        maps.append([newton, gdviz.basins(plateau, WINDOW, (40, 40), 0.5, 50, tolerance=0.02), adam])
    (newton, plateau, adam), others = maps
    assert same(newton, others[0])
    assert same(plateau, others[1])
    assert same(adam, others[2], ("x", "y", "stop_reasons", "epochs", "values"))


def test_the_map_does_not_depend_on_its_executor(undisturbed: gdviz.Basins):
    with ThreadPoolExecutor(3) as threads:
        assert same(slow_map(executor=threads), undisturbed)
    with ProcessPoolExecutor(2) as processes:
        assert same(slow_map(executor=processes), undisturbed)


def test_tiles_may_come_in_any_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tiles, "tile_size", lambda job: 320)
    how = {"window": WINDOW, "shape": (40, 40), "learning_rate": 1.0, "epochs": 50, "optimizer": "newton"}
    assert same(
        gdviz.basins(HIMMELBLAU.objective, executor=Backwards(), **how), gdviz.basins(HIMMELBLAU.objective, **how)
    )


@pytest.mark.parametrize(
    ("objective", "optimizer"),
    [
        (HIMMELBLAU.objective, "bfgs"),
        (HIMMELBLAU.objective, "nadam"),
        (gdviz.Quadratic(np.diag([1.0, 3.0]), np.zeros(2)), "newton_safeguarded"),
        (gdviz.EstimatedGradient(HIMMELBLAU.objective), "gd"),
        (gdviz.LeastSquares("a*u + b", data={"u": [1.0, 2.0, 3.0], "v": [2.0, 4.0, 7.0]}, target="v"), "cg"),
    ],
)
def test_every_kind_of_descent_can_travel(objective: Any, optimizer: str):
    name = objective.variables[0]
    axes = ("learning_rate", 0.01, 0.1), (name, 0.5, 1.0)
    objective.kept_steps, objective.float_value  # what was kept of it stays here
    gdviz.descend(objective, [1.0, 1.0], 0.01, 5)
    with ProcessPoolExecutor(1) as processes:
        found = gdviz.trainability(objective, [1.0, 1.0], *axes, (3, 3), 20, optimizer, executor=processes)
    here = gdviz.trainability(objective, [1.0, 1.0], *axes, (3, 3), 20, optimizer)
    assert same(found, here, ("values", "epochs", "stop_reasons"))


# -- interrupted --


def test_progress_goes_up_to_all_members():
    told: list[tuple[int, int]] = []
    slow_map(progress=lambda done, count: told.append((done, count)))
    assert told == [(64 * k, 48 * 48) for k in range(1, 37)]


@pytest.mark.parametrize("pool", [None, 2])
def test_a_canceled_map_stops_and_keeps_its_tiles(pool: int | None, tmp_path: Path, undisturbed: gdviz.Basins):
    asked = []
    with ThreadPoolExecutor(2) as threads, pytest.raises(MapCanceled):
        slow_map(
            executor=threads if pool else None,
            folder=tmp_path,
            progress=lambda done, count: asked.append(done),
            go_on=lambda: len(asked) < 5,
        )
    kept = len(list(tmp_path.glob("tile-*.npz")))
    assert 5 <= kept < 36
    assert same(slow_map(folder=tmp_path), undisturbed)


def test_a_sweep_can_be_canceled():
    with pytest.raises(MapCanceled):
        gdviz.learning_rate_sweep(
            HIMMELBLAU.objective, [1, 1], [0.01] * 4000, 100_000, "adam", tolerance=0, go_on=lambda: False
        )


def test_a_map_goes_on_from_the_tiles_that_are_there(tmp_path: Path, undisturbed: gdviz.Basins):
    assert same(slow_map(folder=tmp_path), undisturbed)
    files = sorted(tmp_path.glob("tile-*.npz"))
    assert len(files) == 36
    assert not list(tmp_path.glob(".part*"))
    files[3].unlink()
    files[7].write_bytes(files[7].read_bytes()[:200])  # cut off
    damaged = bytearray(files[9].read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    files[9].write_bytes(bytes(damaged))
    files[11].write_bytes(b"")
    np.savez(files[13], epochs=np.zeros(3))
    files[15].write_bytes(files[16].read_bytes())  # another tile of the same map
    with np.load(files[17]) as stored:
        np.savez(files[17], **{name: stored[name] + 1 if name == "cell" else stored[name] for name in stored.files})
    before = {file: file.stat().st_mtime_ns for file in files if file.exists()}
    assert same(slow_map(folder=tmp_path), undisturbed)
    changed = {file for file in files if before.get(file) != file.stat().st_mtime_ns}
    assert changed == {files[k] for k in (3, 7, 9, 11, 13, 15, 17)}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"learning_rate": 0.02}, "its learning rate is 0.01, and here it is 0.02"),
        ({"epochs": 31}, "its epochs is 30"),
        ({"optimizer": "momentum"}, "its optimizer is"),
        ({"shape": (8, 9)}, "its x is x from -5.0 to 5.0 at 8 places"),
        ({"window": ((-5, 5), (-5, 4))}, "its y is"),
        ({"tolerance": 1e-6}, "its tolerance is"),
        ({"objective": gdviz.parse("x^2 + y^2")}, "its objective is"),
    ],
)
def test_a_folder_of_another_map_is_refused_in_words(changes, says: str, tmp_path: Path):
    first = {"objective": HIMMELBLAU.objective, "window": WINDOW, "shape": (8, 8), "epochs": 30}
    gdviz.basins(**first, folder=tmp_path / "new" / "folder")
    with pytest.raises(ValueError, match=f"holds another map: {says}"):
        gdviz.basins(**(first | changes), folder=tmp_path / "new" / "folder")
    gdviz.basins(**first, folder=str(tmp_path / "new" / "folder"))


def test_a_tile_of_another_map_counts_as_not_there(tmp_path: Path):
    how = {"window": WINDOW, "shape": (8, 8), "epochs": 300}
    one, other = (gdviz.basins(HIMMELBLAU.objective, **how, folder=tmp_path / "one"),
                  gdviz.basins(HIMMELBLAU.objective, **how, folder=tmp_path / "two", learning_rate=0.015))  # fmt: skip
    assert not np.array_equal(one.epochs, other.epochs)
    tile = "tile-000000.npz"
    (tmp_path / "two" / tile).write_bytes((tmp_path / "one" / tile).read_bytes())
    again = gdviz.basins(HIMMELBLAU.objective, **how, folder=tmp_path / "two", learning_rate=0.015)
    assert same(again, other)


def test_a_folder_of_another_kind_of_map_or_of_nothing_known_is_refused(tmp_path: Path):
    how = {"window": WINDOW, "shape": (8, 8), "epochs": 30}
    gdviz.basins(HIMMELBLAU.objective, **how, folder=tmp_path)
    with pytest.raises(ValueError, match="its map is basins, and here it is trainability"):
        gdviz.trainability(HIMMELBLAU.objective, [1, 1], shape=(8, 8), folder=tmp_path)
    manifest = tmp_path / "manifest.json"
    assert json.loads(manifest.read_text())["objective"] == HIMMELBLAU.formula
    for text in ("{", "[]", "{}"):
        manifest.write_text(text)
        with pytest.raises(ValueError, match="is no manifest of a map"):
            gdviz.basins(HIMMELBLAU.objective, **how, folder=tmp_path)
    manifest.unlink()
    with pytest.raises(ValueError, match="tiles without a manifest"):
        gdviz.basins(HIMMELBLAU.objective, **how, folder=tmp_path)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(ValueError, match="is a file"):
        gdviz.basins(HIMMELBLAU.objective, **how, folder=file)


class Breaks(ThreadPoolExecutor):
    """Loses a worker at the third tile, as a pool of processes does."""

    count = 0

    def submit(self, function, /, *arguments, **more):
        self.count += 1
        if self.count > 3:
            raise BrokenExecutor("a worker was lost")
        if self.count == 3:
            return super().submit(lambda: (_ for _ in ()).throw(BrokenExecutor("a worker was lost")))
        return super().submit(function, *arguments, **more)


def test_what_a_lost_worker_left_is_computed_here(undisturbed: gdviz.Basins):
    with Breaks(1) as pool, pytest.warns(match="34 tiles were lost with their worker"):
        assert same(slow_map(executor=pool), undisturbed)


@pytest.mark.parametrize("kind", ["pool", pytest.param("dask", marks=pytest.mark.long)])
def test_a_killed_map_goes_on_where_it_was(kind: str, tmp_path: Path, undisturbed: gdviz.Basins):
    folder = tmp_path / "tiles"
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.maps.killed", kind, str(folder)], cwd=ROOT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while len(list(folder.glob("tile-*.npz"))) < 3:
            assert program.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    there = {file: file.stat().st_mtime_ns for file in folder.glob("tile-*.npz")}
    assert 3 <= len(there) < 36
    with workers(kind) as (executor, processes):
        lost: list[int] = []

        def lose_a_worker(done: int, count: int) -> None:
            if done > 64 * (len(there) + 2) and not lost:
                lost.append(processes[0])
                os.kill(processes[0], signal.SIGKILL)

        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            found = slow_map(executor=executor, folder=folder, progress=lose_a_worker)
    assert same(found, undisturbed)
    assert lost
    if kind == "pool":  # which is of no use any more; Dask starts another worker
        assert "tiles were lost with their worker" in str(warned[-1].message)
    assert all(file.stat().st_mtime_ns == when for file, when in there.items())
