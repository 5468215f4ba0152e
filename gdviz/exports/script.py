"""A run, or all runs of a comparison, as a short Python script that needs NumPy alone and reprints the numbers.

What is computed is written from the step's graph, as all codes are: its names are ``v7`` and ``theta0``, its texts are
quoted by Python. What a visitor typed stands only in comments, each on one line.
"""

from __future__ import annotations

from textwrap import indent

from gdviz.arrays import Array
from gdviz.codes.step_graph import StepGraph
from gdviz.comparisons import own_runs
from gdviz.descent import Trajectory
from gdviz.descent.step import can_trace, sequences_of, step_graph
from gdviz.experiments import Task
from gdviz.exports.errors import NotOffered
from gdviz.exports.script_text import (
    TOTAL,
    comment,
    data_literals,
    floats,
    head,
    imports,
    literal,
    literals,
    refuse_own_data,
    row_totals,
    setting_lines,
    unpacked,
)
from gdviz.exports.subject import Subject
from gdviz.exports.vector_script import vector_parts
from gdviz.formulas.text import names_of
from gdviz.learning_rates import Schedule
from gdviz.numerals import format_count
from gdviz.optimizers import VectorOptimizer

_FUTURE = "from __future__ import annotations\n\n"
_LOOP = '''
def descend():
    """Return theta, f and its gradient at every epoch; epoch 0 is the start."""
    theta, state = [np.float64(x) for x in START], STATE
    thetas, values, gradients = [], [], []
    with np.errstate(all="ignore"):
        for k in range(EPOCHS + 1):
            rate = RATES[k] if k < EPOCHS else 0.0
            value, gradient, after, state = step(theta, state, rate{now})
            thetas.append(theta)
            values.append(value)
            gradients.append(gradient)
            theta = after
    return np.array(thetas), np.array(values), np.array(gradients)

'''
_PASSES = '''
def descend():
    """Return theta, f and its gradient at every epoch; epoch 0 is the start. An epoch goes through all rows, shuffled,
    BATCH of them a step; f and its gradient are those of all rows."""
    theta, state = [np.float64(x) for x in START], STATE
    thetas, values, gradients = [], [], []
    shuffled = np.random.RandomState(SEED)
    with np.errstate(all="ignore"):
        for k in range(EPOCHS + 1):
            value, gradient, _, _ = step(theta, state, 0.0{now})
            thetas.append(theta)
            values.append(value)
            gradients.append(gradient)
            if k < EPOCHS:
                order = shuffled.permutation(DATA.shape[1])
                for first in range(0, len(order), BATCH):
                    rows = DATA[:, order[first : first + BATCH]]
                    _, _, theta, state = step(theta, state, RATES[k]{now}, rows)
    return np.array(thetas), np.array(values), np.array(gradients)

'''
_OWN = """
def own_units(thetas):
    \"\"\"Return theta of the standardized terms in the data's own units.\"\"\"
    own = thetas / np.array(SCALES)
{shift}    return own

"""
_PRINT = """
if __name__ == "__main__":
    thetas, values, gradients = descend()
{own}    print(f"epoch {{EPOCHS}}")
    for name, x in zip(NAMES, thetas[-1].tolist()):
        print(f"{{name}} = {{x!r}}")
    print(f"f = {{values[-1].item()!r}}")
"""
PRINT_ALL = """
if __name__ == "__main__":
    for label, make in RUNS:
        thetas, values, gradients = make()
        print(f"{label}: epoch {len(values) - 1}")
        for name, x in zip(NAMES, thetas[-1].tolist()):
            print(f"{name} = {x!r}")
        print(f"f = {values[-1].item()!r}")
"""
_CURVES = """\
import matplotlib.pyplot as plt

figure, (above, below) = plt.subplots(2, sharex=True, layout="constrained")
for name, column in zip(NAMES, thetas.T):
    above.plot(column, label=name)
above.set_ylabel("parameters")
above.legend()
below.plot(values)
below.set_yscale("log" if (values > 0).all() and values.max() > 100 * values.min() else "linear")
below.set_xlabel("epoch")
below.set_ylabel("f")
plt.show()"""
_CURVES_OF_ALL = """\
import matplotlib.pyplot as plt

for label, make in RUNS:
    plt.plot(make()[1], label=label)
plt.yscale("symlog" if min(make()[1].min() for _, make in RUNS) <= 0 else "log")
plt.xlabel("epoch")
plt.ylabel("f")
plt.legend()
plt.show()"""


def to_script(subject: Subject, matplotlib: bool = False, with_data: bool = False) -> str:
    """Return a Python script that prints each run's last theta, with all its digits, and f there.

    ``descend()`` in it gives every epoch; of a comparison each run is a function of its own. ``matplotlib`` adds
    pictures, ``with_data`` says that own data may be in it. The rates of a line search stand in it as they were found.
    Raises NotOffered for own data without a word, and where another program made all runs.
    """
    shown = PRINT_ALL if subject.results else _PRINT.format(own=indent(own_units_line(subject.task), "    "))
    drawn = "\n" + indent(curves(subject), "    ") + "\n" if matplotlib else ""
    return definitions(subject, with_data) + shown + drawn


def curves(subject: Subject) -> str:
    """Return the lines that draw the curves with Matplotlib."""
    return _CURVES_OF_ALL if subject.results else _CURVES


def definitions(subject: Subject, with_data: bool) -> str:
    """Return all of the script but what is done when it is run."""
    task = subject.task
    if subject.results:
        return _definitions_of_all(subject, with_data)
    begun = head(task, task.experiment.optimizer.title, subject.link)
    return begun + _FUTURE + _run_parts(task, subject.run, with_data)


