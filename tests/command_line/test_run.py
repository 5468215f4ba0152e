"""The command line runs what a link names, and says what was wrong with it."""

from __future__ import annotations

import csv
import errno
import io
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

import gdviz
from gdviz.command_line import main
from gdviz.experiments import Experiment, Task, decode


def test_it_runs_what_the_settings_name_and_gives_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["objective=rosenbrock", "start=-1.2,1", "learning_rate=0.001", "epochs=50", "optimizer=adam"]) == 0
    sentence, link = capsys.readouterr().out.strip().splitlines()
    experiment, notes = decode(dict(parse_qsl(link.lstrip("?"))))
    assert notes == ()
    assert experiment.optimizer.name == "adam"
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


def test_what_was_left_out_of_a_formula_or_renamed_is_said_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["objective=formula", "formula=f(x) = x[0]^2 + 3x[1]^2  # a bowl", "start=1,1", "epochs=5"]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "The comment “a bowl” is left out.",
        "“f(x) =” only names what follows and is left out.",
        "x[0] is called x0.",
        "x[1] is called x1.",
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "rings.csv"
    path.write_text('\n"distress_ct","temperature","launch_id"\n0,66,1\n1,70,2\n0,69,3\n2,53,14\n0,67,15\n')
    return path


_MISTAKES = [
    (["rosenbrock"], "“rosenbrock” is no setting"),
    ([""], "“” is no setting"),
    (["objective=rosenbrok"], "did you mean rosenbrock?"),
    (["objective=Rosenbrock"], "did you mean rosenbrock?"),
    (["objective=rosenbrok", "start=1,2,3", "learning_rate=0.1"], "no objective “rosenbrok”"),
    (["objective="], "no objective “”"),
    (["formula=x^2+"], "ends after '+'"),
    (["objective=formula"], "formula"),
    (["objective=formula", "formula=x^2+", "start=1"], "ends after '+'"),
    (["?objective=formula&formula=x^2+"], "ends after '+'"),
    (["learning_rate=fast"], "learning_rate = “fast” is not a number"),
    (["learning_rate=0,1"], "such as 0.5 or 1000"),
    (["learning_rate=-1"], "must be above 0"),
    (["learning_rate="], "is empty"),
    (["epochs=1,000"], "such as 0.5 or 1000"),
    (["epochs=1e9"], "whole number from 1 to 100,000"),
    (["epochs=5", "epochs=7"], "epochs is given 2 times: “5”, “7”."),
    (["?epochs=5&epochs=7"], "epochs is given 2 times: “5”, “7”."),
    (["?epochs=5", "epochs=7"], "epochs is given 2 times"),
    (["epoch=500"], "did you mean epochs?"),
    (["Epochs=500"], "did you mean epochs?"),
    (["lr=0.1"], "did you mean learning_rate?"),
    (["learningrate=0.1"], "did you mean learning_rate?"),
    (["momentum=0.5"], "with optimizer=momentum"),
    (["beta=0.5"], "gd has no beta"),
    (["optimizer=adam", "beta=0.5"], "adam has no beta (its own settings: beta1, beta2, epsilon)"),
    (["optimizer=momentum", "beta=1"], "below 1"),
    (["objective=rosenbrock", "formula=x^2"], "the objective is rosenbrock"),
    (["objective=rosenbrock", "start=1"], "must be 2 numbers"),
    (["optimizer=lion", "schedule=strong_wolfe"], "does not go with Lion"),
    (["schedule=formula", "rate_formula=eta*(1-k/10)", "epochs=100"], "epoch 10 is 0"),
    (["optimizer=gauss_newton"], ""),
    (["scenario=edgy"], "did you mean edge?"),
    (["objective=booth", "landscape=3d"], "must be one of above, surface, both"),
    (["objective=booth", "runs=gdd@0.1"], "no optimizer “gdd”"),
    (["objective=booth", "fair=budgt=5"], "did you mean budget?"),
    (["objective=fit", "data=upload"], "name it with --data FILE"),
    (["data=lines"], "did you mean line?"),
    (["data=line", "target=Y"], "no column “Y”"),
    (["data=line", "model=a*("], "model"),
    (["data=line", "data=line", "delta=2"], "it goes with fit_loss=huber"),
    (["--data", "nowhere.csv"], "nowhere.csv: No such file or directory."),
    (["--data", "."], ".: Is a directory."),
    (["--data", "DATA", "objective=rosenbrock"], "objective = “rosenbrock” and --data do not go together"),
    (["--data", "DATA", "data=line"], "data = “line” and --data do not go together"),
    (["--data", "DATA", "target=distress"], "no column “distress”"),
    (["--data", "DATA", "target=distress_ct", "model=a*temperature + b", "fit_loss=log"], "holds 0, 1, 2"),
    (["--data", "DATA", "--csv", "DATA"], "holds the data"),
    (["--dat", "DATA"], "unrecognized arguments: --dat"),
    (["--data", "DATA", "--data", "DATA"], "--data is given 2 times"),
    (["--csv", "OUT", "--csv", "OUT"], "--csv is given 2 times"),
    (["--csv"], "expected one argument"),
    (["epochs=5\n6"], "epochs = “5�6”"),
]


