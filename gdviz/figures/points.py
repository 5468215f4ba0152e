"""Rows of data as points."""

from __future__ import annotations

from typing import Any

_FEW = 300  # points that are large enough to be hit one by one


def point_marker(count: int, color: str) -> dict[str, Any]:
    """Return the marker of one of ``count`` points: many are smaller and let more shine through."""
    return {"color": color, "size": 7 if count <= _FEW else 4, "opacity": 0.75 if count <= _FEW else 0.5}
