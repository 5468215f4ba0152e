"""The loop of many descents as the text of LLVM's intermediate representation: eight side by side, in the lanes of
vectors. What is the same for all of them stays one number."""

from __future__ import annotations

from dataclasses import dataclass

from gdviz.codes.ir import LANES, ZEROS, Code, Value, Written, entered, index, named
from gdviz.codes.llvm import Parameters, Reason, as_index, end_of_run, module, moving_variables, of_epoch
from gdviz.codes.llvm_sums import make_room_for_lanes, sums_of_lanes
from gdviz.codes.step_graph import StepShape

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
    make_room_for_lanes(code, shape)
    first, epochs, stop, m = [Value(f"%{name}", "i64") for name in ("first", "epochs", "stop", "m")]
    last = code.combined("sub", epochs, index(1))
    step = Written(code, shape.step, {"tolerance": Value("%tolerance"), "count": code.number(m)}, "%numbers")
    shared, moving = _shared_states(shape), moving_variables(shape)
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
    step.variables |= named("member", [lane(at.members + j) for j in range(shape.members)])
    own_rate = lane(at.rate)
    later = step.write_fixed(moving, differing)
    code.jump("epoch")

    code.begin("epoch")
    k = code.carried(first, "load")
    numbers = [code.carried(value, "load") for value in begin]
    was_small, going = [code.carried(value, "load") for value in flags]
    is_last = code.compared("icmp eq", k, epochs)
    step.variables |= of_epoch(code, shape, code.choice(is_last, last, k))
    step.variables["rate"] = code.combined("fmul", own_rate, step.variables["rate"])
    theta, state, earlier = numbers[:n], numbers[n : n + s], numbers[n + s :]
    step.variables |= named("theta", theta) | named("state", state)
    step.variables |= sums_of_lanes(code, shape, theta, m)
    step.write(later)
    results = [code.number(step.values[root]) for root in shape.step.roots[:-4]]
    small, *fine = [code.wide(code.flag(step.values[root])) for root in shape.tests]
    stays = code.both(small, was_small)
    event = code.both(code.either(stays, code.opposite(code.both(*fine))), going)
    computed = code.block
    code.branch(code.either(code.any(event), is_last), "ended", "go_on")

    code.begin("ended")
    ending = code.both(code.either(event, is_last), going)
    reason, end = end_of_run(code, k, stays, small, fine, is_last)
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
    code.line(f"ret {as_index(Reason.GOES_ON)}")
    return module("batch", code, BATCH)


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
