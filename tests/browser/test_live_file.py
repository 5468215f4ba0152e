"""The page as one file, opened from the disk with the network off: nothing but the file and the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from gdviz.comparisons import Comparison, Contender
from gdviz.datasets import read_csv
from gdviz.experiments import Experiment
from gdviz.exports.page_file import framed, save_page, to_page
from gdviz.exports.subject import subject_of
from gdviz.learning_rates import make_learning_rate

Open = Callable[..., Page]

RAVINE = Experiment()
VALLEY = Experiment(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=500, optimizer="adam")
LINE = Experiment(
    objective="fit", data="line", model="slope*x + intercept", target="y", start=(0.0, 0.0), learning_rate=0.001,
    epochs=300,
)  # fmt: skip
CURVE = Experiment(objective="formula", formula="x^4 - 3x^2 + x", start=(2.0,), learning_rate=0.02, epochs=40)

SHOWN = """() => gdviz.runs.map((run) => ({
    rows: run.rows, stop: run.facts.stop, complete: run.facts.complete,
    thetas: gdviz.contents.experiments[0].variables.map((_, i) => Array.from(run.column(`theta ${i}`), String)),
    values: Array.from(run.column("value"), String),
}))"""


@pytest.fixture
def opened(new_page: Callable[..., Page], tmp_path: Path) -> Open:
    """Saves a page and opens it offline; counts what it asks for."""

    def open_it(what: Experiment | Comparison, kind: str = "offline", **more: Any) -> Page:
        save_page(what, tmp_path / "page.html", **more)
        page = new_page(kind)
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        page.locator("html[data-ready]").wait_for(state="attached")
        at_rest(page)
        return page

    asked: list[str] = []
    yield open_it
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def at_rest(page: Page) -> None:
    """Until the runs are complete, and plotly.js has drawn them."""
    page.wait_for_function(
        "() => gdviz.drawn && !gdviz.frame && gdviz.runs.length > 0 && gdviz.runs.every((run) => run.facts.complete)"
    )


def shown(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(SHOWN)
    for run in found:
        run["thetas"] = np.array(run["thetas"], dtype=float).T
        run["values"] = np.array(run["values"], dtype=float)
    return found


def same_bits(page: Page, task: Any) -> None:
    """The file shows the very rows of the core."""
    run, (found,) = task.run(), shown(page)
    assert found["stop"] == run.stop_reason.value
    assert found["thetas"].tobytes() == run.thetas.tobytes()
    assert found["values"].tobytes() == run.values.tobytes()


def rate(page: Page) -> float:
    return float(page.evaluate("gdviz.rates[gdviz.chosen]"))


def start(page: Page) -> tuple[float, ...]:
    return tuple(page.evaluate("gdviz.start"))


@pytest.mark.parametrize(
    "experiment",
    [LINE, *(pytest.param(one, marks=pytest.mark.long) for one in (RAVINE, VALLEY, CURVE))],
    ids=["fit", "ravine", "adam", "curve"],
)
def test_a_dragged_rate_and_a_dragged_start_give_the_rows_of_the_core(opened: Open, experiment: Experiment):
    page = opened(experiment)
    same_bits(page, experiment.posed())
    slider = page.get_by_role("slider", name="Learning rate")
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.6, middle)
    page.mouse.down()
    for share in (0.5, 0.4, 0.45):
        page.mouse.move(box["x"] + box["width"] * share, middle, steps=5)
    page.mouse.up()
    at_rest(page)
    assert rate(page) != experiment.eta
    same_bits(page, experiment.at_rate(rate(page)).posed())

    handle = page.get_by_role("button", name="Start point")
    place = handle.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 20, steps=8)
    page.mouse.up()
    at_rest(page)
    assert start(page) != experiment.start
    moved = Experiment(**{**vars(experiment), "start": start(page)}).at_rate(rate(page))
    same_bits(page, moved.posed())

    page.get_by_role("button", name="Back to the exported run").click()
    at_rest(page)
    same_bits(page, experiment.posed())
    expect(page.locator(".gdviz-words")).to_have_text(experiment.verdict(experiment.run()).sentence.replace("**", ""))


def test_keys_move_the_rate_as_on_the_page_and_the_start(opened: Open):
    page = opened(RAVINE)
    slider = page.get_by_role("slider", name="Learning rate")
    expected = {
        "ArrowRight": 0.409, "ArrowLeft": 0.4, "PageUp": 0.504, "PageDown": 0.4, "Home": 1e-6, "End": 10.0,
    }  # fmt: skip
    for key, value in expected.items():
        slider.press(key)
        assert rate(page) == pytest.approx(value, rel=0.01), key
    at_rest(page)
    words = page.locator(".gdviz-words")
    expect(words).to_contain_text("Ran out of epochs")
    expect(page.locator(".gdviz-whose")).to_contain_text("Another run: learning rate 10")

    page.get_by_role("button", name="Start point").press("ArrowUp")
    at_rest(page)
    assert start(page)[0] == -5
    assert start(page)[1] > -2
    expect(page.get_by_role("button", name="Start point")).to_be_focused()


def test_a_run_that_diverges_becomes_one_that_is_seen(opened: Open):
    task = Experiment(objective="formula", formula="x^2 + 3y^2", start=(2.0, 1.0), learning_rate=0.5, epochs=2000)
    page = opened(task)
    axis = "gdviz.charts[1].plot.layout.yaxis"
    assert "signed log" in page.evaluate(f"{axis}.title.text")
    slider = page.get_by_role("slider", name="Learning rate")
    for _ in range(8):
        slider.press("PageDown")
    at_rest(page)
    assert "signed log" not in page.evaluate(f"{axis}.title.text")
    low, high = page.evaluate(f"{axis}.range")
    assert -2 < low < high < 3
    assert page.evaluate("gdviz.runs[0].facts.stop") == "converged"
    expect(page.locator(".gdviz-words")).to_contain_text("Converged after")


def test_it_plays_and_goes_to_any_epoch_and_has_all_digits(opened: Open):
    page = opened(VALLEY)
    epochs = page.get_by_role("slider", name="Epoch")
    epochs.press("Home")
    expect(page.locator(".gdviz-player output")).to_have_text("epoch 0 of 500")
    path = page.locator(".gdviz-chart-contour .gdviz-overlay path[d]").first
    expect(path).to_be_attached()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => gdviz.player.epoch > 20")
    page.get_by_role("button", name="Pause").click()
    epochs.press("End")
    expect(page.locator(".gdviz-player output")).to_have_text("epoch 500 of 500")
    the_numbers_have_all_their_digits(page)


def the_numbers_have_all_their_digits(page: Page) -> None:
    page.get_by_text("Numbers", exact=True).click()
    run = VALLEY.run()
    rows = page.locator(".gdviz-numbers tbody tr")
    assert rows.count() == 21
    for row in rows.all():
        epoch, x, y, value, _ = row.locator("td").all_inner_texts()
        k = int(epoch)
        assert (float(x), float(y), float(value)) == (*run.thetas[k].tolist(), run.values[k])


@pytest.mark.parametrize(
    ("experiment", "why"),
    [
        (Experiment(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=1.0, epochs=50, optimizer="newton"),
         "Newton"),
        (Experiment(learning_rate=make_learning_rate("backtracking", 1.0)), "finds each step’s rate"),
        (Experiment(**{**vars(LINE), "batch_size": 10}), "a few rows of the data"),
    ],
    ids=["newton", "search", "batches"],
)  # fmt: skip
@pytest.mark.long
def test_what_cannot_be_computed_there_is_played_as_it_was_recorded(opened: Open, experiment: Experiment, why: str):
    page = opened(experiment)
    slider = page.get_by_role("slider", name="Learning rate")
    expect(slider).to_be_disabled()
    expect(page.locator(".gdviz-slider-help")).to_contain_text("cannot be changed in this file")
    expect(page.locator(".gdviz-slider-help")).to_contain_text(why)
    expect(page.get_by_role("button", name="Start point")).to_have_count(0)
    run, (found,) = experiment.run(), shown(page)
    assert found["thetas"].tobytes() == run.thetas.tobytes()
    page.get_by_role("slider", name="Epoch").press("Home")
    expect(page.locator(".gdviz-player output")).to_contain_text("epoch 0 of")


def test_all_runs_of_a_comparison_are_live(opened: Open):
    base = Experiment(objective="rosenbrock", start=(-1.2, 1.0), epochs=100)
    contenders = (Contender("gd", 0.001), Contender("adam", 0.02, color=1), Contender("newton", 1.0, color=2))
    page = opened(Comparison(base, contenders))
    for found, contender in zip(shown(page), contenders, strict=True):
        assert found["thetas"].tobytes() == contender.of(base).run().thetas.tobytes()
    page.get_by_role("radio", name="Adam").check()
    page.get_by_role("slider", name="Learning rate").press("PageUp")
    at_rest(page)
    assert rate(page) == pytest.approx(0.0252)
    found = shown(page)
    assert found[0]["thetas"].tobytes() == contenders[0].of(base).run().thetas.tobytes()
    assert found[1]["thetas"].tobytes() == contenders[1].at_rate(rate(page)).of(base).run().thetas.tobytes()
    page.get_by_role("button", name="Start point").press("ArrowRight")
    at_rest(page)
    assert page.evaluate("gdviz.runs.map((run) => run.rows)") == [101, 101, 0], "no path from another start is kept"
    expect(page.locator(".gdviz-run-words").nth(2)).to_contain_text("Not shown from this start")


@pytest.mark.long
def test_a_schedule_goes_with_the_rate(opened: Open):
    experiment = Experiment(learning_rate=make_learning_rate("step", 0.4, every=10), epochs=60)
    page = opened(experiment)
    page.get_by_role("slider", name="Learning rate").press("PageDown")
    at_rest(page)
    same_bits(page, experiment.at_rate(rate(page)).posed())


@pytest.mark.parametrize(
    "more",
    [
        {"objective": "formula", "formula": "a^2 + 2*b^2 + c^4", "start": (1.0, 2.0, 1.0)},
        {"objective": "fit", "data": "misra1a", "model": "a*x/(b + x)", "target": "y", "start": (250.0, 500.0)},
        {"gradient": "estimated", "h": 0.001},
        {"learning_rate": make_learning_rate("steered", 0.3, rate_changes="10:0.2 20:0.4")},
        {"optimizer": "nadam"},
    ],
    ids=["three parameters", "a curve to fit", "estimated gradient", "steered", "with sequences"],
)
@pytest.mark.long
def test_each_kind_is_live(opened: Open, more: dict[str, Any]):
    experiment = Experiment(**{"learning_rate": 0.01, "epochs": 30, **more})
    page = opened(experiment)
    page.get_by_role("slider", name="Learning rate").press("PageDown")
    at_rest(page)
    assert rate(page) < experiment.eta
    same_bits(page, experiment.at_rate(rate(page)).posed())


@pytest.mark.long
def test_a_standardized_fit_is_shown_in_the_datas_units(opened: Open):
    experiment = Experiment(**{**vars(LINE), "standardize": True, "learning_rate": 0.1, "epochs": 50})
    page = opened(experiment)
    page.get_by_role("slider", name="Learning rate").press("PageDown")
    at_rest(page)
    run, (found,) = experiment.at_rate(rate(page)).run(), shown(page)
    assert found["thetas"] == pytest.approx(run.thetas, rel=1e-12, abs=1e-12)


@pytest.mark.long
def test_a_schedule_without_a_rate_above_zero_is_said_to_be_none(opened: Open):
    schedule = make_learning_rate("formula", 0.4, rate_formula="eta - 0.001k")
    page = opened(Experiment(learning_rate=schedule, epochs=60))
    page.get_by_role("slider", name="Learning rate").press("Home")
    expect(page.locator(".gdviz-words")).to_contain_text("not above 0")


@pytest.mark.long
def test_other_functions_stay_within_a_trillionth(opened: Open):
    formula = Experiment(
        objective="formula", formula="exp(0.3x)*sin(y) + x^2 + y^2", start=(1.0, 2.0), learning_rate=0.05, epochs=100
    )
    page = opened(formula)
    run, (found,) = formula.run(), shown(page)
    assert np.abs(found["thetas"] - run.thetas).max() <= 1e-12 * (1 + np.abs(run.thetas).max())


EVIL = "</script><script>window.evil=1</script><img src=x onerror=window.evil=1>"


def test_no_name_becomes_a_script(opened: Open):
    base = Experiment(objective="rosenbrock", start=(-1.2, 1.0), epochs=20)
    names = ("</script><b>x", "<img src=x onerror>", "&lt;i&gt; %{x} \\u003c")
    page = opened(Comparison(base, tuple(Contender("gd", 0.001, name, i) for i, name in enumerate(names))))
    for i, name in enumerate(names):
        expect(page.locator(".gdviz-run-title").nth(i)).to_have_text(name)
    assert page.locator("img, b, i").count() == 0


def test_no_column_becomes_a_script(opened: Open):
    table = read_csv(f"{EVIL},a<b\n1,2\n2,4.5\n3,5.5\n".encode())
    name, target = table.columns
    experiment = Experiment(
        objective="fit", data="upload", model=f"slope*{name} + c", target=target, start=(0.0, 0.0), learning_rate=0.05,
        epochs=50,
    )  # fmt: skip
    page = opened(experiment, table=table, with_data=True)
    same_bits(page, experiment.posed(table))
    assert page.evaluate("window.evil") is None
    expect(page.locator(".gdviz-footer")).to_contain_text("holds the 3 rows")
    assert page.evaluate("document.querySelectorAll('script').length") == 3


def test_its_policy_lets_no_other_script_run(browser: Browser, tmp_path: Path):
    save_page(RAVINE, tmp_path / "page.html")
    page = browser.new_page(offline=True)  # of its own: the browser complains, as it should
    page.goto((tmp_path / "page.html").as_uri())
    found, policy = page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.evil = 1";
            document.body.append(script);
            return [window.evil, document.querySelector("meta[http-equiv]").content];
        }"""
    )
    page.close()
    assert found is None
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.long
def test_an_old_browser_is_told_that_nothing_is_drawn_and_waits_for_nothing(browser: Browser, tmp_path: Path):
    save_page(RAVINE, tmp_path / "page.html")
    context = browser.new_context(offline=True)
    context.add_init_script("delete globalThis.DecompressionStream")
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    expect(page.locator(".gdviz-whose")).to_contain_text("could not be drawn")
    expect(page.locator(".gdviz-note:visible")).to_have_count(0)
    context.close()


def test_it_works_in_a_frame_that_may_do_nothing_else(new_page: Callable[..., Page], tmp_path: Path):
    frame = framed(to_page(subject_of(RAVINE.posed())))
    (tmp_path / "course.html").write_text(f"<!DOCTYPE html><meta charset=utf-8><h1>Course</h1>{frame}", "utf-8")
    page = new_page("offline")
    page.goto((tmp_path / "course.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("html[data-ready]").wait_for(state="attached")
    inside.get_by_role("slider", name="Learning rate").press("PageDown")
    expect(inside.locator(".gdviz-whose")).to_contain_text("learning rate 0.318")


def test_a_finger_drags_the_start(opened: Open):
    page = opened(RAVINE, "phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    place = page.get_by_role("button", name="Start point").bounding_box()
    assert place
    x, y = place["x"] + 22, place["y"] + 22
    touch = page.context.new_cdp_session(page)
    points = [(x, y), (x + 15, y - 10), (x + 40, y - 25)]
    for kind, (across, down) in zip(("touchStart", "touchMove", "touchMove"), points, strict=True):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": across, "y": down}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    at_rest(page)
    assert start(page)[0] > -5
    same_bits(page, Experiment(**{**vars(RAVINE), "start": start(page)}).posed())
