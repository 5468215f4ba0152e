"""A training run of another program on the page, and what is dropped on it."""

from __future__ import annotations

import base64

from playwright.sync_api import expect

import gdviz
from gdviz import Experiment
from gdviz.exports import run_csv
from gdviz.exports.formats import export
from gdviz.exports.subject import subject_of
from tests.browser.visitor import BOWL, Visitor

BOOTH = Experiment(objective="booth", start=(1.0, 1.0), learning_rate=0.01, epochs=30, optimizer="momentum").posed()
DROP = """([name, content]) => {
  const given = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  if (name) given.items.add(new File([bytes], name));
  else given.setData("text/plain", new TextDecoder().decode(bytes));
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: given, bubbles: true, cancelable: true }));
  }
}"""


def drop(visitor: Visitor, name: str, content: bytes) -> None:
    """Let a file fall on the page, or, without a name, a text."""
    visitor.page.evaluate(DROP, [name, base64.b64encode(content).decode()])


def test_a_training_run_is_dropped_opens_and_stands_beside_others(visitor: Visitor) -> None:
    visitor.open(**BOWL)
    page = visitor.page
    epochs = run_csv(BOOTH.run()).encode().replace(b"\nepoch", b"\nstep")
    drop(visitor, "mine.csv", epochs)
    expect(page.get_by_role("heading", name="gdviz: Your run")).to_be_attached(timeout=30_000)
    expect(page.locator(".st-key-verdict")).to_contain_text("The loss goes from")
    expect(page.locator(".st-key-training_plane")).to_contain_text("% of the variance", timeout=30_000)
    expect(page.locator(".st-key-training_loss")).to_be_visible()
    expect(page.get_by_text("The file’s loss is not this function’s")).to_be_visible()  # the page shows a bowl

    drop(visitor, "run.json", export(subject_of(BOOTH), "json"))  # what was exported opens, too
    expect(page.get_by_role("heading", name="gdviz: Descend")).to_be_attached(timeout=30_000)
    visitor.expect_address(objective="booth", epochs=30, learning_rate=0.01)

    page.get_by_test_id("stMain").get_by_role("link", name="Your run").click()
    expect(page.locator(".st-key-training_plane")).to_contain_text("gdviz’s run", timeout=30_000)
    page.get_by_test_id("stMain").get_by_role("link", name="Compare").click()
    expect(page.locator(".st-key-compare_loss")).to_contain_text("Your run", timeout=30_000)

    drop(visitor, "", b"https://example.org/?objective=himmelblau&start=0,0&epochs=17 ")
    expect(page.get_by_role("heading", name="gdviz: Descend")).to_be_attached(timeout=30_000)
    visitor.expect_address(objective="himmelblau", epochs=17)

    drop(visitor, "mixed.csv", b"x,y,name\n1,2,a\n2,4,b\n3,7,c\n")  # what the visitor has to say is asked as ever
    page.get_by_role("button", name="Leave out the column name").click(timeout=30_000)
    visitor.expect_address(gdviz.read_csv("x,y\n1,2\n2,4\n3,7\n"), objective="fit", target="y")

    drop(visitor, "nothing.zip", b"PK nothing")
    expect(page.get_by_test_id("stToast")).to_contain_text("cannot be read", timeout=30_000)