def _definitions_of_all(subject: Subject, with_data: bool) -> str:
    """The same of a comparison. A run that another program made is named in it as left out."""
    task, results = subject.task, subject.results
    own, left = own_runs(results), [result.label for result in results if result.recorded]
    if not own:
        raise NotOffered("Nothing here can make a run of another program anew: add a run, or take the numbers.")
    parts = [
        head(task, format_count(len(own), "run"), subject.link),
        *(comment(f"Left out, since another program made it: {label}") for label in left),
        _FUTURE,
        f"NAMES = {list(task.problem.variables)!r}\n",
    ]
    for place, result in enumerate(own):
        one = Task(result.experiment, task.problem)
        text = _run_parts(one, result.run, with_data)
        last = "thetas, values, gradients = descend()\n" + own_units_line(one) + "return thetas, values, gradients\n"
        parts.append(f"\n\ndef run{place}():\n" + indent(comment(result.label) + text + "\n" + last, "    "))
    names = ", ".join(f"({_quoted(result.label)}, run{place})" for place, result in enumerate(own))
    return "".join([*parts, f"\n\nRUNS = [{names}]\n\n"])


def _run_parts(task: Task, run: Trajectory, with_data: bool) -> str:
    """The imports, the numbers and the functions of a run."""
    method, moved = task.experiment.optimizer, run.moved or run
    if _holds_rows(task):
        refuse_own_data(task, with_data)
    if _is_searched(task):
        return vector_parts(task, moved) + _scaling(task)
    step = step_graph(task.descended if task.batched is None else task.batched.by_rows, method)
    sequences = sequences_of(method, len(run.variables), max(1, len(moved.learning_rates)))
    now = ", [s[min(k, EPOCHS - 1)] for s in SEQUENCES]" if step.shape.sequences else ""
    return "".join(
        [
            imports(step.shape.step.only(step.shape.step.roots[:-4])),
            _constants(task, moved, step, sequences),
            TOTAL if step.shape.rows is not None else "",
            _step(step),
            (_LOOP if task.batched is None else _PASSES).format(now=now),
            _scaling(task),
        ]
    )


def _is_searched(task: Task) -> bool:
    """Whether the method looks at whole vectors, and is written out as such."""
    method = task.experiment.optimizer
    traced = isinstance(task.experiment.learning_rate, Schedule) and can_trace(task.descended, method)
    return isinstance(method, VectorOptimizer) and not traced


def _holds_rows(task: Task) -> bool:
    """Whether rows of a fit stand in its script: its quadratic form, where steps need no more, holds none."""
    method = task.experiment.optimizer
    fit = task.problem.descended if task.problem.fit is not None else None
    if fit is None:
        return False
    return task.batched is not None or fit.form is None or getattr(method, "needs", "") == "residuals"


def _constants(task: Task, moved: Trajectory, step: StepGraph, sequences: Array) -> str:
    lines = [
        *setting_lines(task, moved),
        f"STATE = {literals(step.initial)}  # what the optimizer remembers, at first",
    ]
    if sequences.size:
        lines.append(f"SEQUENCES = [{', '.join(literals(row) for row in sequences)}]  # its numbers of each epoch")
    if step.shape.rows is not None:
        lines.append(f"DATA = {data_literals(step.data, step.rows)}")
    if task.batched is not None:
        lines += [f"BATCH = {task.experiment.batch_size}", f"SEED = {task.experiment.shuffle_seed}  # of the shuffles"]
    return "".join(line + "\n" for line in lines)


def _step(step: StepGraph) -> str:
    shape = step.shape
    n = shape.parameters
    theta, state = names_of("theta", n), names_of("state", shape.states)
    now = names_of("sequence", shape.sequences)
    found, texts = floats(shape.step.only(shape.step.roots[:-4]), step.numbers)
    lines = [*unpacked(theta, "theta"), *unpacked(state, "state"), *unpacked(now, "now")]
    if shape.rows is not None:
        lines += row_totals(shape.rows, step.row_numbers, shape.columns)
    lines += found
    value, gradient, after, following = texts[0], texts[1 : 1 + n], texts[1 + n : 1 + 2 * n], texts[1 + 2 * n :]
    lines += [
        f"value = {value}",
        f"gradient = [{', '.join(gradient)}]",
        f"after = [{', '.join(after)}]",
        f"return value, gradient, after, [{', '.join(following)}]",
    ]
    given = ["theta", "state", "rate", *(["now"] if now else []), *(["data=DATA"] if shape.rows is not None else [])]
    said = '    """Return f, its gradient, the next theta, and what the optimizer remembers then."""\n'
    body = "\n".join("    " + line for line in lines)
    return f"\n\ndef step({', '.join(given)}):\n{said}{body}\n\n"


def _scaling(task: Task) -> str:
    fit = task.problem.standardized
    if fit is None:
        return ""
    scaling = fit.scaling
    lines = [f"SCALES = {literals(scaling.scales)}\n"]
    shift = ""
    if scaling.intercept is not None:
        lines.append(f"MEANS = {literals(scaling.means)}\n")
        shift = f"    own[..., {scaling.intercept}] -= own @ np.array(MEANS) / {literal(scaling.level)}\n"
    return "\n" + "".join(lines) + "\n" + _OWN.format(shift=shift)


def own_units_line(task: Task) -> str:
    """Return the line that brings theta back into the data's own units, where it has others."""
    return "thetas = own_units(thetas)\n" if task.problem.standardized is not None else ""


def _quoted(words: str) -> str:
    """A name as Python writes it, printable or not."""
    return ascii(words) if not words.isprintable() else repr(words)
