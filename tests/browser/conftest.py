"""A real server and a real browser for the tests in this folder."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.browser.chromium import MISSING, find_chromium
from tests.browser.first_screen import visitor_of
from tests.browser.tabs import PATIENCE, VIEWPORT, Tabs
from tests.browser.watching import UNPAINTED, WATCH_FOR_ANSWERS, WATCH_FOR_ERRORS

if TYPE_CHECKING:
    from tests.browser.visitor import Visitor

pytest.register_assert_rewrite("tests.browser.visitor")  # so that a failure names what differs

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
# Pages of the address bar's own, which take longer to open than a window; nobody sees them. The others are what
# Playwright leaves out: this list takes the place of its own.
_WITHOUT = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay",
    "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints", "AimEnabled",
    "NetworkTimeServiceQuerying", "PreconnectToSearch",
)  # fmt: skip
FLAGS = [
    f"--disable-features={','.join(_WITHOUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card; newer versions no longer offer it unasked
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# The slowest of V8's compilers: a test's page is gone before it pays. Deno tests the JavaScript with all of them.
SHORT_LIVED = "--js-flags=--no-turbofan"


class Server:
    """A running ``streamlit run``."""

    def __init__(self, script: Path, *options: str, base: str = "") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/{base and base + '/'}"
        settings = {
            "server.port": port,
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "server.baseUrlPath": base,
            "browser.gatherUsageStats": "false",
            "runner.postScriptGC": "false",
            "client.showErrorDetails": "none",
        }
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += [f"--{name}={value}" for name, value in settings.items() if value != ""]
        # A file and not a pipe: nobody would empty the pipe, and a full one stops the server.
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        output = self.output()
        self.stop()
        raise RuntimeError(f"the server did not start:\n{output}")

    def output(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a server for a script, once for each script and base path: ``serve(PAGES / "demo.py", base="sub")``."""
    servers: dict[tuple[Path, str], Server] = {}

    def start(script: Path = ROOT / "app.py", base: str = "") -> Server:
        if (script, base) not in servers:
            servers[script, base] = Server(script, base=base)
        return servers[script, base]

    yield start
    for server in servers.values():
        server.stop()


@pytest.fixture(scope="session")
def app_url(serve: Callable[..., Server]) -> str:
    """The address of the app itself."""
    return serve().url


@pytest.fixture(scope="session")
def demo(serve: Callable[..., Server]) -> Server:
    """The demo app of this folder, for tests of the components."""
    return serve(PAGES / "demo.py")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*FLAGS, SHORT_LIVED])
        yield chromium
        chromium.close()


# What is said of a connection that a test ``cuts``: of an answer on its way, of what is sent, and of looking for the
# server meanwhile.
CUT = (
    "Failed to load resource: net::ERR_",
    "Cannot send rerun backMessage when disconnected",
    "Client Error in reaching server endpoint - No response",
    "Streamlit server is not responding",
)

# Who looks: the usual visitor; someone who has the page open already; someone who shares nothing with them; …
KINDS: dict[str, dict[str, Any]] = {
    "usual": {"viewport": VIEWPORT},
    "guest": {"viewport": VIEWPORT},
    "other": {"viewport": VIEWPORT, "locale": "de-DE"},
    "phone": visitor_of((390, 844)),
    "offline": {"viewport": VIEWPORT, "offline": True},
}


