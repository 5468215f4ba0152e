"""Maps on the command line: a link in, a file out."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path

import numpy as np
import pytest

import gdviz
from gdviz.command_line import main
from gdviz.exports import chrome_available
from gdviz.figures.png import Pixels

HIMMELBLAU = gdviz.PRESETS["himmelblau"]
LINK = "objective=himmelblau&learning_rate=0.01&epochs=300"


def test_basins_of_a_link_become_a_file_of_arrays(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file, folder = tmp_path / "map.npz", tmp_path / "tiles"
    for more in ([], ["--workers", "2"], ["--folder", str(folder)], ["--folder", str(folder)]):
        assert main(["map", "basins", LINK, "--size", "40x30", "-o", str(file), *more]) == 0
        said = capsys.readouterr()
        assert said.out.startswith("Of all starts ")
        assert "minimum (3, 2)" in said.out
        assert "100 % of 1,200" in said.err
        stored = np.load(file)
        here = gdviz.basins(HIMMELBLAU.objective, HIMMELBLAU.window, (30, 40), 0.01, 300)
        for name in ("x", "y", "reached", "epochs", "points", "kinds", "shares", "share_errors"):
            assert np.array_equal(stored[name], getattr(here, name))
        assert stored["variables"].tolist() == ["x", "y"]
        about = json.loads(str(stored["about"]))
        assert about["map"] == "basins"
        assert gdviz.decode(dict(part.split("=") for part in about["link"][1:].split("&")))[0].epochs == 300
    assert (folder / "manifest.json").exists()


def test_a_sweep_becomes_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "sweep.csv"
    arguments = ["objective=formula", "formula=x^2+5*y^2", "start=3,1", "--rates", "1e-3,1", "--size", "50"]
    assert main(["map", "sweep", *arguments, "-o", str(file)]) == 0
    assert "work" in capsys.readouterr().out
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert len(rows) == 50
    swept = gdviz.learning_rate_sweep(gdviz.parse("x^2+5*y^2"), [3, 1], np.geomspace(1e-3, 1, 50), 200)
    assert [float(row["value"]) for row in rows] == swept.values.tolist()
    assert {row["stop_reason"] for row in rows} == {reason.value for reason in swept.stop_reasons}


def test_trainability_over_named_axes_becomes_a_file_of_arrays(tmp_path: Path):
    file = tmp_path / "map.npz"
    axes = ["--x", "learning_rate,1e-3,1,log", "--y", "beta2,0.9,0.999"]
    assert main(["map", "trainability", LINK, "optimizer=adam", *axes, "--size", "12", "-o", str(file)]) == 0
    stored = np.load(file)
    assert stored["axes"].tolist() == ["learning_rate", "beta2"]
    assert stored["values"].shape == (12, 12)
    assert set(stored["reasons"][stored["stop_reasons"]].ravel()) <= {"epochs", "converged", "diverged"}


def test_a_dive_becomes_a_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "dive.gif"
    words = ["map", "basins", LINK, "--to", "-0.128,-1.95", "--depth", "50", "--size", "32", "--seconds", "0.5"]
    assert main([*words, "-o", str(file)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("10 frames, down to 1 / 50 of the map.")
    assert "100 %" in said.err
    assert file.read_bytes().startswith(b"GIF89a")


@pytest.mark.skipif(not chrome_available(), reason="images need Chrome or Chromium")
@pytest.mark.parametrize("kind", ["basins", "sweep", "trainability"])
def test_a_map_becomes_a_picture(kind: str, tmp_path: Path):
    file = tmp_path / "map.png"
    assert main(["map", kind, LINK, "--size", "64", "-o", str(file)]) == 0
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["basins", LINK], "Missing option '-o' / '--output'"),
        (["fractal", LINK, "-o", "a.npz"], "'fractal' is not one of 'basins', 'sweep', 'trainability'"),
        (["basins", LINK, "-o", "a.avi"], "name a file that ends with .npz, .csv, .png"),
        (["basins", LINK, "-o", "a.gif"], "A film goes down to a place: name it, --to X,Y"),
        (["basins", LINK, "--to", "1,1", "-o", "a.png"], "--to is where a film goes"),
        (["basins", LINK, "--depth", "9", "-o", "a.png"], "--depth does not go with what is no film"),
        (["sweep", LINK, "--seconds", "9", "-o", "a.csv"], "--seconds does not go with what is no film"),
        (["basins", LINK, "--rates", "1,2", "-o", "a.png"], "--rates does not go with basins: it is for a sweep"),
        (["trainability", LINK, "--rates", "1,2", "-o", "a.npz"], "--rates does not go with trainability"),
        (["basins", LINK, "--to", "1,1", "--rates", "1,2", "-o", "a.gif"], "--rates does not go with a film"),
        (["basins", LINK, "--to", "1", "-o", "a.gif"], "--to is “1”; write X,Y"),
        (["basins", LINK, "--to", "nan,1", "-o", "a.gif"], "--to names x = nan; the map goes from -6 to 6"),
        (["basins", LINK, "--to", "9,1", "-o", "a.mp4"], "--to names x = 9; the map goes from -6 to 6"),
        (["basins", LINK, "--to", "1,1", "--depth", "1", "-o", "a.gif"], "--depth is 1"),
        (["basins", LINK, "--to", "1,1", "--depth", "1e30", "-o", "a.gif"], "at most 1e+13, where the numbers end"),
        (["basins", LINK, "-o", "a.gif", "--to"], "argument --to: expected one argument; see gdviz map --help."),
        (["basins", LINK, "--to", "1,1", "--size", "33", "-o", "a.gif"], "an even number of pixels"),
        (["basins", LINK, "--to", "1,1", "--size", "64x32", "-o", "a.gif"], "--size is 64x32; a film is square"),
        (["basins", LINK, "--to", "1,1", "--seconds", "nan", "-o", "a.gif"], "A film of nan seconds"),
        (["basins", LINK, "--to", "1,1", "--workers", "2", "-o", "a.gif"], "--workers does not go with a film"),
        (["sweep", LINK, "--to", "1,1", "-o", "a.gif"], "A sweep is one row of rates"),
        (["basins", LINK, "-o", "a"], "name a file that ends with"),
        (["basins", "objective=nope", "-o", "a.npz"], "There is no objective “nope”"),
        (["basins", "objective=formula", "formula=x^2", "-o", "a.npz"], "Basins are a map of two parameters"),
        (["basins", LINK, "--size", "big", "-o", "a.npz"], "--size is “big”"),
        (["basins", LINK, "--size", "0", "-o", "a.npz"], "--size is “0”"),
        (["basins", LINK, "--size", "99999", "-o", "a.npz"], "from 1 to 16,384"),
        (["sweep", LINK, "--size", "9999999", "-o", "a.npz"], "a sweep has from 1 to 1,000,000 rates"),
        (["basins", LINK, "--x", "q,0,1", "-o", "a.npz"], "two different ones of x, y"),
        (["basins", LINK, "--x", "x,0", "-o", "a.npz"], "--x is “x,0”; write name,low,high"),
        (["basins", LINK, "--x", "x,0,1,log", "-o", "a.npz"], "The axes of basins are linear"),
        (["trainability", LINK, "--y", "x,a,b", "-o", "a.npz"], "its ends must be numbers"),
        (["trainability", LINK, "--y", "gamma,0,1", "-o", "a.npz"], "There is no axis “gamma”"),
        (["sweep", LINK, "--rates", "1,0.1", "-o", "a.npz"], "--rates is “1,0.1”"),
        (["sweep", LINK, "--folder", "f", "-o", "a.npz"], "--folder does not go with a sweep"),
        (["sweep", LINK, "schedule=cosine", "-o", "a.npz"], "A sweep is over constant learning rates"),
        (["basins", LINK, "--workers", "0", "-o", "a.npz"], "--workers is 0"),
        (
            ["basins", LINK, "--workers", "1", "--scheduler", "tcp://x:1", "-o", "a.npz"],
            "--scheduler does not go with --workers",
        ),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_refused(arguments, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["map", *arguments]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert not said.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["nowhere/a.npz", "nowhere/a.gif", "folder.png"])
def test_where_a_map_cannot_be_written_is_said_before_it_is_made(place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    monkeypatch.setattr("gdviz.command_line.mapping.made_file", lambda *_: pytest.fail("a map was made"))
    assert (
        main(["map", "basins", LINK, "--size", "32", *(["--to", "1,1"] if ".gif" in place else []), "-o", place]) == 1
    )
    err = capsys.readouterr().err
    assert err.startswith(f"{place} could not be written: ")
    assert len(err.splitlines()) == 1


def test_a_picture_of_pixels_is_a_file_that_others_read(tmp_path: Path):
    rng = np.random.default_rng(0)
    for count in (5, 256, 700):
        pixels = Pixels(rng.integers(0, count, (7, 9)), rng.integers(0, 256, (count, 3)).astype(np.uint8))
        content = pixels.png()
        assert struct.unpack(">II", content[16:24]) == (9, 7)
        assert pixels.rgb.shape == (7, 9, 3)
        assert (pixels.rgb[0, 0] == pixels.colors[pixels.index[-1, 0]]).all()
