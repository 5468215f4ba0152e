"""Camera-ready figures: sizes to a tenth of a millimeter, type that can be read, lines that stay apart in gray."""

from __future__ import annotations

import io
import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import numpy as np
import pypdf
import pytest
from PIL import Image

from gdviz import Experiment
from gdviz.comparisons import decode_runs
from gdviz.exports.camera_ready import camera_ready, check_drawn
from gdviz.exports.images import chrome_available
from gdviz.exports.sizes import POINTS, PROFILES, Size, points
from gdviz.exports.subject import Curves, Subject, subject_of, subject_of_comparison
from gdviz.figures import CAMERA
from gdviz.figures.palette import DASHES
from gdviz.theory import fitted_rate

ROSENBROCK = subject_of(Experiment(start=(-1.2, 1.0), objective="rosenbrock", learning_rate=0.001, epochs=300).posed())
MILLIMETERS = {
    "ieee": 88.9, "ieee-wide": 181.864, "acm": 84.582, "acm-wide": 177.8, "nature": 89, "nature-wide": 183,
    "neurips": 139.7, "lncs": 122, "slides": 338.66,
}  # fmt: skip

draws_images = pytest.mark.skipif(not chrome_available(), reason="needs Chrome or Chromium")


def test_profiles_are_the_venues_widths() -> None:
    assert set(PROFILES) == set(MILLIMETERS)
    for name, width in MILLIMETERS.items():
        assert PROFILES[name].width / POINTS["mm"] == pytest.approx(width, abs=0.05)
    assert PROFILES["slides"].width / PROFILES["slides"].height == pytest.approx(16 / 9, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "millimeters"),
    [("8.5cm", 85), ("3.5 in", 88.9), ("89mm", 89), ("72pt", 25.4), ("96px", 25.4), ("96", 25.4), ("8,5 cm", 85),
     ('3.5"', 88.9), (" 2inch ", 50.8)],
)  # fmt: skip
def test_lengths_are_read_as_people_write_them(text: str, millimeters: float) -> None:
    assert points(text) / POINTS["mm"] == pytest.approx(millimeters)


@pytest.mark.parametrize("text", ["", "cm", "-3cm", "1e3cm", "8.5 parsec", "9" * 50, "nan", "٣cm"])
def test_what_is_no_length_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no length"):
        points(text)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"width": 10.0}, "width"), ({"height": 9000.0}, "height"), ({"type_size": 5.0}, "font"), ({"dpi": 5000}, "dpi")],
)
def test_sizes_out_of_bounds_are_refused(wrong: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Size(**wrong)


def lightness(color: str) -> float:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
    return 116 * luminance ** (1 / 3) - 16


def test_lines_stay_apart_in_gray_print() -> None:
    shades = [lightness(color) for color in CAMERA.series]
    assert max(shades) < 63, "dark enough for thin lines on white"
    assert all(abs(a - b) > 10 for a, b in pairwise(shades)), "neighbors clearly"
    assert all(abs(a - b) > 3 for a, b in combinations(shades, 2))
    assert len(set(DASHES)) == len(DASHES) >= len(CAMERA.series)


def test_the_fitted_rate_is_that_of_the_curve() -> None:
    found = fitted_rate(3.0 * 0.8 ** np.arange(60))
    assert (found.rate, found.first, found.last) == (pytest.approx(0.8), 30, 59)
    assert found.errors == pytest.approx([3.0 * 0.8**30, 3.0 * 0.8**59])
    assert fitted_rate(np.zeros(10)) is None
    assert fitted_rate(np.array([1.0, np.nan])) is None
    bowl = subject_of(Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.2, epochs=20).posed())
    drawn = bowl.figure("loss", CAMERA, Curves(slope=True))
    assert any("× 0.36 per epoch" in trace.name for trace in drawn.data), "(1 - 0.2·2)² of the slowest curvature"


def test_theta_is_drawn_as_its_distance_from_the_minimum() -> None:
    drawn = ROSENBROCK.figure("theta", CAMERA, Curves(error=True))
    x = np.abs(ROSENBROCK.run.thetas[:, 0] - 1.0)
    rows = np.asarray(drawn.data[0].x, dtype=int)
    np.testing.assert_array_equal(drawn.data[0].y, x[rows])
    assert drawn.layout.yaxis.type == "log"
    logarithmic = ROSENBROCK.figure("theta", CAMERA, Curves(log_epochs=True))
    assert logarithmic.layout.xaxis.type == "log"
    shared = ROSENBROCK.figure("theta", CAMERA, Curves(shared=True))
    assert shared.layout.xaxis.matches == "x2"


COMPARED = subject_of_comparison(
    Experiment(objective="gentle_bowl", start=(-5.0, -2.0), epochs=20).posed(), decode_runs("gd@0.2;momentum@0.1")[0]
)


