"""Parts of figures that stay as they are."""

from __future__ import annotations

from typing import Any


class Still(dict[str, Any]):
    """A part of a figure that is kept and never changed, such as a landscape; who writes it down notes its ``digest``
    here, and need not do so again."""

    digest: str | None = None
