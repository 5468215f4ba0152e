"""Whole loops of a descent as the text of LLVM's intermediate representation: one path, passes over batches of rows,
many descents side by side.

Each loop follows :mod:`gdviz.descent.stopping`: at each row of the record the four tests, in the order given there.
Texts depend on the shape of a step alone; :mod:`gdviz.codes.native` compiles and calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from gdviz.codes.ir import LANES, ZEROS, Code, Value, Written, entered, index
from gdviz.codes.step_graph import SUMS, Lines, StepShape, order_of_sums


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
    reason, end = _end(code, k, stays, small, fine, is_last)
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
    return _module("path", code, PATH)


def _end(
    code: Code, k: Value, stays: Value, small: Value, fine: Sequence[Value], is_last: Value
) -> tuple[Value, Value]:
    """Return the Reason for which a descent ends that has come to row k, and the row that is its last."""
    value_finite, gradient_finite, _ = fine
    at_once = code.compared("icmp eq", k, index(0))
    before = code.choice(at_once, k, code.combined("sub", k, index(1)))
    end = code.choice(code.either(stays, code.opposite(value_finite)), before, k)
    ran_out = code.both(value_finite, gradient_finite, is_last)
    converged = code.either(stays, code.both(ran_out, small))
    reason = code.choice(ran_out, _reason(Reason.EPOCHS), _reason(Reason.DIVERGED))
    return code.choice(converged, _reason(Reason.CONVERGED), reason), end


def _reason(reason: Reason) -> Value:
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
    _make_own(code, shape)
    begin = [code.load("%carry", j) for j in range(n + s)]
    first, stop, m, size = [Value(f"%{name}", "i64") for name in ("first", "stop", "m", "size")]
    theta_finite = shape.tests[3]
    lines = shape.step.only((*shape.next_theta, *shape.next_state, theta_finite))
    step = Written(code, lines, {"tolerance": Value("0.0")}, "%numbers")
    later = step.write_fixed([*_moving(shape), "count"], ())
    before = code.block
    code.jump("epoch")

    code.begin("epoch")
    k = code.carried(first, before)
    at_epoch = [code.carried(value, before) for value in begin]
    step.variables |= _of_epoch(code, shape, k)
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

    step.variables |= _named("theta", numbers[:n]) | _named("state", numbers[n:]) | {"count": code.number(count)}
    step.variables |= _sums(code, shape, numbers[:n], count, column)
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
    code.line(f"ret {_reason(Reason.DIVERGED)}")

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
    code.line(f"ret {_reason(Reason.GOES_ON)}")
    return _module("passes", code, PASSES)


# -- many descents side by side --

BATCH: Parameters = (
    ("first_group", "i64"), ("stop_group", "i64"), ("first", "i64"), ("stop", "i64"), ("epochs", "i64"),
    ("members", "i64"), ("lanes", "array"), ("ends", "array"), ("rates", "array"), ("sequences", "array"),
    ("numbers", "array"), ("row_numbers", "array"), ("data", "array"), ("m", "i64"), ("tolerance", "double"),
)  # fmt: skip


@dataclass(frozen=True)
class LaneRows:
    """Where the numbers of a batch's members are in ``lanes`` (size, members): one row for each number."""

    shape: StepShape

    @property
    def states(self) -> int:
        return self.shape.parameters

    @property
    def members(self) -> int:
        return self.states + self.shape.states

    @property
    def rate(self) -> int:
        return self.members + self.shape.members

    @property
    def before(self) -> int:
        """Theta at the row before, and the value there."""
        return self.rate + 1

    @property
    def was_small(self) -> int:
        return self.before + self.shape.parameters + 1

    @property
    def size(self) -> int:
        return self.was_small + 1


