"""How what the page shows leaves it: as a file, by a button, or as an address."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def download_button(
    what: str, content: bytes | Callable[[], bytes], file_name: str, media: str, key: str = "export_download"
) -> None:
    """Draw the button that downloads a file, or what makes it when the button is pressed."""
    st.download_button(
        f"Download {what}", content, file_name, media, key=key, on_click="ignore", icon=":material/download:",
        type="primary", width="stretch",
    )  # fmt: skip


def address_of(link: str) -> str:
    """Return the whole address of a link, which begins with its question mark."""
    page = str(st.context.url or "").partition("?")[0]
    return f"{page}{'' if page.count('/') > 2 else '/'}{link}"
