"""Whole loops of a descent as the text of LLVM's intermediate representation: one path, and passes over batches of
rows; many descents side by side are in :mod:`gdviz.codes.llvm_batch`.

Each loop follows :mod:`gdviz.descent.stopping`: at each row of the record the four tests, in the order given there.
Texts depend on the shape of a step alone; :mod:`gdviz.codes.native` compiles and calls them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from gdviz.codes.ir import Code, Loop, Value, index, named
from gdviz.codes.ir_lines import Written
from gdviz.codes.llvm_sums import in_order, make_room, sums_of_rows
from gdviz.codes.step_graph import StepShape
from gdviz.formulas.text import names_of


class Reason(IntEnum):
    """Why a loop ended; GOES_ON where it has not."""

    GOES_ON = 0
    EPOCHS = 1
    CONVERGED = 2
    DIVERGED = 3


Parameters = tuple[tuple[str, str], ...]
"""A kernel's parameters: name and type, ``array`` for the address of its first element."""


# -- one path --

PATH: Parameters = (
    ("first", "i64"), ("stop", "i64"), ("epochs", "i64"), ("carry", "array"), ("rates", "array"),
    ("sequences", "array"), ("numbers", "array"), ("row_numbers", "array"), ("data", "array"), ("m", "i64"),
    ("tolerance", "double"), ("table", "array"), ("rows", "array"),
)  # fmt: skip


def path(shape: StepShape) -> str:
    """Return the text of the kernel that runs the rows ``first`` … ``stop`` - 1 of the record.

    ``carry`` (n + s + 1,) holds theta, the state and whether the gradient was small at the row before, and is left as
    the next call needs it. ``rates`` (epochs,), ``sequences`` (q, epochs), ``data`` (columns, m), ``table``
    (epochs + 1, 2n + 1): rows of theta, value, gradient. Row ``epochs`` is the last and takes no step. Returns a
    Reason; unless it is GOES_ON, ``rows`` (1,) of int64 says how many rows of the record stay.
    """
    n, code = shape.parameters, Code()
    make_room(code, shape)
    begin = [code.load("%carry", j) for j in range(n + shape.states)]
    small_before = code.flag(code.load("%carry", n + shape.states))
    m, epochs, stop = [Value(f"%{name}", "i64") for name in ("m", "epochs", "stop")]
    last = code.combined("sub", epochs, index(1))
    step = Written(code, shape.step, {"tolerance": Value("%tolerance"), "count": code.number(m)}, "%numbers")
    later = step.write_fixed(moving_variables(shape), ())

    epoch = Loop(code, "epoch", Value("%first", "i64"), [*begin, small_before])
    *numbers, was_small = epoch.values
    is_last = code.compared("icmp eq", epoch.at, epochs)
    step.variables |= of_epoch(code, shape, code.choice(is_last, last, epoch.at)) | of_run(shape, numbers)
    step.variables |= sums_of_rows(code, shape, numbers[:n], m, in_order(code, m))
    step.write(later)
    results = step.numbers(shape.step.roots[:-4])
    _store_row(code, "%table", epoch.at, [*numbers[:n], *results[: n + 1]])
    tests = Tests.of(step, shape, was_small)
    code.branch(code.either(tests.over, is_last), "ended", "go_on")

    code.begin("ended")
    reason, end = tests.end(epoch.at, is_last)
    code.store(code.combined("add", end, index(1)), "%rows", 0)
    code.line(f"ret {reason}")

    code.begin("go_on")
    following = results[n + 1 :]
    epoch.again([*following, tests.small], stop, "done")
    for j, value in enumerate([*following, code.number(tests.small)]):
        code.store(value, "%carry", j)
    code.line(f"ret {as_index(Reason.GOES_ON)}")
    return module("path", code, PATH)


def _store_row(code: Code, table: str, place: Value, numbers: Sequence[Value]) -> None:
    """Write a row of a table, which is as wide as there are numbers."""
    row = code.address(table, code.combined("mul", place, index(len(numbers))))
    for j, number in enumerate(numbers):
        code.store(number, row, j)


@dataclass(frozen=True)
class Tests:
    """The four tests at a row of the record: is the gradient ``small``, and are value, gradient and next theta finite
    (``fine``)? ``stays``: it is small here and was at the row before."""

    code: Code
    small: Value
    fine: Sequence[Value]
    stays: Value

    @staticmethod
    def of(step: Written, shape: StepShape, was_small: Value) -> Tests:
        """Write the tests; for each lane where ``was_small`` is."""
        code = step.code
        small, *fine = [code.alike(code.flag(step.values[root]), was_small)[0] for root in shape.tests]
        return Tests(code, small, fine, code.both(small, was_small))

    @property
    def over(self) -> Value:
        """Whether a descent ends here, epochs left or not."""
        return self.code.either(self.stays, self.code.opposite(self.code.both(*self.fine)))

    def end(self, k: Value, is_last: Value) -> tuple[Value, Value]:
        """Return the Reason for which a descent ends that has come to row k, and the row that is its last."""
        code, (value_finite, gradient_finite, _) = self.code, self.fine
        at_once = code.compared("icmp eq", k, index(0))
        before = code.choice(at_once, k, code.combined("sub", k, index(1)))
        row = code.choice(code.either(self.stays, code.opposite(value_finite)), before, k)
        ran_out = code.both(value_finite, gradient_finite, is_last)
        converged = code.either(self.stays, code.both(ran_out, self.small))
        reason = code.choice(ran_out, as_index(Reason.EPOCHS), as_index(Reason.DIVERGED))
        return code.choice(converged, as_index(Reason.CONVERGED), reason), row


