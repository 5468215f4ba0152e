"""The named test functions: formula, start, window, known minima, a learning rate, and where it all comes from.

Presets are formulas like those that a visitor types, so no gradient is written by hand. Their numbers are published
ones, recomputed in ``tests/presets/test_presets.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gdviz.presets.preset import Preset, random_start
from gdviz.presets.published import PUBLISHED
from gdviz.presets.teaching import TEACHING

__all__ = ["DEFAULT", "PRESETS", "Preset", "random_start"]

#: Every preset by its key, in the order in which the page lists them. Read-only.
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.key: preset for preset in TEACHING + PUBLISHED})

#: What the page opens with: one slider tells the whole story there (crawl, zigzag, divergence beyond 0.5).
DEFAULT = "ravine"
