"""Texts that must be refused, texts that must be read, and the bounds on what any text may cost."""

from __future__ import annotations

import contextlib
import threading
import tracemalloc

import pytest

from gdviz.formulas import FormulaError, parse_expression
from gdviz.formulas.expression import Expression
from tests.formulas.at_points import gradient_at
from tests.work import calls

CODE = [
    "__import__('os').system('ls')", "__import__", "().__class__.__bases__", "x.__class__", "x.real",
    "eval(x)", "exec(x)",
    "open(x)", "import os", "from os import path", "lambda: x", "x := 3", "(x := 3)",
    "x; y", "x\ny", "x\r\ny",
    "print(x)", "globals()", "getattr(x, y)", "f'{x}'", "{0.__class__}", "%s",
    "%(x)s",
    "{x: y}", "x if y else x", "x for x in y", "not x", "x and y", "x or y", "x is y", "x in y",
    "del x", "pass", "yield x",
    "await x", "async x", "return x", "raise x", "assert x", "x @ y", "x // y", "x % y", "x & y",
    "~x", "x << 2", "x == y",
    "x != y", "x <= y", "x > 2", "x = 2",

    "x\\n", "${x}", "<script>alert(1)</script>", "x' OR '1'='1", "../../etc/passwd", "x?",
    "x!", "5!", "x y z!",
    "0x1F*x", "0b11*x", "1_000x", "__x", "_x", "x_", "x__y", "a__class__", "True*x", "None*x",
    "nan*x", "inf*x", "x*oo",
    "infinity*x", "NaN x", "Inf - x",  "while x", "class x", "global x",
]  # fmt: skip
MALFORMED = [
    "", " ", "\t\n", "()", "x + ()", "(", ")", "(x", "x)", "((x)", "(x))", "x +", "x *", "* x", "/x",
    "x^", "^x", "x^^2",
    "x**", "x***2", "x* *y", "x//y", "x+*y", "2..3", "1.2.3 x", "x.", ".", "..", "...", "1e",
    "1e5.5x", "x,y", "(x, y)", "1,5x",
    "sin(1,5)*x", "sin()", "sin",  "sin x y", "sinx cosx + sin",
    "atan2(y)",
    "atan2(x, y, x)", "pow(x)", "min(x)", "max()", "max(x,)", "min(,x)", "|x", "x|", "||", "|",
    "|x|y|z|", "|x", "|(x|)", "(|x)|",
    "√", "√√", "√2x", "√x^2", "√x²", "x√", "x²³⁻", "²", "x⁻", "²x", "x²^3", "x^2²3", "x 2", "2 3",
    "(x)2", "x3.5", "1/2x",
    "x/2y", "1/2 x", "1/2(x+1)", "x/2 sin(x)", "2^3x", "x^2y", "e^2x", "x2y", "2xy + x^2", "pix",
    "taux", "foo(x)",
    "slope(x+1)", "xsin(x)", "x1y2(x)", "sinx", "cos2x", "xpi", "sqrtx", "3", "pi", "1+1",
    "e^pi", "0", "sin(pi)",
]  # fmt: skip
NUMBERS = [
    "9**9**9 x", "x + 9^9^9", "9**9**9**9**9*x", "x^2 + 1e999", "1e151x", "1e-400x",
    "x*" + "9" * 41, "x*" + "9" * 450,
    "0." + "0" * 45 + "1x", "x/0", "x + 1/0", "x + 0/0", "log(0) x", "x*log(-1)", "x + sqrt(-1)",
    "x + (-8)^(1/3)",
    "x*asin(2)", "exp(1000) + x", "x*1e100*1e100 + 1e100*1e100", "x + 0^-1",
    "1e99999999999999999999x", "x + tan(pi/2)^20",
    "cosh(9e9)x", "x + 1e150^2",
]  # fmt: skip
UNICODE = [
    "х^2", "ｘ^2", "x＋1", "x＊2", "х", "у²", "а+b", "ѕin(x)", "x²ⁿ",
    "Δx",  "Σx", "∑x", "∫x",
    "∂x", "∞", "x∞", "x≤y", "x≠y", "x≈y", "x\u200by", "\u200bx", "x\u200d", "\ufeffx",
    "\u202ex", "x\u202e2", "\u200fx",
    "x\u2066y", "x\u0301", "\u0301", "é", "ñ^2", "ß", "日本", "x日", "١٢٣x", "२x", "𝑥²", "𝟐x", "😀", "x😀",
    "👩‍👩‍👧", "\ud800", "x\udfff",
    "\ud83d", "\x00", "x\x00", "\x00x", "x\x1b[31m", "\x7f", "x\x08", "x\u2028y", "\u2029", "\x85x",
    "\uffff", "\U0010ffff", "\ue000x",
    "x\u0336",  "x٫5", "x，y", "ⅹ", "Ⅻ", "ª", "ﬁ", "ﷺ", "🄰",
    "x‖y",  "x′",
]  # fmt: skip
HUGE = [
    "(" * 100_000, "(" * 100_000 + "x" + ")" * 100_000, "x" * 1_000_000, "x+" * 500_000 + "x",
    "x" + " " * 1_000_000,
    "9" * 1_000_000, "\u0301" * 1_000_000, "\x00" * 600, "(" * 499, "(" * 41 + "x" + ")" * 41, "-" * 499 + "x",
    "-" * 41 + "x",
    "x" + "^x" * 41, "x" + "^x" * 249, "|" * 499, "|" * 201, "√" * 400 + "x",
    "sin(" * 41 + "x" + ")" * 41, "x" * 499,
    "x" * 41, "[" * 499, "x+" * 249 + "x+x" * 1, "a" + "*a" * 160, "abs(" * 100, "max(" + "x," * 200 + "x)",
    "e^" * 200 + "x",
    "a+b+c+d+f+g+h+k+l+m+n+p+q+r+s+t+u", "+".join(f"x{i}" for i in range(17)), "2^" * 200 + "x",
    "x²" * 60 + "^" * 100, "((((" * 30 + "x",
    "1." * 240, "π" * 400, "_" * 400, "x__" * 160,
]  # fmt: skip
REFUSED = [*CODE, *MALFORMED, *NUMBERS, *UNICODE, *HUGE]
READ = [
    "x", "x y", "x os", "f(x)", "i*j", "system*x", "x^2 y", "(x+1)(y-1)", "x(y)", "E*x", "2E x", "1E5x", "2e x",
    "2e + x", "x^1e5", "x^x^x", "-x^-x", "+x", "--x", "x--y", "-2^2 + x", "((((x))))", "||x||", "|x||y|", "|x|y",
    "2|x|", "a/bc", "x²y", "√(2x)", "√x", "0*x", "x - x", "x/x", "0^x", "(-2)^x", "x^0", "x^-1", "x^(-1)",
    "log(x - x)", "sqrt(0 - x^2 - 1)", "exp(exp(exp(x)))", "x\u00a0+\u20091", "x\n", "1e150x", "x^1e150",
    "sin(x)cos(x)", "sin(x) cos(x)", "2 pi x", "pi(x+1)", "3(x+1)^2(y+1)", "x^2(y+1)", "rate*t + a",
    "slope*x + intercept", "a*exp(-b*t)+c", "theta1*x + theta0", "mu*x + u", "learning_rate*x", "x_1 + x_2",
    "max(x, 0)", "min(x, y, 3)", "pow(x, 2)", "arctan2(y, x)", "x×y÷2−1", "3·x", "|sin(|x|)|", "x" + "²" * 2,
    "(" * 40 + "x" + ")" * 40, "x" + "^x" * 40, "x" + "+x" * 149, "sin(" * 39 + "x" + ")" * 39,
    "a+b+c+d+f+g+h+k+l+m+n+p+q+r+s+t",
    "lambda x: x", "'x'", '"x"', "{x}", "[x]", "{{x}}", "x[0]", "f(x) = x^2", "y = x^2", "$x$", "\\frac{1}{x}",
    "x # note", "x // note", "`x`", "Pi*x", "PI x", "Sin(x)", "EXP(x)", "sin x", "sin^2(x)", "sin²(x)", "sqrt x",
    "log(x, 2)", "sec(x)", "xₙ", "x₁", "θ²", "α+β", "λx", "ϑ", "µ", "½x", "⅓x", "x–y", "x—y", "x∕y", "x⁄y", "“x”",
    "‘x’", "∣x∣", "(x-x+9)^((x-x+9)^(x-x+9))", "x" + "*x" * 149, "x" * 40, "x + (1e100*1e-100)",
]  # fmt: skip
RED = [ascii(text[:40]) for text in REFUSED]


