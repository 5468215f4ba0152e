"""Data to fit: the sets that come with the page, and the reader for a visitor's own CSV file or pasted text."""

from __future__ import annotations

from gdviz.datasets.bundled import DATASETS, Dataset, classes_table, line_table
from gdviz.datasets.reading import read_csv
from gdviz.datasets.table import BadRow, Table, TableError, make_table, to_csv

__all__ = [
    "DATASETS",
    "BadRow",
    "Dataset",
    "Table",
    "TableError",
    "classes_table",
    "line_table",
    "make_table",
    "read_csv",
    "to_csv",
]
