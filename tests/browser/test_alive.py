"""What moves in the browser alone: the charts while the learning rate is dragged, and the run while it is played."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import gdviz
from gdviz.experiments import Experiment, decode
from gdviz.lessons.worked_step import explain_step
from gdviz.numerals import format_number
from tests.browser.conftest import answered, chart, pixel, zoom
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually

CURVE = {"objective": "formula", "formula": "x^4 - 3x^2 + x", "start": "2", "learning_rate": 0.02, "epochs": 60}
LONG = BOWL | {"learning_rate": 0.001, "epochs": 3000}

# How the overlay of a chart looks: the texts of its lines, and its markers.
LINES = """(figure) => [...figure.querySelectorAll('.gdviz-overlay path')]
    .filter((path) => path.closest('svg:not([style*="none"])') && path.getAttribute('d'))
    .map((path) => path.getAttribute('d'))"""

# As a hand would, but one move for each frame the browser draws: a test's own mouse is slower than that.
SWEEP = """async (input, [from, to, frames]) => {
    input.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, isPrimary: true }));
    const begin = performance.now();
    for (let frame = 0; frame <= frames; frame += 1) {
        input.value = from + (to - from) * frame / frames;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise(requestAnimationFrame);
    }
    return (performance.now() - begin) / 1000;
}"""
LET_GO = "(input) => window.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, isPrimary: true }))"


def trips(page: Page) -> int:
    """How many messages the page has sent to the server since it was loaded."""
    return int(page.evaluate("window.__sent"))


def is_ready(page: Page) -> bool:
    """Whether the browser has what it needs to run the page's experiments."""
    return bool(
        page.evaluate(
            """async () => {
                const url = performance.getEntriesByType('resource').map((entry) => entry.name)
                    .find((name) => name.endsWith('live/page.js'));
                const { experiments } = (await import(url)).page;
                return experiments.length > 0 && experiments.every((experiment) => experiment.takes({}));
            }"""
        )
    )


def ready(visitor: Visitor) -> None:
    """Wait until the browser can run the page's experiments."""
    eventually(lambda: check(is_ready(visitor.page)))
    visitor.rest()


def run_arrives(visitor: Visitor) -> None:
    """Wait until the run is in the browser, epoch by epoch."""
    visitor.page.locator(".gdviz-player[data-ready]").wait_for()
    visitor.rest()


def shown(page: Page) -> dict[str, Any]:
    """The run or the moment that the charts show: its last epoch, the numbers of that row, and what is said of it."""
    return page.evaluate(
        """async () => {
            const url = performance.getEntriesByType('resource').map((entry) => entry.name)
                .find((name) => name.endsWith('live/page.js'));
            const { page } = await import(url);
            if (!page.shown) return null;
            const { kind, runs: [run], row, words } = page.shown;
            const last = kind === 'run' ? run.rows - 1 : row;
            const names = ['theta 0', 'theta 1', 'value', 'gap', 'norm'].filter((name) => run.column(name));
            return { kind, words, epoch: run.epoch(last), complete: run.facts.complete,
                numbers: Object.fromEntries(names.map((name) => [name, run.at(last, name)])) };
        }"""
    )


def shown_rate(visitor: Visitor) -> float:
    """The learning rate that the slider shows."""
    return float(str(visitor.slider.get_attribute("aria-valuetext")))


def lines(page: Page, key: str) -> list[str]:
    return chart(page, key).evaluate(LINES)


# -- the learning rate --


def experiment_of(run: dict[str, Any], **fields: Any) -> Experiment:
    """The experiment that a link with these parameters opens, with other fields."""
    return replace(decode({name: str(value) for name, value in run.items()})[0], **fields)


