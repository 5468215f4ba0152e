"""Every published number holds to its printed digits, and the check itself can tell."""

import pytest

from gdviz.experiments import decode
from gdviz.lessons.published import CASES, Published, check


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.setting}: {case.quantity}")
def test_the_published_number_holds_to_its_printed_digits(case):
    checked = check(case)
    assert checked.holds, f"published {case.published}, ours {checked.ours!r}"


@pytest.mark.parametrize(
    ("published", "ours", "holds"),
    [
        ("0.060466", 0.06046618, True),
        ("0.060466", 0.0604654, False),
        ("48.9842", 48.984253, True),  # cut, not rounded
        ("48.9842", 48.9841999, True),  # rounded
        ("48.9842", 48.98431, False),
        ("-1.528166", -1.5281659, True),
        ("-1.528166", 1.5281659, False),
        ("11.145854121436422", 11.145854121436415, True),  # twelve digits are compared
        ("11.145854121436422", 11.1458541216, False),
        ("1.5e-8", 1.49e-8, True),
        ("1.5e-8", 1.44e-8, False),
        ("0", 0.0, True),
        ("0", float("nan"), False),
        ("3", float("inf"), False),
    ],
)
def test_a_case_holds_only_where_the_printed_digits_are_met(published, ours, holds):
    assert check(Published("", "", "", published, lambda: ours)).holds is holds


@pytest.mark.parametrize(
    ("published", "ours", "printed"),
    [
        ("11.145854121436422", 11.145854121436424, "11.145854121436424"),
        ("5.959514567919295", 5.959514567919295, "5.959514567919295"),
        ("0.50", 0.5000909090909091, "0.500090909091"),
        ("-7.755049628471903", -7.75504962847190, "-7.7550496284719"),
    ],
)
def test_ours_is_shown_with_as_many_digits_as_the_published_number(published, ours, printed):
    assert check(Published("", "", "", published, lambda: ours)).printed == printed


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.link], ids=lambda case: f"{case.setting}: {case.quantity}"
)
def test_the_link_of_a_case_opens_without_a_note(case):
    _, notes = decode(case.link)
    assert notes == ()


def test_at_least_seventy_numbers_of_ten_sources_are_verified():
    assert len(CASES) >= 70
    assert len({case.source for case in CASES}) >= 10
