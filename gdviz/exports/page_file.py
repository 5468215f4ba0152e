"""The page as one file: pictures, slider and start live, in any browser, from a disk, an e-mail or a frame.

Nothing is asked of the network, of the page around a frame, or of the browser's memory, and the file's own policy
allows none of it: only the two scripts that are in it may run, named by their hashes. The styles that plotly.js writes
as it draws have no hash beforehand, so inline styles are allowed. What a user has typed is in the file as JSON, with
every sign escaped that could end a script element, and is put on the page as text.

plotly.js (:mod:`gdviz.exports.plotly_script`) has smaller builds than the one that Plotly's Python package brings, but
no package for Python brings one. So it is inside packed, which makes 2 MB of its 5, and the browser unpacks it.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from zlib import compress

from gdviz.comparisons import Comparison
from gdviz.datasets import Table
from gdviz.experiments import UPLOAD, Experiment
from gdviz.exports.errors import NotOffered
from gdviz.exports.inlining import inlined
from gdviz.exports.page_contents import contents_of, dumped
from gdviz.exports.plotly_script import plotly_script
from gdviz.exports.subject import Subject, subject_of, subject_of_comparison
from gdviz.figures import DARK, LIGHT

PAGE = Path(__file__).parent / "page"
COMPONENTS = Path(__file__).parents[1] / "ui" / "components"
STYLES = (
    COMPONENTS / "live_plot" / "live_plot.css",
    COMPONENTS / "slider" / "slider.css",
    COMPONENTS / "player" / "player.css",
    PAGE / "page.css",
)  # fmt: skip

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
_DOCUMENT = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{styles}</style>
</head>
<body>
<main id="page"><h1>{title}</h1><p class="gdviz-wait">Opening the page …</p></main>
<noscript><p>This page computes a gradient descent in your browser, and needs JavaScript for it.</p></noscript>
<script type="application/json" id="contents">{contents}</script>
<script type="text/plain" id="plotly">{plotly}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def to_page(subject: Subject, with_data: bool = False) -> str:
    """Return the page of a run, or of a comparison's runs, as the text of one HTML file of at most 6 MB.

    The learning rate and the start can be changed in it where the steps can be traced; elsewhere it shows the run as it
    was recorded, and says why. Raises NotOffered where rows of a user's own data would be in it, unless ``with_data``
    says that they may.
    """
    if subject.task.experiment.data == UPLOAD and subject.problem.fit is not None and not with_data:
        raise NotOffered("The page of this fit holds your data: allow it (with data), or export a picture.")
    contents = contents_of(subject)
    script = inlined(PAGE / "main.js", contents.modules)
    packed, plotly_hash = _plotly()
    policy = _POLICY.format(scripts=f"'{_hash(script)}' '{plotly_hash}'")
    styles = "\n".join([_colors(), *(path.read_text(encoding="utf-8") for path in STYLES)])
    for name, text in (("script", script), ("style", styles)):
        if f"</{name}" in text.lower() or "<!--" in text:
            raise ValueError(f"The page's own {name} would end too soon.")
    return _DOCUMENT.format(
        policy=policy,
        title=escape(subject.title),
        styles=styles,
        contents=dumped(contents.shown),
        plotly=packed,
        script=script,
    )


def save_page(
    experiment: Experiment | Comparison, path: str | Path, table: Table | None = None, with_data: bool = False
) -> None:
    """Write the page of an experiment, or of a comparison, to ``path`` as one HTML file; see :func:`to_page`.

    ``table`` is the user's own data, where the experiment fits them: their rows go into the file, so that has to be
    allowed (``with_data``), or :class:`NotOffered` is raised. Raises ValueError for fields that make no run.
    """
    if isinstance(experiment, Comparison):
        subject = subject_of_comparison(experiment.experiment.posed(table), experiment.contenders)
    else:
        subject = subject_of(experiment.posed(table))
    Path(path).write_text(to_page(subject, with_data), encoding="utf-8", newline="\n")


def framed(page: str) -> str:
    """Return a page as a frame within another page, that can do nothing but run its own scripts."""
    return (
        f'<iframe title="gradient descent" sandbox="allow-scripts" width="100%" height="900" '
        f'style="border:0" srcdoc="{escape(page)}"></iframe>'
    )


def _colors() -> str:
    """The figures' colors of both themes for the style sheets."""
    light, dark = (" ".join(f"{name}: {color};" for name, color in palette.css.items()) for palette in (LIGHT, DARK))
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


@lru_cache(maxsize=1)
def _plotly() -> tuple[str, str]:
    """plotly.js packed, as text, and the hash by which the policy knows it."""
    text = plotly_script()
    return b64encode(compress(text.encode(), 9)).decode(), _hash(text)


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
