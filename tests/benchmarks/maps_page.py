"""Maps on the page: redraws a second while the rate is dragged or a button is held, and how soon they are sharp."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from tests.benchmarks.alive import LET_GO, SLIDE
from tests.benchmarks.chromium import chromium, our_page
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part
from tests.browser.conftest import Server

SECONDS = 4
HIMMELBLAU = {"objective": "himmelblau", "learning_rate": 0.01, "epochs": 500}

# Counts the pictures that come, the paintings of the map, and those after which a part of it is clear.
COUNT = """() => {
    const count = window.__count = { pictures: 0, paintings: 0, blank: 0, bytes: 0, scripts: [] };
    const { arrayBuffer } = Response.prototype;
    Response.prototype.arrayBuffer = async function () {
        const answer = await arrayBuffer.call(this);
        count.bytes += answer.byteLength;
        return answer;
    };
    const { putImageData } = OffscreenCanvasRenderingContext2D.prototype;
    OffscreenCanvasRenderingContext2D.prototype.putImageData = function (...given) {
        count.pictures += 1;
        return putImageData.apply(this, given);
    };
    const canvas = document.querySelector('.gdviz-map-frame canvas'), pen = canvas.getContext('2d');
    const { clearRect } = pen;
    pen.clearRect = (...given) => {
        clearRect.apply(pen, given);
        count.paintings += 1;
        queueMicrotask(() => {
            const line = pen.getImageData(0, Math.floor(canvas.height / 3), canvas.width, 1).data;
            count.blank += line.some((value, at) => at % 4 === 3 && value < 255) ? 1 : 0;
        });
    };
}"""


def run(share: float = 1) -> Iterator[Table]:
    with chromium() as browser, our_page() as server:
        heads = ("", "pictures/s", "paintings/s", "blank", "kB a picture", "sharp at 512² after")
        yield Table(
            "basins of Himmelblau, 500 epochs",
            heads,
            [row(browser, server, part(SECONDS, share)) for row in (_dragged, _held)],
        )


def _open(browser: Browser, server: Server) -> tuple[Page, list[int]]:
    page, came = browser.new_page(viewport={"width": 1280, "height": 900}), []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: came.append(len(data))))
    page.goto(f"{server.url}maps?{urlencode(HIMMELBLAU)}")
    _sharp(page)
    page.evaluate(COUNT)
    came.clear()
    return page, came


def _sharp(page: Page) -> float:
    begun = perf_counter()
    page.locator('.gdviz-map-frame canvas[data-side="512"]').wait_for(timeout=60_000)
    return perf_counter() - begun


def _dragged(browser: Browser, server: Server, seconds: int) -> list[str]:
    page, came = _open(browser, server)
    slider = page.get_by_role("slider", name="Learning rate", exact=True)
    slider.evaluate(SLIDE, seconds)
    return _row("the rate is dragged, at 256²", page, came, seconds, lambda: slider.evaluate(LET_GO))


def _held(browser: Browser, server: Server, seconds: int) -> list[str]:
    page, came = _open(browser, server)
    box = page.locator(".gdviz-map-frame canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.452 * box["width"], box["y"] + 0.671 * box["height"])
    page.mouse.down()
    page.wait_for_timeout(1000 * seconds)
    return _row("a button is held, at 512²", page, came, seconds, page.mouse.up)


def _row(title: str, page: Page, came: list[int], seconds: int, let_go: Any) -> list[str]:
    count = page.evaluate("window.__count")
    bytes_of_all = count["bytes"] + sum(came)
    let_go()
    sharp = _sharp(page)
    page.close()
    each = bytes_of_all / max(1, count["pictures"]) / 1000
    return [
        title, f"{count['pictures'] / seconds:.1f}", f"{count['paintings'] / seconds:.1f}", str(count["blank"]),
        f"{each:.0f}", f"{sharp:.2f} s",
    ]  # fmt: skip
