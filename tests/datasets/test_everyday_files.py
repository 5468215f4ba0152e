"""Files as people have them: which numbers are read from them, what is said about it, and what is refused."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.comparisons import Comparison, Contender, compare, runs_csv
from gdviz.datasets import Table, TableError, read_csv, reading
from gdviz.descent import descend
from gdviz.experiments import Experiment
from gdviz.exports import run_csv
from gdviz.fits import Fit, FitError, first_model
from gdviz.objectives import parse

XY = {"x": [1, 3], "y": [2, 4]}
HALVES = {"x": [1.5, 3.5], "y": [2.5, 4.5]}
INDEXED = {"index": [1, 2], "x": [1.5, 3.5], "y": [2.5, 4.5]}
THREE = {"x": [1, 4], "y": [2, 5], "z": [3, 6]}

READ = {
    # an index without a name
    "pandas": (",x,y\n1,1.5,2.5\n2,3.5,4.5\n", INDEXED),
    "R, quoted": ('"","x","y"\n"1",1.5,2.5\n"2",3.5,4.5\n', INDEXED),
    "R, one name fewer": ('"x" "y"\n"1" 1.5 2.5\n"2" 3.5 4.5\n', INDEXED),
    "R, one name fewer, tabs": ("x\ty\n1\t1.5\t2.5\n2\t3.5\t4.5\n", INDEXED),
    "R, one name fewer, commas": ("x,y\n1,1.5,2.5\n2,3.5,4.5\n", INDEXED),
    "a printed data frame": ("     x    y\n1  1.5  2.5\n2  3.5  4.5\n", INDEXED),
    "the first of two columns": (",y\n1,2\n3,4\n", {"index": [1, 3], "y": [2, 4]}),
    "a column within": ("x,,z\n1,2,3\n4,5,6\n", {"x": [1, 4], "column_2": [2, 5], "z": [3, 6]}),
    "the last column": ("x;y;\n1;2;3\n4;5;6\n", {"x": [1, 4], "y": [2, 5], "column_3": [3, 6]}),
    "neither name nor numbers": ("x,,y\n1,,2\n3,,4\n", XY),
    "index is a name already": (",index,y\n1,2,3\n4,5,6\n", {"index_2": [1, 4], "index": [2, 5], "y": [3, 6]}),
    "the same name twice": ("x,x,x_2\n1,2,3\n4,5,6\n", {"x": [1, 4], "x_3": [2, 5], "x_2": [3, 6]}),
    "the same name after changes": ("a b,a_b\n1,2\n3,4\n", {"a_b_2": [1, 3], "a_b": [2, 4]}),
    # blanks between the columns
    "blanks": ("x y\n1 2\n3 4\n", XY),
    "runs of blanks": ("   x      y\n   1.5   2.5\n   3.5   4.5   \n", HALVES),
    "blanks and tabs": ("x \t y\n1\t 2\n3 \t\t4\n", XY),
    "blanks, no names": ("1 2\n3 4\n", XY),
    "blanks, decimal commas": ("x y\n1,5 2,5\n3,5 4,5\n", HALVES),
    "blanks, decimal commas, no names": ("1,5 2,5\n3,5 4,5\n", HALVES),
    "blanks, quoted names": ('"x" "my y"\n1 2\n3 4\n', {"x": [1, 3], "my_y": [2, 4]}),
    "blanks, thousands": ("x y\n1,234.5 2\n3 4\n", {"x": [1234.5, 3], "y": [2, 4]}),
    "Fortran": ("   0.15000D+01   0.25000D+01\n   3.5d0   45D-1\n", HALVES),
    "bars": ("x|y\n1|2\n3|4\n", XY),
    "Markdown": ("| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n", XY),
    "a database's output": (" x | y \n---+---\n 1 | 2\n 3 | 4\n", XY),
    "a line under the names": ("x y\n--- ---\n1 2\n3 4\n", XY),
    # text above the table
    "empty first lines": ("\n\n  \nx,y\n1,2\n3,4\n", XY),
    "a title": ("My data\nx,y\n1,2\n3,4\n", XY),
    "a title in one word": ("Results\nx,y\n1,2\n3,4\n", XY),
    "a title and an empty line": ("Results\n\nx,y\n1,2\n3,4\n", XY),
    "a title, no names": ("My data here\n1,2\n3,4\n", XY),
    "a title apart, no names": ("Results\n\n1,2\n3,4\n", XY),
    "a title, blanks": ("My data from the lab in 1990\nx y\n1 2\n3 4\n", XY),
    "a title, blanks, no names": ("My data from the lab\n1 2\n3 4\n", XY),
    "a spreadsheet's title": ("My data,,\n,,\nx,y,z\n1,2,3\n4,5,6\n", THREE),
    "several lines": ("Exported 2024-01-05\nSource: a, b, c\n\nx,y\n1,2\n3,4\n", XY),
    "words and values": ("Author,Smith\nDate,today\nx,y\n1,2\n3,4\n", XY),
    "words and a year": ("year,2019\nx,y\n1,2\n3,4\n", XY),
    "how many rows": ("2\nx y\n1 2\n3 4\n", XY),
    "a label": ("Some text  (n = 2)\n\nData:   x      y\n   1   2\n   3   4\n", XY),
    "comments": ("# mine\n# 2024, 5\nx,y\n1,2\n3,4\n", XY),
    "comments of other kinds": ("% mine\n! yours\n// theirs\nx,y\n1,2\n3,4\n", XY),
    "quotes in a comment": ('# a "quoted word\nx,y\n1,2\n3,4\n', XY),
    "names in a comment": ("# x y\n1 2\n3 4\n", XY),
    "names in the last comment": ("# mine\n#x,y\n1,2\n3,4\n", XY),
    "names in a comment, otherwise separated": ("# x, y\n1 2\n3 4\n", XY),
    "a number sign for a name": ("#,x,y\n1,1.5,2.5\n2,3.5,4.5\n", INDEXED),
    "a comment among the rows": ("x,y\n1,2\n# wrong: 5,6\n3,4\n", XY),
    # units below the names
    "units in parentheses": ("x,y\n(s),(m)\n1,2\n3,4\n", XY),
    "units in brackets, one missing": ("x,y,z\n[s],,[m]\n1,2,3\n4,5,6\n", THREE),
    "units, the last missing": ("x,y,z\n[s],[m],\n1,2,3\n4,5,6\n", THREE),
    "bare units": ("x;y\nkm/h;%\n1;2\n3;4\n", XY),
    "units in words": ("x,y\nfurlongs,fortnights\n1,2\n3,4\n", XY),
    "units above the names": ("(s),(m)\nx,y\n1,2\n3,4\n", XY),
    "units, blanks": ("x y\ns m\n1 2\n3 4\n", XY),
    "a title, names and units": ("My lab,,\nx,y,z\n[s],[m],\n1,2,3\n4,5,6\n", THREE),
    # separators at the ends of lines
    "at the end of the names": ("x,y,\n1,2\n3,4\n", XY),
    "at the end of the rows": ("x,y\n1,2,\n3,4,\n", XY),
    "at the end of both": ("x,y,\n1,2,\n3,4,\n", XY),
    "at the end of some rows": ("x,y\n1,2,\n3,4\n", XY),
    "several at the ends": ("x;y;;;\n1;2;;;\n3;4;;;\n", XY),
    "at the ends, with blanks": ("x, y, \n1, 2, \n3, 4, \n", XY),
    "at the ends, no names": ("1,2,\n3,4,\n", XY),
    # percent, currency, thousands
    "percent": ("x,y\n1.5%,2.5\n3.5 %,4.5\n", HALVES),
    "percent, decimal commas": ("x;y\n1,5 %;2,5\n3,5%;4,5\n", HALVES),
    "negative percent": ("x,y\n-3%,1\n+4%,2\n", {"x": [-3, 4], "y": [1, 2]}),
    "dollars": ("x,y\n$1.50,2.5\n-$3.50,4.5\n", {"x": [1.5, -3.5], "y": [2.5, 4.5]}),
    "euros": ("x;y\n1,50 €;2,5\n€ 3,50;4,5\n", HALVES),
    "a currency in letters": ("x;y\n1.234,50 EUR;2\n3 EUR;4\n", {"x": [1234.5, 3], "y": [2, 4]}),
    "a currency beside some": ("x,y\n$1,2\n3,4\n", XY),
    "thousands and decimals": ('x,y\n"$1,234.50",2\n3,4\n', {"x": [1234.5, 3], "y": [2, 4]}),
    "thousands and decimals, the other way": ("x;y\n1.234,5;2\n3;4\n", {"x": [1234.5, 3], "y": [2, 4]}),
    "millions": ('x,y\n"1,234,567",2\n"12,345",4\n', {"x": [1234567, 12345], "y": [2, 4]}),
    "millions with points": ("x;y\n1.234.567;2,5\n1.234;4\n", {"x": [1234567, 1234], "y": [2.5, 4]}),
    "lakhs": ('x,y\n"1,23,456",2\n"12,34,567.5",4\n', {"x": [123456, 1234567.5], "y": [2, 4]}),
    "thousands beside decimal points": ('x,y\n"1,234",2.5\n"3,456",4\n', {"x": [1234, 3456], "y": [2.5, 4]}),
    "three decimals between commas": ("x,y\n1.000,2\n2.500,4\n", {"x": [1, 2.5], "y": [2, 4]}),
    "three decimals beside others": ("x;y\n1.000;2.5\n2.500;4\n", {"x": [1, 2.5], "y": [2.5, 4]}),
    "thousands with blanks": ("x;y\n1 234;2\n12 345 678;4\n", {"x": [1234, 12345678], "y": [2, 4]}),
    "thousands with no-break spaces": ("x;y\n1\u00a0234,5;2\n12\u202f345;4\n", {"x": [1234.5, 12345], "y": [2, 4]}),
    "thousands with apostrophes": ("x;y\n1'234.5;2\n12’345;4\n", {"x": [1234.5, 12345], "y": [2, 4]}),
    "quoted decimal commas": ('x,y\n"1,5","2,5"\n"3,5","4,5"\n', HALVES),
    "commas after blanks": ("x ,y\n1 ,2\n3 ,4\n", XY),
    # signs
    "minus signs": ("x,y\n−1,2\n–3e−1,4\n", {"x": [-1, -0.3], "y": [2, 4]}),
    "a utf-16 file with decimal commas": ("x\ty\n1,5\t2,5\n3,5\t4,5\n".encode("utf-16"), HALVES),
    "a Windows file with euros": ("x;y\n1,50 €;2,5\n3,50 €;4,5\n".encode("cp1252"), HALVES),
}


@pytest.mark.parametrize(("content", "columns"), READ.values(), ids=READ.keys())
def test_is_read_as(content: str | bytes, columns: dict[str, list[float]]):
    table = read_csv(content)
    assert {name: column.tolist() for name, column in table.columns.items()} == columns
    assert table.names == tuple(columns)


REFUSED = {
    "thousands or decimals": ("x;y\n1,000;2\n2,000;3\n", "“1,000” in line 2, column “x” can mean 1.000 or 1000"),
    "the same in quotes": ('x,y\n"1,234",2\n"5,678",3\n', "“1,234” in line 2, column “x” can mean 1.234 or 1234"),
    "the same, negative": ("x;y\n-1,234;2\n2,000;3\n", "“-1,234” in line 2, column “x” can mean -1.234 or -1234"),
    "the same, in dollars": ('x,y\n"$1,250",1\n"$6",2\n', "“$1,250” in line 2, column “x” can mean $1.250 or $1250"),
    "thousands or decimals, points": ("x;y\n1.000;2\n2.500;3\n", "“1.000” in line 2, column “x” can mean 1.000 or"),
    "names separated otherwise": ("x,y\n1;2\n3;4\n", "Line 1 has 1 name (“x,y”) where line 2 has 2 cells"),
    "comments alone": ("#1,2\n#2,3\n", "Every line of the file is a comment"),
    "money with three decimals": ("x;y\n1.250 EUR;20\n950 EUR;15\n", "“1.250 EUR” in line 2, column “x” can mean"),
    "points beside decimal commas": ("x;y\n2.345;1,5\n3.456;2,5\n", "“2.345” in line 2, column “x” can mean 2.345 or"),
    "both marks for decimals": ("x;y\n1,5;2.5\n3,5;4.5\n", "have different decimal marks"),
    "both marks for thousands": ("x;y\n1,234,567;1\n1.234.567;2\n", "have different separators of thousands"),
    "one mark for both": ("x;y\n1.234.567;1.5\n1;2\n", "have the point for different things"),
    "some percent": ("x,y\n5%,1\n0.06,2\n", "“0.06” in line 3, column “x” has no % where other numbers"),
    "two currencies": ("x,y\n$5,1\n€6,2\n", "“€6” in line 3, column “x” and “$5” in line 2 have different units"),
    "blanks or commas": ("1,5 200,5\n3,5 400,5\n", "can be separated by the commas or by the blanks"),
    "uneven blanks": ("1,5, 2,5\n3,5, 4,5\n", "“1,5, 2,5” can be read in two ways"),
    "a thousand or an index": ("x y\n1 234 5\n2 345 6\n", "Line 1 has 2 names (“x”, “y”) where line 2 has 3 cells"),
    "decimal commas or an index": ("x,y\n1,5,2\n3,5,4\n", "Line 1 has 2 names (“x”, “y”) where line 2 has 3 cells"),
    "one column of decimal commas": ("x\n1,5\n2,5\n", "Line 1 has 1 name (“x”) where line 2 has 2 cells"),
    "accounts": ("x,y\n(5.00),1\n6,2\n7,8\n", "“(5.00)” in line 2, column “x” is not a number"),
    "a range": ("x,y\n1–5,2\n3,4\n5,6\n", "“1–5” in line 2, column “x” is not a number"),
    "ill grouped": ('x,y\n"1,23,4",2\n3,4\n5,6\n', "“1,23,4” in line 2, column “x” is not a number"),
    "no Fortran number": ("x,y\n1D5,2\n3,4\n5,6\n", "“1D5” in line 2, column “x” is not a number"),
    "a first row that is missing": ("x,y\nNA,NA\n1,2\n3,4\n", "“NA” in line 2, column “x” stands for a missing value"),
    "a spreadsheet's error": ("x,y\n1,2\n#DIV/0!,3\n3,4\n5,6\n", "“#DIV/0!” in line 3, column “x” stands for a"),
    "a footer": ("x,y\n1,2\n3,4\nSource: a bank\n", "Line 4 has 1 cell where 2 are expected"),
    "no names and words": ("Oslo,1,2\nRome,3,4\n", "Line 1 mixes words (“Oslo” in column 1) and numbers (“1”)"),
    "words alone": ("a,b\nc,d\n", "The file has column names but no numbers"),
    "JSON": ('[{"x": 1}, {"x": 2}]', "This is JSON, not a table"),
    "XML": ("<?xml version='1.0'?><a/>", "This is a web page or XML"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("drop", [False, True])
def test_is_refused_with(content: str, sentence: str, drop: bool):
    with pytest.raises(TableError) as caught:
        read_csv(content)
    assert sentence in str(caught.value)
    if drop and not caught.value.bad_rows:
        with pytest.raises(TableError):
            read_csv(content, drop_bad_rows=True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (",x,y\n1,2,3\n2,3,4\n", "Column 1 has no name; it is called index."),
        ("x,,y\n1,,2\n3,,4\n", "Column 2 has neither a name nor a number; it is left out."),
        ("x,x\n1,2\n3,4\n", "Column 2 is called “x” like another one; it is called x_2 in formulas."),
        ("My data\nx,y\n1,2\n3,4\n", "Line 1 above the table is left out: “My data”."),
        ("My data\nMore\n\nx,y\n1,2\n3,4\n", "Lines 1 to 2 above the table are left out: “My data”."),
        ("x,y\n(s),(m)\n1,2\n3,4\n", "Line 2 is taken for units and left out: “(s)”, “(m)”."),
        ("# a\nx,y\n1,2\n# b\n3,4\n", "Left out as comments: 2 lines."),
        ("# x y\n1 2\n3 4\n", "The names are those in line 1, which is a comment."),
        ("x,y\n5%,1\n6.5%,2\n", "x is in %: “5%” is read as 5."),
        ("x,y\n$5,1\n6.5,2\n", "x is in $: “$5” is read as 5."),
        ('x,y\n"1,234.5",1\n2,3\n', "The comma separates thousands: “1,234.5” is read as 1234.5."),
        ("x;y\n1.234,5;1\n2;3\n", "The point separates thousands: “1.234,5” is read as 1234.5."),
        ("x  y\n1  2\n3  4\n", "The columns are separated by blanks."),
        ("max,y\n1,2\n3,4\n", "The column “max” is called max_column in formulas."),
    ],
)
def test_says_what_it_took_in_which_way(content: str, sentence: str):
    assert sentence in read_csv(content).note


# ---------------------------------------------------------------- columns that are no numbers

MIXED = (
    "city,date,x,y\nOslo,2020-01-01,1,2\nRome,2020-01-02,3,4\nBonn,2020-02-01,5,6\nBern,2020-02-03,,7\n"
    "Kiel,2020-03-01,9,1\n"
)


def choices(error: TableError) -> list[str]:
    """The choices that an error offers."""
    offers = {"rows": error.bad_rows, "dates": error.date_columns, "columns": error.bad_columns}
    return [name for name, offered in offers.items() if offered]


def test_words_and_dates_are_left_aside_in_one_step():
    with pytest.raises(TableError, match="columns “city”, “date” contain text") as caught:
        read_csv(MIXED)
    assert caught.value.bad_columns == ("city", "date")
    assert caught.value.date_columns == ("date",)
    with pytest.raises(TableError, match="The cell in line 5, column “x” is empty") as caught:
        read_csv(MIXED, without=["city", "date"])
    assert choices(caught.value) == ["rows"]  # without x there would be one column
    table = read_csv(MIXED, without=["city", "date"], drop_bad_rows=True)
    assert table.columns["x"].tolist() == [1, 3, 5, 9]


def test_dates_are_days_on_request_and_choices_add_up():
    table = read_csv(MIXED, dates=["date"], without=["city"], drop_bad_rows=True)
    assert table.columns["date"].tolist() == [0, 1, 31, 60]
    assert "date is read as days since 2020-01-01, its earliest date." in table.note
    assert table.digest != read_csv(MIXED, without=["city", "date"], drop_bad_rows=True).digest


@pytest.mark.parametrize("content", [
    MIXED,
    "a,b,c\n1,,3\n,2,3\n1,2,\n1,2,3\n",
    "a,b,c,d\n1,,3,4\n,2,3,4\n1,2,,4\n1,2,3,4\n1,2,3,\n",
    "name,x,note,y\na,1,,2\nb,2,?,3\nc,NA,,4\nd,5,,6\n",
    "x,y,z\n1,2,\n2,3,\n3,4,\n5,6,7\n",
    "x,y,z\n1,2,1e200\n2,3,1e201\n3,4,1\n5,6,7\n",
    "when,x,y\n2020-01-01,1,2\n2020-02-30,2,3\n2020-01-03,3,4\n,5,6\n",
])  # fmt: skip
@pytest.mark.parametrize("wish", ["rows", "columns", "dates"])
def test_taking_what_is_offered_again_and_again_ends_with_a_table(content: str, wish: str):
    drop, without, dates = False, (), ()
    for _ in range(6):
        try:
            table = read_csv(content, drop, without, dates)
            break
        except TableError as error:
            offered = choices(error)
            if not offered:
                pytest.fail(f"nothing is offered: {error}")
            chosen = wish if wish in offered else offered[0]
            drop |= chosen == "rows"
            without += error.bad_columns if chosen == "columns" else ()
            dates = tuple(n for n in dates + error.date_columns if n not in without) if chosen == "dates" else dates
    assert len(table.names) >= 2
    assert table.rows >= 2


def test_first_rows_with_gaps_are_rows_and_no_units():
    content = "name,x,y\n,(m),(s)\nA,NA,\nB,?,3\nC,1,2\nD,2,3\nE,3,4\n"
    with pytest.raises(TableError) as caught:
        read_csv(content, without=["name"])
    assert [row.line for row in caught.value.bad_rows] == [3, 4]
    table = read_csv(content, without=["name"], drop_bad_rows=True)
    assert table.columns["x"].tolist() == [1, 2, 3]
    assert "Line 2 is taken for units and left out: “(m)”, “(s)”." in table.note


DATES = {
    "year first": (["2020-01-31", "2020-02-01", "2020-12-31"], [0, 1, 335], "days since 2020-01-31"),
    "slashes": (["2020/01/31", "2020/2/1", "2020/12/31"], [0, 1, 335], "days since 2020-01-31"),
    "months": (["1949-01", "1949-02", "1949-03"], [0, 31, 59], "days since 1949-01-01"),
    "points": (["31.01.2020", "1.2.2020", "31.12.2020"], [0, 1, 335], "days since 2020-01-31"),
    "day first": (["31/01/2020", "01/02/2020", "03/02/2020"], [0, 1, 3], "days since 2020-01-31"),
    "month first": (["01/31/2020", "02/01/2020", "02/03/2020"], [0, 1, 3], "days since 2020-01-31"),
    "names": (["31 Jan 2020", "1-Feb-2020", "Feb 3, 2020"], [0, 1, 3], "days since 2020-01-31"),
    "not in order": (["2020-01-03", "2020-01-01", "2020-01-02"], [2, 0, 1], "days since 2020-01-01"),
    "two days": (["2020-01-02", "2020-01-01", "2020-01-01"], [1, 0, 0], "days since 2020-01-01"),
    "hours": (["2020-01-01 10:00", "2020-01-01 11:30", "2020-01-01 22:00"], [0, 1.5, 12], "hours since 2020-01-01 10"),
    "seconds": (["2020-01-01T10:00:00Z", "2020-01-01T10:00:30Z", "2020-01-01T10:01:00.25Z"], [0, 30, 60.25], "seconds"),
    "zones": (["2020-01-01T10:00+01:00", "2020-01-01T10:00+00:00", "2020-01-01T10:00Z"], [0, 3600, 3600], "seconds"),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "numbers", "said"), DATES.values(), ids=DATES.keys())
def test_dates_become_numbers_with_a_unit(cells: list[str], numbers: list[float], said: str):
    content = "d;y\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells))
    with pytest.raises(TableError, match="“d” contains dates") as caught:
        read_csv(content)
    assert caught.value.date_columns == ("d",)
    table = read_csv(content, dates=["d"])
    assert table.columns["d"].tolist() == numbers
    assert any(f"d is read as {said}" in note for note in table.note)


@given(st.lists(st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)), min_size=2, max_size=9))
def test_any_dates_keep_their_distances(dates: list[datetime]):
    dates = [date.replace(microsecond=date.microsecond // 1000 * 1000) for date in dates]
    table = read_csv("d;y\n" + "".join(f"{date.isoformat(' ')};1\n" for date in dates), dates=["d"])
    unit = next(name for name in ("days", "hours", "seconds") if f"d is read as {name}" in " ".join(table.note))
    exact = [(date - min(dates)) / timedelta(**{unit: 1}) for date in dates]
    np.testing.assert_allclose(table.columns["d"], exact, rtol=1e-15, atol=1e-12)


def test_a_date_with_two_readings_is_refused():
    content = "d,y\n01/02/2020,1\n02/01/2020,3\n02/03/2020,5\n"
    with pytest.raises(TableError, match="two ways, 1 as the day or as the month of 2020"):
        read_csv(content, dates=["d"])


# ---------------------------------------------------------------- the program's own files


@pytest.mark.parametrize(("rate", "epochs"), [(0.1, 1), (0.1, 50), (0.34, 20)])
def test_a_runs_own_file_opens_again(rate: float, epochs: int):
    run = descend(parse("x^2 + 3*y^2"), [1, 2], rate, epochs)
    table = read_csv(run_csv(run))
    assert table.names == ("epoch", "x", "y", "value", "gradient_x", "gradient_y")
    assert table.columns["value"].tobytes() == run.values.tobytes()
    assert table.rows == run.epochs + 1
    assert "learning_rate is left out: it has no number in a run’s last row, which no step leaves." in table.note


def test_a_diverged_runs_file_opens_without_the_rows_beyond_the_limit():
    run = descend(parse("x^2 + 3*y^2"), [1, 2], 10, 5000)
    with pytest.raises(TableError, match="is larger than 1 × 10") as caught:
        read_csv(run_csv(run))
    assert caught.value.bad_rows
    table = read_csv(run_csv(run), drop_bad_rows=True)
    assert table.columns["value"].tolist() == run.values[: table.rows].tolist()


def test_a_comparisons_file_opens_without_the_names_of_its_runs():
    results = compare(Comparison(Experiment(epochs=5), (Contender("gd", 0.1), Contender("momentum", 0.05))))
    with pytest.raises(TableError) as caught:
        read_csv(runs_csv(results))
    assert caught.value.bad_columns == ("run",)
    table = read_csv(runs_csv(results), without=["run"])
    assert table.names[:2] == ("epoch", "evaluations")
    assert table.rows == sum(len(result.run.thetas) for result in results)


# ---------------------------------------------------------------- what no rewriting may change

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@st.composite
def dialects(draw: st.DrawFn) -> tuple[str, list[list[float]]]:
    """A table as some program would write it, and the numbers in it."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=2, max_size=8))
    mark, decimal = draw(st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("  ", ".")]))
    names = draw(st.sampled_from([["alpha", "beta", "gamma", "delta"], ["x", "y", "z", "w"]]))[:width]
    end = draw(st.sampled_from(["", mark])) if mark.strip() else ""
    title = draw(st.sampled_from(["", "Some title of mine\n\n", "# a comment\n", "\n"]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    # A decimal in each cell that cannot be thousands leaves one reading.
    texts = [[f"{number:.4f}".replace(".", decimal) for number in row] for row in rows]
    lines = [mark.join(row) + end for row in [names, *texts]]
    return (title + newline.join(lines) + newline), rows


@given(dialects())
@settings(max_examples=300)
def test_what_programs_write_is_read_to_the_last_digit(case: tuple[str, list[list[float]]]):
    content, rows = case
    assert [list(row) for row in read_csv(content).head(99)] == rows


@given(st.text(alphabet="0123456789.,;|\t\n eE+-x%$€\"#()/:D'", max_size=80))
@settings(max_examples=1500)
def test_what_is_read_stands_in_the_file(content: str):
    """No number that is read is made up: its digits stand next to each other in the file, marks aside."""
    try:
        table = read_csv(content)
    except TableError as error:
        table, said = None, str(error)
    else:
        said = " ".join(table.note)
    assert said.isprintable()
    assert said.endswith(".")
    if table is None:
        return
    digits = "".join(character for character in content if character.isdigit())
    for column in table.columns.values():
        for number in column.tolist():
            written = f"{abs(number):f}".replace(".", "").strip("0")
            assert np.isfinite(number)
            if "e" not in content.lower() and "D" not in content and len(written) < 15:
                assert written in digits


@given(st.text(alphabet="0123456789.,;\t\n eE+-x%$#'", max_size=60))
@settings(max_examples=1000)
def test_the_quick_way_reads_what_the_careful_way_reads(text: str):
    def outcome() -> object:
        try:
            table = read_csv(text)
        except TableError as error:
            return str(error)
        return table.names, table.note, [column.tolist() for column in table.columns.values()]

    quick = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "plain_numbers", lambda *_: None)
        assert outcome() == quick


# ---------------------------------------------------------------- with a fit

AWKWARD = [
    "cpi", "BM_", "gdp_r", "lambda", "in", "class", "maxt", "cost", "Max", "H2O", "e", "pi", "exp", "sin", "x2y",
    "pix", "sinx", "xy", "slope", "intercept", "a", "b", "c", "k", "omega", "top", "rate", "nan", "true", "def",
    "not_", "log10", "E", "Sin"
]  # fmt: skip


def awkward_table(names: list[str]) -> Table:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*names, "goal"])
    for i in range(6):
        writer.writerow([*((i + 1) * (j + 2) % 7 + 0.5 for j in range(len(names))), i])
    return read_csv(text.getvalue())


