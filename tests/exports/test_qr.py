"""QR codes: pictures without anything but squares, and no longer than a telephone can read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from gdviz import Experiment
from gdviz.experiments import link_text
from gdviz.exports import ExportError
from gdviz.exports.qr import LONGEST, qr_svg


def test_a_link_is_a_square_picture() -> None:
    root = ElementTree.fromstring(qr_svg("https://example.org/" + link_text(Experiment())))
    assert root.attrib["width"] == root.attrib["height"]
    assert float(root.attrib["width"]) == pytest.approx(260, abs=1)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "path", "g"}


def test_what_is_too_long_is_said() -> None:
    qr_svg("h" * LONGEST)
    with pytest.raises(ExportError, match="too long"):
        qr_svg("h" * (LONGEST + 1))
