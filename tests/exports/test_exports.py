"""Exports: real files, read back; nothing of them needs a network."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import re
import signal
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import numpy as np
import pytest

from gdviz.descent import descend
from gdviz.exports import ExportError, chrome_available, images, run_csv, to_html, to_image
from gdviz.figures import PRINT, contour_figure, surface_figure, theta_figure
from gdviz.landscapes import landscape
from gdviz.objectives import parse

BOWL = parse("x^2 + 10*y^2")
RUN = descend(BOWL, [4, 1], 0.07, 60)
FIGURE = contour_figure(landscape(BOWL, ((-5, 5), (-2, 2)), points=41), RUN, minima=[(0, 0)], palette=PRINT)

draws_images = pytest.mark.skipif(not chrome_available(), reason="needs Chrome or Chromium")


def read_columns(text: str) -> dict[str, list[float | None]]:
    header, *rows = csv.reader(io.StringIO(text))
    columns = zip(*rows, strict=True)
    return {
        name: [float(cell) if cell else None for cell in column] for name, column in zip(header, columns, strict=True)
    }


# -- tables --


@pytest.mark.parametrize("rate", [0.07, 0.2])
def test_a_run_comes_back_from_csv_bit_for_bit(rate):
    run = descend(BOWL, [4, 1], rate, 2000)
    columns = read_columns(run_csv(run))
    assert list(columns) == ["epoch", "x", "y", "value", "gradient_x", "gradient_y", "learning_rate"]
    assert columns["epoch"] == list(range(len(run.thetas)))
    for i, name in enumerate(run.variables):
        assert np.array(columns[name]).tobytes() == run.thetas[:, i].tobytes()
        assert np.array(columns[f"gradient_{name}"]).tobytes() == run.gradients[:, i].tobytes()
    assert np.array(columns["value"]).tobytes() == run.values.tobytes()
    assert np.array(columns["learning_rate"][:-1]).tobytes() == run.learning_rates.tobytes()
    assert columns["learning_rate"][-1] is None


# -- interactive pages --


def test_a_page_needs_no_network():
    page = to_html(FIGURE, "Run <1> & more")
    assert "<title>Run &lt;1&gt; &amp; more</title>" in page
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=", page.replace("</script>", "\n"))
    assert '"showSendToCloud": false' in page
    assert '"responsive": true' in page
    assert "Plotly.newPlot" in page
    assert len(page) > 1_000_000  # plotly.js is in it


def test_a_name_cannot_break_out_of_a_page():
    figure = theta_figure(RUN, palette=PRINT)
    figure.data[0].name = "</script><script>alert(1)</script>"
    assert "</script><script>alert(1)" not in to_html(figure, "</title><script>alert(2)</script>").replace(
        "\\u003c", ""
    )


# -- images --


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"format": "exe"}, "format"),
        ({"width": 99}, "width"),
        ({"height": 4001}, "height"),
        ({"scale": 5}, "scale"),
        ({"width": float("nan")}, "width"),
        ({"width": 4000, "height": 4000, "scale": 2}, "pixels"),
    ],
)
def test_sizes_out_of_bounds_are_refused_before_any_browser_starts(wrong, words):
    with pytest.raises(ValueError, match=words):
        to_image(FIGURE, **wrong)


def test_without_a_browser_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(images, "_browser_path", lambda: None)
    assert not chrome_available()
    with pytest.raises(ExportError, match="Chromium"):
        to_image(FIGURE, "pdf")


def _wait_for_the_end_of(process: int, seconds: float = 20) -> None:
    """A process that was killed is there until it has been waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):  # others have waited for it
            os.waitpid(process, os.WNOHANG)
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail(f"process {process} goes on")


