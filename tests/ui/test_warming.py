"""What is ready before anybody comes."""

from __future__ import annotations

import sys
import threading

from gdviz.ui.server import assets, warming
from tests.server.apart import run_apart


def test_a_server_that_listens_makes_ready_what_its_first_visitor_needs() -> None:
    assets.compressed.cache_clear()

    async def listening() -> None:
        async with warming.warming(None):
            pass

    run_apart(listening())
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join()
    assert "gdviz.ui.page" in sys.modules
    assert assets.compressed.cache_info().currsize == len(assets.files())
