"""The loop of many descents as the text of LLVM's intermediate representation: eight side by side, in the lanes of
vectors. What is the same for all of them stays one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.codes.ir import LANES, ZEROS, Code, Loop, Value, index, named
from gdviz.codes.ir_lines import Written, entered
from gdviz.codes.llvm import Parameters, Reason, Tests, as_index, module, moving_variables, of_epoch, of_run
from gdviz.codes.llvm_sums import make_room_for_lanes, sums_of_lanes
from gdviz.codes.step_graph import StepShape
from gdviz.formulas.text import names_of

BATCH: Parameters = (
    ("first_group", "i64"), ("stop_group", "i64"), ("first", "i64"), ("stop", "i64"), ("epochs", "i64"),
    ("members", "i64"), ("lanes", "array"), ("ends", "array"), ("rates", "array"), ("sequences", "array"),
    ("numbers", "array"), ("row_numbers", "array"), ("data", "array"), ("m", "i64"), ("tolerance", "double"),
)  # fmt: skip


class LaneRows:
    """Where the numbers of a batch's members are in ``lanes`` (size, members), one row for each: theta, the state, the
    ``members`` numbers of their own, the ``rate``, theta and value at the row ``before``, and whether the gradient
    ``was_small`` there."""

    def __init__(self, shape: StepShape) -> None:
        self.shape = shape
        self.members = shape.parameters + shape.states
        self.rate = self.members + shape.members
        self.before = self.rate + 1
        self.was_small = self.before + shape.parameters + 1
        self.size = self.was_small + 1


def batch(shape: StepShape) -> str:
    """Return the text of the kernel that runs the rows ``first`` … ``stop`` - 1 of many descents, eight side by side:
    those of the groups ``first_group`` … ``stop_group`` - 1.

    ``lanes`` (…, members) holds each one's numbers as :class:`LaneRows` says, and is left as the next call needs it;
    its rate is multiplied by ``rates`` (epochs,). ``ends`` (n + 3, members) are theta, value, epoch and Reason at the
    end, 0 as long as a descent goes on; those that have one are not touched. ``members`` is a multiple of eight.
    """
    code, shared = Code(), _shared_states(shape)
    make_room_for_lanes(code, shape)
    given = {"tolerance": Value("%tolerance"), "count": code.number(Value("%m", "i64"))}
    step = Written(code, shape.step, given, "%numbers")
    members = [f"member{j}" for j in range(shape.members)]
    step.write_fixed([*moving_variables(shape), *members], _differing(shape, shared))

    groups = Loop(code, "group", Value("%first_group", "i64"), [])
    group = _Group(code, LaneRows(shape), code.combined("mul", groups.at, index(LANES)))
    alive = code.compared("fcmp oeq", code.load("%ends", group.place(shape.parameters + 2), wide=True), ZEROS)
    code.branch(code.any(alive), "load", "next_group")

    code.begin("load")
    _write_descent(step, group, shared, alive)

    code.begin("next_group")
    groups.again([], Value("%stop_group", "i64"), "done")
    code.line(f"ret {as_index(Reason.GOES_ON)}")
    return module("batch", code, BATCH)


@dataclass(frozen=True)
class _Group:
    """Eight members side by side, whose numbers begin at ``base`` in each row of ``lanes`` and ``ends``."""

    code: Code
    rows: LaneRows
    base: Value

    def place(self, row: int) -> Value:
        """Return where their numbers are in a row of an array."""
        return self.code.combined("add", self.code.combined("mul", Value("%members", "i64"), index(row)), self.base)

    def load(self, row: int, wide: bool = True) -> Value:
        return self.code.load("%lanes", self.place(row), wide)

    def save(self, first: int, values: Sequence[Value]) -> None:
        """Store values in the rows from ``first`` on."""
        for row, value in enumerate(values, first):
            self.code.store(self.code.wide(value), "%lanes", self.place(row))


def _write_descent(step: Written, group: _Group, shared: set[int], alive: Value) -> None:
    """Write the loop over the epochs for a group, of which ``alive`` go on; it leads to the block ``next_group``."""
    code, rows, shape = step.code, group.rows, group.rows.shape
    n, numbers = shape.parameters, shape.parameters + shape.states
    first, epochs, stop = [Value(f"%{name}", "i64") for name in ("first", "epochs", "stop")]
    begin = [group.load(j, wide=j - n not in shared) for j in range(numbers)]
    begin += [group.load(rows.before + j) for j in range(n + 1)]
    step.variables |= named("member", [group.load(rows.members + j) for j in range(shape.members)])
    small_before, own_rate = code.flag(group.load(rows.was_small)), group.load(rows.rate)
    later = step.write_fixed(moving_variables(shape), _differing(shape, shared))
    last = code.combined("sub", epochs, index(1))

    epoch = Loop(code, "epoch", first, [*begin, small_before, alive])
    *kept, was_small, going = epoch.values
    run, earlier = kept[:numbers], kept[numbers:]
    is_last = code.compared("icmp eq", epoch.at, epochs)
    step.variables |= of_epoch(code, shape, code.choice(is_last, last, epoch.at)) | of_run(shape, run)
    step.variables["rate"] = code.combined("fmul", own_rate, step.variables["rate"])
    step.variables |= sums_of_lanes(code, shape, run[:n], Value("%m", "i64"))
    step.write(later)
    value, *results = step.numbers(shape.step.roots[:-4])
    here, tests = [*run[:n], code.wide(value)], Tests.of(step, shape, was_small)
    computed = code.block
    code.branch(code.either(code.any(code.both(tests.over, going)), is_last), "ended", "go_on")

    code.begin("ended")
    ending = code.both(code.either(tests.over, is_last), going)
    _write_ends(group, tests.end(epoch.at, is_last), epoch.at, here, earlier, ending)
    left = code.both(going, code.opposite(ending))
    code.branch(code.any(left), "go_on", "next_group")

    code.begin("go_on")
    still = code.carried(going, computed)
    code.arrive(still, left, "ended")
    following = [code.wide(new) if old.wide else new for old, new in zip(run, results[n:], strict=True)]
    epoch.again([*following, *here, tests.small, still], stop, "save")
    group.save(0, following)
    group.save(rows.before, [*here, code.number(tests.small)])
    code.jump("next_group")


def _write_ends(
    group: _Group, end: tuple[Value, Value], k: Value, here: Sequence[Value], earlier: Sequence[Value], ending: Value
) -> None:
    """Write down the ends of those that are ``ending`` at row k: theta and value are those of this row, ``here``, or of
    the one before."""
    reason, row = end
    at_end = group.code.compared("icmp eq", row, k)
    points = [group.code.choice(at_end, new, old) for new, old in zip(here, earlier, strict=True)]
    for place, number in enumerate([*points, row, reason]):
        group.code.store_some(group.code.number(number), "%ends", group.place(place), ending)


def _differing(shape: StepShape, shared: set[int]) -> list[str]:
    """Return the variables of a step that differ between the members of a batch."""
    own = [*names_of("theta", shape.parameters), *names_of("total", shape.totals), *names_of("member", shape.members)]
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
