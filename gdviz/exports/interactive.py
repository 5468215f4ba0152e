"""A figure as one HTML file that zooms and hovers without a network."""

from __future__ import annotations

from html import escape
from pathlib import Path

import plotly.graph_objects as go
import plotly.io

from gdviz.exports.inlining import inlined

_PLAIN_NUMBERS = Path(__file__).parent / "page" / "plain_numbers.js"


def to_html(figure: go.Figure, title: str) -> str:
    """Return ``figure`` as one HTML file that zooms and hovers, fits its window, and works without a network."""
    config = {"showSendToCloud": False, "plotlyServerURL": "", "displaylogo": False, "responsive": True}
    body = plotly.io.to_html(
        figure,
        config=config,
        include_plotlyjs=True,
        include_mathjax=False,
        post_script=inlined(_PLAIN_NUMBERS, {}),
        full_html=False,
        default_width="100%",
        default_height="100%",
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>html, body, body > div {{ height: 100%; margin: 0; background: #ffffff; }}</style>\n"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
