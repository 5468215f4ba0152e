"""What a teacher's link adds to an experiment: controls that are hidden, a question, an answer to be predicted first.

A link is a stranger's text: names that are unknown are dropped with a note, a question is plain text of bounded length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.experiments import LINK_LIMIT
from gdviz.experiments.readers import short
from gdviz.spelling import did_you_mean
from gdviz.verdict import Kind, Verdict

__all__ = [
    "CONTROLS",
    "PREDICTIONS",
    "QUESTION_LIMIT",
    "Choice",
    "decode_hidden",
    "encode_hidden",
    "lesson_parameters",
    "outcome",
    "plain_question",
    "reply",
    "swings",
]

QUESTION_LIMIT = 200  # characters

#: The controls that a link can hide, by the name in the link.
CONTROLS: Mapping[str, str] = MappingProxyType(
    {
        "function": "Choice of the function",
        "formula": "Formula and gradient",
        "start": "Start",
        "learning_rate": "Learning rate",
        "epochs": "Epochs",
        "optimizer": "Optimizer",
        "schedule": "Schedule, gradient, tolerance",
        "player": "Player",
        "view": "Window and theory",
        "runs": "Rows of Compare",
        "exports": "Export, Teach, Present",
        "scenarios": "Scenarios",
        "pages": "Other pages",
    }
)

_TITLES = {title: name for name, title in CONTROLS.items()}


def decode_hidden(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the controls that a link hides, each once, and a sentence for each name that is none. Never raises.

    >>> decode_hidden("learning_rate,learning_rate,epochs")
    (('learning_rate', 'epochs'), ())
    """
    names = list(dict.fromkeys(name.strip() for name in text[:LINK_LIMIT].split(",") if name.strip()))
    unknown = [name for name in names if name not in CONTROLS]
    notes = [
        f"hide: there is no control “{short(name, 40)}”{did_you_mean(name, CONTROLS, _TITLES) or '.'}"
        for name in unknown[:3]
    ]
    if len(unknown) > 3:
        notes.append(f"hide: {len(unknown) - 3} more names are no controls.")
    return tuple(name for name in names if name in CONTROLS), tuple(notes)


def encode_hidden(names: Iterable[str]) -> str:
    """Return the controls as a link names them, in the order of CONTROLS."""
    chosen = set(names)
    return ",".join(name for name in CONTROLS if name in chosen)


def plain_question(text: str) -> str:
    """Return a question as one line of printable characters, at most QUESTION_LIMIT of them."""
    line = " ".join(text[:LINK_LIMIT].split())
    return "".join(c for c in line if c.isprintable())[:QUESTION_LIMIT].strip()


def lesson_parameters(
    parameters: Mapping[str, str], hidden: Iterable[str] = (), cover: bool = False, question: str = ""
) -> dict[str, str]:
    """Return the parameters of a teacher's link to what ``parameters`` open.

    Raises ValueError, saying what to shorten, if the link would be longer than 4,096 bytes.
    """
    own = {"hide": encode_hidden(hidden), "cover": "1" if cover else "", "question": plain_question(question)}
    plain = {name: text for name, text in parameters.items() if name not in own}
    found = plain | {name: text for name, text in own.items() if text}
    if len(urlencode(found)) > LINK_LIMIT:
        raise ValueError("The link would be longer than 4 kB: shorten the question, or what the runs are called.")
    return found


# -- predict, then reveal --


@dataclass(frozen=True)
class Choice:
    """A choice of the student: ``label`` before the run is seen, ``after`` completes “It …” once it is."""

    label: str
    after: str


#: What a student can predict; :func:`outcome` says which of them came true.
PREDICTIONS: Mapping[str, Choice] = MappingProxyType(
    {
        "arrives": Choice("It goes to a minimum, without swinging", "goes to a minimum without swinging"),
        "swings": Choice("It swings from side to side, but arrives", "swings from side to side, but arrives"),
        "slow": Choice("It is too slow: it does not arrive in time", "does not arrive in time"),
        "stuck": Choice("It gets stuck where there is no minimum", "gets stuck where there is no minimum"),
        "for_ever": Choice("It jumps to and fro for ever", "jumps to and fro for ever"),
        "diverges": Choice("It diverges", "diverges"),
    }
)

_OUTCOMES = {
    Kind.RAN_OUT: "slow",
    Kind.SLOW: "slow",
    Kind.FLAT: "stuck",
    Kind.SADDLE: "stuck",
    Kind.MAXIMUM: "stuck",
    Kind.STALLED: "stuck",
    Kind.EDGE: "for_ever",
    Kind.OSCILLATING: "for_ever",
    Kind.DIVERGING: "diverges",
    Kind.UNBOUNDED: "diverges",
    Kind.NO_MINIMUM: "slow",
    Kind.UNDEFINED: "diverges",
}


def outcome(verdict: Verdict, run: Trajectory) -> str:
    """Return the key of the prediction that a run makes true."""
    if verdict.kind in (Kind.CONVERGED, Kind.KINK):
        return "swings" if swings(run) else "arrives"
    return _OUTCOMES[verdict.kind]


def reply(predicted: str, came: str) -> str:
    """Return what a student is told: whether the prediction was right, and what the run does."""
    after = PREDICTIONS[came].after
    if predicted == came:
        return f"Right: it {after}."
    return f"Not this time: it {after}. You predicted: it {PREDICTIONS[predicted].after}."


_TURNS = 3  # a single overshoot, and the way back from it, is no habit yet
_VISIBLE = 0.01  # of a parameter's largest distance from the end: what an eye sees in the picture


def swings(run: Trajectory) -> bool:
    """Say whether some parameter passes the place where it ends at least three times while that can be seen."""
    away = run.thetas - run.thetas[-1]
    seen = np.abs(away) > _VISIBLE * np.abs(away).max(axis=0, initial=0.0)
    return any(_changes(np.sign(column[mask])) >= _TURNS for column, mask in zip(away.T, seen.T, strict=True))


def _changes(signs: NDArray[np.float64]) -> int:
    return int(np.count_nonzero(np.diff(signs)))
