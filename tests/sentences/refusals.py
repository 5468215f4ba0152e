"""What is refused of a formula, a file, a map or an export: each sentence, and that what it advises is taken."""

from __future__ import annotations

from functools import cache

import gdviz
from gdviz.command_line import map_words
from gdviz.datasets import Table, make_table, read_csv
from gdviz.experiments.driving import read_turns
from gdviz.exports.formats import Wanted, export
from gdviz.exports.reopened import MOST_BYTES, link_in
from gdviz.exports.subject import Curves, Subject, subject_of
from gdviz.figures import PRINT
from gdviz.fits import Fit
from gdviz.learning_rates import FormulaRate
from gdviz.maps import Axis, trainability
from gdviz.optimizers.first_order import SteeredMomentum
from gdviz.scenes.map_bands import TaskMap
from gdviz.scenes.map_place import description_at
from gdviz.training import read_training
from gdviz.views import decode_views
from tests.sentences.case import LINE, Case, task_of
from tests.sentences.fields import refused, taken

BOWL = gdviz.parse("x^2 + 5*y^2")
EMPTY_ARCHIVE = b"PK\x05\x06" + bytes(18)
WIDE = make_table({f"x{i}": [1.0, 2.0] for i in range(1, 103)} | {"y": [1.0, 2.0]})


def formula(text: str) -> str:
    return refused(lambda: gdviz.parse(text))


def is_formula(text: str) -> bool:
    return taken(lambda: gdviz.parse(text))


FORMULAS = [
    Case("'exp' at character 1 needs an argument: write exp(x), or e^x.", lambda: formula("exp^x"),
         lambda: is_formula("exp(x)") and is_formula("e^x")),
    Case(r"write \\ for the next case, or \end{cases} there.",
         lambda: formula(r"\begin{cases} x & x>0 & 3 \end{cases}"),
         lambda: is_formula(r"\begin{cases} x & x>0 \\ 3 & \text{otherwise} \end{cases}")),
    Case("'integrate' at character 1 asks for something else: write only", lambda: formula("integrate x^2"),
         lambda: is_formula("x^2")),
    Case("'cot' at character 5 stands for 1/tan(x), which cannot be: A division by 0: write another denominator.",
         lambda: formula("x + cot(0)"), lambda: is_formula("x + cot(1)")),
    Case("'softplus' at character 1 stands for log1p(exp(x)), which cannot be: The constant part with 'exp' is",
         lambda: formula("softplus(900)*x"), lambda: is_formula("softplus(9)*x")),
]  # fmt: skip


def table(text: str) -> str:
    return refused(lambda: read_csv(text))


def is_table(text: str) -> bool:
    return taken(lambda: read_csv(text))


@cache
def lines(count: int, head: str = "x,y") -> str:
    return "\n".join([head, *(f"{k},{2 * k}" for k in range(count))])


FILES = [
    Case("The file has more than 50,000 rows (line 50002): leave out rows.", lambda: table(lines(50_001)),
         lambda: is_table(lines(50_000))),
    Case("has 101 columns, and at most 100 can be read: leave out columns.",
         lambda: table("\n".join([",".join("1" * 101)] * 2)), lambda: is_table("\n".join([",".join("1" * 100)] * 2))),
    Case("Line 1 has 101 columns, and at most 100 can be read", lambda: table("\n".join([
        ",".join(f"v{i}" for i in range(101)), *[",".join("1" * 100)] * 2])), lambda: is_table("x,y\n1,2\n3,4\n")),
    Case("The file has column names but no numbers: it needs at least two rows of numbers.", lambda: table("x,y\n"),
         lambda: is_table("x,y\n1,2\n3,4\n")),
    Case("numbers with a decimal comma need semicolons between the columns", lambda: table("x,y\n1,2\n1,5,2\n3,4\n5,6"),
         lambda: is_table("x;y\n1;2\n1,5;2\n3;4\n")),
]  # fmt: skip


def training(text: str) -> str:
    return refused(lambda: read_training(text.encode()))


RUNS_OF_OTHERS = [
    Case("This is no table of numbers: ", lambda: training("x,loss\n" + "1" * 200_000 + ",2\n3,4"),
         lambda: taken(lambda: read_training(b"x,loss\n1,2\n3,4"))),
]  # fmt: skip


@cache
def whole(link: str, of: Table | None = None) -> Subject:
    task = task_of(link, of)
    return subject_of(task, task.run())


def drawn(link: str, name: str, **curves: bool) -> str:
    return refused(lambda: whole(link).figure(name, PRINT, Curves(**curves)))


def sloped(link: str) -> bool:
    return taken(lambda: whole(link).figure("loss", PRINT, Curves(slope=True)))


