"""plotly.js as our pages need it: the installed package's script, of whose kinds of traces only ours are begun.

As it comes, the script begins 45 kinds each time a page opens, among them maps of the world with a program of their
own: nine tenths of the second that it takes. They stand in one list at its end, so the list is made shorter. What is
drawn in space takes most of the rest, and waits until something is.

All of the script stands in one function that is handed to another. A browser reads such a function twice: first to find
its end, aside, and then in earnest, while the page waits. A function in parentheses is read once, aside.
"""

from __future__ import annotations

import logging
import re

from plotly.offline import get_plotlyjs

FLAT = ("contour",)  # scatter is always there
IN_SPACE = ("scatter3d", "surface")
BEGIN_SPACE = "beginSpace"
"""The function of ``Plotly`` that begins what is drawn in space."""

_BEGIN = ".register(["
_LIST = re.compile(r"([\w$]+)\.register\(\[((?:[\w$]+\(\),?)+)\]\)")
_MODULE = re.compile(r"var ([\w$]+)=[\w$]+\(\(")
_FACTORY = re.compile(r"(\(typeof self [^\n]*, )(\(\) => \{\n.*\n\})(\)\);\s*)\Z", re.DOTALL)
_NEAR = 1_500  # characters: the longest module that only says what it is

_LOG = logging.getLogger(__name__)


class UnknownScript(ValueError):
    """The installed plotly.js is not written as this file expects."""


def plotly_script() -> str:
    """Return the text of plotly.js, prepared; as it comes, where another version is written in another way."""
    script = get_plotlyjs()
    try:
        return prepared(script)
    except UnknownScript as error:
        _LOG.warning("plotly.js is served as it comes, and takes a second to begin: %s", error)
        return f"{script}\nPlotly.{BEGIN_SPACE} = () => {{}};\n"


def prepared(script: str) -> str:
    """Return ``script`` with the short list, and read once. Raises UnknownScript."""
    at = script.find(_BEGIN)
    whole = _LIST.search(script, max(0, at - _NEAR), at + _NEAR)
    if script.count(_BEGIN) != 1 or whole is None:
        raise UnknownScript("it has not one list of kinds")
    register, named = whole[1], whole[2].split(",")
    flat, space = (",".join(_call(script, kind, named) for kind in kinds) for kinds in (FLAT, IN_SPACE))
    short = f"{register}.register([{flat}]),{register}.{BEGIN_SPACE}=()=>{register}.register([{space}])"
    text, count = _FACTORY.subn(r"\1(\2)\3", script[: whole.start()] + short + script[whole.end() :])
    if count != 1:
        raise UnknownScript("it does not stand in one function")
    return text


def _call(script: str, kind: str, named: list[str]) -> str:
    """Which of the ``named`` calls begins a kind: that of the module that says it, or of one that hands this on."""
    at = script.find(f'moduleType:"trace",name:"{kind}"')
    for _ in range(2):
        modules = _MODULE.findall(script, max(0, at - _NEAR), max(0, at))
        if not modules:
            break
        call = f"{modules[-1]}()"
        if call in named:
            return call
        at = script.find(f".exports={call}")
    raise UnknownScript(f"it has no {kind}")
