"""A sentence with the case that earns it, and whether what it claims is true there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl

import gdviz
from gdviz.datasets import Table, make_table
from gdviz.experiments import Task, read_link

RAVINE = "formula=0.1*x^2 %2B 2*y^2&start=-5,-2"
LINE = "objective=fit&data=line"
ROWS = make_table({"temperature": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 3.0, 2.0, 5.0]})


@dataclass(frozen=True)
class Case:
    """``says`` gives a text in which ``clause`` stands, and ``holds`` whether what it claims is true."""

    clause: str
    says: Callable[[], str]
    holds: Callable[[], bool]


@cache
def task_of(link: str, table: Table | None = None) -> Task:
    found, wrong = read_link(dict(parse_qsl(link)), table)
    assert wrong == ()
    return found


@cache
def run_of(link: str) -> gdviz.Trajectory:
    return task_of(link).run()