KEPT = pytest.StashKey[dict[str, Tabs]]()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Have the tabs show nothing once no test of the browser follows: what they show goes on, a surface most of all."""
    if nextitem is not None and Path(__file__).parent not in nextitem.path.parents:
        for kept in item.config.stash.get(KEPT, {}).values():
            kept.show_nothing()


@pytest.fixture(scope="session")
def tabs(browser: Browser, pytestconfig: pytest.Config) -> Iterator[Callable[[str], Tabs]]:
    """The tabs of visitors of a kind, in a context for each kind."""
    found = pytestconfig.stash[KEPT] = dict[str, Tabs]()

    def of_kind(kind: str) -> Tabs:
        if kind not in found:
            found[kind] = Tabs(_context(browser, **KINDS[kind]))
        return found[kind]

    yield of_kind
    for each in found.values():
        each.context.close()


def _context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**options)
    for script in (WATCH_FOR_ERRORS, WATCH_FOR_ANSWERS, UNPAINTED):
        context.add_init_script(f"(() => {{ {script} }})()")
    return context


@pytest.fixture
def new_page(tabs: Callable[[str], Tabs], request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens pages for a visitor of a kind; fails on script errors, requests to other hosts, breaches of the policy."""
    pages: list[tuple[Tabs, Page]] = []
    complaints: list[str] = []
    excused = CUT if request.node.get_closest_marker("cuts") else ()

    def watch(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost"):
            complaints.append(f"request to another host: {url}")

    def listen(message: ConsoleMessage) -> None:
        # On a link into a page Streamlit looks for its server below that page first, and takes the 404 for an answer.
        probe = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
        cut = message.text.startswith(excused)
        forbidden = "Content Security Policy" in message.text or "EvalError" in message.text
        if forbidden or (message.type == "error" and not (probe or cut)):
            complaints.append(f"console: {message.text} {message.location}")

    def open_page(kind: str = "usual") -> Page:
        page = tabs(kind).take()
        pages.append((tabs(kind), page))
        page.on("request", lambda request: watch(request.url))
        page.on("websocket", lambda socket: watch(socket.url))
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on("console", listen)
        return page

    yield open_page
    for owner, page in pages:
        if excused:
            page.close()  # it would go on to look for its server, and be heard in the next test
        owner.give_back(page)
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def visit(new_page: Callable[..., Page], serve: Callable[..., Server]) -> Iterator[Callable[..., Visitor]]:
    """Brings visitors to the app, of a kind of ``KINDS`` each; fails the test on any sign of a traceback."""
    from tests.browser.visitor import Visitor

    server = serve()
    logged = len(server.output())
    visitors: list[Visitor] = []

    def arrive(kind: str = "usual") -> Visitor:
        visitors.append(Visitor(new_page(kind), server.url))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.expect_calm()
    log = server.output()[logged:]
    assert "Traceback" not in log, log[log.index("Traceback") :]


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """Someone who looks at the app."""
    return visit()


@pytest.fixture
def guest(visit: Callable[..., Visitor], request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Someone who has the page open already: what they ``open`` is a link within it, and takes half the time.

    For tests that leave nothing behind which the next link does not replace: no file, nothing unfolded, and no zoom but
    of a landscape that no other test shows.
    """
    from tests.browser.visitor import Guest

    visitor = visit("guest")
    visitor.page.evaluate("window.__alarms = []")
    failed = request.session.testsfailed
    yield Guest(visitor.page, visitor.url)
    if request.session.testsfailed > failed:
        visitor.page.goto("about:blank")


# Helpers ---------------------------------------------------------------------------------------------------------


SWINGS = 20  # of a hand that waits to see something


def chart(page: Page, key: str) -> Locator:
    """The chart's element; its attributes ``data-draws`` and ``data-drawn-at`` count and time the draws."""
    return page.locator(f'figure.gdviz-live-plot[data-key="{key}"]')


def camera_at_rest(plot: Locator) -> list[float]:
    """Where the camera of a scene is when it moves no more, and what it sees is drawn: frame by frame."""
    eye: list[float] = plot.evaluate(
        """async (plot) => {
            const scene = plot._fullLayout.scene._scene;
            const seen = () => [scene.getCamera().eye, scene.glplot.cameraParams.view].map(Object.values).join();
            for (let [before, still] = [seen(), 0]; still < 5; ) {
                await new Promise(requestAnimationFrame);
                const now = seen();
                still = now === before ? still + 1 : 0;
                before = now;
            }
            return Object.values(scene.getCamera().eye);
        }"""
    )
    return eye


def draws(page: Page, key: str) -> int:
    return int(chart(page, key).get_attribute("data-draws") or 0)


def painted(page: Page) -> None:
    """Have what the tab shows painted from now on, until another page is opened in it."""
    page.evaluate("document.adoptedStyleSheets = []")


def wait_idle(page: Page) -> None:
    """Until the page says that it is at rest: no script runs, no message is on its way, every chart is drawn."""
    page.locator("html[data-gdviz-rest]:not([data-asked], [data-doing])").wait_for(state="attached")


def answered(page: Page) -> None:
    """Until the server has answered all it was asked, though a hand may still hold something."""
    page.locator('html:not([data-asked], [data-doing]) [data-test-script-state="notRunning"]').wait_for(
        state="attached"
    )


def wait_drawn(page: Page, key: str, more_than: int = 0) -> None:
    """Until the chart has been drawn more often than ``more_than`` times."""
    page.wait_for_function(
        """([key, number]) => {
            const figure = document.querySelector(`figure.gdviz-live-plot[data-key="${key}"]`);
            return Number(figure?.dataset.draws ?? 0) > number;
        }""",
        arg=[key, more_than],
    )


def open_drawn(page: Page, url: str, *keys: str) -> None:
    """Open ``url`` and wait until the charts are drawn and everything is at rest."""
    page.goto(url)
    for key in keys:
        wait_drawn(page, key)
    wait_idle(page)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 20) -> None:
    """Drag the mouse between two points of the window."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


def click(page: Page, place: tuple[float, float]) -> None:
    """Click as short as a hand does: however late a busy browser hears of both, they were 50 ms apart."""
    page.mouse.move(*place)
    session, released = page.context.new_cdp_session(page), time.time()
    for kind, when in (("mousePressed", released - 0.05), ("mouseReleased", released)):
        event = {"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1, "timestamp": when}
        session.send("Input.dispatchMouseEvent", event)
    session.detach()


def swing(page: Page, start: tuple[float, float], end: tuple[float, float], enough: Callable[[], bool]) -> None:
    """Drag the mouse to and fro between two points, until ``enough`` was seen meanwhile, and hold it at the end."""
    page.mouse.move(*start)
    page.mouse.down()
    places = np.linspace(start, end, 20)
    for way in [places, *([places[::-1], places] * SWINGS)]:
        for across, down in way.tolist():
            page.mouse.move(across, down)
            page.wait_for_timeout(20)  # a hand is no faster
            satisfied = enough()
        if satisfied:
            return
    pytest.fail("what was to be seen during the drag was not seen")


def zoom(page: Page, key: str, corner: tuple[float, float], opposite: tuple[float, float]) -> None:
    """Zoom a chart into the box between two points in data coordinates."""
    plot = chart(page, key).locator(".gdviz-plot")
    plot.evaluate("(plot) => { window.__zoomed = new Promise((done) => plot.once('plotly_relayout', done)); }")
    drag(page, pixel(page, key, *corner), pixel(page, key, *opposite))
    page.evaluate("window.__zoomed.then(() => {})")
    wait_idle(page)


def pixel(page: Page, key: str, x: float, y: float) -> tuple[float, float]:
    """The window's pixel at data coordinates (x, y) of a chart."""
    place = (
        chart(page, key)
        .locator(".gdviz-plot")
        .evaluate(
            """(plot, [x, y]) => {
            const { xaxis, yaxis } = plot._fullLayout;
            const box = plot.getBoundingClientRect();
            return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
        }""",
            [x, y],
        )
    )
    return place[0], place[1]
