"""What is said of the parts of a link that are no experiment: runs to compare, fair terms, the view of a map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gdviz
from gdviz.comparisons import Comparison, Contender, FairTerms, decode_runs, decode_terms, encode_comparison, labels
from gdviz.experiments import Experiment
from gdviz.learning_rates import make_learning_rate
from gdviz.maps.axes import Axis, place_of, read_axis, read_shape, start_of
from gdviz.maps.view import read_map_view
from tests.sentences.case import Case


def refused(make: Callable[[], Any]) -> str:
    try:
        make()
    except ValueError as error:
        return str(error)
    return ""


def runs(text: str) -> str:
    return " ".join(decode_runs(text)[1])


def terms(text: str) -> str:
    return " ".join(decode_terms(text, FairTerms())[1])


def map_view(text: str) -> str:
    return refused(lambda: read_map_view(text))


def axis(name: str, variables: tuple[str, ...] = ("x", "y")) -> str:
    return refused(lambda: place_of(name, variables, gdviz.Momentum()))


SLOWER = make_learning_rate("formula", 0.1, rate_formula="eta" + "*(1+0*k)" * 20)
LONG = Comparison(
    Experiment(objective="formula", formula="x²+" * 150 + "x", start=(1.0,)),
    tuple(Contender("gd", SLOWER, name="€" * 24) for _ in range(8)),
)

RUNS = [
    Case("The link has 9 runs; the first 8 are shown.", lambda: runs(";".join(["gd@0.1"] * 9)),
         lambda: len(decode_runs(";".join(["gd@0.1"] * 9))[0]) == 8 and runs(";".join(["gd@0.1"] * 8)) == ""),
    Case("there is no optimizer “adem”; did you mean adam? That run is left out.", lambda: runs("adem@1;gd@0.1"),
         lambda: [c.optimizer.name for c in decode_runs("adem@1;gd@0.1")[0]] == ["gd"] and runs("adam@1") == ""),
    Case("The rate 0.01 is used instead.", lambda: runs("gd@x"), lambda: decode_runs("gd@x")[0][0].eta == 0.01),
    Case("beta is given 2 times in “momentum@0.1,beta=0.5,beta=0.6”; the last one counts.",
         lambda: runs("momentum@0.1,beta=0.5,beta=0.6"),
         lambda: decode_runs("momentum@0.1,beta=0.5,beta=0.6")[0][0].optimizer == gdviz.Momentum(0.6)),
    Case("A setting is written name=value", lambda: runs("momentum@0.1,beta"),
         lambda: runs("momentum@0.1,beta=0") == ""),
    Case("has no “gamma”: it has beta, schedule, name, color; its rate stands after the @.",
         lambda: runs("momentum@0.1,gamma=1"),
         lambda: runs("momentum@0.1,beta=0.5,schedule=cosine,name=a,color=1") == ""),
    Case("It is not a number.", lambda: runs("momentum@0.1,beta=much"), lambda: runs("momentum@0.1,beta=0.5") == ""),
    Case("It must be a whole number.", lambda: runs("gd@0.1,color=1.5"), lambda: runs("gd@0.1,color=1") == ""),
    Case("it must be above 0 and at most", lambda: refused(lambda: Contender("gd", 1e7)),
         lambda: refused(lambda: Contender("gd", 1e6)) == ""),
    Case("at most 24 printable characters, and no spaces around it",
         lambda: refused(lambda: Contender("gd", 0.1, name="x" * 25)),
         lambda: refused(lambda: Contender("gd", 0.1, name="x" * 24)) == ""),
    Case("color is 8; it must be a whole number from 0 to 7.", lambda: refused(lambda: Contender("gd", 0.1, color=8)),
         lambda: refused(lambda: Contender("gd", 0.1, color=7)) == ""),
    Case("The page’s link would be longer than 4 kB: shorten the names, or remove a run.",
         lambda: refused(lambda: encode_comparison(LONG)),
         lambda: refused(lambda: encode_comparison(replace(LONG, contenders=LONG.contenders[:1]))) == ""),
    Case("holds at most 8 runs; these are 9", lambda: refused(lambda: Comparison(Experiment(), (Contender(),) * 9)),
         lambda: len(labels(Comparison(Experiment(), (Contender(),) * 8).contenders)) == 8),
]  # fmt: skip

TERMS = [
    Case("budget is given more than once; the last one counts.", lambda: terms("budget=10,budget=20"),
         lambda: decode_terms("budget=10,budget=20", FairTerms())[0].budget == 20),
    Case("There is no such term; did you mean budget?", lambda: terms("budgett=10"), lambda: terms("budget=10") == ""),
    Case("budget is 1; it must be from 2 to 100,000 gradient evaluations. The usual terms are used instead.",
         lambda: terms("budget=1"), lambda: decode_terms("budget=1", FairTerms())[0] == FairTerms()),
    Case("trials is 201; it must be from 2 to 200.", lambda: terms("trials=201"), lambda: terms("trials=200") == ""),
    Case("they must rise within", lambda: terms("low=1,high=0.1"), lambda: terms("low=0.1,high=1") == ""),
    Case("goal is 1; it must be between 0 and 1.", lambda: terms("goal=1"), lambda: terms("goal=0.5") == ""),
]  # fmt: skip

AXES = [
    Case("it must be 'linear' or 'log'.", lambda: refused(lambda: Axis("x", 1, 2, "cubic")),
         lambda: refused(lambda: Axis("x", 1, 2, "log")) == ""),
    Case("it needs two finite numbers, the lower first.", lambda: refused(lambda: Axis("x", 2, 1)),
         lambda: refused(lambda: Axis("x", 1, 2)) == ""),
    Case("x starts at 0; a logarithmic axis starts above 0.", lambda: refused(lambda: Axis("x", 0, 1, "log")),
         lambda: refused(lambda: Axis("x", 1e-300, 1, "log")) == ""),
    Case("it must be (name, low, high) or (name, low, high, 'log').", lambda: refused(lambda: read_axis("x", "y")),
         lambda: refused(lambda: read_axis(("x", 0, 1), "y")) == ""),
    Case("its ends must be numbers.", lambda: refused(lambda: read_axis(("x", None, 1), "y")), lambda: True),
    Case("it must be two whole numbers above 0, rows and columns.", lambda: refused(lambda: read_shape((0, 5))),
         lambda: read_shape((1, 5)) == (1, 5)),
]  # fmt: skip

VIEWS = [
    Case("must begin with one of basins", lambda: map_view("hills"), lambda: map_view("basins") == ""),
    Case("must name no axes or two, as in basins;x:-5:5;y:-5:5", lambda: map_view("basins;x:-5:5"),
         lambda: map_view("basins;x:-5:5;y:-5:5") == ""),
    Case("an axis is name:low:high or name:low:high:log", lambda: map_view("basins;x:-5;y:-5:5"),
         lambda: map_view("trainability;learning_rate:0.1:1:log;x:-5:5") == ""),
    Case("whose ends are no numbers", lambda: map_view("basins;x:a:5;y:-5:5"), lambda: True),
    Case("There is no axis “z” here; choose among learning_rate, x, y, beta.", lambda: axis("z"),
         lambda: not any(map(axis, ("learning_rate", "x", "y", "beta")))),
    Case("“beta” is a variable and a setting of Momentum (heavy ball) too: rename the variable in the formula.",
         lambda: axis("beta", ("beta",)), lambda: axis("beta", ("b",)) == ""),
    Case("A start is needed for y: pass start, 2 numbers.", lambda: refused(lambda: start_of(None, ("x", "y"), ["x"])),
         lambda: refused(lambda: start_of([1, 2], ("x", "y"), ["x"])) == ""),
    Case("it must be 2 numbers (x, y).", lambda: refused(lambda: start_of([1], ("x", "y"), [])), lambda: True),
    Case("every number of it must be finite.", lambda: refused(lambda: start_of([1, float("inf")], ("x", "y"), [])),
         lambda: True),
]  # fmt: skip
