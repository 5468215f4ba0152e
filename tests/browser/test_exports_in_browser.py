"""The files that the Export menu makes are real files."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pypdf
import pytest
from playwright.sync_api import Page, expect

from gdviz.experiments import link_text
from tests.browser.visitor import BOWL, Visitor, check, eventually

LABELS = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "html": "Interactive picture", "csv": "Numbers (CSV)"}


def export(visitor: Visitor, ending: str, folder: Path) -> Path:
    """Open the menu, choose a format, press the button, keep the file."""
    page = visitor.page
    page.get_by_role("button", name="Export").click()
    chosen = page.get_by_test_id("stPopoverBody").get_by_text(LABELS[ending], exact=True)
    chosen.click()
    button = page.locator(".st-key-export_download button")
    words = {"csv": r"the run\s*$", "html": r"epoch\s*$"}.get(ending, f"as {LABELS[ending]}")
    expect(button).to_have_text(re.compile(words))
    visitor.rest()
    with page.expect_download(timeout=60_000) as download:
        button.click()
    assert download.value.suggested_filename.endswith(f".{ending}")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


@pytest.mark.parametrize("endings", [("png",), pytest.param(("pdf", "svg"), marks=pytest.mark.long)], ids=str)
def test_images(guest: Visitor, tmp_path: Path, endings: tuple[str, ...]) -> None:
    guest.open(**BOWL)
    for ending in endings:
        content = export(guest, ending, tmp_path).read_bytes()
        assert len(content) > 5_000
        IS_REAL[ending](content)


def is_png(content: bytes) -> None:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert np.frombuffer(content[16:24], ">u4").tolist() == [1800, 1200]


def is_svg(content: bytes) -> None:
    root = ElementTree.fromstring(content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert sum(1 for _ in root.iter("{http://www.w3.org/2000/svg}path")) > 10


def is_pdf(content: bytes) -> None:
    assert content.startswith(b"%PDF-")
    assert b"%%EOF" in content[-1024:]


IS_REAL = {"png": is_png, "svg": is_svg, "pdf": is_pdf}


@pytest.mark.long
def test_an_image_that_is_too_large_is_refused_beside_its_size(visitor: Visitor) -> None:
    visitor.open(**BOWL)
    visitor.page.get_by_role("button", name="Export").click()
    for field, text in (("export_width", "4000"), ("export_height", "4000"), ("export_scale", "4")):
        visitor.type(field, text)
        visitor.rest()
    expect(visitor.message("stPopoverBody")).to_contain_text("more than 40,000,000 pixels")
    expect(visitor.page.locator(".st-key-export_download")).to_have_count(0)
    visitor.type("export_scale", "1")
    expect(visitor.page.locator(".st-key-export_download button")).to_be_visible()
    expect(visitor.message("stPopoverBody")).to_have_count(0)


@pytest.mark.long
def test_the_interactive_page_draws_without_a_network(
    visitor: Visitor, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    visitor.open(**BOWL)
    path = export(visitor, "html", tmp_path)
    page = new_page("offline")
    page.goto(path.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    drawn = page.evaluate(
        "Array.from(document.querySelector('.js-plotly-plot')._fullData.find((trace) => trace.name === 'y').customdata)"
    )
    assert drawn == visitor.thetas()["y"][1].tolist()
    expect(page.locator(".scatterlayer path.js-line").first).to_be_visible()
    said = page.evaluate(
        """() => {
            const { numberFormat } = document.querySelector('.js-plotly-plot')._fullLayout._d3locale;
            return [numberFormat('.4~g')(1.25e-7), numberFormat('.3~g')(1234567)];
        }"""
    )
    assert said == ["1.25 × 10⁻⁷", "1.23 × 10⁶"], "as the page writes numbers"


def test_the_numbers_are_to_the_last_bit_those_of_the_run_that_is_seen(guest: Visitor, tmp_path: Path) -> None:
    guest.open(**BOWL)
    guest.type("epochs", "5")
    run = guest.expect_address(epochs=5).run()
    lines = export(guest, "csv", tmp_path).read_text().splitlines()
    said = [line for line in lines if line.startswith("#")]
    assert f"# link: {link_text(guest.expect_address())}" in said
    header, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    assert header == ["epoch", "x", "y", "value", "gradient_x", "gradient_y", "learning_rate"]
    numbers = np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])
    np.testing.assert_array_equal(numbers[:, 0], np.arange(run.epochs + 1))
    np.testing.assert_array_equal(numbers[:, 1:3], run.thetas)
    np.testing.assert_array_equal(numbers[:, 3], run.values)
    np.testing.assert_array_equal(numbers[:, 4:6], run.gradients)
    np.testing.assert_array_equal(numbers[:-1, 6], run.learning_rates)


def test_more_kinds_and_the_link(guest: Visitor, tmp_path: Path) -> None:
    guest.open(**BOWL)
    page = guest.page
    page.get_by_role("button", name="Export").click()
    page.get_by_test_id("stPopoverBody").get_by_text("More", exact=True).click()
    button = page.locator(".st-key-export_download button")
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text("&v=1")
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text("<iframe src=")
    guest.choose("export_more", "Numbers (JSON)")
    guest.rest()
    with page.expect_download(timeout=60_000) as download:
        button.click()
    download.value.save_as(tmp_path / "run.json")
    run = guest.expect_address().run()
    assert json.loads((tmp_path / "run.json").read_text())["thetas"] == run.thetas.tolist()
    guest.choose("export_more", "Open a file or a link")
    page.locator(".st-key-open_link input").fill("see http://example.org/?objective=booth&start=1,1&epochs=7&v=1 there")
    page.locator(".st-key-open_link input").press("Enter")
    assert guest.expect_address(epochs=7).objective == "booth"


def test_the_page_as_one_file_is_live(guest: Visitor, new_page: Callable[..., Page], tmp_path: Path) -> None:
    guest.open(**BOWL)
    page = guest.page
    page.get_by_role("button", name="Export").click()
    page.get_by_test_id("stPopoverBody").get_by_text("The page (.html)", exact=True).click()
    button = page.locator(".st-key-export_download button")
    expect(button).to_contain_text("the page as one file")
    with page.expect_download(timeout=60_000) as download:
        button.click()
    download.value.save_as(tmp_path / "page.html")
    alone = new_page("offline")
    alone.goto((tmp_path / "page.html").as_uri())
    alone.locator("html[data-ready]").wait_for(state="attached")
    alone.get_by_role("slider", name="Learning rate").press("PageUp")
    expect(alone.locator(".gdviz-whose")).to_contain_text("Another run")


@pytest.mark.long
def test_a_picture_has_a_venues_size(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open(**BOWL)
    visitor.page.get_by_role("button", name="Export").click()
    visitor.page.get_by_test_id("stPopoverBody").get_by_text("PDF", exact=True).click()
    visitor.choose("export_venue", "nature (8.90 cm)")
    visitor.rest()
    button = visitor.page.locator(".st-key-export_download button")
    with visitor.page.expect_download(timeout=60_000) as download:
        button.click()
    assert download.value.suggested_filename == "gdviz-theta-nature.pdf"
    download.value.save_as(tmp_path / "theta.pdf")
    (page,) = pypdf.PdfReader(tmp_path / "theta.pdf").pages
    assert float(page.mediabox.width) * 25.4 / 72 == pytest.approx(89, abs=0.05)


def test_in_a_frame_there_is_the_page_alone(page: Page, app_url: str) -> None:
    link = "objective=rosenbrock&start=-1.2,1&learning_rate=0.001&epochs=50&optimizer=gd"
    page.goto(f"{app_url}?embed=true&{link}")
    page.locator("html[data-gdviz-rest]").wait_for(state="attached")
    expect(page.locator('figure.gdviz-live-plot[data-key="contour"]')).to_be_visible()
    expect(page.get_by_test_id("stMainMenu")).to_have_count(0)
    expect(page.get_by_role("slider", name="Learning rate")).to_be_attached()
    assert "embed=true" in page.url, "another reload shows the same"
    page.set_viewport_size({"width": 700, "height": 800})  # a frame in the middle of an article
    for tool in ("Scenarios", "Export", "Teach", "Present"):
        expect(page.locator(".st-key-tools").get_by_role("button", name=tool)).to_be_in_viewport(ratio=1)


# -- a person who has never seen gradient descent --


def test_from_the_page_alone_one_finds_a_rate_that_diverges_says_why_and_exports_it(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.page
    # "drag the learning rate past the mark": the mark is there, and the slider beside it
    expect(page.locator(".st-key-card_welcome")).to_contain_text(
        "drag the learning rate past the mark “stability limit”"
    )
    expect(page.locator(".gdviz-slider-mark")).to_contain_text("stability limit (2/L)")
    for _ in range(3):
        visitor.slider.press("PageUp")
    eventually(lambda: check("Diverges" in visitor.verdict))
    visitor.rest()
    assert "is above the stability limit 2/L = 0.5" in visitor.verdict
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text("each step overshoots the valley")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download θ against epoch as PNG").click()
    assert download.value.suggested_filename == "gdviz-theta.png"
