"""Data to fit: the sets that come with the page, and the reader for a visitor's own CSV file or pasted text."""

from __future__ import annotations

from gdviz.datasets.bundled import DATASETS, line_table
from gdviz.datasets.reading import read_csv
from gdviz.datasets.table import Table, TableError, make_table

__all__ = [
    "DATASETS",
    "Table",
    "TableError",
    "line_table",
    "make_table",
    "read_csv",
]
