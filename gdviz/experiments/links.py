"""An experiment as the parameters of a link, and back. A link is a stranger's text: what is wrong in it is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from typing import Any

from gdviz.datasets import DATASETS, Table
from gdviz.datasets.cells import MAX_ROWS
from gdviz.descent import MAX_EPOCHS
from gdviz.experiments.experiment import GRADIENT_SOURCES, Experiment, Task
from gdviz.experiments.fitting import BATCH_FIELDS, FITTED_FIELDS, posing
from gdviz.experiments.posing import pose
from gdviz.experiments.problem import FIT, FORMULA, UPLOAD, Problem, ProblemError
from gdviz.experiments.queries import ALWAYS, read_query
from gdviz.experiments.rates import offered_rate
from gdviz.experiments.readers import Note, named, number, numbers, one_of, short, some_text, whole, written
from gdviz.experiments.unused import unused
from gdviz.fits import LOSSES
from gdviz.hyperparameters import settings
from gdviz.learning_rates import HIGHEST_RATE, LEARNING_RATES, Constant
from gdviz.optimizers import OPTIMIZERS
from gdviz.optimizers.first_order import GradientDescent
from gdviz.presets import PRESETS
from gdviz.spelling import did_you_mean

FORMAT = "1"  # the version of the links that are handed on; those without one are of this version

_FOR_FITS = (*FITTED_FIELDS, *BATCH_FIELDS)


def encode(experiment: Experiment) -> dict[str, str]:
    """Return the experiment as link parameters: always the main ones, the others where they differ from their defaults.

    ``decode(encode(e))`` gives ``e`` back to the last bit for every experiment that can run, if it holds no field that
    goes with another objective, data set or loss.
    """
    values, usual = _named(experiment), _usual()
    return {
        name: written(value)
        for name, value in values.items()
        if name in ALWAYS or (value != usual.get(name) and not _goes_with(name, values))
    }


@cache
def _usual() -> dict[str, Any]:
    return _named(Experiment())


def _named(experiment: Experiment) -> dict[str, Any]:
    """The fields of an experiment as a link has them: its optimizer and its schedule by their names, with settings."""
    method, rate = experiment.optimizer, experiment.learning_rate
    values = {f.name: getattr(experiment, f.name) for f in fields(experiment)}
    values |= {"learning_rate": experiment.eta, "optimizer": method.name, "schedule": rate.name}
    return values | settings(method) | settings(rate)


def decode(link: Mapping[str, str] | str, table: Table | None = None) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment of a link, and a sentence for each of its parameters that is not used as it stands.

    ``link`` is a whole address, its text from the question mark on, or its parameters. One that names a formula and no
    objective means that formula, one that names data or a model means a fit. Never raises. ``table`` is the visitor's
    own data, which no link carries.
    """
    parameters, notes = read_query(_query(link)) if isinstance(link, str) else (link, ())
    task, more = read_link(parameters, table)
    return task.experiment, tuple(map(str, (*notes, *more)))


def _query(address: str) -> str:
    """What stands behind the question mark, or the whole where there is none."""
    return address.partition("#")[0].rpartition("?")[2]


def read_link(parameters: Mapping[str, str], table: Table | None = None) -> tuple[Task, tuple[Note, ...]]:
    """Return what :func:`decode` does with the problem posed, and notes that tell what is wrong from what is used."""
    link = _Link(implied(parameters))
    link.take("v", _known_format, FORMAT)
    fields_of_objective, problem = _objective(link, table)
    optimizer = link.take("optimizer", one_of(_titles(OPTIMIZERS)), GradientDescent.name)
    schedule = link.take("schedule", one_of(_titles(LEARNING_RATES)), Constant.name)
    start = link.take("start", numbers(problem.variables), problem.start)
    method = link.take_own(OPTIMIZERS[optimizer]())
    offered = offered_rate(problem, start, method)
    eta = link.take("learning_rate", number(0, HIGHEST_RATE, above=True), offered)
    experiment = Experiment(
        **fields_of_objective,
        start=start,
        epochs=link.take("epochs", whole(1, MAX_EPOCHS), problem.epochs),
        optimizer=method,
        learning_rate=link.take_own(LEARNING_RATES[schedule](eta)),
        gradient=link.take("gradient", named(*GRADIENT_SOURCES), "exact"),
        h=link.take("h", number(0, 1, above=True), Experiment.h),
        tolerance=link.take("tolerance", number(0, 1), Experiment.tolerance),
        seed=link.take("seed", whole(0, 2**31 - 1), Experiment.seed),
    )
    runnable = _runnable(Task(experiment, problem), link.notes)
    left = {name: text for name, text in link.parameters.items() if name not in link.read}
    return runnable, (*link.notes, *unused(left, experiment))


def _known_format(text: str) -> str:
    """Read the version of the link's format. All that were ever written are known."""
    if text != FORMAT:
        raise ValueError(f"is no version of links that this gdviz knows (it knows {FORMAT}); a newer gdviz may")
    return text


@dataclass
class _Link:
    """The parameters of a link, which of them were read, and what was wrong with them."""

    parameters: dict[str, str]
    read: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)

    def take(self, name: str, read: Callable[[str], Any], default: Any) -> Any:
        """Return the value of ``name``, or ``default`` with a note on why."""
        self.read.add(name)
        if name not in self.parameters:
            return default
        text = self.parameters[name]
        try:
            return read(text)
        except ValueError as error:
            self.notes.append(Note(f"{name} = “{short(text)}” {error}", _default_instead(default), name))
            return default

    def take_own(self, owner: Any) -> Any:
        """Return an optimizer or a learning rate with the settings that the link has for it."""
        for f in fields(owner):
            if f.default is MISSING:
                continue
            read = str if f.metadata.get("text") else number(f.metadata["low"], f.metadata["high"])
            value = self.take(f.name, read, f.default)
            try:
                owner = replace(owner, **{f.name: value})
            except ValueError as error:
                shown = short(self.parameters.get(f.name, ""))
                self.notes.append(Note(f"{f.name} = “{shown}”: {error}", _default_instead(f.default)))
        return owner


