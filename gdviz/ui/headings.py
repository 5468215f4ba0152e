"""Headings, for the eye and for those who listen: one that says which page this is, and one above each chart."""

from __future__ import annotations

from html import escape

import streamlit as st


def page_heading(title: str, style: str) -> None:
    """Say which page this is, for those who listen only; and the ``style`` that all of it has."""
    st.html(f'<h1 class="gdviz-page-heading">{escape(title)}</h1><style>{style}</style>')


def heading(text: str) -> None:
    """Draw a heading above a chart or a table."""
    st.html(f'<h2 class="gdviz-heading">{escape(text)}</h2>')
