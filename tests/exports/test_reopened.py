"""What was exported opens again, whatever its kind; what is not ours is said to be not."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz import Experiment
from gdviz.command_line import main
from gdviz.experiments import link_text, read_link, read_query
from gdviz.exports.formats import export
from gdviz.exports.reopened import NotOurs, link_in
from gdviz.exports.subject import subject_of

E = Experiment(objective="formula", formula="x^2 + 3*y^2*cos(x)", start=(2.0, 1.0), learning_rate=0.05, epochs=30,
               optimizer="adam")  # fmt: skip
SUBJECT = subject_of(E.posed())


@pytest.mark.parametrize("ending", ["json", "csv", "npz", "parquet", "py", "ipynb", "tex", "html"])
def test_every_kind_opens_the_run_that_it_was(ending: str) -> None:
    link = link_in(export(SUBJECT, ending))
    task, notes = read_link(read_query(link[1:])[0])
    assert notes == ()
    assert task.experiment == E


def test_a_bundle_opens() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as bundle:
        bundle.writestr("gdviz/run.csv", "no")
        bundle.writestr("gdviz/run.json", export(SUBJECT, "json"))
    assert link_in(file.getvalue()) == link_text(E)


@pytest.mark.parametrize(
    "text",
    [link_text(E), f"http://localhost:8501/{link_text(E)}", f"Look: https://example.org/gdviz{link_text(E)}\nNice!",
     f'<a href="https://example.org/{link_text(E).replace("&", "&amp;")}">here</a>', f"({link_text(E)})."],
)  # fmt: skip
def test_a_link_is_found_in_a_text(text: str) -> None:
    assert read_link(read_query(link_in(text)[1:])[0])[0].experiment == E


NOT_OURS = [b"", b"hello", b"{", b"{}", b"[]", b"PK", b"PK\x03\x04x", b"\xff\xfe\x00", b"{" * 100_000, b"?q=what"]
NOT_OURS += [b'{"format": "gdviz-run"}', b'{"format": "gdviz-run", "link": 7}']
NOT_OURS += [b'{"format": "gdviz-run", "link": "javascript:alert(1)"}']


@pytest.mark.parametrize("data", NOT_OURS, ids=range(len(NOT_OURS)))
def test_what_is_not_ours_is_said(data: bytes) -> None:
    with pytest.raises(NotOurs):
        link_in(data)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_no_bytes_raise_anything_else(data: bytes | str) -> None:
    for begun in (data, b"PK" + data if isinstance(data, bytes) else "{" + data):
        with contextlib.suppress(NotOurs):
            assert link_in(begun).startswith("?")


def test_an_exported_file_runs_on_the_command_line(tmp_path, capsys) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(export(SUBJECT, "json"))
    assert main(["run", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == link_text(E)
    file.write_text(json.dumps({"some": "thing"}))
    assert main(["run", str(file)]) == 2
    assert "names no link" in capsys.readouterr().err
