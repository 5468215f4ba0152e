"""Reading hostile CSV files."""

from __future__ import annotations

import codecs
import hashlib
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.datasets import Table, TableError, make_table, read_csv, reading
from gdviz.datasets.table import to_csv
from tests.work import calls

PLAIN = {"x": [1, 3], "y": [2, 4]}
HALVES = {"x": [1.5, 3.5], "y": [2.5, 4.5]}

READ = {
    "plain": ("x,y\n1,2\n3,4\n", PLAIN),
    "no newline at the end": ("x,y\n1,2\n3,4", PLAIN),
    "crlf": ("x,y\r\n1,2\r\n3,4\r\n", PLAIN),
    "cr": ("x,y\r1,2\r3,4\r", PLAIN),
    "mixed line ends": ("x,y\r\n1,2\n3,4\r", PLAIN),
    "semicolons": ("x;y\n1;2\n3;4\n", PLAIN),
    "tabs": ("x\ty\n1\t2\n3\t4\n", PLAIN),
    "decimal comma with semicolons": ("x;y\n1,5;2,5\n3,5;4,5\n", HALVES),
    "decimal comma with tabs": ("x\ty\n1,5\t2,5\n3,5\t4,5\n", HALVES),
    "decimal comma with semicolons and no names": ("1,5;2,5\n3,5;4,5\n", HALVES),
    "decimal comma in one column": ("x;y\n1;2,5\n2;4,5\n", {"x": [1, 2], "y": [2.5, 4.5]}),
    "decimal comma that starts late": ("x;y\n1;2\n3;4,5\n", {"x": [1, 3], "y": [2, 4.5]}),
    "three decimals after a zero": ("x;y\n0,125;2\n1,250;4\n", {"x": [0.125, 1.25], "y": [2, 4]}),
    "three decimals beside two": ("x;y\n1,234;2,5\n1,250;4\n", {"x": [1.234, 1.25], "y": [2.5, 4]}),
    "decimal comma and exponent": ("x;y\n1,5e3;2\n3;4\n", {"x": [1500, 3], "y": [2, 4]}),
    "comma in a name": ("height, m;y\n1.5;2\n3;4\n", {"height_m": [1.5, 3], "y": [2, 4]}),
    "no names": ("1,2\n3,4\n", PLAIN),
    "no names, three columns": ("1,2,3\n4,5,6\n", {"x1": [1, 4], "x2": [2, 5], "y": [3, 6]}),
    "negative and exponents": ("-1,+2\n3e0,4E0\n", {"x": [-1, 3], "y": [2, 4]}),
    "bare points": ("x,y\n.5,2.\n-.5,4.\n", {"x": [0.5, -0.5], "y": [2, 4]}),
    "empty lines at the end": ("x,y\n1,2\n3,4\n\n\n  \n", PLAIN),
    "empty lines within": ("\n\nx,y\n\n1,2\n\n3,4", PLAIN),
    "lines of separators only": ("x,y\n1,2\n3,4\n,\n,,,\n", PLAIN),
    "spaces around cells": (" x , y \n 1 , 2 \n 3 , 4 \n", PLAIN),
    "tabs around cells": ("x,y\n1,\t2\n3 ,4\n", PLAIN),
    "no-break spaces around cells": ("x,y\n\u00a01,2\u00a0\n3,4\n", PLAIN),
    "quoted cells": ('"x","y"\n"1","2"\n"3","4"\n', PLAIN),
    "quoted cells and spaces": ('"x", "y"  \n"1", "2" \n 3,4\n', PLAIN),
    "separator in a quoted name": ('"x","mass, kg"\n1,2\n3,4\n', {"x": [1, 3], "mass_kg": [2, 4]}),
    "semicolon in a quoted name": ('"a;b",y\n1,2\n3,4\n', {"a_b": [1, 3], "y": [2, 4]}),
    "line end in a quoted name": ('"sq\nft",y\n1,2\n3,4\n', {"sq_ft": [1, 3], "y": [2, 4]}),
    "announced separator": ("sep=;\nx;y\n1,5;2,5\n3,5;4,5\n", HALVES),
    "announced separator in quotes": ('"sep=;"\nx;y\n1;2\n3;4\n', PLAIN),
    "byte order mark": (codecs.BOM_UTF8 + b"x,y\n1,2\n3,4\n", PLAIN),
    "utf-16, little endian": ("x,y\n1,2\n3,4\n".encode("utf-16"), PLAIN),
    "utf-16, big endian": (codecs.BOM_UTF16_BE + "x,y\n1,2\n3,4\n".encode("utf-16-be"), PLAIN),
    "windows-1252": ("größe,y\n1,2\n3,4\n".encode("cp1252"), {"grosse": [1, 3], "y": [2, 4]}),
    "accents": ("é,y\n1,2\n3,4\n", {"e_column": [1, 3], "y": [2, 4]}),
    "another script": ("温度,y\n1,2\n3,4\n", {"column_1": [1, 3], "y": [2, 4]}),
    "a name with spaces and signs": ("sq  ft (m²),y\n1,2\n3,4\n", {"sq_ft_m2": [1, 3], "y": [2, 4]}),
    "underscores": ("_a__b_,y_\n1,2\n3,4\n", {"a_b": [1, 3], "y_": [2, 4]}),
    "a name that starts with a digit": ("2nd,y\n1,2\n3,4\n", {"n_2nd": [1, 3], "y": [2, 4]}),
    "names that formulas own": ("max,pi\n1,2\n3,4\n", {"max_column": [1, 3], "pi_column": [2, 4]}),
    "capital letters differ": ("x,X\n1,2\n3,4\n", {"x": [1, 3], "X": [2, 4]}),
    "a very long name": ("a" * 500 + ",y\n1,2\n3,4\n", {"a" * 40: [1, 3], "y": [2, 4]}),
    "tiny numbers": ("x,y\n5e-324,2\n1e-400,4\n", {"x": [5e-324, 0], "y": [2, 4]}),
    "huge but not absurd": ("x,y\n1e150,2\n-1e150,4\n", {"x": [1e150, -1e150], "y": [2, 4]}),
    "many digits": ("x,y\n0.1000000000000000055511151231257827,2\n3,4\n", {"x": [0.1, 3], "y": [2, 4]}),
}