def batch(shape: StepShape) -> str:
    """Return the text of the kernel that runs the rows ``first`` … ``stop`` - 1 of many descents, eight side by side:
    those of the groups ``first_group`` … ``stop_group`` - 1.

    ``lanes`` (…, members) holds each one's numbers as :class:`LaneRows` says, and is left as the next call needs it;
    its rate is multiplied by ``rates`` (epochs,). ``ends`` (n + 3, members) are theta, value, epoch and Reason at the
    end, 0 as long as a descent goes on; those that have one are not touched. ``members`` is a multiple of eight.
    """
    n, s, at, code = shape.parameters, shape.states, LaneRows(shape), Code()
    _make_room(code, shape)
    first, epochs, stop, m = [Value(f"%{name}", "i64") for name in ("first", "epochs", "stop", "m")]
    last = code.combined("sub", epochs, index(1))
    step = Written(code, shape.step, {"tolerance": Value("%tolerance"), "count": code.number(m)}, "%numbers")
    shared, moving = _shared_states(shape), _moving(shape)
    members = [f"member{j}" for j in range(shape.members)]
    differing = _differing(shape, shared)
    step.write_fixed([*moving, *members], differing)
    before = code.block
    code.jump("group")

    code.begin("group")
    g = code.carried(Value("%first_group", "i64"), before)
    base = code.combined("mul", g, index(LANES))

    def place(row: int) -> Value:
        return code.combined("add", code.combined("mul", Value("%members", "i64"), index(row)), base)

    def lane(row: int, wide: bool = True) -> Value:
        return code.load("%lanes", place(row), wide)

    ended = code.load("%ends", place(n + 2), wide=True)
    alive = code.compared("fcmp oeq", ended, ZEROS)
    code.branch(code.any(alive), "load", "next_group")

    code.begin("load")
    begin = [lane(j, wide=j < n or j - n not in shared) for j in range(n + s)]
    begin += [lane(at.before + j) for j in range(n + 1)]
    flags = [code.flag(lane(at.was_small)), alive]
    step.variables |= _named("member", [lane(at.members + j) for j in range(shape.members)])
    own_rate = lane(at.rate)
    later = step.write_fixed(moving, differing)
    code.jump("epoch")

    code.begin("epoch")
    k = code.carried(first, "load")
    numbers = [code.carried(value, "load") for value in begin]
    was_small, going = [code.carried(value, "load") for value in flags]
    is_last = code.compared("icmp eq", k, epochs)
    step.variables |= _of_epoch(code, shape, code.choice(is_last, last, k))
    step.variables["rate"] = code.combined("fmul", own_rate, step.variables["rate"])
    theta, state, earlier = numbers[:n], numbers[n : n + s], numbers[n + s :]
    step.variables |= _named("theta", theta) | _named("state", state)
    step.variables |= _sums_of_lanes(code, shape, theta, m)
    step.write(later)
    results = [code.number(step.values[root]) for root in shape.step.roots[:-4]]
    small, *fine = [code.wide(code.flag(step.values[root])) for root in shape.tests]
    stays = code.both(small, was_small)
    event = code.both(code.either(stays, code.opposite(code.both(*fine))), going)
    computed = code.block
    code.branch(code.either(code.any(event), is_last), "ended", "go_on")

    code.begin("ended")
    ending = code.both(code.either(event, is_last), going)
    reason, end = _end(code, k, stays, small, fine, is_last)
    same = code.compared("icmp eq", end, k)
    points = [code.choice(same, new, old) for new, old in zip([*theta, results[0]], earlier, strict=True)]
    for row, value in enumerate([*points, code.number(end), code.number(reason)]):
        code.store_some(value, "%ends", place(row), ending)
    left = code.both(going, code.opposite(ending))
    code.branch(code.any(left), "go_on", "next_group")

    code.begin("go_on")
    still = code.carried(going, computed)
    code.arrive(still, left, "ended")
    following = code.combined("add", k, index(1))
    kept = [code.wide(value) if old.wide else value for old, value in zip(numbers, results[n + 1 :], strict=False)]
    new = [*kept, *theta, code.wide(results[0])]
    for carried, value in zip([k, *numbers, was_small, going], [following, *new, small, still], strict=True):
        code.carry(carried, value)
    code.branch(code.compared("icmp ult", following, stop), "epoch", "save")

    code.begin("save")
    rows = [*range(n + s), *range(at.before, at.before + n + 1), at.was_small]
    for row, value in zip(rows, [*new, code.number(small)], strict=True):
        code.store(code.wide(value), "%lanes", place(row))
    code.jump("next_group")

    code.begin("next_group")
    following = code.combined("add", g, index(1))
    code.carry(g, following)
    code.branch(code.compared("icmp ult", following, Value("%stop_group", "i64")), "group", "done")

    code.begin("done")
    code.line(f"ret {_reason(Reason.GOES_ON)}")
    return _module("batch", code, BATCH)


