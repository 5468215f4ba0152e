"""Runs a generated function on arrays of any broadcastable shapes, in blocks, with IEEE semantics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.formulas.limits import BLOCK
from gdviz.pacing import pause


def evaluate(kernel: Callable[..., tuple[Any, ...]], arrays: Sequence[ArrayLike]) -> tuple[Array, ...]:
    """All results of ``kernel`` as new, distinct float64 arrays of the broadcast shape (0-d for scalars).

    More than ``BLOCK`` points are evaluated block by block, which keeps the temporaries in the cache. Raises
    ValueError when the shapes do not broadcast.
    """
    inputs = [np.asarray(array, dtype=np.float64) for array in arrays]
    shape = np.broadcast_shapes(*[array.shape for array in inputs])
    size = int(np.prod(shape))
    pause()
    with np.errstate(all="ignore"):
        if size <= BLOCK:
            return tuple(_filled(result, shape) for result in kernel(*inputs))
        return _in_blocks(kernel, inputs, shape, size)


def _filled(result: Any, shape: tuple[int, ...]) -> Array:
    # A copy in any case: a result may be a constant, an input itself, or the same array as another result.
    full: Array = np.empty(shape)
    full[...] = result
    return full


def _in_blocks(
    kernel: Callable[..., tuple[Any, ...]], inputs: Sequence[Array], shape: tuple[int, ...], size: int
) -> tuple[Array, ...]:
    readers = [_reader(array, shape) for array in inputs]
    outputs: list[Array] = []
    for start in range(0, size, BLOCK):
        pause()
        stop = min(start + BLOCK, size)
        results = kernel(*[reader(start, stop) for reader in readers])
        if not outputs:
            outputs = [np.empty(size) for _ in results]
        for output, result in zip(outputs, results, strict=True):
            output[start:stop] = result
    return tuple(output.reshape(shape) for output in outputs)


def _reader(array: Array, shape: tuple[int, ...]) -> Callable[[int, int], Any]:
    """A function (start, stop) -> those elements of the broadcast array, without broadcasting all of it."""
    if array.size == 1:
        scalar = array.reshape(())[()]
        return lambda start, stop: scalar
    if array.shape == shape and array.flags.c_contiguous:
        flat = array.reshape(-1)
        return lambda start, stop: flat[start:stop]
    spread = np.broadcast_to(array, shape).flat
    return lambda start, stop: spread[start:stop]
