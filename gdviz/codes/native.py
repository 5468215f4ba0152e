"""Machine code of a descent's loops: compiled by LLVM where llvmlite is installed, kept by shape, called with arrays.

Calls release Python's lock, so that several threads compute at once; they cannot be interrupted, so callers ask for a
few epochs at a time. A kernel is freed when it was dropped from the cache and no call is running.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz import pacing
from gdviz.arrays import Array
from gdviz.cache import Recent
from gdviz.codes import llvm, llvm_batch
from gdviz.codes.ir import INSTRUCTIONS, LIBRARY
from gdviz.codes.llvm import Parameters, Reason
from gdviz.codes.step_graph import StepGraph, StepShape
from gdviz.formulas.functions import CAREFUL_NAMESPACE, FUNCTIONS
from gdviz.formulas.graph import LEAVES
from gdviz.formulas.lines import Lines

_MOST_KERNELS = 64
_MOST_OPERATIONS = 20_000
_LARGE = 5_000  # operations beyond which LLVM is not asked to look for better code

_KINDS: dict[str, tuple[Callable[[StepShape], str], Parameters]] = {
    "path": (llvm.path, llvm.PATH),
    "passes": (llvm.passes, llvm.PASSES),
    "batch": (llvm_batch.batch, llvm_batch.BATCH),
}


def available() -> bool:
    """Say whether there is a compiler here."""
    return _machine() is not None


def suits(shape: StepShape) -> bool:
    """Say whether machine code of this shape can be had here, within seconds and a thread's stack."""
    return available() and shape.size <= _MOST_OPERATIONS


def kernel(kind: str, shape: StepShape) -> Kernel:
    """Return the kernel of this kind ("path", "passes" or "batch"), compiled where it is not there yet."""
    return _kernels().get(kind, shape)


def known(kind: str, shape: StepShape) -> bool:
    """Say whether that kernel is compiled already."""
    return _kernels().find(kind, shape) is not None


def compile_seconds(kind: str, shape: StepShape) -> float:
    """Return about how long it takes to compile that kernel."""
    return 0.009 + 120e-6 * shape.size if _optimized(kind, shape) else 0.003 + 20e-6 * shape.size


def _optimized(kind: str, shape: StepShape) -> bool:
    """Say whether better code is worth three times the time of compiling: a path without rows takes too short."""
    return shape.size <= _LARGE and (kind != "path" or shape.rows is not None)


def epoch_seconds(step: StepGraph) -> float:
    """Return about how long an epoch takes, on one path or for one member of a batch, or a little less."""
    return _seconds(step.shape.step) + (step.rows * _seconds(step.shape.rows) if step.shape.rows else 0.0)


