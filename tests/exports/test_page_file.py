"""The page as one file: what is in it, and what cannot be."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from zlib import decompress

import pytest

from gdviz import Experiment
from gdviz.comparisons import Contender
from gdviz.datasets import read_csv
from gdviz.exports import ExportError
from gdviz.exports.inlining import inlined
from gdviz.exports.page_contents import contents_of, dumped
from gdviz.exports.page_file import PAGE, framed, to_page
from gdviz.exports.plotly_script import plotly_script
from gdviz.exports.subject import subject_of, subject_of_comparison
from gdviz.learning_rates import HIGHEST_RATE

DATA = read_csv(b"x,y\n0,5\n1,3\n2,2.2\n3,1.4\n4,1.3\n5,1\n")
BOWL = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.3, epochs=60)
OWN = Experiment(objective="fit", data="upload", model="a*exp(-b*x)", target="y", start=(1.0, 0.1), epochs=20,
                 learning_rate=0.01)  # fmt: skip


class Parts(HTMLParser):
    """The elements of a page, and what each script holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_it_asks_for_nothing_and_is_no_larger_than_it_may_be():
    page = to_page(subject_of(BOWL.posed()))
    parts = Parts(page)
    assert len(page.encode()) < 3_000_000
    assert not any({"src", "href", "data", "action", "srcset"} & set(attrs) for _, attrs in parts.tags)
    assert "url(" not in page.split("<body>")[0]


def test_its_policy_names_the_two_scripts_that_are_in_it():
    parts = Parts(to_page(subject_of(BOWL.posed())))
    policy = next(attrs["content"] or "" for tag, attrs in parts.tags if tag == "meta" and "http-equiv" in attrs)
    _, plotly, script = parts.scripts
    library = decompress(b64decode(plotly)).decode()
    assert library == plotly_script()
    assert policy.startswith(f"default-src 'none'; script-src {hashed(script)} {hashed(library)};")


def test_the_steps_own_code_is_inside():
    _, _, script = Parts(to_page(subject_of(BOWL.posed()))).scripts
    assert "function advance(run, rates" in script
    assert not re.search(r"^\s*(import|export) ", script, re.MULTILINE)


@pytest.mark.parametrize("rate", [5e-324, HIGHEST_RATE])
def test_its_slider_has_ends_whatever_the_rate(rate: float):
    (said,) = contents_of(subject_of(replace(BOWL, learning_rate=rate, epochs=2).posed())).shown["experiments"]
    assert 0 < said["low"] <= rate <= said["high"] < float("inf")


def test_a_comparison_holds_a_fits_data_once():
    fit = Experiment(objective="fit", data="misra1a", model="a*(1-exp(-b*x))", target="y", start=(250.0, 5e-4),
                     epochs=20)  # fmt: skip
    contenders = tuple(Contender("gd", 1e-9 * (i + 1), color=i) for i in range(8))
    one, many = (Parts(to_page(subject_of_comparison(fit.posed(), contenders[:count]))).scripts[2] for count in (1, 8))
    packed = max(re.findall(r'"[A-Za-z0-9+/=]{200,}"', one), key=len)
    assert many.count(packed) == one.count(packed) == 1


def test_it_is_small_enough_with_the_largest_file_that_is_taken():
    rows = "\n".join(f"{i / 7:.6f},{i % 13},{(i * i) % 17},{i % 5}" for i in range(50_000))
    table = read_csv(f"x,u,w,y\n{rows}\n".encode())
    large = Experiment(objective="fit", data="upload", model="a*exp(-b*x/9000) + c*u*w", target="y",
                       start=(1.0, 1.0, 0.1), epochs=2, learning_rate=0.01)  # fmt: skip
    assert len(to_page(subject_of(large.posed(table)), with_data=True).encode()) < 6_000_000


@pytest.mark.parametrize(
    "hostile",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028alert(1)", '"};alert(1);{"', "<svg onload=x>"],
)
def test_no_text_ends_its_script(hostile: str):
    text = dumped({"name": hostile, hostile: 1})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"name": hostile, hostile: 1}


def test_a_name_ends_no_script():
    task = Experiment(objective="booth", start=(-8.0, 6.0), epochs=50).posed()
    contenders = (Contender("gd", 0.01, "</script><!--"), Contender("adam", 0.1, "<svg onload=alert(1)>", 1))
    parts = Parts(to_page(subject_of_comparison(task, contenders)))
    assert [tag for tag, _ in parts.tags].count("script") == 3
    assert [run["title"] for run in json.loads(parts.scripts[0])["experiments"]] == [c.name for c in contenders]


def test_own_data_need_a_word():
    subject = subject_of(OWN.posed(DATA))
    with pytest.raises(ExportError, match="holds your data"):
        to_page(subject)
    said = json.loads(Parts(to_page(subject, with_data=True)).scripts[0])
    assert said["data"] == "This file holds the 6 rows of x, y that are fitted."


def test_a_frame_may_run_its_scripts_and_nothing_else():
    page = to_page(subject_of(BOWL.posed()))
    ((_, attrs),) = Parts(framed(page)).tags
    assert attrs["sandbox"] == "allow-scripts"
    assert attrs["srcdoc"] == page


@pytest.mark.parametrize(
    "line", ["import x from './x.js';", "export default 3;", "import * as a from './a.js';", "export * from './a.js';"]
)
def test_what_cannot_be_inlined_is_refused(tmp_path: Path, line: str):
    (tmp_path / "main.js").write_text(f"{line}\nexport function open() {{}}\n", "utf-8")
    with pytest.raises(ValueError, match="cannot be inlined"):
        inlined(tmp_path / "main.js", {})


def test_each_module_of_the_page_is_in_it_once():
    script = inlined(PAGE / "main.js", {})
    assert script.count("export class Run") == 0
    assert script.count("class Run ") == 1
    assert script.index("class Run ") < script.index("class Page ")


def test_comments_stay_behind_and_nothing_else(tmp_path: Path):
    lines = [
        "// what it does", "/** What", " * it * does/", " */", "export function open() {",
        '  const url = "https://x.org"; // stays', "  /** @type {string} */ (url).at(0);", "  // goes",
        "  return 4 / 2 / 1; /* stays */", "}",
    ]  # fmt: skip
    (tmp_path / "main.js").write_text("\n".join(lines) + "\n", "utf-8")
    script = inlined(tmp_path / "main.js", {})
    kept = [line.removeprefix("export ") for line in (lines[4], lines[5], lines[6], lines[8], lines[9])]
    assert "\n".join(kept) in script
    assert not any(gone in script for gone in ("what it does", "it * does", "goes"))
    assert "@param" not in inlined(PAGE / "main.js", {})
