"""Labels under the pointer write numbers as the rest of the page: the browser's ``format`` knows these formats only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gdviz import exports, figures

_FORMAT = re.compile(r"%\{\{?\w[^:\n\"]*?:([^}\n]+)\}")
_FOLDERS = [Path(figures.__file__).parent, Path(exports.__file__).parent / "page"]
_FILES = [
    path for folder in _FOLDERS for path in sorted(folder.glob("*.[pj]*")) if "hovertemplate" in path.read_text("utf-8")
]


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_numbers_on_hover_are_whole_or_have_significant_digits(path: Path) -> None:
    wanted = _FORMAT.findall(path.read_text(encoding="utf-8"))
    assert all(one == ",d" or re.fullmatch(r"\.\d+~g", one) for one in wanted), wanted


def test_most_figures_are_looked_at() -> None:
    assert len(_FILES) > 15
