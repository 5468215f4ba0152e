"""The command line runs what a link names, and says what was wrong with it."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

import gdviz
from gdviz.__main__ import main
from gdviz.experiments import Experiment, decode


def test_it_runs_what_the_settings_name_and_gives_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["objective=rosenbrock", "start=-1.2,1", "learning_rate=0.001", "epochs=50", "optimizer=adam"]) == 0
    sentence, link = capsys.readouterr().out.strip().splitlines()
    experiment, notes = decode(dict(parse_qsl(link.lstrip("?"))))
    assert notes == ()
    assert experiment.optimizer == "adam"
    assert experiment.verdict(experiment.run()).sentence == sentence
    assert main([link]) == 0, "a whole link runs too"
    assert capsys.readouterr().out.strip().splitlines() == [sentence, link]


def test_every_epoch_can_be_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["epochs=7", "--csv", "-"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert main(["epochs=7", "--csv", str(tmp_path / "run.csv")]) == 0
    assert list(csv.reader((tmp_path / "run.csv").read_text().splitlines())) == rows
    run = gdviz.Experiment(epochs=7).run()
    assert float(rows[-1][1]) == run.thetas[-1, 0]


def test_it_fits_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data.csv").write_text("x,y\n0,5\n1,7\n2,9\n3,11\n")
    settings = ["model=a*x + b", "target=y", "start=0,0", "learning_rate=0.1", "epochs=3000"]
    assert main([*settings, "--data", str(tmp_path / "data.csv")]) == 0
    assert "a = 2, b = 5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rosenbrock"], "“rosenbrock” is no setting"),
        (["--data", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_a_mistake_is_said_and_ends_with_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_a_setting_that_cannot_be_is_noted_and_its_default_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learning_rate=fast"]) == 0
    printed = capsys.readouterr()
    assert "learning_rate" in printed.err
    assert f"learning_rate={Experiment().learning_rate}" in printed.out


def test_it_is_there_as_a_command() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "gdviz", "epochs=3"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "epochs=3" in found.stdout
