"""One change of the page goes one way: what was typed is read once, posed once, checked once and run once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from gdviz.descent import path
from gdviz.experiments import experiment
from gdviz.formulas import expression
from gdviz.ui.sidebar import sidebar
from tests.ui.test_links_on_the_page import visit

HOPS = ((expression, "parse"), (sidebar, "pose"), (path, "check_together"), (path, "scheduled_rates"),
        (experiment, "descend"))  # fmt: skip


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each hop was called."""
    calls: Counter[str] = Counter()

    def counted(name: str, whole: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            calls[name] += 1
            return whole(*args, **more)

        return call

    for module, name in HOPS:
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    return calls


def test_a_change_of_the_page_makes_each_hop_once(called: Counter[str]) -> None:
    app = visit("objective=formula&formula=x^2%2B3*y^2&start=2,1&learning_rate=0.1&v=1")
    once = dict.fromkeys(("pose", "check_together", "scheduled_rates", "descend"), 1)
    called.clear()
    app.number_input(key="learning_rate").set_value(0.0731).run()
    assert called == once
    called.clear()
    app.text_input(key="formula").set_value("x^2 + 2.0173*y^2 + x*y").run()
    assert called == once | {"parse": 1}
    called.clear()
    app.run()
    assert called == {"pose": 1}
