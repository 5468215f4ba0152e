"""Streamlit's ``AppTest``: a page that is drawn without a browser."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest


def app_test(script: Callable[[], None], timeout: float = 60) -> AppTest:
    """What ``script`` draws, before its first run, which may take ``timeout`` seconds.

    Streamlit would look for components of its own kind in every installed package, for each page anew; gdviz names its
    components itself.
    """
    app = AppTest.from_function(script, default_timeout=timeout)
    app._bidi_component_manager = BidiComponentManager()
    return app
