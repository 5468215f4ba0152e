"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.numerals import (
    NEXT_TO_NOTHING,
    format_about,
    format_assignment,
    format_count,
    format_number,
    power_of_ten,
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (1.0, 3, "1"),
        (-1.2, 3, "−1.2"),
        (0.0032, 3, "0.0032"),
        (0.001, 3, "0.001"),
        (0.000999, 3, "9.99 × 10⁻⁴"),
        (1.4e8, 3, "1.4 × 10⁸"),
        (12345, 3, "12,345"),
        (9999, 3, "9999"),
        (999_999, 3, "999,999"),
        (1e6, 3, "1 × 10⁶"),
        (12345.678, 3, "12,346"),
        (-12345.678, 3, "−12,346"),
        (0.00119976, 6, "0.00119976"),
        (0.9996, 3, "1"),
        (99.96, 3, "100"),
        (math.pi, 10, "3.141592654"),
        (math.inf, 3, "∞"),
        (-math.inf, 3, "−∞"),
        (math.nan, 3, "undefined"),
        (5e-324, 3, NEXT_TO_NOTHING),
        (-9.881e-324, 4, NEXT_TO_NOTHING),
        (2.2250738585072014e-308, 3, "2.23 × 10⁻³⁰⁸"),
        (1.7976931348623157e308, 3, "1.8 × 10³⁰⁸"),
    ],
)
def test_a_number_is_written_as_people_write_it(value: float, digits: int, text: str):
    assert format_number(value, digits) == text


def read_back(text: str) -> float:
    if text == NEXT_TO_NOTHING:
        return 0.0
    plain = text.replace("−", "-").replace(",", "").replace(" × 10", "e")
    return float(plain.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300), st.integers(2, 12))
def test_what_is_written_is_the_number_to_the_digits_asked_for(value: float, digits: int):
    assert read_back(format_number(value, digits)) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits), abs=2.3e-308)


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(2, 12))
def test_no_computer_notation_is_shown(value: float, digits: int):
    text = format_number(value, digits)
    assert text
    assert not set(text) & set("e+-") or text in ("undefined", NEXT_TO_NOTHING)


@given(st.floats(1, 1e12))
def test_a_number_known_only_about_is_rounded_up_to_two_digits_at_least(number: float):
    text = format_about(number)
    size = 1_000_000 if text.endswith("million") else 1
    said = float(text.replace("a million", "1").replace(" million", "").replace(",", "")) * size
    assert number <= said * (1 + 1e-12)
    assert said <= max(number + 1, 1.11 * number)
    assert len(text) <= 17


def test_assignments_counts_and_powers():
    assert format_assignment(("x", "y"), (1.0, -2.5)) == "x = 1, y = −2.5"
    assert [format_count(n, "epoch") for n in (0, 1, 2, 12345)] == ["0 epochs", "1 epoch", "2 epochs", "12,345 epochs"]
    assert power_of_ten(-12) == "10⁻¹²"
    with pytest.raises(ValueError, match=r"shorter|longer"):
        format_assignment(("x", "y"), (1.0,))
