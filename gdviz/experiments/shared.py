"""Links as they are handed on: one text for one experiment, with the version of its format.

What a link of some version means never changes: ``tests/experiments/test_shared_links.py`` keeps a table of old ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from gdviz.experiments.experiment import Experiment
from gdviz.experiments.links import FORMAT, encode

SHORT = 2048  # bytes: what mail programs, chats and QR codes take

_PLAIN = ",;@()*!:/"  # signs that a link may hold as they are


def link_text(experiment: Experiment, more: Mapping[str, str] | None = None) -> str:
    """Return the experiment's link from its question mark on; equal experiments have equal links.

    ``more`` are parameters of a view or of Compare's runs. ``read_link(read_query(text[1:])[0])`` gives the experiment
    back to the last bit.
    """
    return written_link(encode(experiment) | dict(more or {}))


def written_link(parameters: Mapping[str, str]) -> str:
    """Return a link's parameters as its text from the question mark on, with the format's version.

    Where that is longer than what everything takes, letters and signs beyond ASCII, three to nine characters each when
    written in percents, stand as they are: browsers take them so, too.
    """
    named = {**parameters, "v": FORMAT}
    text = "?" + urlencode(named, quote_via=quote, safe=_PLAIN)
    if len(text) < SHORT:
        return text
    return "?" + "&".join(f"{_shorter(name)}={_shorter(value)}" for name, value in named.items())


def is_short(link: str) -> bool:
    """Say whether mail programs and chats take a link whole."""
    return len(link.encode()) < SHORT


def _shorter(text: str) -> str:
    return "".join(c if ord(c) > 127 and c.isprintable() and not c.isspace() else quote(c, _PLAIN) for c in text)