def _default_instead(default: Any) -> str:
    return f"Its default {written(default)}".rstrip() + " is used instead."


def implied(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters with the objective that they mean."""
    if "objective" in parameters:
        return dict(parameters)
    if "formula" in parameters:
        return {"objective": FORMULA, **parameters}
    if any(name in parameters for name in ("data", "model", "target")):
        return {"objective": FIT, **parameters}
    return dict(parameters)


def _objective(link: _Link, table: Table | None) -> tuple[dict[str, Any], Problem]:
    """Return the fields that name the objective, and the problem they pose; the default one if they pose none.

    A start for another objective means nothing to the default one, so it goes without a word of its own.
    """
    link.read.add("objective")
    found: dict[str, Any] = {"objective": link.parameters.get("objective", Experiment.objective)}
    for name, read in _named_readers().items():
        if name not in link.parameters:
            continue
        because = _goes_with(name, vars(Experiment()) | found)
        if not because:
            found[name] = link.take(name, read, getattr(Experiment, name))
        else:
            link.read.add(name)
            if found["objective"] in (FORMULA, FIT, *PRESETS):  # of another one it is enough to say that there is none
                link.notes.append(Note(f"{name} = “{short(link.parameters[name])}” is not used: {because}"))
    try:
        return found, pose(**posing(found), table=table)
    except ProblemError as error:
        link.notes.append(_about_no_problem(error, found, table))
    link.read.add("start")
    link.parameters.pop("start", None)
    return {"objective": Experiment.objective}, pose(Experiment.objective)


def _about_no_problem(error: ProblemError, found: Mapping[str, Any], table: Table | None) -> Note:
    """The note on fields that pose no problem. ``name`` is the objective: nothing that goes with it is used either."""
    usual = PRESETS[Experiment.objective].title
    if awaits_file(found, table):
        return Note(str(error), f"Until then {usual} is shown; all else in the link is kept for the file.", "objective")
    shown = str(found.get(error.field, ""))
    hint = did_you_mean(shown, _choices(error.field))
    wrong = str(error).removesuffix("." if hint else "") + hint
    return Note(f"{error.field} = “{short(shown)}”: {wrong}", f"The default, {usual}, is shown instead.", "objective")


def awaits_file(parameters: Mapping[str, Any], table: Table | None) -> bool:
    """Whether a link's parameters are for the visitor's own data, which are not there."""
    return table is None and parameters.get("objective") == FIT and parameters.get("data") == UPLOAD


def _named_readers() -> dict[str, Callable[[str], Any]]:
    """How each field that belongs to one kind of objective is read, in this order."""
    return {
        "formula": str,
        "data": some_text,
        "model": some_text,
        "target": some_text,
        "fit_loss": one_of(_titles(LOSSES)),
        "delta": number(0, 1e150, above=True),
        "ridge": number(0, 1e100),
        "standardize": lambda text: named("0", "1")(text) == "1",
        "data_noise": number(0, 1e6),
        "batch_size": whole(0, MAX_ROWS),
        "shuffle_seed": whole(0, 2**31 - 1),
    }


def _goes_with(name: str, values: Mapping[str, Any]) -> str:
    """Return what the field ``name`` needs where ``values`` lack it; an empty text where it counts."""
    objective = values["objective"]
    if name == "formula" and objective != FORMULA:
        return f"it goes with objective=formula, and the objective is {short(objective)}"
    if name in _FOR_FITS and objective != FIT:
        return f"it goes with objective=fit, and the objective is {short(objective)}"
    if name == "delta" and (values["fit_loss"] or _usual_loss(values["data"])) != "huber":
        return "it goes with fit_loss=huber"
    if name == "data_noise" and values["data"] not in ("", "line"):
        return "it goes with data=line"
    if name == "shuffle_seed" and not values["batch_size"]:
        return "it goes with a batch_size above 0"
    return ""


def _usual_loss(data: str) -> str:
    return DATASETS[data].loss if data in DATASETS else "squared"


def _choices(name: str) -> tuple[str, ...]:
    """The names that a field can have, for a hint."""
    return {"objective": (FORMULA, FIT, *PRESETS), "data": (*DATASETS, UPLOAD)}.get(name, ())


def _titles(registry: Mapping[str, Any]) -> dict[str, str]:
    """What people call each member of ``registry``."""
    return {name: str(cls.title).split(" (")[0] for name, cls in registry.items()}


def _runnable(task: Task, notes: list[Note]) -> Task:
    """Return the task, without a schedule or an optimizer that refuses to go with the rest of it."""
    constant = {"learning_rate": Constant(task.experiment.eta)}
    plain = constant | {"optimizer": GradientDescent()}
    for plainer in ({}, constant, plain, plain | {"gradient": "exact"}):
        found = task.changed(**plainer)
        try:
            found.check()
        except ValueError as error:
            note = Note(str(error), "Plain gradient descent at a constant rate is used where these do not go together.")
            notes.extend({note}.difference(notes))
        else:
            return found
    raise AssertionError("Gradient descent at a constant rate with exact gradients goes with everything.")
