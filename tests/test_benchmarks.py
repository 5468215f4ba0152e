"""Every benchmark still runs: one that broke would be noticed by whoever needs its figures next."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.benchmarks.__main__ import PACKAGE, names


@pytest.mark.long
@pytest.mark.parametrize("name", names())
def test_a_benchmark_measures(name: str) -> None:
    tables = list(import_module(f"{PACKAGE}.{name}").run(share=0))
    assert tables
    for table in tables:
        assert table.rows
        assert all(len(row) == len(table.heads) for row in table.rows)
        assert str(table).startswith(table.title)
