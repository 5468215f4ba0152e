"""Hostile texts: formulas, links and files, many of each, made from what people try."""

from __future__ import annotations

import random
from itertools import product
from urllib.parse import urlencode

from gdviz.datasets import DATASETS
from gdviz.fits import LOSSES
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS

_PAYLOADS = (
    "__import__('os').system('id')", "__import__('os')", "().__class__.__bases__[0].__subclasses__()", "eval('1')",
    "exec('x=1')", "open('/etc/passwd').read()", "globals()['os']", "x.__class__", "(lambda: x)()", "f'{x}'",
    "`id`", "$(id)", "${7*7}", "{{7*7}}", "<script>alert(1)</script>", "';drop table x;--", "\\input{/etc/passwd}",
    "\\write18{id}", "%00", "\x00", "[x for x in (1,)]", "import os", "x if x else os", "breakpoint()", "help()",
    "getattr(x,'y')", "vars()", "type(x)", "compile('1','','eval')", "input()", "print(x)", "np.load('x')",
    "np.ctypeslib", "sys.exit()", "numpy.__loader__", "self", "x:=5", "*x", "**x", "@x", "lambda x: x.y",
    "__builtins__", "v0", "number0", "zip(x)", "_x", "\u202ex", "\ufeffx", "x\u200dy", "d\u0435f", "e\u0301",
)  # fmt: skip
_FRAMES = ("{}", "x + {}", "sin({})", "x^({})", "f(x) = {}", "if(x > 0, {}, x)")

_LONG = (
    "x" + "+x" * 5000, "(" * 300 + "x" + ")" * 300, "sin(" * 150 + "x" + ")" * 150, "x^" * 200 + "2", "-" * 400 + "x",
    "9" * 400, "1e999", "1e-999", "0." + "1" * 300, "x**" * 100 + "9", "(x+y)^" * 20 + "2",
    "exp(" * 40 + "x" + ")" * 40,
    "*".join(f"sin({a}{b})" for a, b in product("abcdefgh", "123456")), "|" * 200 + "x", "x!" * 100,
    "+".join(f"x{i}" for i in range(100)), "max(" + ",".join("x" * 120) + ")", "\\frac{" * 60 + "x", "$" * 500,
    "\\begin{cases}" * 30, "{" * 400, "x" * 499, "x?" * 100 + "y", "not " * 90 + "x", "√" * 200 + "x", "²" * 300,
    "x^x^x^x^x^x^x^x^x^x", "1/0", "0/0", "0^0", "(-1)^0.5", "log(0)", "log(-1)", "x^1e308", "exp(exp(exp(x)))",
    "cosh(sinh(exp(x^9)))^9", "tan(1/x)^99", "1e150*1e150*x", "abs(abs(abs(x)))^0.1", "sign(x)/sign(x)", "x%0", "0*inf",
    "nan", "inf", "-inf*x", "Infinity", "NaN*x",
)  # fmt: skip

FORMULAS = [frame.format(payload) for payload in _PAYLOADS for frame in _FRAMES] + list(_LONG)


