"""Whole loops of a descent as the text of LLVM's intermediate representation: one path, and passes over batches of
rows; many descents side by side are in :mod:`gdviz.codes.llvm_batch`.

Each loop follows :mod:`gdviz.descent.stopping`: at each row of the record the four tests, in the order given there.
Texts depend on the shape of a step alone; :mod:`gdviz.codes.native` compiles and calls them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from gdviz.codes.ir import Code, Value, Written, index, named
from gdviz.codes.llvm_sums import in_order, make_room, sums_of_rows
from gdviz.codes.step_graph import StepShape


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
    n, s, code = shape.parameters, shape.states, Code()
    make_room(code, shape)
    begin = [code.load("%carry", j) for j in range(n + s)]
    small_before = code.flag(code.load("%carry", n + s))
    m, epochs, stop = [Value(f"%{name}", "i64") for name in ("m", "epochs", "stop")]
    last = code.combined("sub", epochs, index(1))
    fixed = {"tolerance": Value("%tolerance"), "count": code.number(m)}
    step = Written(code, shape.step, fixed, "%numbers")
    later = step.write_fixed(moving_variables(shape), ())
    before = code.block
    code.jump("epoch")

    code.begin("epoch")
    k = code.carried(Value("%first", "i64"), before)
    numbers = [code.carried(value, before) for value in begin]
    was_small = code.carried(small_before, before)
    is_last = code.compared("icmp eq", k, epochs)
    at = code.choice(is_last, last, k)
    step.variables |= of_epoch(code, shape, at) | named("theta", numbers[:n]) | named("state", numbers[n:])
    step.variables |= sums_of_rows(code, shape, numbers[:n], m, in_order(code, m))
    step.write(later)
    results = [code.number(step.values[root]) for root in shape.step.roots[:-4]]
    row = code.address("%table", code.combined("mul", k, index(2 * n + 1)))
    for j, number in enumerate([*numbers[:n], *results[: n + 1]]):
        code.store(number, row, j)
    small, *fine = [code.flag(step.values[root]) for root in shape.tests]
    stays = code.both(small, was_small)
    event = code.either(code.either(stays, code.opposite(code.both(*fine))), is_last)
    code.branch(event, "ended", "go_on")

    code.begin("ended")
    reason, end = end_of_run(code, k, stays, small, fine, is_last)
    code.store(code.combined("add", end, index(1)), "%rows", 0)
    code.line(f"ret {reason}")

    code.begin("go_on")
    following = code.combined("add", k, index(1))
    code.carry(k, following)
    for carried, value in zip(numbers, results[n + 1 :], strict=True):
        code.carry(carried, value)
    code.carry(was_small, small)
    code.branch(code.compared("icmp ult", following, stop), "epoch", "done")

    code.begin("done")
    for j, value in enumerate([*results[n + 1 :], code.number(small)]):
        code.store(value, "%carry", j)
    code.line(f"ret i64 {Reason.GOES_ON:d}")
    return module("path", code, PATH)


def end_of_run(
    code: Code, k: Value, stays: Value, small: Value, fine: Sequence[Value], is_last: Value
) -> tuple[Value, Value]:
    """Return the Reason for which a descent ends that has come to row k, and the row that is its last."""
    value_finite, gradient_finite, _ = fine
    at_once = code.compared("icmp eq", k, index(0))
    before = code.choice(at_once, k, code.combined("sub", k, index(1)))
    end = code.choice(code.either(stays, code.opposite(value_finite)), before, k)
    ran_out = code.both(value_finite, gradient_finite, is_last)
    converged = code.either(stays, code.both(ran_out, small))
    reason = code.choice(ran_out, as_index(Reason.EPOCHS), as_index(Reason.DIVERGED))
    return code.choice(converged, as_index(Reason.CONVERGED), reason), end


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
    n, s, code = shape.parameters, shape.states, Code()
    make_room(code, shape)
    begin = [code.load("%carry", j) for j in range(n + s)]
    first, stop, m, size = [Value(f"%{name}", "i64") for name in ("first", "stop", "m", "size")]
    theta_finite = shape.tests[3]
    lines = shape.step.only((*shape.next_theta, *shape.next_state, theta_finite))
    step = Written(code, lines, {"tolerance": Value("0.0")}, "%numbers")
    later = step.write_fixed([*moving_variables(shape), "count"], ())
    before = code.block
    code.jump("epoch")

    code.begin("epoch")
    k = code.carried(first, before)
    at_epoch = [code.carried(value, before) for value in begin]
    step.variables |= of_epoch(code, shape, k)
    order_from = code.combined("mul", code.combined("sub", k, first), m)
    code.jump("batch")

    code.begin("batch")
    done = code.carried(index(0), "epoch")
    numbers = [code.carried(value, "epoch") for value in at_epoch]
    left = code.combined("sub", m, done)
    count = code.choice(code.compared("icmp ult", left, size), left, size)
    start = code.combined("add", order_from, done)

    def column(j: int, r: Value, mask: Value) -> Value:
        rows = code.load_some("%order", code.combined("add", start, r), mask, "i64")
        return code.gather("%data", code.combined("add", rows, code.wide(code.combined("mul", m, index(j)))), mask)

    step.variables |= named("theta", numbers[:n]) | named("state", numbers[n:]) | {"count": code.number(count)}
    step.variables |= sums_of_rows(code, shape, numbers[:n], count, column)
    step.write(later)
    results = [code.number(step.values[root]) for root in lines.roots[:-1]]
    following = code.combined("add", done, count)
    for carried, value in zip([done, *numbers], [following, *results], strict=True):
        code.carry(carried, value)
    code.branch(code.compared("icmp ult", following, m), "batch", "passed")

    code.begin("passed")
    here = code.combined("add", k, index(1))
    code.branch(code.flag(step.values[theta_finite]), "go_on", "ended")

    code.begin("ended")
    code.store(here, "%rows", 0)
    code.line(f"ret {as_index(Reason.DIVERGED)}")

    code.begin("go_on")
    row = code.address("%table", code.combined("mul", here, index(n)))
    for j, number in enumerate(results[:n]):
        code.store(number, row, j)
    for carried, value in zip([k, *at_epoch], [here, *results], strict=True):
        code.carry(carried, value)
    code.branch(code.compared("icmp ult", here, stop), "epoch", "done")

    code.begin("done")
    for j, value in enumerate(results):
        code.store(value, "%carry", j)
    code.store(code.combined("add", stop, index(1)), "%rows", 0)
    code.line(f"ret {as_index(Reason.GOES_ON)}")
    return module("passes", code, PASSES)


# -- what the loops share --


def moving_variables(shape: StepShape) -> list[str]:
    """Return the variables of a step that change from epoch to epoch."""
    counts = {
        "theta": shape.parameters, "state": shape.states, "sequence": shape.sequences, "total": shape.totals,
    }  # fmt: skip
    return ["rate", *[f"{kind}{j}" for kind, count in counts.items() for j in range(count)]]


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
