"""Everything of a run in one zip, with a README that names the experiment and its link."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from gdviz.exports.about import CONVENTIONS, package_version
from gdviz.exports.encoding import Progress
from gdviz.exports.errors import ExportError
from gdviz.exports.subject import OVER_EPOCHS, Subject
from gdviz.spreadsheets import on_one_line

Make = Callable[[str, str], bytes]  # (ending, figure) → the file

_NUMBERS = ("csv", "json", "npz", "parquet")
_SCRIPTS = ("py", "ipynb", "tex")
_WHAT = {
    "csv": "every epoch, for spreadsheets and programs", "json": "the same, with all that is to be known of it",
    "npz": "the same for NumPy", "parquet": "the same for tables of columns", "html": "the live page",
    "py": "a script that makes the run anew", "ipynb": "the same as a notebook", "tex": "function, rule and table",
}  # fmt: skip


def to_zip(subject: Subject, make: Make, images: bool, progress: Progress) -> bytes:
    """Return the bundle of ``subject``, whose parts ``make`` makes; ``images`` says whether pictures can be drawn.

    A part that cannot be made is named in the README with the reason.
    """
    figures = [name for name in subject.figures() if _has(subject, name)] if images else []
    plan = [(ending, "", f"run.{ending}") for ending in (*_NUMBERS, *_SCRIPTS, "html")]
    plan += [(ending, name, f"figures/{name}.{ending}") for name in figures for ending in ("pdf", "svg", "png")]
    plan += [("tex", name, f"figures/{name}.tex") for name in figures if name in OVER_EPOCHS]
    made: list[tuple[str, bytes]] = []
    without: list[str] = []
    for place, (ending, figure, name) in enumerate(plan):
        try:
            made.append((name, make(ending, figure)))
        except (ExportError, ValueError) as error:
            without.append(f"{name}: {error}")
        progress((place + 1) / len(plan))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in [("README.txt", _readme(subject, [n for n, _ in made], without).encode()), *made]:
            info = zipfile.ZipInfo(f"gdviz/{name}", (1980, 1, 1, 0, 0, 0))  # the same bytes, whenever it is made
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            bundle.writestr(info, content)
    return file.getvalue()


def _has(subject: Subject, name: str) -> bool:
    if name == "sharpness":
        return bool(subject.scene.theory)
    return True


def _readme(subject: Subject, names: list[str], without: list[str]) -> str:
    words = [subject.title, "=" * len(subject.title), ""]
    if subject.results:
        words += [f"{r.label}: {r.verdict.plain}" for r in subject.results]
    else:
        e = subject.task.experiment
        words.append(f"{e.optimizer.title}, {subject.run.epochs:,} epochs.")
        words.append(subject.verdict)
    words += [
        "",
        "The link that opens it:",
        subject.link,
        "",
        "On the command line:",
        f'gdviz {"compare" if subject.results else "run"} "{subject.link}"',
        "",
    ]
    words += [f"{name}: {_WHAT.get(name.rpartition('.')[2], 'a picture')}" for name in names]
    if without:
        words += ["", "Not in it:", *without]
    words += ["", "Conventions:", *[f"- {sentence}" for sentence in CONVENTIONS]]
    words += ["", f"Written by gdviz {package_version()}."]
    return "".join(on_one_line(line) + "\n" for line in words)
