"""Verified: published numbers, recomputed when the page opens."""

from __future__ import annotations

from itertools import groupby
from time import perf_counter
from urllib.parse import urlencode

import streamlit as st

from gdviz.experiments import Task
from gdviz.lessons.published import Checked, recompute
from gdviz.numerals import format_number
from gdviz.ui.places import Places
from gdviz.ui.server.assets import base_path
from gdviz.ui.toolbar.tools import tools
from gdviz.ui.verdict_line import verdict_line


def verified_page(task: Task, places: Places) -> None:
    """Draw the page: one table for each source, green only where every printed digit holds."""
    tools(places.tools, task)
    began = perf_counter()
    rows = recompute()
    seconds = perf_counter() - began
    holding = sum(row.holds for row in rows)
    look, icon = ("success", ":material/verified:") if holding == len(rows) else ("warning", ":material/rule:")
    verdict_line(
        places.verdict, look, icon,
        f"{holding} of {len(rows)} published numbers hold to the printed digits. "
        f"Recomputed just now, in {max(seconds, 0.01):.2f} s.",
    )  # fmt: skip
    with places.first.container(key="verified"):
        st.caption(
            "Each number stands as its source prints it. It holds where ours, rounded or cut to those digits, is the "
            "same; of numbers printed with all 17 digits of a float, twelve are compared. A link opens the run on the "
            "Descend page."
        )
        for number, (source, group) in enumerate(groupby(rows, key=lambda row: row.case.source)):
            _source(number, source, list(group))


def _source(number: int, source: str, rows: list[Checked]) -> None:
    """One source, folded up; open where a number differs."""
    holding = sum(row.holds for row in rows)
    mark = ":green[:material/check:]" if holding == len(rows) else ":red[:material/close:]"
    folded = st.expander(
        f"{mark} **{holding} of {len(rows)}** · {source}", expanded=holding < len(rows), on_change="rerun",
        key=f"verified_{number}",
    )  # fmt: skip
    if folded.open:
        with folded:
            st.markdown(_table(rows))


def _table(rows: list[Checked]) -> str:
    lines = ["| | setting | quantity | published | ours | difference |", "|---|---|---|---:|---:|---:|"]
    return "\n".join([*lines, *map(_row, rows)])


def _row(row: Checked) -> str:
    case = row.case
    mark = ":green[:material/check: holds]" if row.holds else ":red[:material/close: differs]"
    setting = f"[{case.setting}]({base_path()}/?{urlencode(case.link)})" if case.link else case.setting
    difference = format_number(row.difference, 2)
    return f"| {mark} | {setting} | {case.quantity} | {case.published} | {row.printed} | {difference} |"
