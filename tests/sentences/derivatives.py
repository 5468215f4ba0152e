"""What is said of difference quotients."""

from __future__ import annotations

import gdviz
from gdviz.lessons.secants import secant
from gdviz.objectives.differences import SpacingErrors, spacing_errors
from gdviz.ui.pages.derivatives import about_quotient, about_spacings
from tests.sentences.case import Case


def errors_of(text: str, x: float) -> SpacingErrors:
    f = gdviz.parse(text)
    return spacing_errors(f, x, float(f.gradient([x])[0]))


def said(text: str, x: float, h: float) -> str:
    f = gdviz.parse(text)
    return about_quotient(secant(f, [x], h), f.expression.at_kink(x))


DERIVATIVES = [
    Case("the difference quotient along x is **6.1**; the exact derivative is **6**. The quotient is off by 0.1.",
         lambda: said("x^2", 3.0, 0.1), lambda: abs((3.1**2 - 3.0**2) / 0.1 - 6.1) < 1e-12),
    Case("does not exist: the function has no finite value at x + h.", lambda: said("sqrt(1 - x)", 0.95, 0.1),
         lambda: gdviz.parse("sqrt(1 - x)").value([1.05]) != gdviz.parse("sqrt(1 - x)").value([1.05])),
    Case("is **1**; at this kink there is no derivative, and **0** stands for it. The quotient is off by 1.",
         lambda: said("abs(x)", 0.0, 0.1), lambda: said("abs(x)", 0.01, 0.1).count("exact derivative") == 1),
    Case("Best here: forward h = 4 × 10⁻⁸", lambda: about_spacings(errors_of("x^2", 3.0)),
         lambda: errors_of("x^2", 3.0).forward.min() < 1e-7 < errors_of("x^2", 3.0).forward[0]),
    Case("No h is better here than another", lambda: about_spacings(errors_of("0*x + 1", 1.0)),
         lambda: not errors_of("0*x + 1", 1.0).forward.any()),
]  # fmt: skip