@pytest.mark.parametrize(("arguments", "words"), _MISTAKES, ids=lambda a: " ".join(a) if isinstance(a, list) else "")
@pytest.mark.parametrize("more", [[], ["--csv", "OUT"], ["--csv", "-"]], ids=["", "csv", "to output"])
def test_a_mistake_is_said_on_one_line_and_nothing_is_run(
    arguments: list[str], words: str, more: list[str], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--csv" in arguments:
        more = []
    before = data.read_bytes()
    named = {"DATA": str(data), "OUT": str(tmp_path / "run.csv")}
    assert main([named.get(word, word) for word in (*more, *arguments)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err.replace(str(data), "DATA")
    assert len(printed.err.splitlines()) == 1
    assert "instead" not in printed.err, "nothing is used instead"
    assert [path.name for path in tmp_path.iterdir()] == [data.name]
    assert data.read_bytes() == before


def test_each_mistake_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["objective=booth", "epoch=5", "lr=0.1", "optimizer=sgd"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["optimizer", "epoch", "lr"]


@pytest.mark.parametrize(
    "words",
    [
        ["objective=formula", "formula=x^2+y^2"],
        ["formula=x^2+y^2"],
        ["?objective=formula&formula=x^2+y^2"],
        ["objective=formula&formula=x^2%2By^2"],
        ["http://localhost:8501/?objective=formula&formula=x^2+y^2#top"],
        ["https://example.org/compare?formula=x^2+y^2", "epochs=200"],
    ],
)
def test_a_plus_sign_is_a_sum(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "formula=x%5E2%2By%5E2" in printed.out


def test_a_scenario_is_the_run_that_it_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario=edge"]) == 0
    assert "objective=gentle_bowl" in capsys.readouterr().out


def test_what_only_the_page_shows_is_named_and_the_run_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["?objective=booth&runs=gd@0.1&theory=1&seed=3"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "Of the page alone, and without effect on this run: runs, theory, seed.\n"
    assert main(["objective=booth"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == printed.out.splitlines()[0]


def test_a_model_that_uses_no_column_is_pointed_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data), "target=distress_ct", "model=a*temp + b"]) == 0
    assert "uses no column: a, temp, b are parameters" in capsys.readouterr().err


def test_settings_may_stand_before_and_after_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["objective=booth", "--csv", str(tmp_path / "run.csv"), "epochs=3"]) == 0
    assert "objective=booth" in capsys.readouterr().out
    assert len((tmp_path / "run.csv").read_text().splitlines()) == 5


# -- what cannot be written --


@pytest.mark.parametrize("place", ["nowhere/run.csv", "."])
def test_a_file_that_cannot_be_written_ends_with_1(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["epochs=3", "--csv", str(tmp_path / place)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{tmp_path / place} could not be written: ")
    assert len(printed.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_where_writing_fails_the_file_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.csv").write_text("before")

    def full(path: Path, text: str, **_: object) -> int:
        path.write_bytes(text[:9].encode())
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        assert main(["epochs=3", "--csv", str(tmp_path / "run.csv")]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["run.csv"]
    assert (tmp_path / "run.csv").read_text() == "before"


class _Broken(io.StringIO):
    """An output that nobody reads any more, or that is full."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The result could not be written: No space left"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--csv", "-"]])
def test_an_output_that_breaks_ends_quietly(
    error: OSError, status: int, said: str, more: list[str],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "stdout", _Broken(error))
    assert main(["epochs=3", *more]) == status
    printed = capsys.readouterr().err
    assert printed.startswith(said)
    assert bool(printed) == bool(said)


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Task, "run", interrupted)
    monkeypatch.setattr("gdviz.command_line.requests.read_link", lambda *_: (Experiment().posed(), ()))
    assert main(["epochs=3"]) == 130


def test_the_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert all(code in text for code in ("exit codes:", "  0 ", "  1 ", "  2 ", "  130 ", "  141 "))


def test_it_is_there_as_a_command() -> None:
    command = [sys.executable, "-m", "gdviz"]
    found = subprocess.run([*command, "epochs=3"], capture_output=True, text=True, timeout=60, check=True)
    assert "epochs=3" in found.stdout
    found = subprocess.run([*command, "epoch=3"], capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, found.stdout) == (2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_reader_that_has_gone_is_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gdviz", "epochs=3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 141
