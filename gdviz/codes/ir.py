"""The text of LLVM's intermediate representation: one number at a time, or eight lanes of them.

No name that a user typed is in the text. There are no fast-math flags and no contraction, and functions of the C
library are called under names of our own, so that LLVM does not replace them: the bits are those of Python's floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.codes.step_graph import SUMS
from gdviz.formulas.functions import FUNCTIONS

LANES = SUMS
"""How many numbers a vector has."""

LIBRARY = "gdviz_"
"""What the names of the C library's functions begin with here."""

_INFIX = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
_COMPARISONS = {"less": "fcmp olt", "less_equal": "fcmp ole"}
_INTRINSICS = {"abs": "fabs", "sqrt": "sqrt"}
INSTRUCTIONS = (*_INFIX, *_COMPARISONS, *_INTRINSICS, "neg", "both", "where")
"""The operations that are no calls into the C library."""


@dataclass(frozen=True)
class Value:
    """A value of the text: a number (``double``), a flag (``i1``) or an index (``i64``); one for all lanes, or
    ``wide``: one a lane."""

    name: str
    kind: str = "double"
    wide: bool = False

    @property
    def type(self) -> str:
        return f"<{LANES} x {self.kind}>" if self.wide else self.kind

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


def index(number: int) -> Value:
    """Return a whole number."""
    return Value(str(number), "i64")


def named(kind: str, values: Sequence[Value]) -> dict[str, Value]:
    """Return the values under the names that lines have for them: theta0, theta1, …"""
    return {f"{kind}{j}": value for j, value in enumerate(values)}


ZEROS = Value("zeroinitializer", wide=True)


