"""What is said beside a field, or of a link: what is refused, and what would be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gdviz
from gdviz import hyperparameters
from gdviz.datasets import Table
from gdviz.experiments import Experiment, decode
from gdviz.exports.errors import ExportError
from gdviz.fits import about_names
from gdviz.learning_rates import Constant
from gdviz.ui.sidebar import number_field
from tests.sentences.case import LINE, ROWS, Case, task_of

BOWL = gdviz.parse("x^2 + 5*y^2")


def refused(make: Callable[[], Any]) -> str:
    try:
        make()
    except (ValueError, ExportError) as error:
        return str(error)
    raise AssertionError("It was taken.")


def taken(make: Callable[[], Any]) -> bool:
    make()
    return True


def descended(start: Any = (1.0, 1.0), epochs: Any = 3, optimizer: Any = "gd", rate: Any = 0.01, f: Any = BOWL,
              **more: Any) -> Any:  # fmt: skip
    return gdviz.descend(f, start, rate, epochs, optimizer, **more)


def said_of(link: str, table: Table | None = None) -> str:
    return " ".join(decode(link, table)[1])


def searched(name: str) -> Any:
    return gdviz.LEARNING_RATES[name](0.1)


ROW_FIT = "objective=fit&data=upload&target=y&model="
REFUSED = [
    Case("is no objective: take gdviz.parse", lambda: refused(lambda: descended(f="x^2")),
         lambda: taken(lambda: descended(f=gdviz.parse("x^2"), start=[1]))),
    Case("needs data to fit and exact gradients", lambda: refused(lambda: descended(optimizer="gauss_newton")),
         lambda: taken(lambda: descended(optimizer="newton")) and taken(lambda: descended(optimizer="bfgs"))),
    Case("choose the optimizer gd", lambda: refused(lambda: descended(optimizer="adam", rate=searched("polyak"))),
         lambda: taken(lambda: descended(rate=searched("polyak")))),
    Case("its velocity may carry it uphill. Choose a constant learning rate or a schedule",
         lambda: refused(lambda: descended(optimizer="momentum", rate=searched("backtracking"))),
         lambda: all(taken(lambda name=name: descended(optimizer=name, rate=searched("backtracking")))
                     for name, cls in gdviz.OPTIMIZERS.items()
                     if cls.downhill and getattr(cls, "needs", "") != "residuals")),
    Case("The start has 1 number; this function needs 2 (x, y).", lambda: refused(lambda: descended([1.0])),
         lambda: taken(lambda: descended([1.0, 2.0]))),
    Case("every number of it must be finite", lambda: refused(lambda: descended([1.0, np.inf])),
         lambda: taken(lambda: descended([1.0, 1e300]))),
    Case("it must be a whole number from 1 to 100,000", lambda: refused(lambda: descended(epochs=100_001)),
         lambda: taken(lambda: descended(epochs=100_000)) and taken(lambda: descended(epochs=1))),
    Case("Every learning rate must be a finite number above 0.",
         lambda: refused(lambda: gdviz.descend_batch(BOWL, [(1, 1)], [0.1, 0.0])),
         lambda: taken(lambda: gdviz.descend_batch(BOWL, [(1, 1)], [0.1, 1e-300]))),
    Case("The tolerance is -1; it must be 0 or above.", lambda: refused(lambda: descended(tolerance=-1)),
         lambda: taken(lambda: descended(tolerance=0))),
    Case("it must be at least 0 and below 1", lambda: refused(lambda: gdviz.Momentum(1.0)),
         lambda: taken(lambda: gdviz.Momentum(0.0)) and taken(lambda: gdviz.Momentum(np.nextafter(1, 0)))),
    Case("it must be a number at least 0", lambda: refused(lambda: gdviz.Momentum("much")), lambda: True),
    Case("has no hyper-parameter “alpha”; it has: beta.",
         lambda: refused(lambda: descended(optimizer="momentum", alpha=0.5)),
         lambda: taken(lambda: descended(optimizer="momentum", beta=0.5))),
    Case("needs learning_rate.", lambda: refused(lambda: hyperparameters.make(gdviz.LEARNING_RATES["cosine"], {}, "x")),
         lambda: taken(lambda: hyperparameters.make(gdviz.LEARNING_RATES["cosine"], {"learning_rate": 1.0}, "x"))),
    Case("Epochs is empty: type a number.", lambda: number_field.refusal("Epochs", None, 1, 9), lambda: True),
    Case("Epochs 0 is out of range: type a number at least 1.", lambda: number_field.refusal("Epochs", 0, 1, 9),
         lambda: taken(lambda: descended(epochs=1))),
    Case("Rate 0 is out of range: type a number above 0.", lambda: number_field.refusal("Rate", 0, 5e-324, 9),
         lambda: taken(lambda: descended(rate=5e-324))),
    Case("type a number at most 9.", lambda: number_field.refusal("Epochs", 10, 1, 9), lambda: True),
]  # fmt: skip

LINKS = [
    Case("epochs = “0” must be a whole number from 1 to 100,000. Its default 20 is used instead.",
         lambda: said_of("epochs=0"), lambda: decode("epochs=0")[0].epochs == 20 and said_of("epochs=1") == ""),
    Case("must be above 0 and at most", lambda: said_of("learning_rate=0"),
         lambda: said_of("learning_rate=1e-300") == ""),
    Case("must be 2 numbers with commas between them (x, y)", lambda: said_of("start=1"),
         lambda: said_of("start=1,2") == ""),
    Case("must be one of constant", lambda: said_of("schedule=cosinus"), lambda: said_of("schedule=cosine") == ""),
    Case("did you mean cosine?", lambda: said_of("schedule=cosin"), lambda: said_of("schedule=cosine") == ""),
    Case("is empty", lambda: said_of("data="), lambda: said_of("data=line") == ""),
    Case("is too long for a number", lambda: said_of("epochs=" + "1" * 61), lambda: True),
    Case("is empty, so it is not a number", lambda: said_of("epochs="), lambda: True),
    Case("is not a number; write it with a point and no separators", lambda: said_of("epochs=1,000"),
         lambda: decode("epochs=1000")[0].epochs == 1000),
    Case("must be a finite number", lambda: said_of("learning_rate=inf"), lambda: True),
    Case("is no version of links that this gdviz knows (it knows 1)", lambda: said_of("v=2"),
         lambda: said_of("v=1") == ""),
    Case("Until then Ravine 0.1x² + 2y² is shown", lambda: said_of(f"{ROW_FIT}a*x"),
         lambda: decode(f"{ROW_FIT}a*temperature", ROWS)[1] == ()),
    Case("The default, Ravine 0.1x² + 2y², is shown instead.", lambda: said_of("objective=nothing"),
         lambda: decode("objective=nothing")[0].objective == Experiment.objective),
    Case("it goes with objective=formula, and the objective is booth", lambda: said_of("objective=booth&formula=x"),
         lambda: said_of("objective=formula&formula=x") == ""),
    Case("it goes with objective=fit, and the objective is booth", lambda: said_of("objective=booth&ridge=1"),
         lambda: said_of("objective=fit&data=line&ridge=1") == ""),
    Case("it goes with fit_loss=huber", lambda: said_of(f"{LINE}&delta=2"),
         lambda: said_of(f"{LINE}&delta=2&fit_loss=huber") == ""),
    Case("it goes with data=line", lambda: said_of("objective=fit&data=misra1a&data_noise=1"),
         lambda: said_of(f"{LINE}&data_noise=1") == ""),
    Case("it goes with a batch_size above 0", lambda: said_of(f"{LINE}&shuffle_seed=1"),
         lambda: said_of(f"{LINE}&shuffle_seed=1&batch_size=5") == ""),
    Case("Plain gradient descent at a constant rate is used where these do not go together.",
         lambda: said_of("optimizer=momentum&schedule=backtracking"),
         lambda: decode("optimizer=momentum&schedule=backtracking")[0].learning_rate == Constant(
             decode("optimizer=momentum")[0].eta)),
    Case("gd has no beta (its own settings: none); it goes with optimizer=momentum", lambda: said_of("beta=0.5"),
         lambda: said_of("beta=0.5&optimizer=momentum") == ""),
    Case("there is no such setting; did you mean epochs?", lambda: said_of("epoch=5"),
         lambda: said_of("epochs=5") == ""),
    Case("2 more names in the link are no settings of this run",
         lambda: said_of("&".join(f"qq{k}=1" for k in range(7))),
         lambda: True),
]  # fmt: skip


def hinted(model: str) -> str:
    fit = task_of(f"{ROW_FIT}{model}", ROWS).problem.fit
    assert fit is not None
    return about_names(fit)


NAMES = [
    Case("Did you mean the column “temperature” by “temp”?", lambda: hinted("a*temp"),
         lambda: hinted("a*temperature") == ""),
    Case("The model uses no column: a is a parameter, and it says the same for every row. The columns are temperature.",
         lambda: hinted("a"), lambda: True),
]  # fmt: skip