def test_a_comparison_has_slopes_and_distances() -> None:
    drawn = COMPARED.figure("loss", CAMERA, Curves(slope=True, log_epochs=True))
    assert any("Gradient descent: × 0.36 per epoch" in trace.name for trace in drawn.data)
    assert drawn.layout.xaxis.type == "log"
    away = COMPARED.figure("theta", CAMERA, Curves(error=True, slope=True))
    assert any("Gradient descent: × 0.6 per epoch" in trace.name for trace in away.data)
    first = away.data[0]
    rows = np.asarray(first.x, dtype=int)
    np.testing.assert_allclose(first.y, np.linalg.norm(COMPARED.results[0].run.thetas, axis=1)[rows])


@pytest.mark.parametrize("subject", [ROSENBROCK, COMPARED], ids=["run", "comparison"])
def test_every_option_that_is_offered_is_drawn_and_no_other_is_left_out_in_silence(subject: Subject) -> None:
    for name in subject.figures():
        offered = subject.options(name)
        for option in ("log_epochs", "slope", "error", "shared"):
            asked = Curves(**{option: True} | ({"error": True} if (name, option) == ("theta", "slope") else {}))
            if option in offered:
                assert subject.figure(name, CAMERA, asked) != subject.figure(name, CAMERA)
            else:
                with pytest.raises(ValueError, match="does not go with"):
                    subject.figure(name, CAMERA, asked)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(Curves(slope=True), "ask for the error"), (Curves(shared=True, error=True), "two pictures")],
)
def test_options_that_do_not_go_together_are_said(wrong: Curves, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ROSENBROCK.figure("theta", CAMERA, wrong)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (Size(width=57.0, type_size=36.0), "leave no room"),
        (Size(width=3000.0, type_size=6.0), "are lost on"),
        (Size(width=1500.0, dpi=1200.0), "lower its size or its resolution"),
    ],
)
def test_a_size_that_cannot_be_drawn_is_said_before_it_is(size: Size, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_drawn("png", size)
    with pytest.raises(ValueError, match=words):
        camera_ready(ROSENBROCK.figure("theta", CAMERA), "png", size)


@pytest.mark.parametrize("name", ["fit", "residuals", "bogus"])
def test_a_figure_that_there_is_not_is_said(name: str) -> None:
    with pytest.raises(ValueError, match="there are contour, theta"):
        ROSENBROCK.figure(name, CAMERA)


class TestFiles:
    pytestmark = draws_images

    @pytest.mark.parametrize("name", ["ieee", "nature", "lncs", "slides"])
    def test_a_pdf_has_its_width_its_fonts_and_no_small_type(self, name: str) -> None:
        size = PROFILES[name]
        figure = ROSENBROCK.figure("loss", CAMERA)
        document = pypdf.PdfReader(io.BytesIO(camera_ready(figure, "pdf", size)), strict=True)
        (page,) = document.pages
        assert float(page.mediabox.width) / POINTS["mm"] == pytest.approx(MILLIMETERS[name], abs=0.05)
        height = size.height or 0.66 * size.width
        assert float(page.mediabox.height) == pytest.approx(height, abs=0.01)
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), "embedded"
        heights: list[float] = []
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: heights.append(
            size * np.hypot(*tm[2:4]) * np.hypot(*cm[2:4])) if text.strip() else None)  # fmt: skip
        assert min(heights) >= 6.0
        assert "epoch" in page.extract_text()

    def test_an_svg_has_its_size_and_words(self) -> None:
        content = camera_ready(ROSENBROCK.figure("theta", CAMERA), "svg", PROFILES["nature"])
        root = ElementTree.fromstring(content)
        assert root.attrib["width"].endswith("pt")
        assert float(root.attrib["width"][:-2]) / POINTS["mm"] == pytest.approx(89, abs=0.01)
        assert "epoch k" in "".join(root.itertext())
        box = [float(x) for x in root.attrib["viewBox"].split()]
        scale = float(root.attrib["width"][:-2]) / box[2]
        type_sizes = [float(x) * scale for x in re.findall(rb"font-size: ([\d.]+)px", content)]
        assert min(type_sizes) >= 6

    def test_a_png_has_its_pixels_and_says_its_resolution(self) -> None:
        figure = ROSENBROCK.figure("contour", CAMERA)
        image = Image.open(io.BytesIO(camera_ready(figure, "png", Size(width=points("8.5cm"), dpi=150), 1.0)))
        assert image.size == (502, 502)
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.02)
        assert np.asarray(image.convert("RGBA"))[0, 0].tolist() == [255, 255, 255, 255]
        clear = Size(width=points("8.5cm"), dpi=72, transparent=True)
        image = Image.open(io.BytesIO(camera_ready(figure, "png", clear)))
        assert np.asarray(image.convert("RGBA"))[0, 0, 3] == 0