class Code:
    """The text of one function as it grows, and what it needs declared beside it."""

    def __init__(self) -> None:
        self.declarations: dict[str, str] = {}
        self.block = "entry"
        self._lines: list[str] = ["entry:"]
        self._carried: dict[str, int] = {}
        self._count = 0

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def line(self, text: str) -> None:
        """Add an instruction that gives nothing."""
        self._lines.append(f"  {text}")

    def made(self, text: str, kind: str = "double", wide: bool = False) -> Value:
        """Add an instruction; return what it gives."""
        self._count += 1
        self._lines.append(f"  %v{self._count} = {text}")
        return Value(f"%v{self._count}", kind, wide)

    # -- blocks --

    def begin(self, block: str) -> None:
        """Begin the block of this name."""
        self.block = block
        self._lines.append(f"{block}:")

    def jump(self, block: str) -> None:
        self.line(f"br label %{block}")

    def branch(self, condition: Value, block: str, otherwise: str) -> None:
        self.line(f"br {condition}, label %{block}, label %{otherwise}")

    def carried(self, value: Value, before: str) -> Value:
        """Begin a value carried into the block that has just begun: ``value`` on the way from block ``before``;
        :meth:`carry` says what it is on the way from others."""
        new = self.made(f"phi {value.type} [ {value.name}, %{before} ]", value.kind, value.wide)
        self._carried[new.name] = len(self._lines) - 1
        return new

    def carry(self, carried: Value, following: Value) -> None:
        """Say what a carried value is on the way from this block."""
        self.arrive(carried, following, self.block)

    def arrive(self, carried: Value, following: Value, block: str) -> None:
        """Say what a carried value is on the way from ``block``."""
        self._lines[self._carried[carried.name]] += f", [ {following.name}, %{block} ]"

    # -- memory --

    def address(self, array: str, place: Value, kind: str = "double") -> str:
        """Return where the element ``place`` of an array is."""
        return self.made(f"getelementptr {kind}, ptr {array}, {place}").name

    def load(self, array: str, place: Value | int, wide: bool = False) -> Value:
        """Return the element ``place`` of an array, or the eight from there on."""
        start = self.address(array, place if isinstance(place, Value) else index(place))
        return self.made(f"load {Value('', wide=wide).type}, ptr {start}, align 8", wide=wide)

    def store(self, value: Value, array: str, place: Value | int) -> None:
        start = self.address(array, place if isinstance(place, Value) else index(place), value.kind)
        self.line(f"store {value}, ptr {start}, align 8")

    def load_some(self, array: str, place: Value, mask: Value, kind: str = "double") -> Value:
        """Return the eight elements from ``place`` on, only those that ``mask`` has, else 0."""
        zeros = Value("zeroinitializer", kind, wide=True)
        name = self._declared(f"llvm.masked.load.{_suffix(kind)}.p0", zeros.type, f"ptr, {mask.type}, {zeros.type}")
        start = self.address(array, place, kind)
        return self.made(f"call {zeros.type} {name}(ptr align 8 {start}, {mask}, {zeros})", kind, wide=True)

    def gather(self, array: str, places: Value, mask: Value) -> Value:
        """Return the elements at eight ``places``, only those that ``mask`` has, else 0."""
        pointers = f"<{LANES} x ptr>"
        name = f"llvm.masked.gather.{_suffix('double')}.v{LANES}p0"
        name = self._declared(name, ZEROS.type, f"{pointers}, {mask.type}, {ZEROS.type}")
        starts = self.made(f"getelementptr double, ptr {array}, {places}").name
        return self.made(f"call {ZEROS.type} {name}({pointers} align 8 {starts}, {mask}, {ZEROS})", wide=True)

    def store_some(self, value: Value, array: str, place: Value, mask: Value) -> None:
        """Store those of eight numbers that ``mask`` has."""
        name = self._declared(f"llvm.masked.store.{_suffix('double')}.p0", "void", f"{ZEROS.type}, ptr, {mask.type}")
        number = self.wide(value)
        self.line(f"call void {name}({number}, ptr align 8 {self.address(array, place)}, {mask})")

    def clear(self, array: str, count: int) -> None:
        """Set the first ``count`` numbers of an array to 0."""
        name = self._declared("llvm.memset.p0.i64", "void", "ptr, i8, i64, i1")
        self.line(f"call void {name}(ptr align 64 {array}, i8 0, i64 {8 * count}, i1 false)")

    def _declared(self, name: str, result: str, parameters: str, attributes: str = "") -> str:
        self.declarations[name] = f"declare {result} @{name}({parameters}) {attributes}"
        return f"@{name}"

    # -- values --

    def wide(self, value: Value) -> Value:
        """Return the value with a copy for each lane."""
        if value.wide:
            return value
        kind = f"<{LANES} x {value.kind}>"
        one = self.made(f"insertelement {kind} poison, {value}, i32 0", value.kind, wide=True)
        return self.made(f"shufflevector {one}, {kind} poison, <{LANES} x i32> zeroinitializer", value.kind, wide=True)

    def alike(self, *values: Value) -> tuple[Value, ...]:
        """Return the values all wide if one is."""
        return tuple(map(self.wide, values)) if any(value.wide for value in values) else values

    def number(self, value: Value) -> Value:
        """Return a flag or an index as a number; a number as it is."""
        if value.kind == "double":
            return value
        return self.made(f"uitofp {value} to {Value('', wide=value.wide).type}", wide=value.wide)

    def flag(self, value: Value) -> Value:
        """Return whether a number is not 0, as nan is not; a flag as it is."""
        if value.kind == "i1":
            return value
        return self.made(f"fcmp une {value}, {'zeroinitializer' if value.wide else '0.0'}", "i1", value.wide)

    def compared(self, comparison: str, a: Value, b: Value) -> Value:
        """Return the flag of a comparison, such as ``icmp ult``."""
        a, b = self.alike(a, b)
        return self.made(f"{comparison} {a}, {b.name}", "i1", a.wide)

    def combined(self, operation: str, a: Value, b: Value) -> Value:
        """Return what an instruction makes of two values of a kind, such as ``add`` or ``and``."""
        a, b = self.alike(a, b)
        return self.made(f"{operation} {a}, {b.name}", a.kind, a.wide)

    def both(self, *flags: Value) -> Value:
        """Return whether all the flags hold."""
        result = flags[0]
        for flag in flags[1:]:
            result = self.combined("and", result, flag)
        return result

    def either(self, p: Value, q: Value) -> Value:
        return self.combined("or", p, q)

    def opposite(self, p: Value) -> Value:
        return self.combined("xor", p, Value("splat (i1 true)" if p.wide else "true", "i1", p.wide))

    def any(self, p: Value) -> Value:
        """Return whether a flag holds in one of the lanes."""
        bits = f"i{LANES}"
        return self.compared("icmp ne", self.made(f"bitcast {p} to {bits}", bits), Value("0", bits))

    def choice(self, condition: Value, a: Value, b: Value) -> Value:
        """Return ``a`` where the flag holds, else ``b``."""
        condition, a, b = self.alike(condition, a, b)
        return self.made(f"select {condition}, {a}, {b}", a.kind, a.wide)

    def operation(self, name: str, operands: Sequence[Value]) -> Value:
        """Return one operation of :class:`gdviz.formulas.lines.Lines`."""
        if name == "both":
            return self.both(*map(self.flag, operands))
        if name == "where":
            return self.choice(self.flag(operands[0]), *map(self.number, operands[1:]))
        values = self.alike(*map(self.number, operands))
        if name in _COMPARISONS:
            return self.compared(_COMPARISONS[name], *values)
        if name in _INFIX:
            return self.combined(_INFIX[name], *values)
        if name == "neg":
            return self.made(f"fneg {values[0]}", wide=values[0].wide)
        return self._called(name, values)

    def _called(self, name: str, values: Sequence[Value]) -> Value:
        kind, wide = values[0].type, values[0].wide
        parameters = ", ".join([kind] * len(values))
        if name in _INTRINSICS:
            called = self._declared(
                f"llvm.{_INTRINSICS[name]}.{_suffix('double') if wide else 'f64'}", kind, parameters
            )
        else:
            called = self._library(name, len(values), wide)
        return self.made(f"call {kind} {called}({', '.join(map(str, values))})", wide=wide)

    def _library(self, name: str, arguments: int, wide: bool) -> str:
        """Return the name of a function of the C library, or of one that calls it for each lane."""
        assert name == "pow" or FUNCTIONS[name].expanded is None
        doubles = ", ".join(["double"] * arguments)
        single = self._declared(f"{LIBRARY}{name}", "double", doubles, "nounwind willreturn memory(none)")
        if not wide:
            return single
        self.declarations[f"lanes_{name}"] = _lane_by_lane(single, f"@lanes_{name}", arguments)
        return f"@lanes_{name}"