REFUSED = {
    "nothing": ("", "The file is empty", None, None),
    "blank lines only": ("\n \n\r\n", "The file is empty", None, None),
    "byte order mark only": (codecs.BOM_UTF8, "The file is empty", None, None),
    "separators only": (",,\n,,\n", "The file is empty", None, None),
    "names only": ("x,y\n", "The file has column names but no numbers", None, None),
    "one row": ("x,y\n1,2\n", "The file has only one row of numbers", 2, None),
    "one row, decimal comma": ("1,5;2,5\n", "The file has only one row of numbers", 1, None),
    "short row": ("x,y\n1,2\n3\n", "Line 3 has 1 cell where 2 are expected: add", 3, None),
    "long row": ("x;y\n1;2\n3;4;5\n", "Line 3 has 3 cells where 2 are expected: remove", 3, None),
    "long row after an empty line": ("x;y\n\n1;2\n3;4;5\n", "Line 4 has 3 cells where 2 are expected", 4, None),
    "long row after a name on two lines": ('"a\nb";y\n1;2\n3;4;5\n', "Line 4 has 3 cells", 4, None),
    "long row after an announced separator": ("sep=;\nx;y\n1;2\n3;4;5\n", "Line 4 has 3 cells", 4, None),
    "decimal comma between commas": ("x,y\n1,5,2,5\n", "need semicolons between the columns", 2, None),
    "separators differ by line": ("x;y\n1,2\n", "Line 1 has 1 name (“x;y”) where line 2 has 2 cells", 2, None),
    "a word": ("x,y\n1,2\n3,abc\n", "“abc” in line 3, column “y” is not a number", 3, "y"),
    "a word in column of changed name": ("sq ft,y\nabc,2\n3,4\n", "“abc” in line 2, column “sq_ft”", 2, "sq_ft"),
    "a date": ("2020-01-01,2\n2020-01-02,3\n", "column “x” contains dates (“2020-01-01” in line 1)", 1, "x"),
    "a unit": ("x,y\n1,2\n3 kg,4\n", "“3 kg” in line 3, column “x” is not a number", 3, "x"),
    "a percentage": ("x,y\n1,2\n3%,4\n", "“1” in line 2, column “x” has no % where other", 2, "x"),
    "an underscore": ("x,y\n1_000,2\n3,4\n", "“1_000” in line 2, column “x” is not a number", 2, "x"),
    "hexadecimal": ("x,y\n0x10,2\n3,4\n", "“0x10” in line 2, column “x” is not a number", 2, "x"),
    "digits of another script": ("x,y\n١,2\n3,4\n", "“١” in line 2, column “x” is not a number", 2, "x"),
    "a formula": ("x,y\n=1+1,2\n3,4\n", "“=1+1” in line 2, column “x” is not a number", 2, "x"),
    "a sign alone": ("x,y\n+,2\n3,4\n", "“+” in line 2, column “x” is not a number", 2, "x"),
    "two exponents": ("x,y\n1e5e5,2\n3,4\n", "“1e5e5” in line 2, column “x” is not a number", 2, "x"),
    "missing cell": ("x,y\n1,2\n3,\n", "The cell in line 3, column “y” is empty", 3, "y"),
    "missing cell of spaces": ("x,y\n1,2\n   ,4\n", "The cell in line 3, column “x” is empty", 3, "x"),
    "missing cell, no names": ("1,,2\n3,4,5\n", "The cell in line 1, column “x2” is empty", 1, "x2"),
    "NA": ("x,y\n1,2\n3,NA\n", "“NA” in line 3, column “y” stands for a missing value", 3, "y"),
    "nan": ("x,y\n1,2\n3,nan\n", "“nan” in line 3, column “y” is not a finite number", 3, "y"),
    "NaN": ("x,y\n1,2\nNaN,3\n", "“NaN” in line 3, column “x” is not a finite number", 3, "x"),
    "inf": ("x,y\n1,-inf\n3,4\n", "“-inf” in line 2, column “y” is not a finite number", 2, "y"),
    "Infinity": ("x,y\n1,Infinity\n3,4\n", "“Infinity” in line 2, column “y” is not a finite", 2, "y"),
    "absurd": ("x,y\n1,2\n1.1e150,4\n", "The number in line 3, column “x” is larger than 1 × 10¹⁵⁰", 3, "x"),
    "absurd, negative": ("x,y\n1,-1e200\n3,4\n", "The number in line 2, column “y” is larger than 1 × 10¹⁵⁰", 2, "y"),
    "overflowing": ("x,y\n1,1e999\n3,4\n", "The number in line 2, column “y” is larger than 1 × 10¹⁵⁰", 2, "y"),
    "digits without end": ("x,y\n" + "9" * 101 + ",2\n3,4\n", "is too long to be a number", 2, "x"),
    "a cell without end": ("x,y\n" + "9" * 200_000 + ",2\n", "A cell in line 2 is too long", 2, None),
    "ambiguous comma": ("x;y\n1,234;5,678\n2;3\n", "“1,234” in line 2, column “x” can mean 1.234 or 1234", 2, "x"),
    "thousands with commas": ("x;y\n1,234,567;5,5\n2;3\n", "“5,5” in line 2, column “y” and “1,234,567”", 2, "y"),
    "thousands in quotes": ('x,y\n"1,234",5\n2,3\n', "“1,234” in line 2, column “x” can mean 1.234 or 1234", 2, "x"),
    "comma and later point": ("x;y\n1,5;5\n2.5;3\n", "“2.5” in line 3, column “x” and “1,5” in line 2 have", 3, "x"),
    "point and later comma": ("x;y\n1.5;5\n2;3,5\n", "“3,5” in line 3, column “y” and “1.5” in line 2 have", 3, "y"),
    "single column": ("x\n1\n2\n", "Line 1 has only one column", 1, None),
    "single column of numbers": ("1\n2\n", "Line 1 has only one column", 1, None),
    "names and numbers mixed": (
        "year,2019\n1,2\n",
        "Line 1 mixes words (“year” in column 1) and numbers (“2019”)",
        1,
        1,
    ),
    "too many columns": (",".join("1" * 101) + "\n", "Line 1 has 101 columns, and at most 100", 1, None),
    "too many rows": ("x,y\n" + "1,2\n" * 50_001, "more than 50,000 rows (line 50002)", 50_002, None),
    "too many bytes": (b" " * (5 * 2**20 + 1), "The file has 5.0 MB, and at most 5 MB", None, None),
    "open quotes": ('x,y\n"1,2\n3,4\n', "The quotes in line 2 do not fit together", 2, None),
    "text after quotes": ('x,y\n"1"2,3\n', "The quotes in line 2 do not fit together", 2, None),
    "zeros": (b"x,y\n1,\x002\n3,4\n", "not a text file (there is a control character in line 2)", 2, None),
    "utf-16 without mark": ("x,y\n1,2\n".encode("utf-16-le"), "not a text file", 1, None),
    "half a utf-16 character": (codecs.BOM_UTF16_LE + b"x", "known encoding", None, None),
    "bytes of no encoding": (b"x,y\n\x81,\x8d\n", "known encoding", None, None),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file", 2, None),
    "a spreadsheet": (b"PK\x03\x04\x14\x00", "spreadsheet or an archive", None, None),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1", "spreadsheet or an archive", None, None),
    "a web page": ("<!DOCTYPE html>\n<html>\n", "This is a web page or XML", None, None),
}