@pytest.mark.parametrize(
    "run",
    [BOWL, pytest.param(CURVE, marks=pytest.mark.long)],
    ids=["two parameters", "one"],
)
def test_a_drag_moves_everything_and_asks_the_server_for_words_alone(guest: Visitor, run: dict[str, Any]) -> None:
    guest.open(**run)
    ready(guest)
    page = guest.page
    before = trips(page)
    seen: dict[str, set[str]] = {key: set() for key in CHARTS}
    moves, began = 0, time.monotonic()
    for target in np.linspace(-2.5, 0.5, 7):
        guest.slider.evaluate(SWEEP, [target - 0.3, target, 4])
        moves += 5
        for key in CHARTS:
            seen[key].add(str(lines(page, key)))
        assert shown(page)["kind"] == "run"
    rate = shown_rate(guest)
    assert all(len(pictures) >= 5 for pictures in seen.values())
    sent = trips(page) - before
    assert sent < moves
    assert sent <= 2 + 10 * (time.monotonic() - began), "the verdict is asked for ten times a second at most"
    assert guest.parameters["learning_rate"] == str(run["learning_rate"])
    core = experiment_of(run, learning_rate=rate)

    def is_judged() -> None:
        assert not shown(page)["words"].get("late")
        assert core.verdict(core.run()).sentence in guest.verdict

    eventually(is_judged)
    guest.slider.evaluate(LET_GO)
    guest.expect_address(learning_rate=rate)
    for key in CHARTS:
        expect(chart(page, key).locator(".gdviz-overlay")).to_be_hidden()


def test_the_browser_shows_what_the_core_computes(guest: Visitor) -> None:
    guest.open(**BOWL)
    ready(guest)
    guest.slider.evaluate(SWEEP, [-2, -1.2, 3])
    run = gdviz.descend(gdviz.parse("x^2 + 3y^2"), (2, 1), shown_rate(guest), 40)
    eventually(lambda: check(shown(guest.page)["epoch"] == run.epochs))
    moment = shown(guest.page)
    assert [moment["numbers"][name] for name in ("theta 0", "theta 1", "value")] == [*run.thetas[-1], run.values[-1]]
    path = max(lines(guest.page, "contour"), key=lambda d: d.count("L"))
    corners = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path), dtype=float)
    box = chart(guest.page, "contour").bounding_box()
    assert box is not None
    offset = chart(guest.page, "contour").evaluate(
        """(figure) => {
            const { xaxis, yaxis } = figure.querySelector('.js-plotly-plot')._fullLayout;
            return [xaxis._offset, yaxis._offset];
        }"""
    )
    for row in (0, 1, 5, -1):
        expected = np.array(pixel(guest.page, "contour", *run.thetas[row])) - (box["x"], box["y"]) - offset
        assert corners[row] == pytest.approx(expected, abs=0.2)
    guest.slider.evaluate(LET_GO)


def test_no_blank_frame_and_no_old_path_from_grab_to_rest(guest: Visitor) -> None:
    guest.open(**BOWL | {"formula": "x^2 + 2y^2"})  # a landscape of its own: the zoom stays with it
    ready(guest)
    page = guest.page
    zoom(page, "contour", (-1.5, 1.2), (2.2, -1))
    zoomed = guest.ranges()
    page.evaluate(
        """() => {
            window.__pictures = [];
            const look = () => {
                const figure = document.querySelector('figure[data-key="contour"]');
                const overlay = figure.querySelector('.gdviz-overlay');
                const drawn = overlay.style.display !== 'none' && overlay.querySelector('path[d^="M"]') ? 'run' : null;
                const plotly = [...figure.querySelectorAll('[class*="scatterlayer"] > .trace')]
                    .some((node) => node.__data__[0].trace.name === 'path' && node.style.display !== 'none');
                const x = figure.querySelector('.js-plotly-plot').data.find((trace) => trace.name === 'path').x;
                const ground = figure.querySelector('.contourlayer path') ? '' : 'blank ';
                window.__pictures.push(ground + (drawn ?? (plotly ? `path ${x[1]}` : 'nothing')));
                window.__looking = requestAnimationFrame(look);
            };
            look();
        }"""
    )
    guest.slider.evaluate(SWEEP, [-1.3, -0.8, 30])
    guest.slider.evaluate(LET_GO)
    guest.expect_address(learning_rate=shown_rate(guest))
    guest.rest()
    page.evaluate("cancelAnimationFrame(window.__looking)")
    pictures = list(dict.fromkeys(page.evaluate("window.__pictures")))
    assert len(pictures) == 3, pictures
    assert (pictures[1], len({pictures[0], pictures[2]})) == ("run", 2)
    assert pictures[0].startswith("path ")
    assert pictures[2].startswith("path ")
    assert guest.ranges() == zoomed


