"""What the server has for a browser besides Streamlit's own files: plotly.js, the page's scripts, and its style sheet.

plotly.js comes from the installed ``plotly`` package (:mod:`gdviz.exports.plotly_script`): no CDN (it must work without
a network) and no second copy in this folder. It is served by a route of ``st.App`` and not as a packaged component's
asset, because Streamlit finds such assets through the metadata of *installed* packages and gdviz runs from its folder.
The components' own modules are served beside it, so that they can import each other and are fetched once; a script that
is handed to Streamlit as text is sent again with every rerun, so what is handed over is only :func:`module_loader`'s
few lines, and no style.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

import streamlit as st

from gdviz.exports.inlining import with_tables
from gdviz.exports.plotly_script import plotly_script
from gdviz.figures import DARK, LIGHT

PREFIX = "gdviz-assets"  # of their addresses: /gdviz-assets/<version>/<file>
STYLE_FILE = "gdviz.css"

_UI = Path(__file__).parents[1]
_COMPONENTS = _UI / "components"
_SCRIPTS = (_COMPONENTS, _UI / "server")  # whose folders hold what is served, by its path below them
_LOADER = "live_plot/loader.js"
# The components' sheets, then the pages': a later one may overrule those before it.
_STYLES = (
    *(f"components/{name}/{name}" for name in ("live_plot", "map_picture", "page_tools", "player", "slider")),
    *(f"style/{name}" for name in ("page", "first_screen", "small_screens", "parts", "print")),
)
_OF_EVERY_PAGE = ("live/", "live_plot/", "page_tools/", "player/", "slider/")


def base_path() -> str:
    """Where the app lies on its server: empty, or such as ``/gdviz``."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


@cache
def files() -> dict[str, bytes]:
    """The components' and the entry's scripts, such as ``live_plot/live_plot.js``; plotly.js, and the style sheet."""
    scripts = ((top, path) for top in _SCRIPTS for path in sorted(top.glob("*/*.js")))
    found = {path.relative_to(top).as_posix(): with_tables(path).encode() for top, path in scripts}
    found["plotly.min.js"] = plotly_script().encode()
    sheets = ((_UI / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES)
    found[STYLE_FILE] = "\n".join([_colors(), *sheets]).encode()
    return found


def _colors() -> str:
    """The figures' colors of both themes for the style sheets."""
    both = ((name, light, DARK.css[name]) for name, light in LIGHT.css.items())
    return f":root {{ {' '.join(f'{name}: light-dark({light}, {dark});' for name, light, dark in both)} }}"


@cache
def version() -> str:
    """A digest of all that is served, and so part of its URL."""
    digest = hashlib.blake2b(digest_size=8)
    for name, content in files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


@cache
def compressed(name: str) -> bytes:
    """One of the files, compressed once here: the server's own middleware would do it again for every visitor."""
    return gzip.compress(files()[name], compresslevel=6, mtime=0)


def pack() -> None:
    """Compress all that is served, which is kept."""
    for name in files():
        compressed(name)


def address(name: str) -> str:
    """Where a file is served, below the app's own address."""
    return f"{PREFIX}/{version()}/{name}"


def of_every_page() -> list[str]:
    """The modules that any page needs."""
    return [name for name in files() if name.startswith(_OF_EVERY_PAGE) and name != _LOADER]


def module_loader(module: str) -> str:
    """Return a component's script that imports ``module``, a path below ``gdviz/ui/components``, from this server."""
    template = (_COMPONENTS / _LOADER).read_text(encoding="utf-8")
    return template.replace("__MODULE__", address(module))
