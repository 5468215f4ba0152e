"""Fields that fold away, and are drawn when they are unfolded: a change need not draw them all anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from gdviz.ui.session import widgets
from gdviz.ui.sidebar.number_field import in_range, number_field


class Fold:
    """Fields that fold away: while they are, each gives what it holds."""

    def __init__(self, label: str, key: str, icon: str) -> None:
        self._place = st.expander(label, key=key, icon=icon, on_change="rerun")

    @property
    def is_open(self) -> bool:
        return bool(self._place.open)

    def __enter__(self) -> Fold:
        self._place.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._place.__exit__(*error)

    def field(self, draw: Callable[..., Any], *words: Any, key: str, default: Any, **options: Any) -> Any:
        """Draw a field by Streamlit's own ``draw``; return what it holds."""
        if not self.is_open:
            return widgets.kept(key, default)
        return draw(*words, key=widgets.recall(key, default), **options)

    def number(self, label: str, low: float, high: float, *, key: str, default: float, **options: Any) -> float:
        """Draw a field for a number from ``low`` to ``high``; return what it holds, or the last value in range."""
        if not self.is_open:
            return in_range(key, low, high, default)
        return number_field(label, low, high, key=widgets.recall(key, default), **options)