def _check_refused(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_expression(text)
    message = str(caught.value)
    assert 0 <= caught.value.position <= len(text)
    message.encode("utf-8")
    assert message.isprintable()
    assert message.endswith((".", ")"))
    assert 20 < len(message) < 400


def _check_read(text: str) -> None:
    f = parse_expression(text)
    point = [1.5] * len(f.variables)
    gradient_at(f, *point)
    assert f.latex
    assert len(f.gradient_latex) == len(f.variables)
    f.array_hessian(*point)


@pytest.mark.parametrize("text", REFUSED, ids=RED)
def test_is_refused_with_a_printable_sentence_and_a_position(text: str) -> None:
    _check_refused(text)


@pytest.mark.parametrize("text", READ, ids=[ascii(text[:40]) for text in READ])
def test_is_read_and_harmless(text: str) -> None:
    _check_read(text)


@pytest.mark.parametrize("value", [None, 3, b"x", ["x"], object()])
def test_what_is_not_text_is_refused(value: object) -> None:
    with pytest.raises(FormulaError, match="is text"):
        parse_expression(value)  # type: ignore[arg-type]


# ---------------------------------------------------------------------- what the user is told


@pytest.mark.parametrize(
    ("text", "position", "fragment"),
    [
        ("", 0, "empty"), ("x + ", 3, "ends after '+' at character 3"),
        ("(x + 1", 0, "opened at character 1 is never closed"),
        ("x + 1)", 5, "never opened"), ("1/2x", 1, "(1/2)*x or 1/(2*x)"),
        ("2xy + x^2", 1, "x*y"),
        ("x^2y", 1, "^(2*y)"), ("x^2 = x", 4, "right-hand side"), ("1,5x", 1, "1.5"),
        ("х", 0, "CYRILLIC SMALL LETTER HA"),
        ("ｘ", 0, "FULLWIDTH LATIN SMALL LETTER X"), ("lambda", 0, "lam"),

        ("sine(x)", 0, "did you mean sin"), ("9**9**9*x", 1, "constant part"),
        ("2..3", 2, "two decimal points"),
        ("x^^2", 2, "character 3"),
        ("pix", 0, "pi*x"),
        ("x_", 0, "write x"), ("\x00", 0, "U+0000"), ("xsin(x)", 0, "x*sin("), ("x/0", 1, "division by 0"),
        ("x" * 501, 500, "500"), ("(" * 41 + "x" + ")" * 41, 40, "40 deep"), ("3", 0, "variable"),
        ("x + " + "9" * 41, 4, "40"), ("1e151*x", 0, "1e150"), ("a+b+c+d+f+g+h+k+l+m+n+p+q+r+s+t+u", 32, "limit is 16"),
        ("x+" * 150 + "x", 300, "300"), ("|x|y|z|", 2, "abs("),
        ("exp⁻¹(x)", 0, "two readings: write 1/exp(x)"),
        ("tan^(n+1)", 0, "tan(x)^2"),
        ("sin^", 0, "sin(x)^2"),
        ("max x", 0, "max(x, y)"), ("atan2()", 5, "atan2(x, y)"), ("log()", 3, "log(x)"),

    ],
)  # fmt: skip
def test_the_message_says_what_where_and_what_to_do(text: str, position: int, fragment: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_expression(text)
    assert caught.value.position == position
    assert fragment in str(caught.value)


def test_a_derivative_beyond_the_limit_is_a_formula_error() -> None:
    factors = "".join(f"(x{k}^x{k % 8 + 1}+x{(k + 2) % 8 + 1})" for k in range(1, 9))
    text = f"sin(exp({factors}*{factors}))"
    try:
        f = parse_expression(text)
        f.array_hessian(*[1.0] * 8)
    except FormulaError as error:
        assert "limit" in str(error)  # noqa: PT017 - both outcomes are right, a hang or another error is not


# ---------------------------------------------------------------------- what a text may cost

DENSE = [
    "x" + "^x" * 40, "sin(" * 39 + "x" + ")" * 39, "x" + "*x" * 149, "x/" * 149 + "x",
    "abs(" * 39 + "x*y" + ")" * 39,
    "*".join(f"sin(x{k % 8 + 1}*x{(k + 3) % 8 + 1})" for k in range(30)), "max(" + ",".join(["x*y",
    "x+y", "x/y"] * 16) + ")",
    "/".join(f"(x{k % 8 + 1}^x{(k + 1) % 8 + 1}+{k})" for k in range(30)),
    "^".join(f"(x{k % 8 + 1}+{k})" for k in range(38)),
    "max(x,y," * 20 + "x" + ")" * 20,
    "*".join(f"(a+b+c+d+f+g+h+k+{k})" for k in range(16)),
    "*".join(f"sin(x{k % 16}*x{(k + 3) % 16})" for k in range(22)),
    "/".join(f"(x{k % 16}^x{(k + 1) % 16}+{k})" for k in range(22)),
    "^".join(f"(x{k % 16}+{k})" for k in range(38)),
    "max(" + ",".join(f"x{k % 16}*x{(3 * k + 1) % 16}" for k in range(40)) + ")",
]  # fmt: skip


def _any_outcome(text: str) -> None:
    try:
        f = Expression(text)
        assert f.latex
        assert f.gradient_latex
        assert gradient_at(f, *[1.5] * len(f.variables)) is not None
        f.array_hessian(*[1.5] * len(f.variables))
    except FormulaError:
        pass


@pytest.mark.parametrize("text", [*HUGE, *DENSE], ids=lambda text: ascii(text[:30]))
def test_the_worst_texts_are_answered_with_bounded_work_and_memory(text: str) -> None:
    def read() -> None:
        with contextlib.suppress(FormulaError):
            Expression(text)

    tracemalloc.start()
    read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6
    assert calls(read) < 1_000_000, "about a quarter of a second"


def _on_small_stack(work: list[str], check: object, failures: list[str]) -> None:
    for text in work:
        try:
            check(text)  # type: ignore[operator]
        except BaseException as error:
            failures.append(f"{text[:40]!r}: {error!r}"[:200])


@pytest.mark.parametrize(("texts", "check"), [(REFUSED, _check_refused), (READ, _check_read), (DENSE, _any_outcome)],
                         ids=["refused", "read", "dense"])  # fmt: skip
def test_every_text_is_answered_on_a_thread_with_a_small_stack(texts: list[str], check: object) -> None:
    failures: list[str] = []
    before = threading.stack_size(64 * 1024)
    try:
        thread = threading.Thread(target=_on_small_stack, args=(texts, check, failures))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join(60)
    assert not thread.is_alive()
    assert failures == []


def test_there_are_at_least_150_hostile_texts() -> None:
    assert len(set(REFUSED)) >= 150