def links(count: int, seed: int = 0) -> list[str]:
    """Return so many links, sensible and not, of all parameters there are."""
    choose = random.Random(seed)
    numbers = ("0", "-1", "1", "0.1", "1e-300", "1e300", "1e999", "nan", "inf", "1e6", "10**9", "٣", "1,5", "", "x",
               "9" * 400, "0x10", "1_000", "+1", " 1 ")  # fmt: skip
    texts = ("", "x^2 + y^2", "divisor^2", "handle^2 + is^2", "x", "k", "theta^2", "1/x", "a*x+b", "sqrt(-1-x^2)*y",
             "fields^2+near^2", "if(x>0,x,y)", "exp(x^9)", *_PAYLOADS[:20])  # fmt: skip
    names = [f"{name}^2" for name in _field_names()]
    methods, rates = list(OPTIMIZERS), list(LEARNING_RATES)
    values: dict[str, tuple[str, ...]] = {
        "objective": ("formula", "formula", "fit", *PRESETS, "nothing", ""), "formula": (*texts, *names),
        "data": (*DATASETS, "upload", "../../etc/passwd", ""),
        "model": (*texts, "linear(*)", "polynomial(x,3)", "polynomial(x, 20)", "linear(x, y)", "linear(x1, x2)"),
        "target": ("y", "x", "", "z"), "start": ("0,0", "1", "1,2,3", "nan,nan", "1e308,-1e308", ",", "a"),
        "optimizer": (*methods, "magic"), "schedule": (*rates, "magic"), "fit_loss": (*LOSSES, "no"),
        "gradient": ("exact", "estimated", "guessed"), "standardize": ("0", "1", "2"), "theory": ("0", "1", "x"),
        "landscape": ("surface", "both", "above", "flat"), "axes": ("x,y", "x,x", "a,b", ""), "hide": ("pages", "all"),
        "rate_formula": ("eta*(1-k/50)", "eta/0", "k", "eta*exp(-k)", "x", "-eta", "__import__('os')"),
        "runs": ("gd@0.1;adam@1", "gd@", ";;;;", "magic@1", "gd@1,beta=2", "%ZZ@1"), "fair": ("on", "budget=1", "x=1"),
        "scenario": ("edge", "none", "<b>"), "cover": ("1", "0", "y"), "present": ("1", "2"), "question": _PAYLOADS[:8],
        "offered": ("start", "learning_rate,epochs", "x"), "beta_changes": ("5:0.3", "a:b", "-1:2", "5:9"),
    }  # fmt: skip
    hyper = ("learning_rate", "epochs", "h", "tolerance", "seed", "batch_size", "shuffle_seed", "data_noise", "delta",
             "ridge", "beta", "beta1", "beta2", "epsilon", "start_divisor", "end_divisor", "every", "drop", "f_min",
             "weight_decay", "__class__", "epoch")  # fmt: skip
    found = []
    for _ in range(count):
        parameters = {name: choose.choice(choices) for name, choices in values.items() if choose.random() < 0.25}
        parameters |= {name: choose.choice(numbers) for name in hyper if choose.random() < 0.15}
        found.append(urlencode(parameters))
    return found


def _field_names() -> list[str]:
    """Variables called as the page's own fields are."""
    return ["divisor", "learning_rate", "optimizer", "epochs", "point", "point_index", "x_1", "self", "near_data"]


_CELLS = ("1", "", "nan", "inf", "-1e999", "=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "\uff1d1", '"', '"a""b"',
          "1,5", "1.234,5", "2020-01-01", "<script>", "\x00", "\u202e1", "1e308", "9" * 90, "x" * 90,
          "−1", "½")  # fmt: skip


def files(count: int, seed: int = 0) -> list[bytes]:
    """Return so many files that are no tables, or odd ones."""
    choose = random.Random(seed)
    found = [
        b"", b"\n" * 1000, b"\x00" * 1000, b"PK\x03\x04" + b"x" * 100, b"%PDF-1.7", b"\xff\xfe", b"\xef\xbb\xbf",
        b"\xff\xfex\x00,\x00", b'"' * 9999, b"," * 9999, b";\t|" * 999, b"x,y\r" * 50, b"sep=;\n1;2\n3;4",
        b"x,y\n1,2", b"x,x\n1,2\n3,4", b"__class__,eval\n1,2\n3,4", b"<html><table>", b"{}", b"[[1,2],[3,4]]",
        b"x,y\n" + b"1," * 300, "x,y\n١,٢\n٣,٤".encode(), b"a" * 100_000, ("1,2\n" * 30_000).encode(),
    ]  # fmt: skip
    while len(found) < count:
        width, separator = choose.randint(1, 6), choose.choice([",", ";", "\t", " ", "|", ", "])
        rows = [separator.join(choose.choice(_CELLS) for _ in range(width + (choose.random() < 0.1)))
                for _ in range(choose.randint(0, 30))]  # fmt: skip
        header = [separator.join(choose.choice(["x", "y", "eval", "a b", "", "1"]) for _ in range(width))]
        text = choose.choice(["\n", "\r\n", "\r"]).join(header * (choose.random() < 0.7) + rows)
        found.append(text.encode(choose.choice(["utf-8", "utf-16", "cp1252"]), "replace"))
    return found[:count]
