"""The components' promises, in a real browser, with the demo app in ``pages/demo.py``."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import (
    PAGES,
    Server,
    camera_at_rest,
    chart,
    click,
    drag,
    draws,
    open_drawn,
    pixel,
    swing,
    wait_drawn,
    wait_idle,
    zoom,
)
from tests.browser.visitor import check, eventually


def slider(page: Page) -> Any:
    return page.get_by_role("slider", name="Learning rate")


def events(page: Page) -> list[dict[str, Any]]:
    return json.loads(page.locator("code").inner_text())


def thumb(page: Page, value_share: float) -> tuple[float, float]:
    """The window's pixel of the slider's thumb when it is at this share of the decades."""
    box = slider(page).bounding_box()
    assert box is not None
    return box["x"] + 10 + value_share * (box["width"] - 20), box["y"] + box["height"] / 2


SHARE = 4 / 7  # of 0.01 between 1e-6 and 10


def press(page: Page, key: str, draw_key: str) -> None:
    before = draws(page, draw_key)
    slider(page).press(key)
    wait_drawn(page, draw_key, before)
    wait_idle(page)


def frames(page: Page) -> list[int]:
    """A list that will hold the sizes of all messages the browser gets."""
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: sizes.append(len(payload))))
    return sizes


def test_the_chart_is_drawn_with_plotly_js_from_the_same_server(page: Page, demo: Server) -> None:
    scripts: list[str] = []
    page.on("response", lambda response: response.url.endswith("/plotly.min.js") and scripts.append(response.url))
    open_drawn(page, demo.url, "contour", "theta")
    assert len(scripts) == 1
    assert re.fullmatch(re.escape(demo.url) + r"gdviz-assets/[0-9a-f]{16}/plotly\.min\.js", scripts[0])
    expect(page.get_by_role("img", name="Contour of a bowl with a descent path")).to_have_count(1)
    plot = chart(page, "contour")
    expect(plot).to_be_visible()
    expect(plot.locator(".contourlayer path").first).to_be_attached()
    expect(plot.locator(".modebar a[href*='plotly']")).to_have_count(0)
    assert chart(page, "contour").evaluate("(figure) => figure.clientHeight") == 440


def test_a_rerun_redraws_in_place_and_keeps_zoom_and_legend_choice(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour", "theta")
    plot = chart(page, "contour").locator(".gdviz-plot")
    plot.evaluate("(plot) => { plot.__mark = 'same'; plot.querySelector('.main-svg').__mark = 'same'; }")
    zoom(page, "contour", (-2, 1.5), (1, -1.5))
    zoomed = plot.evaluate("(plot) => plot._fullLayout.xaxis.range")
    assert zoomed == pytest.approx([-2, 1], abs=0.05)
    assert events(page) == [], "a zoom is not a click"
    theta = chart(page, "theta").locator(".gdviz-plot")
    chart(page, "theta").locator(".legendtoggle").first.click()
    page.wait_for_function(  # Plotly waits for a double click
        "(plot) => plot._fullData[0].visible === 'legendonly'", arg=theta.element_handle()
    )
    press(page, "ArrowRight", "contour")
    assert plot.evaluate("(plot) => [plot.__mark, plot.querySelector('.main-svg').__mark]") == ["same", "same"]
    assert plot.evaluate("(plot) => plot._fullLayout.xaxis.range") == zoomed
    assert theta.evaluate("(plot) => plot._fullData.map((trace) => trace.visible)") == ["legendonly", True]


@pytest.mark.long
def test_no_blank_frame_while_the_slider_is_dragged(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour", "theta")
    page.evaluate(
        """() => {
            window.__blank = 0;
            window.__frames = 0;
            const look = () => {
                window.__frames += 1;
                const figure = document.querySelector('figure[data-key="contour"]');
                const shown = (node) => node && getComputedStyle(node).display !== 'none';
                const path = [...(figure?.querySelectorAll('.scatterlayer .trace, .gdviz-overlay path') ?? [])]
                    .some((node) => shown(node) && shown(node.closest('.gdviz-overlay') ?? node));
                const curve = document.querySelector('figure[data-key="theta"] .scatterlayer .trace path');
                if (!figure?.querySelector('.contourlayer path') || !path || !curve) window.__blank += 1;
                requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        }"""
    )
    before = draws(page, "contour")
    swing(
        page,
        thumb(page, SHARE),
        thumb(page, SHARE + 0.15),
        lambda: draws(page, "contour") > before + 3 and page.evaluate("window.__frames") > 10,
    )
    page.mouse.up()
    wait_idle(page)
    assert page.evaluate("window.__blank") == 0


@pytest.mark.long
def test_the_true_trace_replaces_the_overlay_when_the_hand_rests(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    start = thumb(page, SHARE)
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(10):
        page.mouse.move(start[0] + 3 * step, start[1])
        page.wait_for_timeout(40)
    overlay = chart(page, "contour").locator(".gdviz-overlay")
    expect(overlay).to_be_visible()
    page.mouse.up()
    wait_idle(page)
    expect(overlay).to_be_hidden()
    traces = chart(page, "contour").locator(".scatterlayer > .trace")
    assert traces.evaluate_all("(nodes) => nodes.map((node) => node.style.display)") == [""]


@pytest.mark.long
def test_the_camera_of_a_scene_survives_a_redraw(page: Page, demo: Server) -> None:
    open_drawn(page, f"{demo.url}scene_page", "scene")
    plot = chart(page, "scene").locator(".gdviz-plot")
    box = plot.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = camera_at_rest(plot)
    drag(page, middle, (middle[0] + 80, middle[1] + 20), steps=5)
    wait_idle(page)
    turned = camera_at_rest(plot)
    assert turned != before
    plot.evaluate("(plot) => { plot.querySelector('canvas').__mark = 'same'; }")
    press(page, "ArrowRight", "scene")
    assert camera_at_rest(plot) == pytest.approx(turned)
    assert plot.evaluate("(plot) => plot.querySelector('canvas').__mark") == "same"


def test_an_unchanged_landscape_is_not_sent_again(page: Page, demo: Server) -> None:
    sizes = frames(page)
    open_drawn(page, demo.url, "contour", "theta")
    landscape = 100 * 100 * 4 * 4 / 3  # float32 in base64
    assert sum(sizes) > landscape
    sizes.clear()
    # A click changes no figure: what comes back is everything but traces.
    before = len(events(page))
    click(page, pixel(page, "contour", 1, 1))
    expect(page.locator("code")).to_contain_text("click")
    wait_idle(page)
    assert len(events(page)) == before + 1
    assert sum(sizes) < 40_000
    sizes.clear()
    press(page, "ArrowRight", "contour")
    paths = 2 * 2 * 2_001 * 8 * 4 / 3  # the path and the two curves in float64
    assert paths < sum(sizes) < paths + 60_000


@pytest.mark.long
def test_a_click_reports_the_pointer_to_a_pixel(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    click(page, pixel(page, "contour", 0.537, -1.213))
    expect(page.locator("code")).to_contain_text("click")
    (event,) = events(page)
    width, height = (
        chart(page, "contour")
        .locator(".gdviz-plot")
        .evaluate("(plot) => [8 / plot._fullLayout.xaxis._length, 6 / plot._fullLayout.yaxis._length]")
    )
    assert event["kind"] == "click"
    assert event["x"] == pytest.approx(0.537, abs=width)
    assert event["y"] == pytest.approx(-1.213, abs=height)


@pytest.mark.long
def test_a_click_on_log_axes_reports_values_not_exponents(page: Page, demo: Server) -> None:
    open_drawn(page, f"{demo.url}scene_page", "log")
    click(page, pixel(page, "log", 30, 0.05))
    expect(page.locator("code")).to_contain_text("click")
    (event,) = events(page)
    assert event["x"] == pytest.approx(30, rel=0.02)
    assert event["y"] == pytest.approx(0.05, rel=0.06)


@pytest.mark.long
def test_dragging_the_start_sends_moves_and_the_end(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    handle = page.get_by_role("button", name=re.compile("^Start point"))
    box = handle.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert middle == pytest.approx(pixel(page, "contour", 3, 2), abs=1)
    moves = lambda: [event["phase"] for event in events(page)].count("move")  # noqa: E731
    swing(page, middle, pixel(page, "contour", -1, -1), lambda: moves() >= 3)
    page.mouse.up()
    wait_idle(page)
    seen = events(page)
    assert {event["kind"] for event in seen} == {"start"}
    assert seen[-1]["phase"] == "end"
    assert (seen[-1]["x"], seen[-1]["y"]) == pytest.approx((-1, -1), abs=0.03)
    box = handle.bounding_box()
    assert box is not None
    assert (box["x"] + 22, box["y"] + 22) == pytest.approx(pixel(page, "contour", -1, -1), abs=1.5)


@pytest.mark.long
def test_arrow_keys_move_the_start(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    handle = page.get_by_role("button", name=re.compile("^Start point"))
    handle.focus()
    handle.press("ArrowLeft")
    expect(page.locator("code")).to_contain_text("end")
    assert events(page)[-1]["x"] == pytest.approx(3 - 0.08, abs=0.01)
    assert events(page)[-1]["y"] == pytest.approx(2, abs=0.01)


@pytest.mark.long
def test_the_slider_sends_values_before_it_is_released_and_the_last_however_fast_the_keys(
    page: Page, demo: Server
) -> None:
    open_drawn(page, demo.url, "contour")
    start = thumb(page, SHARE)
    shown: set[str] = set()

    def values_reach_the_page() -> bool:
        shown.add(page.get_by_text(re.compile("^rate ")).inner_text())
        return len(shown) >= 4

    swing(page, start, (start[0] + 60, start[1]), values_reach_the_page)
    page.mouse.up()
    last = slider(page).get_attribute("aria-valuetext")
    expect(page.get_by_text(re.compile("^rate "))).to_contain_text(f"rate {float(str(last))!r},")
    expect(page.get_by_label("Rate", exact=True)).to_have_value(str(last))

    slider(page).focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    fast = float(str(slider(page).get_attribute("aria-valuetext")))
    assert fast == pytest.approx(float(str(last)) * 10**0.6, rel=0.05)
    expect(page.get_by_text(f"rate {fast!r},")).to_be_visible()
    wait_idle(page)
    expect(page.get_by_text(f"rate {fast!r},")).to_be_visible()


@pytest.mark.long
def test_the_slider_follows_the_keyboard(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    for key, value in [("ArrowRight", "0.0102"), ("ArrowLeft", "0.00997"), ("PageUp", "0.0126"), ("End", "10")]:
        slider(page).press(key)
        expect(page.get_by_text(f"rate {float(value)!r},")).to_be_visible()
        expect(slider(page)).to_have_attribute("aria-valuetext", value)
    slider(page).press("Home")
    expect(slider(page)).to_have_attribute("aria-valuetext", "0.000001")


@pytest.mark.long
def test_the_thumb_follows_the_number_field(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    field = page.get_by_label("Rate", exact=True)
    field.fill("0.5")
    field.press("Enter")
    expect(slider(page)).to_have_attribute("aria-valuetext", "0.5")


@pytest.mark.long
def test_while_dragging_the_browsers_value_wins(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    start = thumb(page, SHARE)
    page.mouse.move(*start)
    page.mouse.down()
    page.evaluate("window.__back = 0; window.__high = 0;")
    slider(page).evaluate(
        """(input) => {
            const look = () => {
                const now = Number(input.value);
                if (now < window.__high - 1e-9 && window.__high !== 0) window.__back += 1;
                window.__high = now;
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    page.evaluate("window.__high = -100")
    for step in range(1, 26):
        page.mouse.move(start[0] + 2 * step, start[1])
        page.wait_for_timeout(30)
    assert page.evaluate("window.__back") == 0, "the thumb never jumped back under the hand"
    page.mouse.up()
    wait_idle(page)
    assert page.evaluate("window.__back") == 0


@pytest.mark.long
def test_a_page_left_and_entered_again_is_drawn(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour", "theta")
    page.get_by_role("link", name="Scene").click()
    wait_drawn(page, "scene")
    wait_drawn(page, "log")
    wait_idle(page)
    listeners = page.evaluate(
        """async () => {
            const scripts = performance.getEntriesByType('resource').map((entry) => entry.name);
            const url = scripts.find((name) => name.endsWith('live/page.js'));
            return (await import(url)).page.listeners.size;
        }"""
    )
    assert listeners == 2, "the charts that left are gone for good"
    page.get_by_role("link", name="Descend").click()
    wait_drawn(page, "contour")
    wait_drawn(page, "theta")
    wait_idle(page)
    expect(chart(page, "contour").locator(".contourlayer path").first).to_be_attached()


def test_data_that_comes_while_a_chart_is_loading_does_not_make_it_anew(page: Page, demo: Server) -> None:
    """Streamlit calls what an overtaken call of a component returned, as if the component had left the page."""
    held: list[Route] = []
    page.route("**/live_plot/live_plot.js", lambda route: held.append(route))
    page.add_init_script(
        """
        window.__made = 0;
        new MutationObserver((changes) => {
            const added = changes.flatMap((change) => [...change.addedNodes]);
            window.__made += added.filter((node) => node.matches?.('figure.gdviz-live-plot')).length;
        }).observe(document, { childList: true, subtree: true });
        """
    )
    with page.expect_request("**/live_plot/live_plot.js"):
        page.goto(demo.url)
    slider(page).press("ArrowRight")
    expect(page.get_by_text("rate 0.0102,")).to_be_visible()
    wait_idle(page)
    for route in held:
        route.continue_()
    for key in ("contour", "theta"):
        wait_drawn(page, key)
        expect(chart(page, key)).to_be_visible()
    wait_idle(page)
    assert page.evaluate("window.__made") == 2, "one for each chart: a new one would have lost its zoom"


def test_pieces_the_browser_lost_are_sent_again(page: Page, demo: Server) -> None:
    """Python thinks that the browser has a landscape, but the message that brought it never arrived."""
    open_drawn(page, demo.url, "contour", "theta")
    page.evaluate(
        """async () => {
            const figures = performance.getEntriesByType('resource').map((entry) => entry.name);
            const url = figures.find((name) => name.endsWith('live_plot/live_plot.js'));
            (await import(url)).forget();
        }"""
    )
    press(page, "ArrowRight", "contour")
    value = slider(page).get_attribute("aria-valuetext")
    expect(page.get_by_text(f"rate {value},")).to_be_visible()
    expect(chart(page, "contour").locator(".contourlayer path").first).to_be_attached()


@pytest.mark.long
def test_two_sessions_do_not_disturb_each_other(new_page: Any, demo: Server) -> None:
    first, second = new_page(), new_page("other")
    for page in (first, second):
        open_drawn(page, demo.url, "contour")
    press(first, "End", "contour")
    press(second, "ArrowRight", "contour")
    expect(first.get_by_text("rate 10.0,")).to_be_visible()
    expect(second.get_by_text("rate 0.0102,")).to_be_visible()
    assert slider(second).get_attribute("aria-valuetext") == "0.0102"


@pytest.mark.long
def test_on_a_phone_the_charts_fit_and_a_finger_scrolls_the_page(new_page: Any, demo: Server) -> None:
    page = new_page("phone")
    open_drawn(page, f"{demo.url}scene_page", "scene", "log")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    log = chart(page, "log")
    width, height = log.evaluate("(figure) => [figure.clientWidth, figure.clientHeight]")
    assert 300 <= width <= 390
    assert height == max(280, min(300, round(width * 0.6)))
    for key in ("scene", "log"):
        plot = chart(page, key).locator(".gdviz-plot")
        modes = plot.evaluate("(plot) => [plot._fullLayout.dragmode, plot._fullLayout.scene?.dragmode]")
        assert [mode for mode in modes if mode is not None] in ([False], [False, False])
    box = log.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("code")).to_contain_text("click")


def test_a_resized_window_resizes_the_chart_and_keeps_the_zoom(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    zoom(page, "contour", (-2, 1.5), (1, -1.5))
    before = draws(page, "contour")
    page.set_viewport_size({"width": 900, "height": 900})
    wait_drawn(page, "contour", before)
    wait_idle(page)
    figure = chart(page, "contour")
    assert figure.evaluate("(f) => f.querySelector('.main-svg').clientWidth === f.clientWidth")
    shown = figure.locator(".gdviz-plot").evaluate("(plot) => plot._fullLayout.xaxis.range")
    assert shown == pytest.approx([-2, 1], abs=0.05)


@pytest.mark.parametrize("ending", ["png", "svg"])
@pytest.mark.long
def test_images_are_downloaded_from_the_modebar(page: Page, demo: Server, ending: str) -> None:
    open_drawn(page, demo.url, "contour")
    chart(page, "contour").hover()
    with page.expect_download() as download:
        page.locator(
            f'[data-title="Download as {ending.upper()}"], [aria-label="Download as {ending.upper()}"]'
        ).first.click()
    assert download.value.suggested_filename == f"contour.{ending}"


@pytest.mark.long
def test_it_works_below_a_base_path(page: Page, serve: Any) -> None:
    server = serve(PAGES / "demo.py", base="some/where")
    open_drawn(page, server.url, "contour")
    open_drawn(page, f"{server.url}scene_page", "scene", "log")


def test_a_failing_page_shows_one_sentence_and_no_traceback(page: Page, demo: Server) -> None:
    open_drawn(page, demo.url, "contour")
    page.get_by_role("button", name="Break").click()
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong")
    text = page.locator("body").inner_text()
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert "RuntimeError" not in text
    eventually(lambda: check("secret detail" in demo.output()))


def test_a_visitor_is_told_when_plotly_js_cannot_be_loaded(page: Page, demo: Server) -> None:
    page.route("**/plotly.min.js", lambda route: route.fulfill(status=200, body="", content_type="text/javascript"))
    page.goto(demo.url)
    expect(chart(page, "contour")).to_contain_text("could not be drawn")
    assert chart(page, "contour").evaluate("(figure) => figure.clientHeight") == 440
