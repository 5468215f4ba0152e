"""Every kind of file by its ending: one table for the page, the library and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gdviz.exports.bundle import to_zip
from gdviz.exports.camera_ready import camera_ready
from gdviz.exports.data import to_csv, to_json, to_npz, to_parquet
from gdviz.exports.encoding import FilmFormat, Progress
from gdviz.exports.film import to_film
from gdviz.exports.images import chrome_available
from gdviz.exports.latex import to_latex
from gdviz.exports.notebook import to_notebook
from gdviz.exports.page_file import to_page
from gdviz.exports.pgfplots import to_pgfplots
from gdviz.exports.script import to_script
from gdviz.exports.sizes import Size
from gdviz.exports.subject import Curves, Subject
from gdviz.exports.torch_script import to_torch
from gdviz.figures import CAMERA


@dataclass(frozen=True)
class Wanted:
    """What a file is to be like, as far as its kind knows of it: which ``figure``, how large, what of its curves."""

    figure: str = ""  # theta, where one is needed; LaTeX is a text without one
    size: Size = field(default_factory=Size)
    curves: Curves = field(default_factory=Curves)
    seconds: float = 6.0  # of a film
    frames: int = 60
    matplotlib: bool = False  # a script draws too
    torch: bool = False  # a script is of PyTorch
    standalone: bool = True  # LaTeX that is a document of its own
    with_data: bool = False  # a visitor's own data may be in the file


Maker = Callable[[Subject, Wanted, Progress], bytes]


@dataclass(frozen=True)
class Format:
    """A kind of file: its ``title``, its media type, what makes it, and a sentence on it for a menu."""

    title: str
    media: str
    make: Maker
    help: str = ""


def export(subject: Subject, ending: str, wanted: Wanted | None = None, progress: Progress | None = None) -> bytes:
    """Return the file of ``subject`` whose kind is ``ending``, such as ``"pdf"``.

    ``progress`` is told the share that is done. Raises ValueError for what makes no sense and :class:`ExportError`
    where it cannot be made, in a sentence.
    """
    if ending not in FORMATS:
        raise ValueError(f"There is no format “{ending[:20]}”; choose one of {', '.join(FORMATS)}.")
    return FORMATS[ending].make(subject, wanted or Wanted(), progress or (lambda share: None))


def _image(ending: str) -> Maker:
    def make(subject: Subject, wanted: Wanted, progress: Progress) -> bytes:
        name = wanted.figure or "theta"
        figure = subject.figure(name, CAMERA, wanted.curves)
        return camera_ready(figure, ending, wanted.size, subject.shape(name))  # type: ignore[arg-type]

    return make


def _tex(subject: Subject, wanted: Wanted, progress: Progress) -> bytes:
    """A picture for pgfplots where one is asked for, else formulas."""
    if not wanted.figure:
        return to_latex(subject, wanted.standalone).encode()
    figure = subject.figure(wanted.figure, CAMERA, wanted.curves)
    return to_pgfplots(figure, wanted.size, subject.shape(wanted.figure), wanted.standalone).encode()


def _script(subject: Subject, wanted: Wanted, progress: Progress) -> bytes:
    if wanted.torch:
        return to_torch(subject, wanted.with_data).encode()
    return to_script(subject, wanted.matplotlib, wanted.with_data).encode()


def _film(ending: FilmFormat) -> Maker:
    def make(subject: Subject, wanted: Wanted, progress: Progress) -> bytes:
        return to_film(subject, ending, wanted.seconds, wanted.frames, progress)

    return make


def _bundle(subject: Subject, wanted: Wanted, progress: Progress) -> bytes:
    def part(ending: str, figure: str) -> bytes:
        return export(subject, ending, replace(wanted, figure=figure))

    return to_zip(subject, part, chrome_available(), progress)


_SHORT_FILM = "The run as a short film; takes a few seconds to make."

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "png": Format("PNG", "image/png", _image("png")),
        "svg": Format("SVG", "image/svg+xml", _image("svg")),
        "pdf": Format("PDF", "application/pdf", _image("pdf")),
        "html": Format("Live page (one file)", "text/html", lambda s, w, p: to_page(s, w.with_data).encode()),
        "csv": Format("Numbers (CSV)", "text/csv", lambda s, w, p: to_csv(s).encode()),
        "json": Format(
            "Numbers (JSON)",
            "application/json",
            lambda s, w, p: to_json(s).encode(),
            "Every number, and all that is to be known of the run.",
        ),
        "parquet": Format(
            "Numbers (Parquet)",
            "application/vnd.apache.parquet",
            lambda s, w, p: to_parquet(s),
            "For pandas, DuckDB and their kin.",
        ),
        "npz": Format(
            "Numbers (NumPy)",
            "application/octet-stream",
            lambda s, w, p: to_npz(s),
            "For NumPy: thetas, values, gradients, learning_rates.",
        ),
        "py": Format(
            "Python script",
            "text/x-python",
            _script,
            "Makes the run anew, to the last digits; needs NumPy alone.",
        ),
        "ipynb": Format(
            "Notebook",
            "application/x-ipynb+json",
            lambda s, w, p: to_notebook(s, w.with_data).encode(),
            "The same in cells, with pictures.",
        ),
        "tex": Format("LaTeX", "application/x-tex", _tex, "Function, gradient, update rule, and a table."),
        "gif": Format("Film (GIF)", "image/gif", _film("gif"), _SHORT_FILM),
        "mp4": Format("Film (MP4)", "video/mp4", _film("mp4"), _SHORT_FILM),
        "zip": Format(
            "All of it (zip)",
            "application/zip",
            _bundle,
            "All of these, and every picture, with a README. Takes a while to make.",
        ),
    }
)