def as_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def test_there_are_at_least_fifty_odd_files():
    assert len(READ) + len(REFUSED) >= 100


@pytest.mark.parametrize(("content", "columns"), READ.values(), ids=READ.keys())
def test_is_read_as(content: str | bytes, columns: dict[str, list[float]]):
    table = read_csv(as_bytes(content))
    assert {name: column.tolist() for name, column in table.columns.items()} == columns
    assert table.names == tuple(columns)
    assert table.rows == 2
    for name, column in table.columns.items():
        assert re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", name)
        assert column.dtype == np.float64
        assert not column.flags.writeable


@pytest.mark.parametrize(("content", "sentence", "line", "column"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_with(content: str | bytes, sentence: str, line: int | None, column: str | int | None):
    with pytest.raises(TableError) as caught:
        read_csv(as_bytes(content))
    message = str(caught.value)
    assert sentence in message
    assert caught.value.line == line
    assert caught.value.column == column
    assert message.endswith(".")
    assert len(message) < 250
    assert ":" in message, "it says what to do"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("1;2\n3;4\n", "The columns are separated by semicolons."),
        ("1\t2\n3\t4\n", "The columns are separated by tabs."),
        ("1,2\n3,4\n", "The file has no line of names; the columns are called x and y."),
        ("1,2,3,4,5\n3,4,5,6,7\n", "The file has no line of names; the columns are called x1, x2, … and y."),
        ("1,5;2\n3;4\n", "The comma is read as the decimal mark."),
        ("sq ft,y\n1,2\n3,4\n", "The column “sq ft” is called sq_ft in formulas."),
        ("x,y\n1,2\n3,4\n".encode("utf-16"), "The text is UTF-16."),
        (
            "é,y\n1,2\n3,4\n".encode("cp1252"),
            "The text is not UTF-8; it was read as Windows-1252, so check accents in the names.",
        ),
    ],
)
def test_says_what_it_understood(content: str | bytes, sentence: str):
    assert sentence in read_csv(as_bytes(content)).note


