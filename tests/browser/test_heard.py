"""What is heard: the numbers of an epoch when keys step through the run, and the loss as a tone on request."""

from __future__ import annotations

from playwright.sync_api import expect

import gdviz
from gdviz.numerals import format_number
from tests.browser.test_alive import button, epoch_slider, run_arrives
from tests.browser.visitor import BOWL, Visitor, check, eventually

# Notes what an oscillator is told, whether or not the machine has ears.
LISTEN = """window.__tones = [];
const { setTargetAtTime } = AudioParam.prototype;
AudioParam.prototype.setTargetAtTime = function (value, ...rest) {
    window.__tones.push(value);
    return setTargetAtTime.call(this, value, ...rest);
};"""


def test_keys_speak_the_numbers_and_sound_follows_the_loss_on_request(visitor: Visitor) -> None:
    page = visitor.page
    page.add_init_script(LISTEN)
    visitor.open(**BOWL)
    run_arrives(visitor)
    run = gdviz.descend(gdviz.parse("x^2 + 3y^2"), (2, 1), 0.05, 40)
    epoch_slider(page).press("Home")
    page.keyboard.press("ArrowRight")
    x, y = (format_number(value) for value in run.thetas[1])
    words = f"Epoch 1: x = {x}, y = {y}, f = {format_number(run.values[1])}"
    expect(page.locator(".gdviz-player > [role=status]")).to_have_text(words)
    assert page.evaluate("window.__tones") == [], "silent until it is asked for"
    button(page, "Sound").click()
    expect(button(page, "Sound")).to_have_attribute("aria-pressed", "true")
    for _ in range(3):
        epoch_slider(page).press("ArrowRight")

    def tones_fall_with_the_loss() -> None:
        tones = [tone for tone in page.evaluate("window.__tones") if tone > 100]
        assert len(tones) == 3
        assert tones == sorted(tones, reverse=True)

    eventually(tones_fall_with_the_loss)
    eventually(lambda: check(page.evaluate("window.__tones.at(-1)") == 0))
    button(page, "Sound").click()
    before = page.evaluate("window.__tones.length")
    epoch_slider(page).press("ArrowRight")
    assert [tone for tone in page.evaluate("window.__tones")[before:] if tone > 0] == []
