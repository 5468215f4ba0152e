"""Hostile texts in the notations of programs, spreadsheets and LaTeX: refused in words, or read and bounded."""

from __future__ import annotations

import re
import threading

import pytest

from gdviz.formulas import FormulaError
from gdviz.formulas.expression import Expression
from gdviz.formulas.functions import FUNCTIONS
from tests.formulas.at_points import gradient_at

ATTRIBUTES = [
    f"{module}.{name}"
    for module in ("np", "numpy", "math", "torch", "jnp", "np.linalg", "jax.numpy", "scipy.special")
    for name in (
        "__class__", "__init__", "__builtins__.eval(x)", "os.system(x)", "load(x)", "f2py(x)", "x", "_x",
        "sin.__call__(x)",
    )
]  # fmt: skip
PROGRAMS = [
    "os.system(x)", "x.sin(y)", "x.real", "x[0].real", "x[0]()", "x[0]().y", "x[0][0]", "x[x[0]]", "x[-1]", "x[:]",
    "x[0:2]", "x[0,1]", "x['a']", "x[\"a\"]", "x[1e3]", "x[99999]", "x[0.5]", "x[True]", "[x for x in y]",
    "[x, y][0]", "[[x]][0]", "{x: 1}[x]", "{x}[0]", "(x, y)[0]", "(lambda x: x)(y)", "lambda x: lambda y: x",
    "lambda: lambda: x", "lambda *a: a", "lambda x=1: x", "lambda x: eval(x)", "lambda x: __import__(x)",
    "lambda x, x2: x.y", "lambda lambda: x", "lambda x, : x", "lambda 1: x", "lambda x y: x", "lambda (x): x",
    "def f(x): import os", "def f(x): return", "def f(x) return x", "def (x): return x", "def f(x): return return x",
    "def f(x): def g(y): return y", "def f(x):\n  x = 1\n  return x", "def f(x=1): return x", "def f(*x): return x",
    "class A: x", "import numpy as np; np.sin(x)", "from math import *", "exec('x')", "eval('x')", "__import__('os')",
    "().__class__", "x := y", "(x := y)*x", "x = y = z = 1", "x += 1", "x -> y -> ", "x => ", "=> x", "-> x", "@x",
    "@(x", "@() x", "@(1) x", "@x x", "@(x) @(y) x(y)", "@(x) x{1}", "@(x) x(end)", "@(x) x(1)(2)", "@(x) x(1.5)",
    "yield x", "await x", "x; import os", "x;; y", ";x", ";", "x # \ny", "#", "//", "# x", "// x", "x # \x00",
    "x // 1", "x // x", "x // sin(x)", "f'{x}'", "'''x'''y", "'x'*'y'", "\"x\" y", "``", "''", "\"\"", "$", "$$",
    "$x", "x$", "$x$ + $y$", "$$x$", "“x", "x”", "x ? y", "x ? y :", "? x : y", "x ? : y", "x > 0 ? : y",
    "x > 0 ? x y", "x > 0 ?? x : y", "x : y", "x > 0 : y", "x if", "if x", "if(x)", "if()", "if(x > 0,, x)",
    "if(x > 0, x, )", "if(x > 0, x, y, z)", "x if x > 0", "x if x > 0 else", "else x", "x else y", "x and y",
    "x or y", "not x", "and", "or", "not", "x > 0 and", "and x > 0", "x > 0 and x", "if(x and y, x, y)",
    "if(not x, x, y)", "x >", "> x", "x > > y", "x => 0", "x =< 0", "x <> y", "x == y", "x === y", "x != y",
    "x !== y", "x > y > z", "x < y", "x ≤ 1", "where(x, y, z)", "where(x > 0)", "where()", "np.where(x > 0)",
    "np.where", "np", "np.", "np.np.sin(x)", "math.math", "np.sin", "np.sin()", "np.sin(x", "np .sin(x)",
    "np. sin(x)", "np..sin(x)", "Np.sin(x)", "np,sin(x)", "np.sum(x)", "np.dot(x, y)", "np.array([x])", "np.inf*x",
    "np.nan*x", "math.inf + x", "torch.tensor(x)", "sin.cos(x)", "sin[", "sin[x", "sin{x", "sin(x]", "sin[x)", "log_",
    "log_(x)", "log__2(x)", "log_2", "log_0(x)", "log_1(x)", "log_99999999999999999999(x)", "log_2_3(x)", "log(x, 0)",
    "log(x, 1)", "log(x, -1)", "log(x, y, z)", "log(x,)", "norm()", "norm([])", "norm([x, y)", "norm([x], [y])",
    "norm((x, y)", "root(x, 0)", "root(x)", "hypot()", "max([x])", "max([])", "max([x, y], z]", "clip(x)",
    "clip(x, 1)", "square(x, y)", "sigmoid()", "sigmoid x", "PI", "PI()", "PI(x)()", "=", "==", "==x", "= =x",
    "=SUM(A1:A3)", "=A1:B2", "=IF(x>0,x)", "=CMD|'/c calc'!A1", "=HYPERLINK(x)", "=$A$1", "=A1%", "+=x", "f(x) =",
    "f() = x", "f(x", "f(x) = = x", "f(x) = y = ", "f(1) = x", "f(x,) = x", "(x) = x", "x(y)(z) = 1", "sin(x) = y",
    "sin = x", "min", "min =", "min f", "max f = x", "maximize", "maximize x", "argmax x", "minimize", "min f(x) =",
    "x x[0] = y", "x = x", "y = y + x",
]  # fmt: skip
LATEX = [
    r"\input{/etc/passwd}", r"\include{x}", r"\def\x{y}\x", r"\newcommand{\x}{y}", r"\let\x\y", r"\write18{ls}",
    r"\catcode`\x=1", r"\loop\x\repeat", r"\csname x\endcsname", r"\expandafter\x", r"\immediate\write x",
    r"\openin x", r"\read x", r"\usepackage{x}", r"\href{javascript:x}{y}", r"\url{x}", r"\htmlClass{x}{y}",
    r"\includegraphics{x}", r"\require{x}", r"\unicode{x}", r"\char65", r"\^^41", r"\x", r"\\", r"\\x", r"x\\",
    r"x\\y", "\\", "x\\", "\\ ", "\\\x00", "\\é", r"\frac", r"\frac{", r"\frac{}", r"\frac{}{}", r"\frac{x}{}",
    r"\frac{}{x}", r"\frac{x}{0}", r"\frac x", r"\frac(x)(y)", r"\frac{x}}{y}", r"\frac{{x}{y}", r"\sqrt", r"\sqrt{",
    r"\sqrt{}", r"\sqrt[", r"\sqrt[]{x}", r"\sqrt[3]", r"\sqrt[0]{x}", r"\sqrt[3{x}", r"\sqrt[x > 0]", r"\left",
    r"\right", r"\left(", r"\left( x", r"\left( x )", r"x \right)", r"\left. x \right|", r"\left< x \right>",
    r"\left\x", r"\left| x", r"\left| x |", r"| x \right|", r"\left| x \right)", r"\left( x \right|",
    r"\left\left( x", r"\lvert x", r"x \rvert", r"\begin", r"\begin{", r"\begin{x}", r"\begin{cases}",
    r"\begin{cases}\end{cases}", r"\begin{cases} x", r"\begin{cases} x \end{cases}", r"\begin{cases} x & \end{cases}",
    r"\begin{cases} & x > 0 \end{cases}", r"\begin{cases} x & y \\ z & \text{otherwise} \end{cases}",
    r"\begin{cases} x & \text{otherwise} \\ y & x > 0 \end{cases}",
    r"\begin{cases} x & x > 0 \\ y & x > 1 \end{cases}", r"\begin{cases} x & x > 0 \\ \end{cases}",
    r"\begin{cases} \begin{cases} x \end{cases}", r"\end{cases}", r"x \end{cases}",
    r"\begin{matrix} x & y \end{matrix}", r"\begin{document} x \end{document}", r"\begin{verbatim} x \end{verbatim}",
    r"x & y", r"& x", r"x \\ & y", r"\text{x", r"\text{}", r"\text{if }", r"\text{otherwise}", r"x \text{if } y",
    r"\text{\text{x}}", r"\mathrm{", r"\mathrm{}", r"\mathrm{x y}", r"\mathrm{x+y}", r"\mathrm{\input{x}}",
    r"\mathrm{__class__}", r"\mathrm{_x}", r"\mathrm{x__y}", r"\operatorname{eval}(x)",
    r"\operatorname{__import__}(x)", r"\operatorname{x.y}(z)", r"\operatorname{}", r"\operatorname", r"\hat{",
    r"\hat", r"\hat{}", r"x_{", r"x_{}", r"x_", r"\_", r"_{x}", r"x_{_}", r"x_{y_{z}", r"x_{y+z}", r"x_{\frac{1}{2}}",
    r"x_{\input}", r"(x)_{1}", r"2_{1}", r"x_{1}_{2}_{", r"\theta_", r"\theta_{", r"x^{", r"x^{}", r"^{x}", r"x^{y",
    r"x^}", r"{x^}", r"x^{y}^{z}^", r"\sum_{i=1}^{n} x_i", r"\prod x", r"\int_0^1 x dx", r"\lim_{x \to 0} x",
    r"\infty", r"x \pm 1", r"\partial x", r"\nabla x", r"\|x\|", r"\langle x \rangle", r"\lfloor x \rfloor",
    r"x \mod 2", r"x!", r"\$x\$", r"\% x", r"\# x", r"\& x", r"\{x", r"x\}", r"\{x)", r"(x\}", r"\sin", r"\sin^",
    r"\sin^2", r"\sin_2 x", r"\log_", r"\log_{", r"\log_{}(x)", r"\log_{x+1}(y)", r"\cdot", r"x \cdot", r"\cdot x",
    r"x \cdot \cdot y", r"\times x", r"\to x", r"\mapsto", r"\pi",
    r"\alpha\beta\gamma\delta\epsilon\zeta\eta\theta\iota", r"abcd \cdot x", r"\alpha abcdefgh", "\\frac{x}{2}\x00",
    "\\sin\u202ex",
]  # fmt: skip
LOOKALIKES = [
    "ｓｉｎ(x)", "ѕіn x", "sіn(x)", "lаmbda x: x", "ｎｐ.sin(x)", "np．sin(x)", "x［0］", "x｛0｝", "（x）",
    "ｘ＝1", "f（x） = x",
    "x＞0 ? 1 : 2", "x﹥0", "x：y", "ⅼog(x)", "ﬁ(x)", "𝑥²", "𝒙 + 𝟏", "𝛼x", "𝜋x", "ℯ^x", "ℎ(x)", "∂x", "∇x", "∫x", "∑x",
    "∏x", "Σx", "Πx", "Ωx", "ΔΔx", "√", "∛", "∜", "∛∛", "√√√", "x√", "²x", "₁", "₁x", "x₁₂³₄", "x⁽²⁾", "xⁿ", "½",
    "½½", "⅟x", "x½½½½y½", "1½2x", "x‐", "–", "—x—", "x−−", "x––y–", "·x", "x··y", "x×", "x÷", "÷x", "x∕∕y", "x⁄⁄y",
    "∣x", "x∣", "∣∣", "x∥y", "x≠", "≤x", "x≤≥y", "x→", "→x", "↦", "x⇒", "¬x", "x∧y", "x∨y", "∀x", "∃x", "x∈y",
    "x\u2061(y)", "sin\u2061x", "x\u2062y", "x\u2063y", "\u2212", "x\u00ad", "\u180ex", "x\u3164", "\ufe0fx",
    "x\u0300", "λ\u0301", "µ\u0301", "ϴ", "ʎ", "Ⅹ", "①x", "x①", "x⒈",
]  # fmt: skip
HUGE = [
    "lambda x: " * 40 + "x", "f(x) = " * 60 + "x", "min " * 100 + "x", "x[0]" * 120, "[" * 45 + "x" + "]" * 45,
    "{" * 45 + "x" + "}" * 45, "$" * 500, "'" * 500, "`" * 499, "''" * 249, ";" * 500, "x" + ";" * 499, "#" * 500,
    "//" * 250, "x#" * 250, "x > 0 ? " * 60 + "x", "x > 0 ? x : " * 41 + "x", "x if x > 0 else " * 31 + "x",
    "if(x > 0, " * 42 + "x", "if(x > 0, x, " * 35 + "x" + ")" * 35, "not " * 120 + "x > 0", "x > 0 and " * 49 + "x",
    "x < " * 120 + "x", "sin " * 120 + "x", "sin -" * 90 + "x", "ln " * 160 + "x", "sin^" * 120 + "x", "sin^sin" * 70,
    "sin²" * 120 + "x", "log_2 " * 80 + "x", r"\frac" * 99, r"\frac{" * 80, r"\frac{1}{" * 41 + "x" + "}" * 41,
    r"\frac1" * 80 + "x", r"\sqrt" * 99 + "x", r"\sqrt[" * 80, r"\left(" * 80, r"\left|" * 80,
    r"\left|" * 41 + "x" + r"\right|" * 41, r"\begin{cases}" * 38, r"\begin{cases} x & x > 0 \\" * 19, r"\text{" * 80,
    r"\mathrm{" * 62, "x_{" * 160, "x_{1" * 120, r"\hat{" * 90, r"\\" * 250, "\\" * 499, r"\," * 250, r"\alpha" * 80,
    "½" * 499, "√" * 499, "∛x" * 200, "⁻¹" * 240, "x₁" * 240, "₁" * 500, "λ" * 499, "θ" * 400, "–" * 499, "x–" * 249,
    "·" * 500, "|" * 498, "||" * 240 + "x>0", "x>0||" * 90 + "x>0", "np." * 160 + "sin(x)", "np.linalg." * 45,
    "math.sin(" * 50, "norm(" * 90, "norm([" * 80, "norm([x,y]," * 40, "hypot(x," * 60 + "x" + ")" * 60,
    "sigmoid(" * 41 + "x" + ")" * 41, "softplus(" * 39 + "x" + ")" * 39, "root(x," * 41 + "3" + ")" * 41,
    "clip(" * 41, "log(x," * 60, "xy" * 249, "xyz" * 13 + "+x+y+z", "x+y+" + "xy" * 200,
    "x+y+" + "+".join(["xxyy"] * 90), "1,000" * 99, "1 000" * 99, "1½" * 200, "x(1)" * 120, "@(x)" * 120, "@(" * 240,
    "(x)=>" * 99 + "x", "x=>" * 160 + "x", "f:" * 240, "=" * 500, ":=" * 250, "e" * 500, "a" * 400 + "=x",
    "x" + "=x" * 200, "\n" * 499 + "x", "def f(x):" + "\n" * 400 + "x", "x" * 41 + "[0]", "x[0" + "0" * 400 + "]",
    "\u2061" * 499, "π" * 499 + "x",
]  # fmt: skip
EVERY = [*ATTRIBUTES, *PROGRAMS, *LATEX, *LOOKALIKES, *HUGE]
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_LEAVES_AND_OPERATORS = {"number", "named", "var", "add", "sub", "mul", "div", "neg", "pow"}