class TestImages:
    """Each test works alone; in this order the browser, which takes seconds to start, is started four times."""

    pytestmark = draws_images

    def test_a_png_has_its_size(self):
        image = to_image(FIGURE, "png", 500, 300, 2)
        assert image[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", image[16:24]) == (1000, 600)

    def test_a_figures_own_size_does_not_overrule_the_callers(self):
        figure = theta_figure(RUN, palette=PRINT).update_layout(width=50, height=50)
        image = to_image(figure, "png", 400, 300)
        assert struct.unpack(">II", image[16:24]) == (400, 300)
        assert figure.layout.width == 50

    def test_an_svg_is_well_formed_and_has_words(self):
        root = ElementTree.fromstring(to_image(FIGURE, "svg", 500, 300))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
        assert {"x", "y"} <= texts

    def test_a_surface_comes_out_in_colors(self):
        ground = landscape(BOWL, ((-5, 5), (-2, 2)), points=41)
        drawn = to_image(surface_figure(ground, RUN, palette=PRINT), "png", 200, 150)
        bare = to_image(surface_figure(ground, RUN, palette=PRINT).update_traces(visible=False), "png", 200, 150)
        assert len(drawn) > 2 * len(bare), "without WebGL it would be bare"
        assert b"<image" in to_image(surface_figure(ground, RUN, palette=PRINT), "svg", 200, 150)

    def test_a_pdf_has_one_page(self):
        document = to_image(FIGURE, "pdf", 500, 300)
        assert document.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", document)) == 1
        assert document.rstrip().endswith(b"%%EOF")

    def test_several_sessions_get_each_their_own_image(self):
        widths = [300, 310, 320, 330]
        with ThreadPoolExecutor(4) as sessions:
            images = list(sessions.map(lambda width: to_image(FIGURE, "png", width, 200), widths))
        assert [struct.unpack(">I", image[16:20])[0] for image in images] == widths

    def test_a_browser_that_died_is_replaced(self):
        to_image(FIGURE, "png", 200, 200)
        os.killpg(images._renderer._kaleido.subprocess.pid, signal.SIGKILL)
        assert to_image(FIGURE, "png", 200, 200).startswith(b"\x89PNG")

    def test_an_image_that_takes_too_long_is_an_export_error(self, monkeypatch):
        to_image(FIGURE, "png", 200, 200)
        monkeypatch.setattr(images, "TIMEOUT_SECONDS", 0.001)
        with pytest.raises(ExportError, match=r"too long|Others"):
            to_image(FIGURE, "png", 200, 200)
        monkeypatch.undo()
        assert to_image(FIGURE, "png", 200, 200).startswith(b"\x89PNG")

    def test_a_browser_that_cannot_start_or_hangs_is_an_export_error_and_the_next_one_draws(
        self, monkeypatch, tmp_path
    ):
        images.stop_renderer()
        monkeypatch.setattr(images, "_browser_path", lambda: "/bin/false")
        with pytest.raises(ExportError, match=r"could not draw|too long"):
            to_image(FIGURE, "png", 200, 200)
        hangs, said = tmp_path / "chrome", tmp_path / "pid"
        hangs.write_text(f"#!/bin/sh\necho $$ > {said}\nexec sleep 600\n")
        hangs.chmod(0o755)
        monkeypatch.setattr(images, "_browser_path", lambda: str(hangs))
        monkeypatch.setattr(images, "TIMEOUT_SECONDS", 1.0)
        monkeypatch.setattr(images, "_CLOSING_SECONDS", 0.2)
        with pytest.raises(ExportError, match="no answer"):
            to_image(FIGURE, "png", 200, 200)
        monkeypatch.undo()
        _wait_for_the_end_of(int(said.read_text()))
        assert to_image(FIGURE, "png", 200, 200).startswith(b"\x89PNG")

    def test_a_browser_that_is_stopped_leaves_nothing_open(self):
        to_image(FIGURE, "png", 200, 200)
        loop, thread = images._renderer._loop, images._renderer._thread
        images.stop_renderer()
        assert not thread.is_alive()
        assert loop.is_closed(), "and with it the pair of sockets that wakes it"

    def test_a_full_disk_is_an_export_error(self, monkeypatch):
        """The browser needs a folder of its own; nothing else of an export is written to a disk."""

        def full(*_, **__):
            raise OSError(errno.ENOSPC, "No space left on device")

        images.stop_renderer()
        monkeypatch.setattr("kaleido.Kaleido", full)
        with pytest.raises(ExportError, match="No space left on device"):
            to_image(FIGURE, "png", 200, 200)
        assert images._renderer._thread is None, "nothing is left of it"