def test_the_curves_axes_make_room_while_the_hand_moves_and_are_their_own_again_at_rest(guest: Visitor) -> None:
    guest.open(**BOWL | {"learning_rate": 0.25})
    ready(guest)
    rest, ground = guest.ranges("theta"), guest.ranges()
    guest.slider.evaluate(SWEEP, [-0.6, -0.44, 5])
    eventually(lambda: check(guest.ranges("theta")[1][1] > 2 * rest[1][1]))
    eventually(lambda: check(guest.ranges("theta")[0][1] == 40))  # the run at rest had converged before
    assert guest.ranges() == ground, "the landscape stays"
    guest.slider.evaluate(SWEEP, [-0.44, float(np.log10(0.24)), 5])
    guest.slider.evaluate(LET_GO)
    guest.expect_address(learning_rate=shown_rate(guest))
    guest.rest()
    assert guest.ranges("theta")[1] == pytest.approx(rest[1], abs=0.3)


def test_a_hand_that_takes_hold_again_before_the_answer_is_not_disturbed(guest: Visitor) -> None:
    guest.open(**BOWL)
    ready(guest)
    guest.slider.evaluate(SWEEP, [-2, -1.2, 3])
    guest.slider.evaluate(LET_GO)
    guest.slider.evaluate(SWEEP, [-1.2, -0.9, 3])
    answered(guest.page)
    assert shown(guest.page)["kind"] == "run"
    assert shown_rate(guest) == pytest.approx(10**-0.9, rel=0.03)
    guest.slider.evaluate(LET_GO)
    guest.expect_address(learning_rate=shown_rate(guest))
    guest.rest()
    assert shown(guest.page) is None


def test_a_key_held_down_moves_on_and_a_single_press_is_exact(guest: Visitor) -> None:
    guest.open(**BOWL)
    ready(guest)
    guest.slider.press("ArrowRight")
    guest.expect_address(learning_rate=0.0512)
    guest.slider.evaluate(
        """(input) => { for (let i = 0; i < 5; i += 1) {
            input.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', repeat: i > 0, bubbles: true }));
        } }"""
    )
    assert shown(guest.page)["kind"] == "run"
    guest.slider.evaluate("(input) => input.dispatchEvent(new KeyboardEvent('keyup', { key: 'ArrowRight' }))")
    assert guest.expect_address(learning_rate=shown_rate(guest)).eta > 0.055


@pytest.mark.long
def test_a_run_that_the_browser_cannot_make_is_asked_for(guest: Visitor) -> None:
    run = {"objective": "rosenbrock", "optimizer": "bfgs", "learning_rate": 0.0001, "epochs": 20_000}
    guest.open(**run)
    assert not is_ready(guest.page)
    guest.slider.evaluate(SWEEP, [-4, -3.5, 5])
    eventually(lambda: check(shown(guest.page)["complete"] is False), 60)
    eventually(lambda: check("let go to see them all" in guest.verdict), 60)  # a hand does not wait for 20,000 steps
    guest.slider.evaluate(LET_GO)
    rate = shown_rate(guest)
    eventually(lambda: check(guest.parameters["learning_rate"] == str(rate)), 60)
    assert guest.expect_address(learning_rate=rate).eta == pytest.approx(10**-3.5, rel=0.03)


# -- playing --


