"""LaTeX, notebooks and bundles: whole, of the run, and without a command that a name could bring in."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile

import nbformat
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from nbclient import NotebookClient

from gdviz import OPTIMIZERS, Experiment
from gdviz.comparisons import decode_runs
from gdviz.datasets import read_csv
from gdviz.exports import ExportError, latex
from gdviz.exports.bundle import to_zip
from gdviz.exports.formats import Wanted, export
from gdviz.exports.notebook import to_notebook
from gdviz.exports.reopened import link_in
from gdviz.exports.sizes import PROFILES
from gdviz.exports.subject import Subject, subject_of, subject_of_comparison
from tests.own_optimizer import SignDescent

ROSENBROCK = Experiment(
    objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=300, optimizer="adam"
).posed()
TWENTY = {
    name: Experiment(objective="booth", start=(1.0, 1.0), epochs=20, learning_rate=0.001, optimizer=name)
    for name in OPTIMIZERS
    if name not in ("gauss_newton", "levenberg_marquardt")
}


def balanced(text: str) -> bool:
    """Whether braces, environments and dollars are closed in order."""
    bare = re.sub(r"\\[\\{}$%#&_]", "", text)
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    stack: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        if kind == "begin":
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return depth == 0 and not stack and bare.count("$") % 2 == 0


@pytest.mark.parametrize("optimizer", TWENTY)
def test_latex_is_whole_and_has_the_rule(optimizer: str) -> None:
    task = TWENTY[optimizer].posed()
    text = latex.to_latex(subject_of(task))
    assert balanced(text)
    assert text.isascii() or all(ord(c) < 0x180 for c in text)
    assert r"\begin{document}" in text
    assert latex.update_rule(task.experiment.optimizer), "its docstring has the rule"
    assert latex.to_latex(subject_of(task), standalone=False).count("documentclass") == 0


def test_the_table_has_the_first_and_the_last_epochs() -> None:
    text = latex.to_latex(subject_of(ROSENBROCK))
    table = text[text.index(r"\midrule") : text.index(r"\bottomrule")]
    assert [row.split(" ")[0] for row in table.splitlines()[1:]] == [
        "0", "1", "2", "3", "4", r"$\vdots$", "296", "297", "298", "299", "300"
    ]  # fmt: skip
    assert {line.count("&") for line in table.splitlines()[1:]} == {5}
    assert r"\nabla f = \begin{pmatrix}" in text


@pytest.mark.parametrize(
    "words", ["\\input{/etc/passwd}", "100% $x$ #1 &_^~", "a\nb", "“θ ≤ 10⁻⁸”", "日本", "{", "}{", "\0"]
)
def test_words_are_no_commands(words: str) -> None:
    made = latex.text(words)
    assert balanced(made)
    assert "\\input" not in made
    assert made.isprintable()


def test_a_notebook_runs_and_draws(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # which Streamlit sets for its own process
    subject = subject_of(ROSENBROCK)
    made = nbformat.reads(export(subject, "ipynb").decode(), as_version=4)
    nbformat.validate(made)
    NotebookClient(made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in made.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
    printed = "".join(output.get("text", "") for output in outputs)
    x, y = subject.run.thetas[-1].tolist()
    assert float(re.search(r"^x = (\S+)$", printed, re.MULTILINE)[1]) == pytest.approx(x, rel=1e-12)
    assert float(re.search(r"^y = (\S+)$", printed, re.MULTILINE)[1]) == pytest.approx(y, rel=1e-12)


def test_a_notebook_holds_no_markup_of_a_name() -> None:
    task = Experiment(objective="formula", formula="alpha_x^2 + b^2", start=(1.0, 1.0), epochs=3).posed()
    read = json.loads(to_notebook(subject_of(task)))
    assert read["nbformat"] == 4
    assert "<script" not in read["cells"][0]["source"]


def test_a_bundle_names_the_experiment_and_its_link(monkeypatch) -> None:
    subject = subject_of(ROSENBROCK)
    told: list[float] = []
    made = to_zip(subject, lambda ending, figure: export(subject, ending) if ending != "html" else b"", False,
                  told.append)  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(made)) as bundle:
        assert bundle.testzip() is None
        names = set(bundle.namelist())
        readme = bundle.read("gdviz/README.txt").decode()
        assert json.loads(bundle.read("gdviz/run.json"))["link"] == subject.link
    assert {f"gdviz/run.{ending}" for ending in ("csv", "json", "npz", "parquet", "py", "ipynb", "tex")} < names
    assert subject.link in readme
    assert "Rosenbrock" in readme
    assert told[-1] == 1.0
    assert told == sorted(told)
    again = to_zip(subject, lambda ending, figure: export(subject, ending) if ending in ("csv", "py") else b"", False,
                   told.append)  # fmt: skip
    assert again == to_zip(subject, lambda e, f: export(subject, e) if e in ("csv", "py") else b"", False, told.append)


def test_what_a_bundle_has_not_is_named() -> None:
    own = Experiment(objective="fit", data="upload", model="a*exp(b*x)", target="y", start=(1.0, 0.1), epochs=5)
    subject = subject_of(own.posed(read_csv(b"x,y\n1,2\n2,3\n4,5\n")))
    made = to_zip(subject, lambda ending, figure: export(subject, ending) if ending in ("py", "csv") else b"", False,
                  lambda share: None)  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(made)) as bundle:
        readme = bundle.read("gdviz/README.txt").decode()
        assert "gdviz/run.py" not in bundle.namelist()
    assert "run.py: The script holds your data" in readme


def compared() -> Subject:
    runs, _ = decode_runs("gd@0.001,name=-2+3=x;adam@0.1;bfgs@1,schedule=strong_wolfe")
    return subject_of_comparison(ROSENBROCK, runs)


def test_a_comparison_has_numbers_of_every_kind() -> None:
    subject = compared()
    said = json.loads(export(subject, "json"))
    assert said["link"] == subject.link
    archive = np.load(io.BytesIO(export(subject, "npz")))
    table = pq.read_table(io.BytesIO(export(subject, "parquet")))
    assert json.loads(table.schema.metadata[b"gdviz"])["link"] == subject.link
    assert json.loads(str(archive["metadata"]))["runs"][1]["label"] == "Adam"
    rows = list(csv.reader(line for line in export(subject, "csv").decode().splitlines() if not line.startswith("#")))
    for place, result in enumerate(subject.results):
        own = said["runs"][place]
        assert (own["label"], own["stop_reason"]) == (result.label, result.run.stop_reason.value)
        assert own["thetas"] == result.run.thetas.tolist() == archive[f"thetas_{place}"].tolist()
        mine = table.filter(pc.equal(table["run"], result.label))
        assert mine["values"].to_pylist() == result.run.values.tolist() == own["values"]
        assert mine["learning_rates"].to_pylist()[-1] is None
        cells = [float(row[3]) for row in rows[1:] if row[0].lstrip("'") == result.label]
        assert cells == result.run.thetas[:, 0].tolist()
    for ending in ("json", "npz", "parquet", "csv", "tex", "ipynb", "py"):
        assert link_in(export(subject, ending)) == subject.link, ending


def test_a_comparison_in_latex_is_a_row_a_run() -> None:
    text = export(compared(), "tex").decode()
    assert balanced(text)
    assert text[text.index(r"\midrule") : text.index(r"\bottomrule")].count(r"\\") == 3


def test_a_notebook_of_a_comparison_runs(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)
    subject = compared()
    made = nbformat.reads(export(subject, "ipynb").decode(), as_version=4)
    nbformat.validate(made)
    NotebookClient(made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in made.cells for output in cell.get("outputs", ())]
    printed = "".join(output.get("text", "") for output in outputs)
    numbers = [float(number) for number in re.findall(r"^x = (\S+)$", printed, re.MULTILINE)]
    np.testing.assert_allclose(numbers, [result.run.thetas[-1, 0] for result in subject.results], rtol=1e-12)


@pytest.mark.parametrize("name", ["theta", "loss"])
@pytest.mark.parametrize("comparing", [False, True])
def test_pgfplots_has_the_numbers_and_is_whole(name: str, comparing: bool) -> None:
    runs, _ = decode_runs("gd@0.001,name=100% {x}_$;adam@0.01")
    subject = subject_of_comparison(ROSENBROCK, runs) if comparing else subject_of(ROSENBROCK)
    made = export(subject, "tex", Wanted(figure=name, size=PROFILES["ieee"])).decode()
    assert balanced(made)
    assert r"\documentclass[border=2pt]{standalone}" in made
    assert f"width={3.5 * 72:.2f}pt" in made
    defined = set(re.findall(r"\\definecolor\{(\w+)\}", made))
    used = set(re.findall(r"\\addplot\[(\w+),", made))
    assert used <= defined
    points = [tuple(map(float, p)) for p in re.findall(r"\(([-\d.e+]+),([-\d.e+]+)\)", made)]
    assert len(points) > 20
    first = subject.run.thetas[0, 0] if name == "theta" else None
    if first is not None:
        assert (0.0, pytest.approx(first)) in [points[0]]
    assert "nan" not in made
    plain = export(subject, "tex", Wanted(figure=name, standalone=False)).decode()
    assert "documentclass" not in plain
    assert plain.count(r"\begin{tikzpicture}") == 1
    assert all(ord(c) < 0x180 for c in plain)


def test_pgfplots_draws_no_landscape() -> None:
    with pytest.raises(ExportError, match="take this figure as pdf"):
        export(subject_of(ROSENBROCK), "tex", Wanted(figure="contour"))


WIDE = Experiment(
    objective="formula", formula="+".join(f"{i + 1}*(x{i} - {i})^2" for i in range(12)), start=(1 / 3,) * 12, epochs=40
).posed()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs TeX")
@pytest.mark.parametrize(
    ("subject", "figure"),
    [(subject_of(ROSENBROCK), ""), (subject_of(ROSENBROCK), "theta"), (subject_of(ROSENBROCK), "rates"),
     (compared(), "loss"), (compared(), ""), (subject_of(WIDE), "")],
    ids=["formulas", "theta", "rates", "comparison", "table", "twelve parameters"],
)  # fmt: skip
def test_tex_takes_it_without_a_warning(subject: Subject, figure: str, tmp_path) -> None:
    (tmp_path / "made.tex").write_bytes(export(subject, "tex", Wanted(figure=figure)))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "made.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert not re.search(r"^(?:LaTeX|Package) .*Warning|^Overfull", done.stdout, re.MULTILINE)


def test_an_own_optimizer_without_formulas_in_its_docstring_is_written_from_its_lines():
    rule = latex.update_rule(SignDescent(blend=0.25))
    assert len(rule) == 2
    assert rule[0].startswith("d_k = ")
    assert "g_{k}" in rule[0]
    assert "blend" in rule[0]
    task = Experiment(objective="gentle_bowl", optimizer=SignDescent(blend=0.25), start=(3.0, 1.0), epochs=5).posed()
    assert rule[0] in latex.to_latex(subject_of(task))
