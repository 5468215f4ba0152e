"""Whatever runs, columns and files are called: an exported file opens, and nothing in it runs or breaks out."""

from __future__ import annotations

import ast
import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest

from gdviz.comparisons import Contender
from gdviz.datasets import read_csv
from gdviz.experiments import Experiment
from gdviz.exports import to_html
from gdviz.exports.formats import Wanted, export
from gdviz.exports.images import chrome_available, to_image
from gdviz.exports.reopened import link_in
from gdviz.exports.subject import Subject, subject_of, subject_of_comparison
from gdviz.figures import PRINT
from gdviz.spreadsheets import _RUNS
from tests.exports.test_documents import balanced

NAMES = (
    "<script>alert(1)</script>", "</script><script>alert(1)//", "<!--<script>", "<img src=x onerror=alert(1)>",
    "]]><svg onload=alert(1)>", "javascript:alert(1)", "\"><b>'", "'''\nimport os\n", '"""\nimport os\n"""', "\\",
    "\\\\'", "\\input{/etc/passwd}", "\\write18{id}", "\\immediate\\write18{id}", "^^5cinput{x}", "}\\end{document}",
    "$\\catcode`\\%=12$", "%", "&#x3c;script&#x3e;", "{{7*7}}", "${7*7}", "%(x)s", "{x}", "=cmd|' /C calc'!A0",
    "\uff1dcmd|calc", " =1+1", "\t=1+1", "+1", "-1+1", "@SUM(1)", "\u00a0=1", "\u3000\uff0b1", "\u2212x", "a,b;c\td",
    "a\r\n=1", "a\n# b", "a\u2028import os", "a\u2029b", "a\x0cb", "a\x00b", "a\x1b[31mb", "\u202egpj.exe",
    "\u2066a\u2069", "e\u0301\u200d\ufeff", "\ud7ff", "../../etc/passwd", "C:\\x", "nan", "1e999", "None", "x" * 10_000,
    "[a](javascript:alert(1))", "![a](http://x.example/a)", "`a`", "<a href='http://x.example'>b</a>", "%%html", "!id",
    "# a", "lambda", "class", "np", "print", "theta", "True", "self", "await", "日本",
    "θ₁", "__import__('os')", "a;b@c=d",
)  # fmt: skip
BOOTH = Experiment(objective="booth", start=(-8.0, 6.0), epochs=12)
_COMMANDS = re.compile(r"\\([A-Za-z@]+)")


def is_taken(name: str) -> bool:
    """Whether a run may be called so."""
    try:
        return bool(Contender("gd", 0.01, name).name)
    except ValueError:  # too long, or not to be printed
        return False


