"""Camera-ready figures: PNG, SVG and PDF of an exact size, with type of a known size.

A figure is drawn at the size at which its type is 13 pixels, as on the page, and the whole drawing is scaled: lines,
marks and letters keep their proportions, whatever the paper.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import plotly.graph_objects as go

from gdviz.exports.images import LARGEST_SIDE, MOST_PIXELS, SMALLEST_SIDE, ImageFormat, drawn
from gdviz.exports.sizes import POINTS, Size
from gdviz.figures.base import parts

_TYPE = 13.0  # pixels, of the numbers along the axes: gdviz.figures.palette
_SHAPE = 0.66  # height for a width, where a figure asks for none
_SVG_SIZE = re.compile(rb'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"')
_MEDIA_BOX = re.compile(rb"/MediaBox ?\[[^\]]* ([\d.]+)\]")
_CROSS_REFERENCES = re.compile(
    rb"(\bxref\s+0 \d+\s+)((?:\d{10} \d{5} [nf]\s*)+)(trailer.*?startxref\s+)(\d+)", re.DOTALL
)
_ENTRY = re.compile(rb"\d{10}(?= \d{5} n)")


def camera_ready(figure: go.Figure, format: ImageFormat, size: Size, shape: float = _SHAPE) -> bytes:
    """Return ``figure`` as a file of exactly ``size``; ``shape`` is height for width where the size has no height.

    SVG and PDF have their width to a hundredth of a point, PNG the nearest number of pixels at the size's resolution,
    which the file names. Raises as :func:`gdviz.exports.to_image` does.
    """
    dressed, page = _dressed(figure, size), _page(size, shape)
    check_drawn(format, size, shape)
    if format == "png":
        across, down = page.pixels
        return _with_dpi(drawn(dressed, "png", page.across, down * page.across / across, across / page.across),
                         page.pixels, size.dpi)  # fmt: skip
    content = drawn(dressed, format, page.across, page.down, page.scale if format == "pdf" else 1.0)
    made = _sized_svg if format == "svg" else _sized_pdf
    return made(content, page.width, page.height)


@dataclass(frozen=True)
class _Page:
    """A page of ``width`` × ``height`` points, drawn on ``across`` × ``down`` pixels and scaled; as a PNG it has
    ``pixels``."""

    width: float
    height: float
    scale: float
    pixels: tuple[int, int]

    @property
    def across(self) -> float:
        return self.width / POINTS["px"] / self.scale

    @property
    def down(self) -> float:
        return self.height / POINTS["px"] / self.scale


def _page(size: Size, shape: float) -> _Page:
    width, height = size.width, size.height or size.width * shape
    pixels = [max(1, round(side / 72 * size.dpi)) for side in (width, height)]
    return _Page(width, height, size.type_size / POINTS["px"] / _TYPE, (pixels[0], pixels[1]))


def check_drawn(format: str, size: Size, shape: float = _SHAPE) -> None:
    """Raise ValueError, in words, for a size that cannot be drawn."""
    page = _page(size, shape)
    if min(page.across, page.down) < SMALLEST_SIDE:
        raise ValueError(
            f"Letters of {size.type_size:g} pt leave no room on {page.width / POINTS['cm']:.3g} × "
            f"{page.height / POINTS['cm']:.3g} cm: make them smaller, or the figure larger."
        )
    if max(page.across, page.down) > LARGEST_SIDE:
        raise ValueError(
            f"Letters of {size.type_size:g} pt are lost on {page.width / POINTS['cm']:.4g} × "
            f"{page.height / POINTS['cm']:.4g} cm: make them larger, or the figure smaller."
        )
    if format == "png" and page.pixels[0] * page.pixels[1] > MOST_PIXELS:
        raise ValueError(
            f"The image would have {page.pixels[0]:,} × {page.pixels[1]:,} pixels, more than {MOST_PIXELS:,}: lower "
            "its size or its resolution."
        )


def _dressed(figure: go.Figure, size: Size) -> go.Figure:
    """The figure without its paper where the paper shows through."""
    if not size.transparent:
        return figure
    traces, layout = parts(figure)
    clear = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
    return go.Figure({"data": traces, "layout": layout | clear}, _validate=False)


def _with_dpi(png: bytes, pixels: tuple[int, int], dpi: float) -> bytes:
    """Say the resolution in the file, and mend a pixel that rounding has added."""
    from PIL import Image

    image: Image.Image = Image.open(io.BytesIO(png))
    if image.size != pixels:
        image = image.resize(pixels, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()


def _sized_svg(content: bytes, width: float, height: float) -> bytes:
    size = f' width="{width:.4f}pt" height="{height:.4f}pt"'.encode()
    return _SVG_SIZE.sub(lambda match: match[1] + size, content, count=1)


def _sized_pdf(content: bytes, width: float, height: float) -> bytes:
    """Give the page its exact size, which the browser rounds to the next 1/200 inch."""
    box = _MEDIA_BOX.search(content)
    table = _CROSS_REFERENCES.search(content)
    if box is None or table is None:
        return content  # of another browser: rounded, but right
    top = float(box[1])
    exact = b"/MediaBox [0 %.4f %.4f %.4f]" % (top - height, width, top)
    more = len(exact) - len(box[0])
    moved = _ENTRY.sub(lambda entry: b"%010d" % (int(entry[0]) + more * (int(entry[0]) > box.start())), table[2])
    start = int(table[4]) + more
    return b"".join(
        [content[: box.start()], exact, content[box.end() : table.start()], table[1], moved, table[3], b"%d" % start,
         content[table.end() :]]
    )  # fmt: skip