def epoch_slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Epoch", exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_play_moves_all_charts_to_the_end_without_the_server(guest: Visitor) -> None:
    guest.open(**BOWL)
    run_arrives(guest)
    page = guest.page
    before = trips(page)
    page.get_by_label("Speed").select_option("0.5")
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    moments = {key: set() for key in CHARTS}

    def move() -> None:
        for key in CHARTS:
            moments[key].add(str(lines(page, key)))
        assert all(len(found) >= 3 for found in moments.values())

    eventually(move)
    page.get_by_label("Speed").select_option("4")
    expect(button(page, "Play")).to_be_visible()
    expect(page.locator(".gdviz-player > output")).to_have_text("epoch 40 of 40")
    assert shown(page) is None, "at the end the true picture stands"
    for key in CHARTS:
        expect(chart(page, key).locator(".gdviz-overlay")).to_be_hidden()
    assert trips(page) == before


def watch_epochs(page: Page) -> None:
    """Write down every epoch that the player shows from now on, also while the page is on the way."""
    page.add_init_script(
        """window.__epochs = [];
        new MutationObserver(() => {
            const text = document.querySelector('.gdviz-player > output')?.textContent;
            if (text && text !== window.__epochs.at(-1)) window.__epochs.push(text);
        }).observe(document, { childList: true, subtree: true, characterData: true });"""
    )


def test_a_first_visitor_sees_the_run_play_once(visitor: Visitor) -> None:
    watch_epochs(visitor.page)
    visitor.open()
    page = visitor.page
    seen: list[str] = []

    def played() -> None:
        seen[:] = page.evaluate("window.__epochs")
        last = seen[0].replace("epoch ", "").split(" of ")[1]
        assert f"epoch 0 of {last}" in seen
        assert seen[-1] == f"epoch {last} of {last}"

    eventually(played, 60)
    page.get_by_role("link", name="Derivatives").click()
    page.get_by_role("link", name="Descend").click()
    run_arrives(visitor)
    assert page.evaluate("window.__epochs").count("epoch 0 " + seen[0].split(" ", 2)[2]) == 1, "once"


def nothing_plays_by_itself(visitor: Visitor) -> None:
    """To be asked where ``watch_epochs`` was called before the page was opened."""
    run_arrives(visitor)
    visitor.page.wait_for_timeout(500)
    assert not any(epoch.startswith("epoch 0 ") for epoch in visitor.page.evaluate("window.__epochs"))


def test_nothing_plays_by_itself_for_who_comes_with_a_link_and_nobody_is_welcomed(visitor: Visitor) -> None:
    watch_epochs(visitor.page)
    visitor.open(**BOWL)
    nothing_plays_by_itself(visitor)
    expect(visitor.page.locator(".st-key-card_welcome")).to_have_count(0)


def test_scrubbing_shows_one_moment_everywhere_and_asks_nothing(guest: Visitor) -> None:
    guest.open(**LONG)
    run_arrives(guest)
    page = guest.page
    before = trips(page)
    address = guest.address
    run = gdviz.descend(gdviz.parse("x^2 + 3y^2"), (2, 1), 0.001, 3000)
    for epoch in (0, 1234, 2999):
        epoch_slider(page).fill(str(epoch))
        moment = shown(page)
        assert moment["epoch"] == epoch
        assert [*moment["numbers"].values()][:3] == [*run.thetas[epoch], run.values[epoch]]
        expect(page.locator(".gdviz-player > output")).to_have_text(f"epoch {epoch:,} of 3,000")
        expect(epoch_slider(page)).to_have_attribute("aria-valuetext", f"epoch {epoch:,} of 3,000")
    places = {key: marker(page, key) for key in CHARTS}
    for key, expected in {
        "contour": pixel(page, "contour", *run.thetas[2999]),
        "theta": pixel(page, "theta", 2999, run.thetas[2999, 0]),
        "loss": pixel(page, "loss", 2999, run.values[2999]),
    }.items():
        assert places[key] == pytest.approx(expected, abs=1.5)
    assert trips(page) == before
    assert guest.address == address


def marker(page: Page, key: str) -> tuple[float, float]:
    """The middle of the first round marker in the window."""
    box = (
        chart(page, key)
        .locator(".gdviz-overlay path[d*='a']")
        .first.evaluate(
            "(path) => { const b = path.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }"
        )
    )
    return box[0], box[1]