COLUMNS = [  # files with others are refused
    name
    for name in NAMES
    if not set(name) & set("\0\x0c\x1b\r\n\u2028\u2029") and name not in ("+1", "-1+1", "nan", "1e999")
]
TAKEN = [name for name in NAMES if is_taken(name)]
EIGHTS = range(-(-len(TAKEN) // 8))


@cache
def compared(eight: int) -> Subject:
    """Runs that are called so; eight in one comparison, as the page allows."""
    names = TAKEN[8 * eight : 8 * eight + 8]
    return subject_of_comparison(BOOTH.posed(), tuple(Contender("gd", 0.01, name, k) for k, name in enumerate(names)))


def table(columns: Sequence[str], rows: int) -> str:
    """A file with such columns."""
    text, choose = io.StringIO(), random.Random(1)
    csv.writer(text).writerow(["epoch", *columns, "y"])
    csv.writer(text).writerows([k, *(round(choose.random(), 3) for _ in columns), 0.9**k] for k in range(rows))
    return text.getvalue()


def fitted(columns: Sequence[str]) -> Subject:
    """A fit of a file with such columns, each in the model."""
    found = read_csv(table(columns, 60).encode())
    model = "exp(k*epoch) + " + " + ".join(f"c{k}*{name}" for k, name in enumerate(found.names[1:-1]))
    e = Experiment(objective="fit", data="upload", model=model, target="y", epochs=9, learning_rate=1e-6)
    return subject_of(replace(e, start=(0.0,) * (len(columns) + 1)).posed(found))


SUBJECTS = {
    **{f"runs {eight}": compared(eight) for eight in EIGHTS},
    **{f"columns {k}": fitted(COLUMNS[k : k + 7]) for k in range(0, len(COLUMNS), 7)},
}


class Parts(HTMLParser):
    """The tags of a page, and what scripts hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@cache
def skeleton(of_all: bool) -> list[str]:
    """The tags of a page of runs with usual names."""
    plain = BOOTH.posed()
    subject = subject_of_comparison(plain, (Contender("gd", 0.01, "one"),)) if of_all else subject_of(plain)
    return sorted({tag for tag, _ in Parts(to_text(subject, "html")).tags})


def to_text(subject: Subject, ending: str, **wanted: object) -> str:
    return export(subject, ending, Wanted(with_data=True, **wanted)).decode()  # type: ignore[arg-type]


def is_inert(parts: Parts, tags: list[str]) -> bool:
    """Whether a page has no other kinds of tags, nothing that listens, and no address that runs."""
    own = all(tag in tags for tag, _ in parts.tags)
    listens = any(name.startswith("on") for _, found in parts.tags for name in found)
    runs = any((value or "").strip().startswith("javascript:") for _, found in parts.tags for value in found.values())
    return own and not listens and not runs


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_live_page_has_the_tags_of_any(name: str) -> None:
    page = to_text(SUBJECTS[name], "html")
    parts = Parts(page)
    assert is_inert(parts, skeleton(bool(SUBJECTS[name].results)))
    assert [tag for tag, _ in parts.tags].count("script") == 3
    if SUBJECTS[name].results:  # of own data there is no link
        assert link_in(page.encode()) == SUBJECTS[name].link


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_table_has_rows_of_one_length_that_no_spreadsheet_runs(name: str) -> None:
    text = to_text(SUBJECTS[name], "csv")
    said = [line for line in text.splitlines() if line.startswith("#")]
    rows = list(csv.reader(io.StringIO(text[text.index("\n", text.index(said[-1])) + 1 :])))
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        if not re.fullmatch(r"-?[\d.e+-]*|-?(inf|nan)", cell):
            assert not cell.lstrip(" \u00a0\u200b\ufeff\u3000'\"").startswith(_RUNS) or cell.startswith("'")


@pytest.mark.parametrize("name", SUBJECTS)
def test_numbers_open_again(name: str) -> None:
    subject = SUBJECTS[name]
    said = json.loads(to_text(subject, "json"))
    labels = [result.label for result in subject.results]
    assert [run["label"] for run in said.get("runs", [])] == labels
    with np.load(io.BytesIO(export(subject, "npz")), allow_pickle=False) as arrays:
        assert arrays["labels"].tolist() == labels if labels else "thetas" in arrays
    assert pq.read_table(io.BytesIO(export(subject, "parquet"))).num_rows > 0


def code_is_ours(source: str) -> None:
    """Whether a script is Python that imports what ours do, calls nothing dangerous, and has no other name in it."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            assert {one.partition(".")[0] for one in names} <= {"numpy", "matplotlib", "math", "__future__", "torch"}
        if isinstance(node, ast.Name):
            assert node.id not in ("eval", "exec", "open", "__import__", "os", "compile", "input", "alert")
    compile(source, "script", "exec")


@pytest.mark.parametrize("name", SUBJECTS)
def test_scripts_and_notebooks_are_python_and_plain_words(name: str) -> None:
    subject = SUBJECTS[name]
    for wanted in ({}, {"matplotlib": True}):
        code_is_ours(to_text(subject, "py", **wanted))
    notebook = json.loads(to_text(subject, "ipynb"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in code:
        source = "".join(cell["source"])
        code_is_ours(source)
        assert not re.search(r"^\s*[%!]", source, re.MULTILINE), "a command of Jupyter's"
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            words = "".join(cell["source"])
            assert not re.search(r"(?<!\\)<[A-Za-z/!]|(?<!\\)\]\(", words), words


@cache
def commands() -> set[str]:
    """LaTeX's commands in documents of runs with usual names."""
    plain = BOOTH.posed()
    one, all_of_them = subject_of(plain), subject_of_comparison(plain, (Contender("gd", 0.01, "one"),))
    line = SUBJECTS["columns 0"]
    made = [
        to_text(subject, "tex", figure=figure)
        for subject in (one, all_of_them, line)
        for figure in ("", "loss", "theta")
    ]
    escapes = (
        "textbackslash textasciicircum textasciitilde textless textgreater textbar textquotedbl textasciigrave theta"
    )
    return {
        *_COMMANDS.findall("".join(made)),
        *escapes.split(),
        "times",
        "ldots",
        "cdot",
        "le",
        "ge",
        "eta",
        "nabla",
        "lambda",
    }


@pytest.mark.parametrize("figure", ["", "loss", "theta"])
@pytest.mark.parametrize("name", SUBJECTS)
def test_latex_is_whole_and_has_no_other_command(name: str, figure: str) -> None:
    text = to_text(SUBJECTS[name], "tex", figure=figure)
    assert balanced(re.sub(r"(?m)^%.*$", "", text))
    assert set(_COMMANDS.findall(text)) <= commands()
    assert all(ord(c) < 0x180 and (c.isprintable() or c == "\n") for c in text)
    assert text.count(r"\end{document}") == 1
    assert "^^" not in text


@pytest.mark.parametrize("eight", EIGHTS)
def test_an_interactive_picture_has_the_tags_of_any(eight: int) -> None:
    names = " ".join(TAKEN[8 * eight : 8 * eight + 8])
    parts = Parts(to_html(compared(eight).figure("loss", PRINT), names))
    assert [tag for tag, _ in parts.tags] == usual_tags()


@cache
def usual_tags() -> list[str]:
    return [tag for tag, _ in Parts(to_html(subject_of(BOOTH.posed()).figure("loss", PRINT), "usual")).tags]


def test_a_bundle_has_names_of_ours_and_all_of_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdviz.exports.formats.chrome_available", lambda: False)
    for name in ("runs 0", "runs 1"):
        with zipfile.ZipFile(io.BytesIO(export(SUBJECTS[name], "zip", Wanted(with_data=True)))) as archive:
            assert all(re.fullmatch(r"[\w./-]+", entry) and ".." not in entry for entry in archive.namelist())
            assert archive.testzip() is None


@pytest.mark.skipif(not chrome_available(), reason="needs Chrome")
def test_a_drawing_is_xml_that_runs_nothing() -> None:
    """All names in one legend, and each as the title of an axis."""
    figure = compared(0).figure("loss", PRINT)
    for eight in EIGHTS[1:]:
        figure = figure.add_traces(compared(eight).figure("loss", PRINT).data)
    root = ElementTree.fromstring(to_image(figure, "svg"))
    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        assert tag not in ("script", "foreignObject", "iframe", "use", "set", "animate")
        assert not any(name.rpartition("}")[2].lower().startswith("on") for name in node.attrib)
        target = next((value for name, value in node.attrib.items() if name.endswith("href")), "#")
        assert target.startswith(("#", "data:image/png")), target