EXPORTS = [
    Case("There is no figure “surface” of this; there are contour, theta, loss",
         lambda: drawn("formula=x^2&start=1", "surface"),
         lambda: taken(lambda: whole("formula=x^2&start=1").figure("contour", PRINT))),
    Case("There are too few epochs for a slope: let the run take more.",
         lambda: drawn("formula=x^2&start=1&epochs=2&learning_rate=0.1", "loss", slope=True),
         lambda: sloped("formula=x^2&start=1&epochs=20&learning_rate=0.1")),
    Case("There are too few epochs for a slope: take a smaller learning rate, or a start farther off.",
         lambda: drawn("formula=x^2&start=1&epochs=20&learning_rate=0.5", "loss", slope=True),
         lambda: sloped("formula=x^2&start=1&epochs=20&learning_rate=0.4")),
    Case("There is no format “doc”; choose one of",
         lambda: refused(lambda: export(whole("formula=x^2&start=1"), "doc")),
         lambda: taken(lambda: export(whole("formula=x^2&start=1"), "csv", Wanted()))),
    Case("A script of PyTorch is of plain, exact gradients; take the script of NumPy, or the numbers.",
         lambda: refused(lambda: export(whole(f"{LINE}&batch_size=10&epochs=3"), "py", Wanted(torch=True))),
         lambda: taken(lambda: export(whole(f"{LINE}&batch_size=10&epochs=3"), "py"))),
    Case("The file is larger than 16 MB", lambda: refused(lambda: link_in("?" * (MOST_BYTES + 1))), lambda: True),
    Case("The archive holds no run of gdviz", lambda: refused(lambda: link_in(EMPTY_ARCHIVE)), lambda: True),
]  # fmt: skip


def mapped(**changes: object) -> str:
    return refused(
        lambda: trainability(**{"objective": BOWL, "start": (1.0, 1.0), "shape": (2, 2), "epochs": 3} | changes)
    )


def dear(epochs: int) -> TaskMap:
    task = task_of(f"objective=rosenbrock&optimizer=newton&schedule=exact&learning_rate=1&epochs={epochs}")
    return TaskMap("trainability", task, (Axis("x", -1, 1), Axis("y", -1, 1)))


MAPS_REFUSED = [
    Case("is not proportional to the learning rate: choose another axis.",
         lambda: mapped(learning_rate=FormulaRate(0.1, "0.1/(k + 1)")),
         lambda: taken(lambda: trainability(BOWL, (1.0, 1.0), ("x", 0, 1), ("y", 0, 1), (2, 2), 3))),
    Case("A map of these runs would take too long: choose fewer epochs, or an optimizer that is not a search.",
         lambda: refused(dear(100_000).finest), lambda: dear(10).finest() > 0),
    Case("--size is “0”; a side has from 1 to", lambda: refused(lambda: map_words.size("0", "basins")),
         lambda: map_words.size("1", "basins") == (1, 1)),
    Case("Basins are in the data's own units: leave standardize out.",
         lambda: refused(lambda: map_words.axes(task_of(f"{LINE}&standardize=1"), "basins", None, None)),
         lambda: taken(lambda: map_words.axes(task_of(LINE), "basins", None, None))),
    Case("no run is there", lambda: refused(lambda: description_at(task_of(LINE), "basins", ("slope", "intercept"),
                                                                   float("inf"), 0)),
         lambda: description_at(task_of(LINE), "basins", ("slope", "intercept"), 0, 0)["lines"] != []),
]  # fmt: skip


def driven(rows: object) -> str:
    return refused(lambda: read_turns(rows))


MESSAGES = [
    Case("A drive is a list of turns, not too long.", lambda: driven([]),
         lambda: taken(lambda: read_turns([(0, 0.1, None)]))),
    Case("A turn is an epoch, a rate, and a beta or nothing.", lambda: driven([(0.5, 0.1, None)]),
         lambda: taken(lambda: read_turns([(5, 0.1, 0.9)]))),
    Case("it must be at least 0 and below 1.", lambda: refused(lambda: SteeredMomentum(0.9, "3:1.5")),
         lambda: taken(lambda: SteeredMomentum(0.9, "3:0.5"))),
    Case("must be some of", lambda: str(decode_views({"offered": "everything"}, ("x", "y"))[1]),
         lambda: decode_views({"offered": "start,epochs"}, ("x", "y"))[1] == ()),
    Case("A linear model takes 1 to 100 columns; this one has 102.",
         lambda: refused(lambda: Fit("linear(*)", WIDE.columns, "y")), lambda: True),
]  # fmt: skip
REFUSALS = [*FORMULAS, *FILES, *RUNS_OF_OTHERS, *EXPORTS, *MAPS_REFUSED, *MESSAGES]
