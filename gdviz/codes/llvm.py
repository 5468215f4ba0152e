"""Whole loops of a descent as the text of LLVM's intermediate representation: one path, passes over batches of rows,
many descents side by side.

Each loop follows :mod:`gdviz.descent.stopping`: at each row of the record the four tests, in the order given there.
Texts depend on the shape of a step alone; :mod:`gdviz.codes.native` compiles and calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from gdviz.codes.ir import LANES, ZEROS, Code, Value, Written, index
from gdviz.codes.step_graph import Lines, StepShape, order_of_sums


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
    _make_own(code, shape)
    begin = [code.load("%carry", j) for j in range(n + s)]
    small_before = code.flag(code.load("%carry", n + s))
    m, epochs, stop = [Value(f"%{name}", "i64") for name in ("m", "epochs", "stop")]
    last = code.combined("sub", epochs, index(1))
    fixed = {"tolerance": Value("%tolerance"), "count": code.number(m)}
    step = Written(code, shape.step, fixed, "%numbers")
    later = step.write_fixed(_moving(shape), ())
    before = code.block
    code.jump("epoch")

    code.begin("epoch")
    k = code.carried(Value("%first", "i64"), before)
    numbers = [code.carried(value, before) for value in begin]
    was_small = code.carried(small_before, before)
    is_last = code.compared("icmp eq", k, epochs)
    at = code.choice(is_last, last, k)
    step.variables |= _of_epoch(code, shape, at) | _named("theta", numbers[:n]) | _named("state", numbers[n:])
    step.variables |= _sums(code, shape, numbers[:n], m, lambda column, r, mask: _in_order(code, column, r, mask, m))
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
    reason, before_here = _end(code, stays, small, fine, is_last)
    here = code.combined("add", k, index(1))
    first_too = code.choice(code.compared("icmp eq", k, index(0)), index(1), k)
    code.store(code.choice(before_here, first_too, here), "%rows", 0)
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
    return _module("path", code, PATH)


def _end(code: Code, stays: Value, small: Value, fine: Sequence[Value], is_last: Value) -> tuple[Value, Value]:
    """Return the Reason for which a descent ends, and whether it ends at the row before this one."""
    value_finite, gradient_finite, _ = fine
    before_here = code.either(stays, code.opposite(value_finite))
    ran_out = code.both(value_finite, gradient_finite, is_last)
    converged = code.either(stays, code.both(ran_out, small))
    reason = code.choice(ran_out, _reason(Reason.EPOCHS), _reason(Reason.DIVERGED))
    return code.choice(converged, _reason(Reason.CONVERGED), reason), before_here


def _reason(reason: Reason) -> Value:
    return index(int(reason))


# -- sums over rows --


def _sums(
    code: Code, shape: StepShape, theta: Sequence[Value], count: Value, column: Callable[[int, Value, Value], Value]
) -> dict[str, Value]:
    """Write the loop over ``count`` rows, eight at a time; return the totals by their names.

    ``column(j, r, mask)`` writes what loads the j-th column of the rows from r on.
    """
    if shape.rows is None:
        return {}
    rows = Written(code, shape.rows, _named("theta", theta), "%row_numbers")
    moving = ["own_theta", *_named("column", [ZEROS] * shape.columns)]
    later = rows.write_fixed(moving, moving)
    for root in shape.rows.roots:
        if root in rows.values:
            rows.wide(root)
    reads_own = _reads_own(shape.rows)
    if reads_own:
        for i, number in enumerate(theta):
            code.store(number, "%own", i)
    before = code.block
    code.jump("each_row")

    code.begin("each_row")
    r = code.carried(index(0), before)
    sums = [code.carried(ZEROS, before) for _ in shape.rows.roots]
    each = code.combined("add", code.wide(r), Value(_LANE_NUMBERS, "i64", wide=True))
    mask = code.compared("icmp ult", each, code.wide(count))
    read = {entry[1] for entry in shape.rows.nodes if entry[0] == "var"}
    for j in range(shape.columns):
        if f"column{j}" in read:
            rows.variables[f"column{j}"] = column(j, r, mask)
    if reads_own:
        rows.variables["own_theta"] = code.load("%own", r, wide=True)
    rows.write(later)
    added = []
    for total, root in zip(sums, shape.rows.roots, strict=True):
        term = code.number(rows.wide(root))
        added.append(code.choice(mask, code.combined("fadd", total, term), total))
    following = code.combined("add", r, index(LANES))
    for carried, value in zip([r, *sums], [following, *added], strict=True):
        code.carry(carried, value)
    code.branch(code.compared("icmp ult", following, count), "each_row", "summed")

    code.begin("summed")
    return _named("total", [_total(code, value) for value in added])


_LANE_NUMBERS = f"<{', '.join(f'i64 {k}' for k in range(LANES))}>"


def _total(code: Code, sums: Value) -> Value:
    """Return the eight sums added up."""
    lanes = [_Sum(code, code.made(f"extractelement {sums}, i32 {k}")) for k in range(LANES)]
    total: Value = order_of_sums(lanes).value
    return total


class _Sum:
    """A number that writes its additions."""

    def __init__(self, code: Code, value: Value) -> None:
        self.code, self.value = code, value

    def __add__(self, other: _Sum) -> _Sum:
        return _Sum(self.code, self.code.combined("fadd", self.value, other.value))


def _reads_own(rows: Lines | None) -> bool:
    return rows is not None and ("var", "own_theta") in rows.nodes


def _make_own(code: Code, shape: StepShape) -> None:
    """Make room for theta as an array, where sums over the parameters read it."""
    if _reads_own(shape.rows):
        code.line(f"%own = alloca double, i32 {-(-shape.parameters // LANES) * LANES}, align 64")


def _in_order(code: Code, column: int, r: Value, mask: Value, m: Value) -> Value:
    """Load eight rows of a column."""
    start = code.combined("add", code.combined("mul", m, index(column)), r)
    return code.load_some("%data", start, mask)


# -- what the loops share --


def _named(kind: str, values: Sequence[Value]) -> dict[str, Value]:
    return {f"{kind}{j}": value for j, value in enumerate(values)}


def _moving(shape: StepShape) -> list[str]:
    """Return the variables of a step that change from epoch to epoch."""
    counts = {
        "theta": shape.parameters, "state": shape.states, "sequence": shape.sequences, "total": shape.totals,
    }  # fmt: skip
    return ["rate", *[f"{kind}{j}" for kind, count in counts.items() for j in range(count)]]


def _of_epoch(code: Code, shape: StepShape, k: Value) -> dict[str, Value]:
    """Load the rate and the sequences' numbers of epoch k."""
    values = {"rate": code.load("%rates", k)}
    for j in range(shape.sequences):
        row = code.combined("mul", Value("%epochs", "i64"), index(j))
        values[f"sequence{j}"] = code.load("%sequences", code.combined("add", row, k))
    return values


def _module(name: str, code: Code, parameters: Parameters) -> str:
    """Return the text of a module with one function."""
    # Arrays do not overlap, which lets LLVM keep numbers in registers over stores.
    head = ", ".join(f"{'ptr noalias' if kind == 'array' else kind} %{name}" for name, kind in parameters)
    function = f"define i64 @{name}({head}) #0 {{\n{code.text}\n}}"
    vectors = '"prefer-vector-width"="512" "min-legal-vector-width"="512"'
    attributes = [f"attributes #0 = {{ nounwind {vectors} }}", f"attributes #1 = {{ nounwind noinline {vectors} }}"]
    return "\n".join([*code.declarations.values(), function, *attributes, ""])