def pass_seconds(step: StepGraph, size: int) -> float:
    """Return about how long a pass over all rows in batches of ``size`` takes, or a little less."""
    return epoch_seconds(step) + (-(-step.rows // size) - 1) * _seconds(step.shape.step)


def _seconds(lines: Lines) -> float:
    calls = sum(entry[0] not in (*INSTRUCTIONS, *LEAVES) for entry in lines.nodes)
    return 0.3e-9 * len(lines.nodes) + 10e-9 * calls


# -- calls --


class PathSteps:
    """A recorded descent from ``theta`` (n,) with ``rates`` (epochs,) and ``sequences`` (q, epochs).

    ``table`` (epochs + 1, 2n + 1) are its rows of theta, value and gradient, as far as :meth:`advance` has come.
    """

    def __init__(
        self, step: StepGraph, theta: Sequence[float], rates: Array, sequences: Array, tolerance: float
    ) -> None:
        self.table = np.empty((len(rates) + 1, 2 * step.shape.parameters + 1))
        self._rows = np.zeros(1, dtype=np.int64)
        self._call = kernel("path", step.shape).bound(
            **given(step), epochs=len(rates), carry=floats([*theta, *step.initial, 0.0]), rates=floats(rates),
            sequences=floats(sequences), tolerance=tolerance, table=self.table, rows=self._rows,
        )  # fmt: skip

    def advance(self, first: int, stop: int) -> tuple[int, Reason]:
        """Run the rows from ``first``, where the last call stopped, to ``stop`` - 1; return how many there are now, and
        why the run ended."""
        reason = Reason(self._call(first=first, stop=stop))
        return (stop if reason is Reason.GOES_ON else int(self._rows[0])), reason


class Passes:
    """A descent on batches of ``size`` rows from ``theta`` (n,) with ``rates`` (epochs,) and ``sequences`` (q, epochs).

    ``table`` (epochs + 1, n) are the thetas at the start and after each epoch, as far as :meth:`advance` has come.
    """

    def __init__(self, step: StepGraph, theta: Sequence[float], rates: Array, sequences: Array, size: int) -> None:
        self.table = np.empty((len(rates) + 1, step.shape.parameters))
        self.table[0] = theta
        self._rows = np.zeros(1, dtype=np.int64)
        self._call = kernel("passes", step.shape).bound(
            **given(step), epochs=len(rates), carry=floats([*theta, *step.initial]), rates=floats(rates),
            sequences=floats(sequences), size=size, table=self.table, rows=self._rows,
        )  # fmt: skip

    def advance(self, first: int, order: NDArray[np.int64]) -> tuple[int, Reason]:
        """Pass over the rows in the epochs from ``first``, where the last call stopped, on, once for each row of
        ``order`` (epochs, m); return how many thetas there are now, and DIVERGED if the next is not finite."""
        order = np.ascontiguousarray(order, dtype=np.int64)
        reason = Reason(self._call(first=first, stop=first + len(order), order=order))
        return int(self._rows[0]), reason


def given(step: StepGraph) -> dict[str, Any]:
    """Return the arguments that belong to the step itself."""
    return {
        "numbers": floats(step.numbers), "row_numbers": floats(step.row_numbers),
        "data": floats(step.data), "m": step.rows,
    }  # fmt: skip


def floats(numbers: Any) -> Array:
    """Return an array that machine code can read."""
    return np.ascontiguousarray(numbers, dtype=float)


# -- kernels --


class Kernel:
    """The machine code of one function."""

    def __init__(self, machine: _Machine, text: str, name: str, parameters: Parameters, optimized: bool) -> None:
        self._engine = machine.compiled(text, optimized)
        self._parameters = parameters
        types = [_TYPES[kind] for _, kind in parameters]
        self._function = ctypes.CFUNCTYPE(ctypes.c_int64, *types)(self._engine.get_function_address(name))

    def bound(self, **arguments: Any) -> Callable[..., int]:
        """Return the function with these arguments set, which takes the others by name."""
        held = {name: _address(value) for name, value in arguments.items()}

        def call(**others: Any) -> int:
            passed = {**held, **{name: _address(value) for name, value in others.items()}}
            result: int = self._function(*[passed[name] for name, _ in self._parameters])
            return result

        call.arrays = arguments  # type: ignore[attr-defined]  # they must live as long as their addresses
        return call


_TYPES: dict[str, Any] = {"i64": ctypes.c_int64, "double": ctypes.c_double, "array": ctypes.c_void_p}


def _address(value: Any) -> Any:
    return value.ctypes.data if isinstance(value, np.ndarray) else value


class Kernels:
    """The kernels that were asked for last."""

    def __init__(self, most: int) -> None:
        self._recent = Recent(most)
        self._compiling = Lock()

    def find(self, kind: str, shape: StepShape) -> Kernel | None:
        return self._recent.find((kind, shape))

    def get(self, kind: str, shape: StepShape) -> Kernel:
        """Return a kernel; compile it where it is not there. Threads that ask for the same one wait for it."""
        found = self.find(kind, shape)
        if found is not None:
            return found
        with pacing.aside(), self._compiling:
            made: Kernel = self._recent.get((kind, shape), lambda: _compiled(kind, shape))
            return made


@lru_cache(maxsize=1)
def _kernels() -> Kernels:
    return Kernels(_MOST_KERNELS)


def _compiled(kind: str, shape: StepShape) -> Kernel:
    write, parameters = _KINDS[kind]
    machine = _machine()
    if machine is None:
        raise RuntimeError("Machine code needs llvmlite: pip install llvmlite.")
    return Kernel(machine, write(shape), kind, parameters, _optimized(kind, shape))


# -- the compiler --


@dataclass(frozen=True)
class _Machine:
    """The processor of this computer, as LLVM knows it."""

    llvm: Any
    target: Any
    triple: str
    cpu: str
    features: str

    def compiled(self, text: str, optimized: bool) -> Any:
        """Return an engine that holds the compiled text and frees it when it goes."""
        module = self.llvm.parse_assembly(text, self.llvm.create_context())
        level = 1 if optimized else 0
        machine = self.target.create_target_machine(self.cpu, self.features, opt=level, jit=True)
        module.triple, module.data_layout = self.triple, str(machine.target_data)
        engine = self.llvm.create_mcjit_compiler(module, machine)
        engine.finalize_object()
        return engine


@lru_cache(maxsize=1)
def _machine() -> _Machine | None:
    """Return the compiler, or None where there is none, or where the C library's functions are not those of
    Python's."""
    try:
        import llvmlite.binding as llvm
    except ImportError:
        return None
    addresses = _library()
    if addresses is None:
        return None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for name, address in addresses.items():
        llvm.add_symbol(LIBRARY + name, address)
    triple = llvm.get_process_triple()
    features = llvm.get_host_cpu_features().flatten()
    return _Machine(llvm, llvm.Target.from_triple(triple), triple, llvm.get_host_cpu_name(), features)


_TRIED = (-2.3, 0.0, 0.1, 0.7, 1.9, 30.5)


def _library() -> dict[str, int] | None:
    """Return the addresses of the C library's functions; None unless they give what Python's ``math`` gives."""
    arities = {name: row.arity or 2 for name, row in FUNCTIONS.items() if row.expanded is None}
    arities = {name: arity for name, arity in arities.items() if name not in INSTRUCTIONS} | {"pow": 2}
    found = {}
    for name, arity in arities.items():
        function = _library_function(name, arity)
        if function is None or not _same(function, CAREFUL_NAMESPACE[name], arity):
            return None
        found[name] = ctypes.cast(function, ctypes.c_void_p).value or 0
    return found


def _library_function(name: str, arity: int) -> Any:
    for library in (None, ctypes.util.find_library("m")):
        try:
            address = getattr(ctypes.CDLL(library), name)
        except (OSError, TypeError, AttributeError):
            continue
        kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * arity)
        return ctypes.cast(address, kind)
    return None


def _same(one: Any, other: Callable[..., float], arity: int) -> bool:
    points = [(x, *_TRIED[: arity - 1]) for x in _TRIED]
    pairs = [(one(*point), other(*point)) for point in points]
    return all(a == b or (a != a and b != b) for a, b in pairs)
