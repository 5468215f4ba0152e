"""Every limit of the engine in one place: each is enforced before the memory or the time is spent."""

from __future__ import annotations

MAX_CHARACTERS = 500
MAX_TOKENS = 300
MAX_DEPTH = 40
MAX_NODES = 300
MAX_GRADIENT_NODES = 4_000
MAX_HESSIAN_NODES = 12_000
MAX_VARIABLES = 16
MAX_LITERAL_CHARACTERS = 40
MAX_NAME_CHARACTERS = 40
MAX_CONSTANT = 1e150
MIN_LITERAL = 1e-150
"""Smaller literals would underflow to 0 in the next product, which is not what was typed."""

MAX_PRODUCT_POWER = 32
"""x**n with a whole |n| up to this is a chain of products, the same in float and array code."""

MAX_LATEX_CHARACTERS = 2_000
"""A longer derivative is described, not printed."""

BLOCK = 8_192
"""Points, rows or members that arrays hold at a time: temporaries of 64 kB stay in the cache."""

MAX_INLINE_DEPTH = 2
"""How deep single-use operations nest in one generated statement; deeper would need a deep C stack to compile."""
