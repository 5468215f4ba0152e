"""What leaves the page: numbers, scripts, figures, films, and the page itself as one file. One kind, one file here."""

from gdviz.exports.data import run_csv, to_csv
from gdviz.exports.errors import ExportError, NotOffered
from gdviz.exports.images import check_size, chrome_available, to_image
from gdviz.exports.interactive import to_html

__all__ = [
    "ExportError",
    "NotOffered",
    "check_size",
    "chrome_available",
    "run_csv",
    "to_csv",
    "to_html",
    "to_image",
]