@pytest.mark.parametrize("name", AWKWARD)
def test_every_column_that_is_read_can_be_used(name: str):
    table = awkward_table([name, "x"])
    used = table.names[0]
    if used != name:
        assert f"The column “{name}” is called {used} in formulas." in table.note
    for model in (f"p*{used} + q", f"p*{used}^2 + q*x + {used}", f"p*({used} + q)", f"linear({used})"):
        fit = Fit(model, table.columns, "goal")
        assert used in fit.used_columns
        assert used not in fit.variables
        assert np.isfinite(fit.gradient([0.5] * len(fit.variables))).all()
        assert fit.latex
    first = Fit(first_model(table.columns, "goal"), table.columns, "goal")
    assert first.used_columns == (used,)
    assert len(first.variables) == 2


def test_a_target_of_three_classes_is_refused_in_words():
    table = read_csv('\n"o_ring_ct","distress_ct","temperature"\n6,0,66\n6,1,70\n6,0,69\n6,2,53\n')
    with pytest.raises(FitError, match="needs a target of zeros and ones; “distress_ct” holds 0, 1, 2"):
        Fit("b0 + b1*temperature", table.columns, "distress_ct", "log")


def test_danwood_is_fitted_to_the_certified_values():
    content = "y x\n2.138E0        1.309E0\n3.421E0        1.471E0\n3.597E0        1.490E0\n4.340E0        1.565E0\n" \
        "4.882E0        1.611E0\n5.660E0        1.680E0\n"  # fmt: skip
    fit = Fit("b1*x^b2", read_csv(content).columns, "y")
    certified = [0.76886226176, 3.8604055871]
    assert fit.value(certified) * 6 == pytest.approx(0.0043173084083, rel=1e-10)
    assert np.abs(fit.gradient(certified)).max() < 1e-9


