"""What can be left out of a file adds up, click by click, to data that can be read, and there is a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pytest

from gdviz.datasets import Table, TableError, read_csv
from gdviz.ui.sidebar.upload_field import Choices, offers
from tests.app_test import app_test

# Every order of clicks: what is read in the end, None where nothing of use is left.
FILES = {
    "a text column": ("a,b,t\n1,2,u\n2,3,v\n3,4,w\n", {"drop_columns": ("a", "b")}),
    "a gap": ("a,b\n1,2\n2,\n3,4\n5,6\n", {"drop_rows": ("a", "b")}),
    "both": ("a,b,t\n1,2,u\n2,,v\n3,4,w\n4,5,w\n", {"drop_columns drop_rows": ("a", "b")}),
    "two text columns and gaps": (
        "n,a,b,k\nu,1,2,p\nv,,3,q\nw,3,4,r\nu,4,?,s\n", {"drop_columns drop_rows": ("a", "b")}
    ),
    "dates and a gap": (
        "d,a,b\n2020-01-01,1,2\n2020-01-02,2,3\n2020-01-03,,4\n2020-01-04,3,5\n",
        {"read_dates drop_rows": ("d", "a", "b"), "read_dates drop_columns": ("d", "b"),
         "drop_columns drop_rows": ("a", "b")},
    ),
    "dates, text and a gap": (
        "d,a,t,b\n2020-01-01,1,u,2\n2020-01-02,2,v,3\n2020-01-03,,w,4\n2020-01-04,4,w,4\n",
        {"read_dates drop_columns drop_rows": ("d", "a", "b"), "read_dates drop_columns drop_columns": ("d", "b"),
         "drop_columns drop_rows": ("a", "b")},
    ),
    "a date that is none": (
        "d,a,b\n2020-01-01,1,2\nsoon,2,3\n2020-01-03,4,4\n2020-02-03,4,5\n",
        {"read_dates drop_rows": ("d", "a", "b"), "read_dates drop_columns": ("a", "b"), "drop_columns": ("a", "b")},
    ),
    "rows that are too short": ("a,b,t\n1,2,u\n2,3\n3,4,v\n4,5,w\n", {"drop_columns drop_rows": ("a", "b")}),
    "an empty column": ("a,b,c\n1,2,\n2,3,\n3,4,\n", {"drop_columns": ("a", "b")}),
    "decimal commas": ("a;b;t\n1,5;2;u\n2,5;;v\n3;4;w\n", {"drop_columns drop_rows": ("a", "b")}),
    "one name twice": ("a,a,b\n1,2,3\n2,3,u\n3,4,5\n", {"drop_rows": ("a", "a_2", "b"), "drop_columns": ("a", "a_2")}),
    "names with signs": ("a*b,_c_,t\n1,2,u\n2,,v\n3,4,w\n", {"drop_columns drop_rows": ("a_b", "c")}),
    "gaps and words crossing": (
        "a,b,c,t\n1,,2,u\n2,3,4,5\n5,6,7,v\n8,9,1,w\n",
        {"drop_columns drop_rows": ("a", "b", "c"), "drop_columns drop_columns": ("a", "c")},
    ),
    "an infinity": ("a,b\n1,2\ninf,3\n3,4\n2,5\n", {"drop_rows": ("a", "b")}),
    "a gap in every row": ("a,b,c\n1,,2\n,3,4\n5,6,\n", {"drop_columns": None}),
}  # fmt: skip


def _after(text: str, clicks: Sequence[str]) -> Table | TableError:
    """What is read once the offers of these keys were taken, one after the other."""
    made = Choices()
    for key in (*clicks, None):
        try:
            found: Table | TableError = read_csv(text, **asdict(made))
        except TableError as error:
            found = error
        if key is not None:
            assert isinstance(found, TableError)
            made = {offer.key: offer.choices for offer in offers(found, made)}[key]
    return found if isinstance(found, Table) or not [*offers(found, made)] else pytest.fail(f"more is asked: {found}")


@pytest.mark.parametrize(("text", "ends"), FILES.values(), ids=FILES)
def test_choices_add_up(text: str, ends: dict[str, tuple[str, ...] | None]) -> None:
    for clicks, names in ends.items():
        assert getattr(_after(text, clicks.split()), "names", None) == names


def _page() -> None:
    from gdviz.ui.session import state
    from gdviz.ui.sidebar.upload_field import upload_field

    upload_field(state.set_table)


@pytest.mark.parametrize("case", ["both", "a gap in every row"])
def test_there_is_a_way_back_on_the_page(case: str) -> None:
    text, ends = FILES[case]
    first, *more = next(iter(ends)).split()
    app = app_test(_page)
    app.session_state["upload_way"] = "Pasted text"
    app.run()
    app.text_area[0].set_value(text).run()
    for key in (first, *more):
        app.button(key=key).click().run()
    assert [button.key for button in app.button] == ["choose_again"]
    app.button(key="choose_again").click().run()
    assert first in [button.key for button in app.button]
    assert not app.exception