class Loop:
    """A loop over the indices ``at``, in which ``values`` are carried from each round to the next."""

    def __init__(self, code: Code, block: str, first: Value, values: Sequence[Value]) -> None:
        """Go into the loop's block at the index ``first``, with what the values are at first."""
        before = code.block
        code.jump(block)
        code.begin(block)
        self._code, self._block = code, block
        self.at = code.carried(first, before)
        self.values = [code.carried(value, before) for value in values]

    def again(self, values: Sequence[Value], stop: Value, after: str, stride: Value | None = None) -> None:
        """Go round again with these values, ``stride`` further (1 if None), as long as that is below ``stop``; then
        on to the block ``after``, which begins."""
        code = self._code
        following = code.combined("add", self.at, stride or index(1))
        for carried, value in zip([self.at, *self.values], [following, *values], strict=True):
            code.carry(carried, value)
        code.branch(code.compared("icmp ult", following, stop), self._block, after)
        code.begin(after)


def _suffix(kind: str) -> str:
    return f"v{LANES}{'f64' if kind == 'double' else kind}"


def _lane_by_lane(single: str, lanes: str, arguments: int) -> str:
    """Return the text of a function that calls another for each lane. It is a function of its own so that the vectors
    in use are put aside once, and not around each of the calls."""
    vector = ZEROS.type
    lines = []
    for k in range(LANES):
        lines += [f"  %a{k}_{j} = extractelement {vector} %x{j}, i32 {k}" for j in range(arguments)]
        operands = ", ".join(f"double %a{k}_{j}" for j in range(arguments))
        lines.append(f"  %r{k} = call double {single}({operands})")
    before = "poison"
    for k in range(LANES):
        lines.append(f"  %y{k} = insertelement {vector} {before}, double %r{k}, i32 {k}")
        before = f"%y{k}"
    head = ", ".join(f"{vector} %x{j}" for j in range(arguments))
    body = "\n".join(lines)
    return f"define internal {vector} {lanes}({head}) #1 {{\n{body}\n  ret {vector} {before}\n}}"