def test_an_ordinary_file_needs_no_explanations():
    assert gdviz.read_csv(b"x,y\n1,2\n3,4\n").note == ("The columns are separated by commas.",)


def test_the_digest_is_that_of_the_bytes():
    data = b"x,y\n1,2\n3,4\n"
    assert read_csv(data).digest == hashlib.sha256(data).hexdigest()
    assert read_csv(data) == read_csv(data) != read_csv(data + b"\n")
    assert len({read_csv(data), read_csv(data)}) == 1


def test_columns_cannot_be_changed():
    table = read_csv(b"x,y\n1,2\n3,4\n")
    with pytest.raises(TypeError):
        table.columns["z"] = table.columns["x"]  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        table.columns["x"][0] = 7


def test_a_large_file_is_read_by_the_row():
    columns, rows = 100, 24_000
    data = (",".join(f"c{i}" for i in range(columns)) + "\n" + (",".join(["1"] * columns) + "\n") * rows).encode()
    assert read_csv(data).rows == rows
    assert calls(lambda: read_csv(data)) < 20 * rows, "no cell of a good file costs a call of its own"


@pytest.mark.parametrize(
    "data",
    [
        b" " * 4_999_999,
        b"," * 4_999_999,
        b'"' * 4_999_999,
        b";\n" * 2_400_000,
        b"1" * 4_999_999,
        b"\t " * 2_400_000,
        b"x,y\n" + b" " * 4_900_000 + b"1,2\n3,4",
        b"'1 " * 1_600_000,
        ("²" * 2_400_000 + ",y\n1,2\n").encode(),
    ],
    ids=["spaces", "commas", "quotes", "separators only", "digits", "tabs", "long line", "apostrophes", "long name"],
)
def test_a_hostile_file_is_answered_with_bounded_work(data: bytes):
    is_read_or_refused(data)
    part = data[:400_000]
    assert calls(lambda: is_read_or_refused(part)) < 30 * len(part)


