"""A fit's sums over its rows as the text of LLVM's intermediate representation, in the one order of all codes: for one
theta eight rows at a time, for eight thetas a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gdviz.codes.ir import LANES, ZEROS, Code, Loop, Value, index, named
from gdviz.codes.ir_lines import Written
from gdviz.codes.step_graph import SUMS, StepShape, order_of_sums
from gdviz.formulas.lines import Lines
from gdviz.formulas.text import names_of


def sums_of_rows(
    code: Code, shape: StepShape, theta: Sequence[Value], count: Value, column: Callable[[int, Value, Value], Value]
) -> dict[str, Value]:
    """Write the loop over ``count`` rows, eight at a time; return the totals by their names.

    ``column(j, r, mask)`` writes what loads the j-th column of the rows from r on.
    """
    if shape.rows is None:
        return {}
    rows = Written(code, shape.rows, named("theta", theta), "%row_numbers")
    later = _write_before_rows(rows, shape, theta)
    each = Loop(code, "each_row", index(0), [ZEROS] * shape.totals)
    places = code.combined("add", code.wide(each.at), Value(_LANE_NUMBERS, "i64", wide=True))
    mask = code.compared("icmp ult", places, code.wide(count))
    read = {entry[1] for entry in shape.rows.nodes if entry[0] == "var"}
    for j in range(shape.columns):
        if f"column{j}" in read:
            rows.variables[f"column{j}"] = column(j, each.at, mask)
    if _reads_own(shape.rows):
        rows.variables["own_theta"] = code.load("%own", each.at, wide=True)
    rows.write(later)
    terms = [code.number(rows.wide(root)) for root in shape.rows.roots]
    added = [
        code.choice(mask, code.combined("fadd", total, term), total)
        for total, term in zip(each.values, terms, strict=True)
    ]
    each.again(added, count, "summed", index(LANES))
    return named("total", [_total(code, value) for value in added])


def _write_before_rows(rows: Written, shape: StepShape, theta: Sequence[Value]) -> list[int]:
    """Write what is the same for all rows, with a copy for each of eight; return the nodes that are not."""
    moving = ["own_theta", *named("column", [ZEROS] * shape.columns)]
    later = rows.write_fixed(moving, moving)
    for root in rows.lines.roots:
        if root in rows.values:
            rows.wide(root)
    _keep_own(rows, theta, 1)
    return later


def _keep_own(rows: Written, theta: Sequence[Value], lanes: int) -> None:
    """Keep theta as an array too, for sums over the parameters, each number with room for so many lanes."""
    if _reads_own(rows.lines):
        for i, number in enumerate(theta):
            rows.code.store(number, "%own", i * lanes)


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


def make_room(code: Code, shape: StepShape) -> None:
    """Make room for theta as an array, where sums over the parameters read it."""
    if _reads_own(shape.rows):
        code.line(f"%own = alloca double, i32 {-(-shape.parameters // LANES) * LANES}, align 64")


def make_room_for_lanes(code: Code, shape: StepShape) -> None:
    """The same for lanes, and for eight sums of each total."""
    if _reads_own(shape.rows):
        code.line(f"%own = alloca double, i32 {shape.parameters * LANES}, align 64")
    if shape.totals:
        code.line(f"%sums = alloca double, i32 {SUMS * shape.totals * LANES}, align 64")


def sums_of_lanes(code: Code, shape: StepShape, theta: Sequence[Value], m: Value) -> dict[str, Value]:
    """Write the loop over the m rows for eight thetas at once, a row at a time; return the totals by their names."""
    if shape.rows is None:
        return {}
    rows = Written(code, shape.rows, named("theta", theta), "%row_numbers")
    columns = names_of("column", shape.columns)
    later = rows.write_fixed(["own_theta", *columns], ["own_theta", *named("theta", theta)])
    _keep_own(rows, theta, LANES)
    stride = shape.totals * LANES
    code.clear("%sums", SUMS * stride)

    each = Loop(code, "each_row", index(0), [])
    for j, name in enumerate(columns):
        start = code.combined("add", code.combined("mul", m, index(j)), each.at)
        rows.variables[name] = code.load("%data", start)
    if _reads_own(shape.rows):
        rows.variables["own_theta"] = code.load("%own", code.combined("mul", each.at, index(LANES)), wide=True)
    rows.write(later)
    slot = code.combined("mul", code.combined("and", each.at, index(SUMS - 1)), index(stride))
    sums = code.address("%sums", slot)
    for t, root in enumerate(shape.rows.roots):
        term = code.wide(code.number(rows.values[root]))
        code.store(code.combined("fadd", code.load(sums, t * LANES, wide=True), term), sums, t * LANES)
    each.again([], m, "added")
    _add_up(code, stride)
    return named("total", [code.load("%sums", t * LANES, wide=True) for t in range(shape.totals)])


def _add_up(code: Code, stride: int) -> None:
    """Put each total where its first sum was. A loop over the totals, of which there may be many."""
    each = Loop(code, "add_up", index(0), [])
    places = [code.combined("add", each.at, index(k * stride)) for k in range(SUMS)]
    code.store(_added(code, [code.load("%sums", place, wide=True) for place in places]), "%sums", each.at)
    each.again([], index(stride), "summed", index(LANES))


def in_order(code: Code, m: Value) -> Callable[[int, Value, Value], Value]:
    """Return what loads columns of m rows in the order in which they are, for :func:`sums_of_rows`."""

    def column(j: int, r: Value, mask: Value) -> Value:
        return code.load_some("%data", code.combined("add", code.combined("mul", m, index(j)), r), mask)

    return column
