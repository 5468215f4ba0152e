"""A small app for the browser tests: a contour with a path, a curve, a 3-D surface, a slider, a second page."""

import json
import sys
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[3]))

from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.components.slider import live_slider
from gdviz.ui.server import routes


def path(rate: float, start: tuple[float, float], epochs: int = 2_000) -> np.ndarray:
    """Descent on x² + 3 y², in closed form, as far as it can be drawn."""
    k = np.arange(epochs + 1)[:, None]
    with np.errstate(over="ignore"):
        thetas = np.asarray(start) * (1 - rate * np.array([2.0, 6.0])) ** k
    return np.where(np.abs(thetas) < 1e100, thetas, np.nan)


def contour(thetas: np.ndarray) -> go.Figure:
    x = np.linspace(-4, 4, 100)
    y = np.linspace(-3, 3, 100)
    figure = go.Figure(go.Contour(x=x, y=y, z=(x**2 + 3 * y[:, None] ** 2).astype("f4"), showscale=False))
    figure.add_scatter(
        x=thetas[:, 0], y=thetas[:, 1], mode="lines", line={"color": "#d00", "width": 3}, meta={"moving": True}
    )
    figure.update_layout(
        template="plotly_white", margin={"l": 40, "r": 10, "t": 10, "b": 40}, showlegend=False, paper_bgcolor="white"
    )
    figure.update_xaxes(range=[-4, 4])
    figure.update_yaxes(range=[-3, 3])
    return figure


def curve(thetas: np.ndarray) -> go.Figure:
    figure = go.Figure()
    for column in (0, 1):
        figure.add_scatter(y=thetas[:, column], mode="lines", name=f"theta {column}")
    figure.update_layout(template="plotly_white")
    return figure


def surface(rate: float) -> go.Figure:
    x = np.linspace(-1, 1, 30)
    figure = go.Figure(go.Surface(z=x**2 + x[:, None] ** 2))
    figure.add_scatter3d(x=[10, 15], y=[10, 20], z=[0, 1 + rate], mode="lines")
    figure.update_layout(template="plotly_white")
    return figure


def log_axes() -> go.Figure:
    figure = go.Figure(go.Scatter(x=[1, 10, 100, 1000], y=[1e-3, 1e-2, 1e-1, 1]))
    figure.update_layout(template="plotly_white")
    figure.update_xaxes(type="log", range=[0, 3])
    figure.update_yaxes(type="log", range=[-3, 0])
    return figure


def set_rate(value: float) -> None:
    st.session_state.rate = value


def note(event: dict) -> None:
    st.session_state.events = [*st.session_state.get("events", []), event]
    if event["kind"] == "start":
        st.session_state.start = (event["x"], event["y"])


def descend_page() -> None:
    with st.container(key="contour"):
        live_plot(
            contour(thetas),
            "contour",
            alt="Contour of a bowl with a descent path",
            start_handle=start,
            clicks=True,
            on_event=note,
            height=440,
        )
    live_plot(curve(thetas), "theta", alt="The parameters over the epochs", height=300)
    st.code(json.dumps(st.session_state.get("events", [])[-50:]), language=None)


def scene_page() -> None:
    live_plot(surface(rate), "scene", alt="A bowl in three dimensions", height=400)
    live_plot(log_axes(), "log", alt="A power law", height=300, clicks=True, on_event=note)
    st.code(json.dumps(st.session_state.get("events", [])[-50:]), language=None)


if __name__ == "__main__":
    st.set_page_config("demo", layout="wide")
    st.session_state.setdefault("rate", 0.01)
    start = st.session_state.get("start", (3.0, 2.0))
    with st.sidebar:
        st.number_input("Rate", key="rate", format="%.6g", step=0.001, min_value=1e-6, max_value=10.0)
        rate = live_slider(
            "Learning rate",
            "learning_rate_slider",
            value=st.session_state.rate,
            minimum=1e-6,
            maximum=10.0,
            on_change=set_rate,
            marks=[(1 / 3, "limit")],
        )
    thetas = path(rate, start)
    st.markdown(f"rate {rate!r}, start {start[0]!r} {start[1]!r}")
    st.navigation([st.Page(descend_page, title="Descend", default=True), st.Page(scene_page, title="Scene")]).run()
    if st.button("Break"):
        raise RuntimeError("secret detail")
else:
    app = st.App(
        __file__, routes=routes.routes(), middleware=routes.middleware(), on_script_error=routes.on_script_error
    )
