"""Data to fit: the sets that come with the page, and the reader for a visitor's own CSV file."""

from __future__ import annotations

from gdviz.datasets.bundled import DATASETS, Dataset
from gdviz.datasets.tables import Table, TableError, make_table, read_csv, to_csv

__all__ = ["DATASETS", "Dataset", "Table", "TableError", "make_table", "read_csv", "to_csv"]