# ---------------------------------------------------------------- bad rows and columns, on the user's word

BAD_ROWS = {
    "a missing cell": ("x,y\n1,2\n3,\n4,5\n", [(3, ("y",))]),
    "a word": ("x,y\n1,2\nabc,3\n4,5\n", [(3, ("x",))]),
    "both cells": ("x,y\n1,2\nabc,NA\n4,5\n", [(3, ("x", "y"))]),
    "not finite": ("x,y\n1,2\n3,inf\n4,5\n", [(3, ("y",))]),
    "absurd": ("x,y\n1,2\n3,-1e151\n4,5\n", [(3, ("y",))]),
    "overflowing": ("x,y\n1,2\n1e999,3\n4,5\n", [(3, ("x",))]),
    "too long": ("x,y\n1,2\n" + "9" * 101 + ",3\n4,5\n", [(3, ("x",))]),
    "a short row": ("x,y\n1,2\n3\n4,5\n", [(3, ())]),
    "a long row": ("x;y\n1;2\n3;4;5\n4;5\n", [(3, ())]),
    "a cut last line": ("x,y\n1,2\n4,5\n7", [(4, ())]),
    "the first row, no names": ("1,2,\n1,2,3\n4,5,6\n", [(1, ("y",))]),
    "decimal commas elsewhere": ("x;y\n1,5;2\n3,5;NA\n4;5\n", [(3, ("y",))]),
    "several": ("x,y\n1,2\n3,?\n4,5\n1e200,1\n7\n8,9\n1,1\n", [(3, ("y",)), (5, ("x",)), (6, ())]),
}


