"""Rooms: who may import whom, and documents whose links lead somewhere."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each room may import those before it, and none of those after.
ORDER = (
    "arrays", "cache", "pacing", "archives", "spreadsheets", "numerals", "hyperparameters", "spelling", "formulas",
    "codes", "objectives", "fits", "learning_rates", "optimizers", "descent", "theory", "verdict", "landscapes", "maps",
    "presets", "datasets", "experiments", "comparisons", "lessons", "views", "training", "figures", "scenes",
    "exports", "command_line", "ui",
)  # fmt: skip
# Within the page the same: what all of it uses stands at its top.
UI = ("words", "notices", "server", "session", "components", "menus", "headings", "cards", "verdict_line", "controls",
      "places", "pictures", "view", "sidebar", "toolbar", "pages", "page")  # fmt: skip
TOP = ("__init__", "__main__")  # the library's names, and the command line


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "gdviz").rglob("*.py")):
        yield path.relative_to(ROOT / "gdviz").with_suffix("").parts[0], path


def imported(path: Path, house: str = "gdviz") -> Iterator[str]:
    """The rooms of a house that a file imports from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom) and node.module == house:
            names = [f"{house}.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.removeprefix(f"{house}.").split(".")[0] for name in names if name.startswith(f"{house}."))


def test_every_room_has_its_place():
    assert {room for room, _ in modules()} == {*ORDER, *TOP}


@pytest.mark.parametrize("room", ORDER)
def test_imports_go_one_way(room: str):
    allowed = ORDER[: ORDER.index(room) + 1]
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for own, path in modules()
        if own == room
        for other in imported(path)
        if other not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("room", UI)
def test_the_page_imports_one_way_too(room: str):
    ui = ROOT / "gdviz" / "ui"
    inside = sorted((ui / room).rglob("*.py")) if (ui / room).is_dir() else [ui / f"{room}.py"]
    allowed = UI[: UI.index(room) + 1]
    wrong = [f"{path.relative_to(ROOT)} imports {other}" for path in inside for other in imported(path, "gdviz.ui")
             if other not in allowed]  # fmt: skip
    assert inside
    assert wrong == []


def test_every_room_of_the_page_has_its_place():
    ui = ROOT / "gdviz" / "ui"
    found = {path.stem for path in (*ui.glob("*.py"), *(init.parent for init in ui.glob("*/__init__.py")))}
    assert found == {*UI, "__init__"}


@pytest.mark.parametrize("name", ["README.md", "docs/HOW_IT_WORKS.md", "docs/CONTRIBUTING.md"])
def test_what_a_document_names_is_there(name: str):
    document = ROOT / name
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    files = re.findall(r"`((?:gdviz|tests|docs|app)[\w/]*(?:\.(?:py|md|js|css)|/))`", text)
    named = re.findall(r"`(gdviz/[\w/]+\.py)` \(((?:`\w+`(?:, )?)+)[,)]", text)
    for file, names in named:
        source = (ROOT / file).read_text(encoding="utf-8")
        for one in re.findall(r"\w+", names):
            assert re.search(rf"^(?:    )?(?:def|class) {one}\b|^{one}\b", source, re.MULTILINE), f"{file} has no {one}"
    missing = [link for link in links if not (document.parent / link).exists()]
    missing += [file for file in files if not (ROOT / file).exists()]
    assert links or files
    assert missing == []


def test_the_readme_shows_the_optimizer_that_tests_add():
    source = (ROOT / "tests" / "own_optimizer.py").read_text(encoding="utf-8")
    assert source[source.index("@dataclass") :].strip() in (ROOT / "README.md").read_text(encoding="utf-8")


MEASURES = sorted(path for room in ("benchmarks", "load") for path in (ROOT / "tests" / room).glob("*.py"))


@pytest.mark.parametrize("path", MEASURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_measurement_imports_is_there(path: Path):
    """``make long`` runs some of them, ``make test`` none: a name that went is missed here at once."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("gdviz", "tests"):
            room = importlib.import_module(str(node.module))
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                assert hasattr(room, alias.name) or importlib.util.find_spec(whole), f"{path.name} imports {whole}"
