"""Verified: published numbers, recomputed when the page opens."""

from __future__ import annotations

from itertools import groupby
from time import perf_counter
from urllib.parse import urlencode

import streamlit as st

from gdviz.lessons.published import Checked, recompute
from gdviz.numerals import format_number
from gdviz.ui.headings import heading


def verified_page() -> None:
    """Draw the page: one table for each source, green only where every printed digit holds."""
    began = perf_counter()
    rows = recompute()
    seconds = perf_counter() - began
    holding = sum(row.holds for row in rows)
    with st.container(key="verdict"):
        look, icon = (st.success, ":material/verified:") if holding == len(rows) else (st.warning, ":material/rule:")
        look(
            f"{holding} of {len(rows)} published numbers hold to the printed digits. "
            f"Recomputed just now, in {max(seconds, 0.01):.2f} s.",
            icon=icon,
        )
    st.caption(
        "Each number stands as its source prints it. It holds where ours, rounded or cut to those digits, is the same; "
        "of numbers printed with all 17 digits of a float, twelve are compared. A link opens the run on the Descend "
        "page."
    )
    for number, (source, group) in enumerate(groupby(rows, key=lambda row: row.case.source)):
        with st.container(key=f"verified_{number}"):
            heading(source)
            st.markdown(_table(list(group)))


def _table(rows: list[Checked]) -> str:
    lines = ["| | setting | quantity | published | ours | difference |", "|---|---|---|---:|---:|---:|"]
    return "\n".join([*lines, *map(_row, rows)])


def _row(row: Checked) -> str:
    case = row.case
    mark = ":green[:material/check: holds]" if row.holds else ":red[:material/close: differs]"
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    setting = f"[{case.setting}](/{base and base + '/'}?{urlencode(case.link)})" if case.link else case.setting
    return (
        f"| {mark} | {setting} | {case.quantity} | {case.published} | {row.printed} | {_difference(row.difference)} |"
    )


def _difference(difference: float) -> str:
    return format_number(difference, 2)