def _check_message(message: str, position: int, text: str) -> None:
    message.encode("utf-8")
    assert message.isprintable()
    assert 0 <= position <= len(text)
    assert 20 < len(message) < 500
    assert message.endswith((".", ")"))


def _refused(text: str) -> bool:
    """Whether the text is refused, well; what is read is made of the table's operations alone, and bounded."""
    try:
        f = Expression(text)
    except FormulaError as error:
        _check_message(str(error), error.position, text)
        return True
    graph = f._graph
    assert {node[0] for node in graph.nodes} <= {*FUNCTIONS, *_LEAVES_AND_OPERATORS}
    assert len(graph.nodes) <= 4_000
    assert all(_NAME.fullmatch(name) for name in f.variables)
    assert all(note.isprintable() and len(note) < 300 for note in f.notes)
    gradient_at(f, *[1.5] * len(f.variables))
    f.at_kink(*[0.0] * len(f.variables))
    assert len(f.latex) <= 10_100
    return False


@pytest.mark.parametrize("text", EVERY, ids=lambda text: ascii(text[:40]))
def test_is_refused_or_contained(text: str) -> None:
    _refused(text)


@pytest.mark.parametrize("text", ATTRIBUTES, ids=ascii)
def test_no_attribute_is_reached(text: str) -> None:
    assert _refused(text)


def test_no_command_of_tex_is_known_beyond_the_list() -> None:
    for name in (
        "input",
        "def",
        "let",
        "write",
        "csname",
        "loop",
        "href",
        "url",
        "htmlClass",
        "includegraphics",
        "require",
    ):
        assert _refused(rf"\{name}{{x}} + x")


def test_most_of_them_are_refused() -> None:
    read = [text for text in {*PROGRAMS, *LATEX, *LOOKALIKES} if not _refused(text)]
    assert len(read) < 30, sorted(read)
    assert len(set(EVERY)) > 600


def test_every_text_is_answered_on_a_thread_with_a_small_stack() -> None:
    failures: list[str] = []

    def work() -> None:
        for text in EVERY:
            try:
                _refused(text)
            except BaseException as error:
                failures.append(f"{text[:40]!r}: {error!r}"[:200])

    before = threading.stack_size(64 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join(120)
    assert not thread.is_alive()
    assert failures == []