@pytest.mark.parametrize("place", ["player", "chart"])
def test_the_keys_of_the_player(guest: Visitor, place: str) -> None:
    guest.open(**LONG)
    run_arrives(guest)
    page = guest.page
    target: Locator = epoch_slider(page) if place == "player" else chart(page, "theta").locator(".gdviz-plot")
    target.focus()
    output = page.locator(".gdviz-player > output")
    for key, epoch in [("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("Shift+ArrowRight", 11)]:
        page.keyboard.press(key)
        expect(output).to_have_text(f"epoch {epoch:,} of 3,000")
    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    assert shown(page)["epoch"] >= 11
    page.keyboard.press("End")
    expect(output).to_have_text("epoch 3,000 of 3,000")
    assert shown(page) is None
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled


def test_with_reduced_motion_nothing_plays_by_itself_and_steps_jump(visitor: Visitor) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")
    watch_epochs(visitor.page)
    visitor.open()
    nothing_plays_by_itself(visitor)
    visitor.follow(**LONG)
    page = visitor.page
    run_arrives(visitor)
    assert shown(page) is None
    page.evaluate(
        """async () => {
            const url = performance.getEntriesByType('resource').map((entry) => entry.name)
                .find((name) => name.endsWith('live/page.js'));
            window.__jumps = [];
            (await import(url)).page.listeners.add((shown) =>
                shown && window.__jumps.push(shown.runs[0].epoch(shown.row) + shown.share));
        }"""
    )
    button(page, "Play").click()
    page.wait_for_function("() => window.__jumps.length >= 4")
    button(page, "Pause").click()
    assert np.diff(page.evaluate("window.__jumps.slice(0, 4)")).min() >= 150, "no frame between the jumps"


def test_a_moment_follows_the_zoom_and_ends_with_its_run(guest: Visitor) -> None:
    guest.open(**LONG | {"formula": "x^2 + 2y^2"})  # a landscape of its own: the zoom stays with it
    page = guest.page
    run_arrives(guest)
    epoch_slider(page).fill("400")
    before = marker(page, "contour")
    zoom(page, "contour", (-0.5, 1.2), (2.2, -0.5))
    run = gdviz.descend(gdviz.parse("x^2 + 2y^2"), (2, 1), 0.001, 3000)
    assert marker(page, "contour") != before
    assert marker(page, "contour") == pytest.approx(pixel(page, "contour", *run.thetas[400]), abs=1.5)
    guest.type("epochs", "2000")
    guest.expect_address(epochs=2000)
    assert shown(page) is None
    expect(page.locator(".gdviz-player > output")).to_have_text("epoch 2,000 of 2,000")


def test_the_step_is_written_out_where_the_player_rests(guest: Visitor) -> None:
    guest.open(**BOWL)
    run_arrives(guest)
    page = guest.page
    epoch_slider(page).fill("3")
    button(page, "Step in numbers").click()
    panel = page.locator(".st-key-step")
    expect(panel).to_contain_text("The step from epoch 3 to 4")
    run = gdviz.descend(gdviz.parse("x^2 + 3y^2"), (2, 1), 0.05, 40)
    lines = explain_step(run, 3, gdviz.GradientDescent()).lines
    eventually(lambda: check(panel.locator("annotation").all_text_contents() == list(lines)))
    assert format_number(run.thetas[4, 0], 5) in lines[1]
    button(page, "One epoch on").click()
    expect(panel).to_contain_text("The step from epoch 4 to 5")
    guest.rest()
    assert shown(page)["epoch"] == 4, "the answer leaves the moment alone"
    button(page, "Step in numbers").click()
    expect(panel).to_have_count(0)


def test_the_player_works_after_a_visit_to_another_page(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    page.get_by_role("link", name="Derivatives").click()
    expect(page.locator(".gdviz-player")).to_have_count(0)
    page.get_by_role("link", name="Descend").click()
    run_arrives(guest)
    expect(page.locator(".gdviz-player > output")).to_have_text("epoch 40 of 40")
    epoch_slider(page).fill("10")
    assert shown(page)["epoch"] == 10