@pytest.mark.parametrize(("content", "bad"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_bad_rows_are_listed_and_left_out_on_the_users_word_only(content: str, bad):
    with pytest.raises(TableError) as caught:
        read_csv(content)
    assert [(row.line, row.columns) for row in caught.value.bad_rows] == bad
    assert all(f"line {line}" in row.problem.lower() for (line, _), row in zip(bad, caught.value.bad_rows, strict=True))
    assert str(caught.value).startswith(caught.value.bad_rows[0].problem.removesuffix("."))
    table = read_csv(content, drop_bad_rows=True)
    lines = content.replace(",", ".").splitlines() if ";" in content else content.splitlines()
    mark = ";" if ";" in content else ","
    kept = [line for i, line in enumerate(lines, start=1) if i not in dict(bad) and not line.startswith("x")]
    assert [list(row) for row in table.head(99)] == [[float(cell) for cell in line.split(mark)] for line in kept]
    assert f"{len(bad)} row" in table.note[-1]
    assert table.digest != hashlib.sha256(content.encode()).hexdigest()


def test_how_many_rows_are_bad_is_said():
    with pytest.raises(TableError, match="is not a number: correct the cell, or delete the row; 2 more rows cannot be"):
        read_csv("x,y\n1,2\n3,a\n4,5\n6,b\n7,8\n9\n")


def test_nothing_is_left_out_of_a_good_file():
    content = "x,y\n1,2\n3,4\n"
    assert read_csv(content, drop_bad_rows=True) == read_csv(content)
    assert read_csv(content, drop_bad_rows=True).note == read_csv(content).note


@pytest.mark.parametrize(
    "content",
    ["x,y\n1,2\na,3\nb,4\n", "x,y\n1,2\n3,\n", "x;y\n1,234;5,678\n2;3\n4;5\n", "x;y\n1,5;5\n2.5;3\n4;5\n",
     "x,y\n1,2\n\"1,234\",5\n2,3\n"],
    ids=["most rows", "too few good ones", "ambiguous", "decimal marks differ", "thousands"],
)  # fmt: skip
def test_what_may_be_a_misreading_is_not_dropped_on_any_word(content: str):
    for drop in (False, True):
        with pytest.raises(TableError) as caught:
            read_csv(content, drop_bad_rows=drop)
        assert caught.value.bad_rows == ()


def test_a_column_of_words_is_named_and_left_out_on_the_users_word():
    content = "city,sqft,price\nOslo,1,2\nRome,3,4\nBonn,5,6\n"
    with pytest.raises(TableError, match=r"column “city” contains text .“Oslo” in line 2.: leave") as caught:
        read_csv(content)
    assert caught.value.bad_columns == ("city",)
    table = read_csv(content, without=caught.value.bad_columns)
    assert table.names == ("sqft", "price")
    assert table.columns["price"].tolist() == [2, 4, 6]
    assert table.note[-1] == "city contains text, so it was left out."
    assert table.digest != hashlib.sha256(content.encode()).hexdigest()
    with pytest.raises(TableError, match="no column “town”: the columns are"):
        read_csv(content, without=["town"])
    with pytest.raises(TableError, match="Too many columns are left out"):
        read_csv(content, without=["city", "sqft"])


def test_a_column_left_out_takes_its_bad_cells_along_and_no_others():
    content = "city,x,y\nOslo,1,2\nRome,,4\nBonn,5,6\nBern,7,8\n"
    with pytest.raises(TableError) as caught:
        read_csv(content, without=["city"])
    assert [(row.line, row.columns) for row in caught.value.bad_rows] == [(3, ("x",))]
    assert read_csv(content, drop_bad_rows=True, without=["city"]).columns["x"].tolist() == [1, 5, 7]


def test_pasted_text_is_read_as_a_file():
    table = read_csv("größe\ty\n1,5\t2\n3,5\t4\n")
    assert table.names == ("grosse", "y")
    assert table.columns["grosse"].tolist() == [1.5, 3.5]
    assert table.head(1) == [(1.5, 2.0)]


@given(st.text(alphabet='0123456789.,;\t\neE+- xy"', max_size=60))
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


names = st.from_regex(re.compile(r"[a-z](_?[a-z0-9]){0,10}", re.ASCII), fullmatch=True).map(lambda name: f"v{name}")
finite = st.floats(min_value=-1e150, max_value=1e150)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    header = draw(st.lists(names, min_size=2, max_size=6, unique=True))
    rows = draw(st.integers(2, 12))
    return make_table({name: draw(st.lists(finite, min_size=rows, max_size=rows)) for name in header})


@given(tables())
def test_what_is_written_is_read_exactly(table: Table):
    again = read_csv(to_csv(table).encode())
    assert again.names == table.names
    assert again.digest == table.digest
    for name in table.names:
        assert again.columns[name].tobytes() == table.columns[name].tobytes()


def is_read_or_refused(data: bytes) -> None:
    try:
        table = read_csv(data)
    except TableError as error:
        sentence = str(error)
    else:
        sentence = " ".join(table.note)
        assert table.rows >= 2
        assert all(np.isfinite(column).all() for column in table.columns.values())
    assert sentence.endswith(".")
    assert sentence.isprintable()


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_any_bytes_are_read_or_refused(data: bytes):
    is_read_or_refused(data)


@given(st.text(alphabet="0123456789.,;\t\n\r\"' -+eExyna_=|é²\ufeff", max_size=60))
@settings(max_examples=1000)
def test_any_text_like_a_table_is_read_or_refused(text: str):
    is_read_or_refused(text.encode())
    is_read_or_refused(text.encode("utf-16"))
