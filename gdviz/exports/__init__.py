"""What leaves the page: numbers, scripts, figures, films, and the page itself as one file. One kind, one file here."""

from gdviz.exports.about import about
from gdviz.exports.data import run_csv, to_csv, to_json, to_npz, to_parquet
from gdviz.exports.errors import ExportError, NotOffered
from gdviz.exports.images import check_size, chrome_available, stop_renderer, to_image
from gdviz.exports.interactive import to_html

__all__ = [
    "ExportError",
    "NotOffered",
    "about",
    "check_size",
    "chrome_available",
    "run_csv",
    "stop_renderer",
    "to_csv",
    "to_html",
    "to_image",
    "to_json",
    "to_npz",
    "to_parquet",
]