def _differing(shape: StepShape, shared: set[int]) -> list[str]:
    """Return the variables of a step that differ between the members of a batch."""
    counts = {"theta": shape.parameters, "total": shape.totals, "member": shape.members}
    own = [f"{kind}{j}" for kind, count in counts.items() for j in range(count)]
    return ["rate", *own, *[f"state{j}" for j in range(shape.states) if j not in shared]]


def _shared_states(shape: StepShape) -> set[int]:
    """Return the states that are the same for all members of a batch, such as a running weight."""
    shared = set(range(shape.states))
    nodes = shape.step.needed()
    while True:
        differ = entered(shape.step, nodes, _differing(shape, shared))
        fine = {j for j in shared if shape.next_state[j] not in differ}
        if fine == shared:
            return shared
        shared = fine


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
    """Return the eight sums of a vector added up."""
    return _added(code, [code.made(f"extractelement {sums}, i32 {k}") for k in range(SUMS)])


def _added(code: Code, sums: Sequence[Value]) -> Value:
    """Return eight sums added up."""
    total: Value = order_of_sums([_Sum(code, value) for value in sums]).value
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


def _make_room(code: Code, shape: StepShape) -> None:
    """The same for lanes, and for eight sums of each total."""
    if _reads_own(shape.rows):
        code.line(f"%own = alloca double, i32 {shape.parameters * LANES}, align 64")
    if shape.totals:
        code.line(f"%sums = alloca double, i32 {SUMS * shape.totals * LANES}, align 64")


def _sums_of_lanes(code: Code, shape: StepShape, theta: Sequence[Value], m: Value) -> dict[str, Value]:
    """Write the loop over the m rows for eight thetas at once, a row at a time; return the totals by their names."""
    if shape.rows is None:
        return {}
    rows = Written(code, shape.rows, _named("theta", theta), "%row_numbers")
    columns = [f"column{j}" for j in range(shape.columns)]
    later = rows.write_fixed(["own_theta", *columns], ["own_theta", *_named("theta", theta)])
    reads_own = _reads_own(shape.rows)
    if reads_own:
        for i, number in enumerate(theta):
            code.store(number, "%own", i * LANES)
    stride = shape.totals * LANES
    code.clear("%sums", SUMS * stride)
    before = code.block
    code.jump("each_row")

    code.begin("each_row")
    r = code.carried(index(0), before)
    for j, name in enumerate(columns):
        start = code.combined("add", code.combined("mul", m, index(j)), r)
        rows.variables[name] = code.load("%data", start)
    if reads_own:
        rows.variables["own_theta"] = code.load("%own", code.combined("mul", r, index(LANES)), wide=True)
    rows.write(later)
    slot = code.combined("mul", code.combined("and", r, index(SUMS - 1)), index(stride))
    sums = code.address("%sums", slot)
    for t, root in enumerate(shape.rows.roots):
        term = code.wide(code.number(rows.values[root]))
        total = code.load(sums, t * LANES, wide=True)
        code.store(code.combined("fadd", total, term), sums, t * LANES)
    following = code.combined("add", r, index(1))
    code.carry(r, following)
    code.branch(code.compared("icmp ult", following, m), "each_row", "add_up")

    # A loop over the totals, of which there may be many: each is put where its first sum was.
    code.begin("add_up")
    t = code.carried(index(0), "each_row")
    places = [code.combined("add", t, index(k * stride)) for k in range(SUMS)]
    code.store(_added(code, [code.load("%sums", place, wide=True) for place in places]), "%sums", t)
    following = code.combined("add", t, index(LANES))
    code.carry(t, following)
    code.branch(code.compared("icmp ult", following, index(stride)), "add_up", "summed")

    code.begin("summed")
    return _named("total", [code.load("%sums", t * LANES, wide=True) for t in range(shape.totals)])


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
