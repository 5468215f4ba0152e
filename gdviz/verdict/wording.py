"""Formulas with their numbers put in, as Markdown with LaTeX, for the reasons given with a verdict."""

from __future__ import annotations

import re
from math import floor, isfinite, log10

import numpy as np

from gdviz.descent import Trajectory
from gdviz.numerals import FROM_SUPERSCRIPTS, NEXT_TO_NOTHING, digits_between, format_number
from gdviz.theory.laws import Law
from gdviz.verdict.case import Case, value_at


def latex_number(value: float, digits: int = 3) -> str:
    """Return a number for use within $…$.

    >>> latex_number(1.4e-8), latex_number(12345)
    ('1.4 \\\\cdot 10^{-8}', '12{,}345')
    """
    text = format_number(value, digits)
    if text == NEXT_TO_NOTHING:
        return rf"\text{{{text}}}"
    text = re.sub(
        r" × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: rf" \cdot 10^{{{found[1].translate(FROM_SUPERSCRIPTS)}}}", text
    )
    return text.replace("−", "-").replace(",", "{,}")


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart, up to 12.

    >>> told_apart(1.0, 1.00000123), told_apart(2.0, 25.0)
    (('1', '1.000001'), ('2', '25'))
    """
    digits = digits_between(one, other)
    shown = format_number(one, digits), format_number(other, digits)
    return shown if shown[0] != shown[1] else (format_number(one), format_number(other))


def came(run: Trajectory) -> str:
    """Return what became of f, as the beginning of a sentence."""
    start, end = told_apart(value_at(run, 0), value_at(run, -1))
    return f"f came from {start} to {end}" if start != end else f"f is {end} as at the start"


def factor_number(factor: float) -> str:
    """Return a factor per epoch with the digits that tell it from 1: 1.0004, not 1."""
    return format_number(factor, factor_digits(factor))


def factor_digits(factor: float) -> int:
    """Return how many significant digits tell ``factor`` from 1, and one more; at least 3."""
    away = abs(factor - 1)
    if not isfinite(away) or away == 0:
        return 3
    return min(12, max(3, 2 - floor(log10(away)) if factor > 1 else 1 - floor(log10(away))))


def against_limit(case: Case, law: Law, curvature: float, eta: float | None = None) -> str:
    """Return eta times the curvature, and on which side of the limit that is; by default the last eta."""
    eta = case.last_eta if eta is None else eta
    step = eta * curvature
    digits = digits_between(step, law.largest)
    side = "<" if step < law.largest else ">"
    if abs(step / law.largest - 1) <= 1e-9:
        return rf"$\eta L = {latex_number(eta, 12)} \cdot {latex_number(curvature, 4)} = {law.limit_latex}$"
    shown = latex_number(eta, 12 if case.constant else 4)
    limit = law.limit_latex if law.limit_latex == "2" else f"{law.limit_latex} = {latex_number(law.largest, digits)}"
    return (
        rf"$\eta L = {shown} \cdot {latex_number(curvature, max(4, digits))} = "
        rf"{latex_number(step, digits)} {side} {limit}$"
    )


def factor_formula(case: Case, law: Law, curvature: float, name: str = "L") -> str:
    """Return how the error's factor per epoch along a curvature follows from the law, with its numbers."""
    step = case.last_eta * curvature
    if not law.polynomial_latex:
        value = 1 - step
        return rf"$1 - \eta {name} = {latex_number(value, factor_digits(abs(value)))}$"
    trace, determinant = (float(part(np.asarray(step))) for part in (law.trace, law.determinant))
    size = np.sqrt(determinant) if trace**2 < 4 * determinant else _larger_root(trace, determinant)
    polynomial = law.polynomial_latex.replace("L", name)
    root = rf"the larger root of ${polynomial} = 0$, of size ${latex_number(size, factor_digits(size))}$"
    if trace**2 < 4 * determinant and law.limit_latex == r"2 + 2\beta":
        root = rf"the size of the complex roots of ${polynomial} = 0$, $\sqrt{{\beta}} = {latex_number(size)}$"
    return root


def _larger_root(trace: float, determinant: float) -> float:
    return float((abs(trace) + np.sqrt(trace**2 - 4 * determinant)) / 2)