# ---------------------------------------------------------------- files of well-known collections


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-versicolor\n", ("y",), 4),
        ("M,0.455,0.365,15\nM,0.35,0.265,7\nF,0.53,0.42,9\n", ("x1",), 3),
        ("39, State-gov, 77516, Bachelors, 13\n50, Private, 83311, Bachelors, 13\n38, Private, 2, HS, 9\n",
         ("x2", "x4"), 3),
        ('18.0   8   307.0  3504.  70\t"chevrolet chevelle malibu"\n15.0   8   350.0  3693.  70\t"buick skylark 320"\n',
         ("y",), 5),
    ],
)  # fmt: skip
def test_rows_with_words_and_no_names_above_them_leave_the_words_aside_in_one_click(text, words, rest):
    with pytest.raises(TableError) as caught:
        read_csv(text)
    assert caught.value.bad_columns == words
    table = read_csv(text, without=words)
    assert len(table.names) == rest
    assert table.rows == text.count("\n")


@pytest.mark.parametrize("text", ["country,2019,2020\nDE,1,2\nFR,2,4\nIT,3,5\n", "1,a\n2,3\n4,5\n"])
def test_words_and_numbers_above_rows_that_may_be_names_are_refused(text: str):
    with pytest.raises(TableError, match="mixes words"):
        read_csv(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Yr, Mn, CO2\n  ,   , [ppm]\n  ,   , adjusted\n1958, 01, 315.7\n1958, 02, 314.4\n", ("Yr", "Mn", "CO2")),
        ("x\tz\ty\n\tmm\tmm\n\t\ttest\n1\t2\t3\n2\t3\t5\n", ("x", "z", "y")),
        ("t,u,v\n,(m),\n1,2,3\n2,3,5\n", ("t", "u", "v")),
        ("Results,,\nx,y,z\n1,2,3\n2,3,5\n", ("x", "y", "z")),
        ("θ,λ,σ²,μ_max\n1,2,3,4\n2,4,6,9\n", ("theta", "lam", "sigma2", "mu_max")),
        ('"speed","dist"\n"1",4,2\n"2",4,10\n"3",7,4\n', ("index", "speed", "dist")),
    ],
)
def test_the_names_are_the_line_that_names_every_column(text: str, names: tuple[str, ...]):
    assert read_csv(text).names == names


def test_a_mark_that_old_programs_end_a_file_with_is_no_cell():
    assert read_csv(b"x,y\r\n1,2\r\n3,4\r\n\x1a").columns["y"].tolist() == [2, 4]


@pytest.mark.parametrize("name", ["PassengerId", "id", "ID", "car_id", "rownames", "Unnamed: 0", ""])
def test_a_column_that_only_tells_the_rows_apart_is_not_what_the_first_model_is_about(name: str):
    table = read_csv(f"{name},age,fare\n1,22,7\n2,38,71\n3,26,8\n")
    assert first_model(table.columns, "fare") == "slope*age + intercept"
    paid = read_csv("paid,fluid,y\n1,22,7\n2,38,71\n3,26,8\n")
    assert first_model(paid.columns, "y") == "slope*paid + intercept"