def as_index(reason: Reason) -> Value:
    """Return a reason as the number by which machine code tells it."""
    return index(int(reason))


# -- passes over batches of rows --

PASSES: Parameters = (
    ("first", "i64"), ("stop", "i64"), ("epochs", "i64"), ("carry", "array"), ("rates", "array"),
    ("sequences", "array"), ("numbers", "array"), ("row_numbers", "array"), ("data", "array"), ("m", "i64"),
    ("size", "i64"), ("order", "array"), ("table", "array"), ("rows", "array"),
)  # fmt: skip


def passes(shape: StepShape) -> str:
    """Return the text of the kernel that passes over all rows in the epochs ``first`` … ``stop`` - 1.

    ``order`` (stop - first, m) of int64 is the order of the rows in each; every ``size`` of them are a batch, of which
    one step is made, with the epoch's rate and sequences. ``carry`` (n + s,) holds theta and the state as between the
    calls. Row k + 1 of ``table`` (epochs + 1, n) is theta after epoch k; row 0 is the caller's. Returns DIVERGED if
    theta is not finite after an epoch, which then has no row, else GOES_ON; ``rows`` (1,) of int64 says how many rows
    of the table there are.
    """
    n, code = shape.parameters, Code()
    make_room(code, shape)
    begin = [code.load("%carry", j) for j in range(n + shape.states)]
    first, stop, m = [Value(f"%{name}", "i64") for name in ("first", "stop", "m")]
    theta_finite = shape.tests[3]
    lines = shape.step.only((*shape.next_theta, *shape.next_state, theta_finite))
    step = Written(code, lines, {"tolerance": Value("0.0")}, "%numbers")
    later = step.write_fixed([*moving_variables(shape), "count"], ())

    epoch = Loop(code, "epoch", first, begin)
    step.variables |= of_epoch(code, shape, epoch.at)
    order = code.combined("mul", code.combined("sub", epoch.at, first), m)
    following = _write_pass(step, shape, later, epoch.values, order)
    here = code.combined("add", epoch.at, index(1))
    code.branch(code.flag(step.values[theta_finite]), "go_on", "ended")

    code.begin("ended")
    code.store(here, "%rows", 0)
    code.line(f"ret {as_index(Reason.DIVERGED)}")

    code.begin("go_on")
    _store_row(code, "%table", here, following[:n])
    epoch.again(following, stop, "done")
    for j, value in enumerate(following):
        code.store(value, "%carry", j)
    code.store(code.combined("add", stop, index(1)), "%rows", 0)
    code.line(f"ret {as_index(Reason.GOES_ON)}")
    return module("passes", code, PASSES)


def _write_pass(
    step: Written, shape: StepShape, later: Sequence[int], begin: Sequence[Value], order: Value
) -> Sequence[Value]:
    """Write the loop over the batches of one pass, whose rows' order begins at the place ``order``; return theta and
    state after it."""
    code, m, size = step.code, Value("%m", "i64"), Value("%size", "i64")
    batch = Loop(code, "batch", index(0), begin)
    left = code.combined("sub", m, batch.at)
    count = code.choice(code.compared("icmp ult", left, size), left, size)
    start = code.combined("add", order, batch.at)

    def column(j: int, r: Value, mask: Value) -> Value:
        rows = code.load_some("%order", code.combined("add", start, r), mask, "i64")
        return code.gather("%data", code.combined("add", rows, code.wide(code.combined("mul", m, index(j)))), mask)

    step.variables |= of_run(shape, batch.values) | {"count": code.number(count)}
    step.variables |= sums_of_rows(code, shape, batch.values[: shape.parameters], count, column)
    step.write(later)
    following = step.numbers(step.lines.roots[:-1])
    batch.again(following, m, "passed", count)
    return following


# -- what the loops share --


def moving_variables(shape: StepShape) -> list[str]:
    """Return the variables of a step that change from epoch to epoch."""
    own = [*names_of("theta", shape.parameters), *names_of("state", shape.states)]
    return ["rate", *own, *names_of("sequence", shape.sequences), *names_of("total", shape.totals)]


def of_run(shape: StepShape, numbers: Sequence[Value]) -> dict[str, Value]:
    """Return theta and the state, one after the other in ``numbers``, under their names."""
    return named("theta", numbers[: shape.parameters]) | named("state", numbers[shape.parameters :])


def of_epoch(code: Code, shape: StepShape, k: Value) -> dict[str, Value]:
    """Load the rate and the sequences' numbers of epoch k."""
    values = {"rate": code.load("%rates", k)}
    for j in range(shape.sequences):
        row = code.combined("mul", Value("%epochs", "i64"), index(j))
        values[f"sequence{j}"] = code.load("%sequences", code.combined("add", row, k))
    return values


def module(name: str, code: Code, parameters: Parameters) -> str:
    """Return the text of a module with one function."""
    # Arrays do not overlap, which lets LLVM keep numbers in registers over stores.
    head = ", ".join(f"{'ptr noalias' if kind == 'array' else kind} %{name}" for name, kind in parameters)
    function = f"define i64 @{name}({head}) #0 {{\n{code.text}\n}}"
    vectors = '"prefer-vector-width"="512" "min-legal-vector-width"="512"'
    attributes = [f"attributes #0 = {{ nounwind {vectors} }}", f"attributes #1 = {{ nounwind noinline {vectors} }}"]
    return "\n".join([*code.declarations.values(), function, *attributes, ""])
