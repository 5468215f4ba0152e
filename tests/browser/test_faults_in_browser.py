"""What a visitor's browser makes of faults: a reload in the midst of a change, a connection that is cut in a drag."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import gdviz
from tests.browser.conftest import Server, pixel, wait_drawn
from tests.browser.test_foreseen import FUNCTION, columns, hold_at
from tests.browser.visitor import BOWL, Visitor, check, eventually
from tests.server.wire import Wire

pytestmark = pytest.mark.cuts


def reload(visitor: Visitor) -> None:
    visitor.page.reload()
    wait_drawn(visitor.page, "contour")


def test_a_reload_at_once_keeps_the_change(visitor: Visitor) -> None:
    """Whatever was changed: it was sent, or is about to be, and the address does not have it yet."""
    visitor.open(**BOWL)
    page = visitor.page
    visitor.type("epochs", "55")
    hold_at(page, -1.5, 0.5)
    page.mouse.up()
    reload(visitor)
    eventually(lambda: check(visitor.parameters["start"] != "2,1"))
    start = visitor.expect_address(epochs=55, learning_rate=0.05).start
    assert start == pytest.approx((-1.5, 0.5), abs=0.02)
    visitor.slider.press("ArrowRight")  # is told when the key rests
    visitor.field("formula").fill("x^2 + 4y^2")  # when the field is left
    reload(visitor)
    assert visitor.expect_address(formula="x^2 + 4y^2", epochs=55, start=start).eta > 0.05
    expect(visitor.field("epochs")).to_have_value("55")
    visitor.choose("optimizer", "Adam")
    page.goto(visitor.url + "?objective=himmelblau")  # another link is another thing
    wait_drawn(page, "contour")
    assert visitor.expect_address(objective="himmelblau").optimizer.name == "gd"


def test_a_connection_that_is_cut_in_a_drag(new_page: Callable[..., Page], serve: Callable[..., Server]) -> None:
    """The path follows the hand all the same, and what the hand lets go of stands, in the browser and the server."""
    port = urlsplit(serve().url).port
    assert port is not None
    with Wire(port) as wire:
        visitor = Visitor(new_page(), wire.url)
        visitor.open(**BOWL)
        page = visitor.page
        hold_at(page, -1.5, 0.5)
        wire.cut()
        page.mouse.move(*pixel(page, "contour", -1.0, 0.8), steps=4)

        def follows() -> None:
            found = columns(page)
            run = gdviz.descend(FUNCTION, (-1.0, 0.8), 0.05, 40)
            np.testing.assert_allclose(found[:, 1:3], run.thetas[found[:, 0].astype(int)], atol=0.02)

        eventually(follows)
        page.mouse.up()
        eventually(lambda: check(visitor.parameters["start"] != "2,1"))
        assert visitor.expect_address(learning_rate=0.05).start == pytest.approx((-1.0, 0.8), abs=0.02)
        hold_at(page, 1.0, 0.4)
        wire.cut()
        page.mouse.up()  # nobody hears it until the connection is there again
        eventually(lambda: check(visitor.parameters["start"][:3] in ("1,0", "1.0", "0.9")))
        assert visitor.expect_address(learning_rate=0.05).start == pytest.approx((1.0, 0.4), abs=0.02)
