"""Fitting data on the page: the bundled sets, files that a visitor brings, and what is wrong with them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from gdviz.datasets import DATASETS, read_csv
from tests.browser.visitor import Visitor, check, eventually

FIT = ("contour", "theta", "loss", "fit")
ROWS = [(0.5, 3.25), (1.25, 4.5), (2.0, 6.25), (3.5, 8.75), (4.0, 10.5)]  # exact in binary
GOOD = "u,v\n" + "\n".join(f"{u},{v}" for u, v in ROWS)


UPLOAD = '[data-testid="stFileUploader"] input[type="file"]'
# A file is chosen in the very moment in which a change is sent: the server is asked where to put it as a run begins.
CHOOSE_AT_A_CLICK = """(field, text) => {
    const given = new DataTransfer();
    given.items.add(new File([text], 'good.csv'));
    field.files = given.files;
    document.querySelector('.st-key-random button').click();
    field.dispatchEvent(new Event('change', { bubbles: true }));
}"""


def open_upload(visitor: Visitor) -> None:
    visitor.open("", *FIT, objective="fit", data="line")
    visitor.choose("data", "Your own data")
    expect(visitor.page.get_by_test_id("stFileUploader")).to_be_visible()
    expect(visitor.page.get_by_text("Bring at least two columns of numbers")).to_be_visible()
    expect(visitor.message()).to_have_count(0)  # nobody is scolded who has brought nothing yet


@pytest.mark.long
def test_the_notebooks_line(visitor: Visitor) -> None:
    visitor.open()
    visitor.choose("objective", "Fit data")
    experiment = visitor.expect_address(objective="fit", data="line", learning_rate=0.001, epochs=5000)
    thetas = visitor.thetas()
    assert list(thetas) == ["slope", "intercept"]
    assert thetas["slope"][1, -1] == pytest.approx(20, abs=0.1)
    assert thetas["intercept"][1, -1] == pytest.approx(5, abs=0.3)
    curve = visitor.traces("fit")["fit at the end"]
    slope, intercept = experiment.run().thetas[-1]
    np.testing.assert_allclose(curve["y"], slope * np.array(curve["x"]) + intercept)
    np.testing.assert_array_equal(visitor.traces("fit")["data"]["x"], DATASETS["line"].table.columns["x"])
    assert "mean" in visitor.page.get_by_test_id("stSidebar").inner_text()


@pytest.mark.long
def test_anscombe(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="line")
    guest.choose("data", DATASETS["anscombe2"].title)
    guest.expect_address(objective="fit", data="anscombe2")
    end = [values[-1] for _, values in guest.thetas().values()]
    assert end == pytest.approx([0.5, 3.0], abs=0.05)
    np.testing.assert_array_equal(guest.traces("fit")["data"]["y"], DATASETS["anscombe2"].table.columns["y"])


@pytest.mark.long
def test_another_model_of_the_same_data(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="anscombe2")
    guest.type("model", "a*x^2 + b*x + c")
    experiment = guest.expect_address(objective="fit", data="anscombe2", model="a*x^2 + b*x + c")
    assert list(guest.thetas()) == ["a", "b", "c"]
    assert len(experiment.start) == 3
    expect(guest.page.locator(".st-key-axes")).to_be_visible()
    before = guest.path()
    guest.type("model", "a*x^2 + b*sin x c")
    expect(guest.message()).to_have_text(re.compile(r"sin\(x\)\*c"))
    expect(guest.field("model")).to_have_value("a*x^2 + b*sin x c")
    guest.rest()
    np.testing.assert_array_equal(guest.path(), before)
    guest.type("model", "a*x")
    guest.expect_address(objective="fit", model="a*x")
    assert list(guest.thetas()) == ["a"]
    expect(guest.message()).to_have_count(0)


def file(scale: float) -> str:
    """A good file; the scale tells one from another."""
    return "u,v\n" + "\n".join(f"{u},{scale * v}" for u, v in ROWS)


GOOD_FILES = {
    "comma": file(1).encode(),
    "semicolon and decimal comma": file(2).replace(",", ";").replace(".", ",").encode(),
    "tab": file(3).replace(",", "\t").encode(),
    "BOM": b"\xef\xbb\xbf" + file(4).replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize(
    "names",
    [("comma", "BOM"), ("semicolon and decimal comma", "tab")],
    ids=" and ".join,
)
@pytest.mark.long
def test_a_good_file_is_fitted(visitor: Visitor, names: tuple[str, ...]) -> None:
    open_upload(visitor)
    for name in names:
        content = GOOD_FILES[name]
        visitor.upload(content)
        table = read_csv(content)
        scale = 1 + list(GOOD_FILES).index(name)
        eventually(lambda scale=scale: check(fitted(visitor) == [(u, scale * v) for u, v in ROWS]))
        visitor.expect_address(table, objective="fit", data="upload", model="slope*u + intercept", target="v")
        expect(visitor.page.get_by_text("5 rows: u, v.")).to_be_visible()
        expect(visitor.message()).to_have_count(0)


def fitted(visitor: Visitor) -> list[tuple[float, float]]:
    """The rows that the page shows."""
    data = visitor.traces("fit")["data"]
    return list(zip(data["x"], data["y"], strict=True))


BAD_FILES = {
    "empty": (b"", r"."),
    "a word": (b"u,v\n1,2\n2,abc\n3,4", r"“abc” in line 3, column “v”"),
    "a short row": (b"u,v\n1,2\n2\n3,4", r"Line 3"),
    "a missing value": (b"u,v\n1,2\n2,NA\n3,4", r"“NA” in line 3, column “v”"),
    "a spreadsheet": (b"PK\x03\x04" + bytes(100), r"save the sheet as CSV"),
}


@pytest.mark.parametrize(
    "names",
    [("empty", "a word"), pytest.param(("a short row", "a missing value", "a spreadsheet"), marks=pytest.mark.long)],
    ids=" and ".join,
)
def test_a_bad_file_is_explained_and_mended_by_a_good_one_which_is_kept(
    visitor: Visitor, names: tuple[str, ...], subtests: pytest.Subtests
) -> None:
    open_upload(visitor)
    for name in names:
        content, said = BAD_FILES[name]
        with subtests.test(name):
            visitor.rest()
            before = visitor.path()
            visitor.upload(content)
            expect(visitor.message().first).to_have_text(re.compile(said))
            expect(visitor.message()).to_have_count(1)
            visitor.rest()
            np.testing.assert_array_equal(visitor.path(), before)
    start = visitor.start()
    visitor.page.locator(UPLOAD).evaluate(CHOOSE_AT_A_CLICK, GOOD)
    both = visitor.expect_address(read_csv(GOOD.encode()), objective="fit", data="upload", target="v", seed=1)
    assert both.start != start, "the file came from a page that did not show yet what the click had done"
    expect(visitor.message()).to_have_count(0)
    a_spreadsheet_of_its_own_name_is_explained_and_many_columns_take_little_room(visitor)
    words_dates_and_gaps_are_put_aside_one_choice_after_the_other(visitor)
    a_file_is_fitted_and_a_reload_keeps_it_and_what_was_done_with_it(visitor)


def a_spreadsheet_of_its_own_name_is_explained_and_many_columns_take_little_room(visitor: Visitor) -> None:
    visitor.upload(b"PK\x03\x04" + bytes(100), "sheet.xlsx")
    expect(visitor.message()).to_have_text(re.compile("save the sheet as CSV"))
    names = [f"pH of well no. {i}" for i in range(30)]
    content = ",".join(names) + "\n" + "\n".join(",".join(str(i * k % 7 + k) for i in range(30)) for k in range(9))
    visitor.upload(content.encode())
    visitor.expect_address(read_csv(content), data="upload")
    expect(visitor.page.get_by_text("9 rows: pH_of_well_no_0, pH_of_well_no_1, ")).to_contain_text("and 10 more.")
    visitor.page.get_by_text("How it was read: 31 notes").click()
    expect(visitor.page.get_by_text("The column “pH of well no. 29” is called pH_of_well_no_29")).to_be_visible()


@pytest.mark.long
def test_a_run_that_leaps_to_astronomical_numbers_leaves_no_error_behind(visitor: Visitor) -> None:
    open_upload(visitor)
    content = "km,price\n240000,3650\n139800,3800\n150500,4400\n185530,4450\n54000,7990\n22899,7990\n"
    visitor.upload(content.encode())
    visitor.expect_address(read_csv(content), data="upload")
    for rate in ("0.2", "1e-9"):
        visitor.type("learning_rate", rate)
        visitor.expect_address(read_csv(content), learning_rate=float(rate))
        assert visitor.verdict.count("Diverges")


def words_dates_and_gaps_are_put_aside_one_choice_after_the_other(visitor: Visitor) -> None:
    content = (
        b"city,date,u,v\nOslo,2020-01-01,1,2\nRome,2020-01-02,3,4\nBonn,2020-02-01,5,6\nBern,2020-02-03,,7\n"
        b"Kiel,2020-03-01,9,1\n"
    )
    visitor.upload(content)
    expect(visitor.message()).to_have_text(re.compile("columns “city”, “date” contain text"))
    visitor.page.get_by_role("button", name="Read date as numbers").click()
    expect(visitor.message()).to_have_text(re.compile("column “city” contains text"))
    visitor.page.get_by_role("button", name="Leave out the column city").click()
    expect(visitor.message()).to_have_text(re.compile("line 5, column “u” is empty"))
    visitor.page.get_by_role("button", name=re.compile("Leave out 1 row")).click()
    table = read_csv(content, drop_bad_rows=True, without=["city"], dates=["date"])
    visitor.expect_address(table, data="upload", model="slope*date + intercept", target="v")
    expect(visitor.message()).to_have_count(0)
    expect(visitor.page.get_by_text("date is read as days since 2020-01-01")).to_be_visible()
    visitor.page.get_by_role("button", name="Choose again").click()
    expect(visitor.message()).to_have_text(re.compile("columns “city”, “date”"))


@pytest.mark.long
def test_columns_apart_by_blanks_and_a_misspelt_one(visitor: Visitor) -> None:
    content = (
        b"# made in the lab\n  y      temperature\n  2.138E0   1.309E0\n  3.421E0   1.471E0\n  3.597E0   1.490E0\n"
    )
    open_upload(visitor)
    visitor.upload(content, "lab.dat")
    table = read_csv(content)
    visitor.expect_address(table, data="upload", model="slope*temperature + intercept", target="y")
    visitor.type("model", "a*temp + b")
    expect(visitor.page.get_by_text("The model uses no column")).to_be_visible()
    visitor.page.get_by_role("button", name="Write temperature for temp").click()
    visitor.expect_address(table, data="upload", model="a*temperature + b", target="y")
    expect(visitor.page.get_by_text("The model uses no column")).to_have_count(0)


@pytest.mark.long
def test_a_bad_file_after_a_good_one_leaves_the_good_one(visitor: Visitor) -> None:
    open_upload(visitor)
    visitor.upload(GOOD.encode())
    table = read_csv(GOOD.encode())
    visitor.expect_address(table, data="upload")
    before = visitor.path()
    visitor.upload(b"u,v\n1,2\n2,abc\n", "bad.csv")
    expect(visitor.message()).to_have_text(re.compile(r"“abc” in line 3, column “v”"))
    visitor.rest()
    np.testing.assert_array_equal(visitor.path(), before)
    visitor.choose("data", DATASETS["line"].title)
    visitor.expect_address(objective="fit", data="line")
    expect(visitor.message()).to_have_count(0)
    visitor.choose("data", "Your own data")
    eventually(lambda: check(visitor.parameters["data"] == "upload"))
    visitor.expect_address(table, data="upload")


def a_file_is_fitted_and_a_reload_keeps_it_and_what_was_done_with_it(visitor: Visitor) -> None:
    content = GOOD_FILES["semicolon and decimal comma"]
    visitor.upload(content, "mine.csv")
    table = read_csv(content)
    visitor.expect_address(table, objective="fit", data="upload", model="slope*u + intercept", target="v")
    assert fitted(visitor) == [(u, 2 * v) for u, v in ROWS]
    expect(visitor.page.get_by_text("5 rows: u, v.")).to_be_visible()
    expect(visitor.message()).to_have_count(0)
    visitor.type("epochs", "37")
    visitor.expect_address(table, data="upload", epochs=37)
    visitor.page.reload()
    visitor.expect_address(table, data="upload", epochs=37)
    expect(visitor.page.get_by_text("mine.csv")).to_be_visible()
    visitor.page.get_by_test_id("stFileChipDeleteBtn").get_by_role("button").click()
    assert visitor.page.evaluate("sessionStorage.getItem('gdviz.file')") is None


def test_a_link_to_someone_elses_file_asks_for_it(guest: Visitor) -> None:
    guest.open(objective="fit", data="upload", model="a*u + b", target="v")
    expect(guest.page.get_by_test_id("stMain").get_by_role("alert").first).to_have_text(re.compile("upload it again"))
