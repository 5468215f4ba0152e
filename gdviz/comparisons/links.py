"""Contenders and fair terms as link parameters, short enough to read: ``runs=gd@0.4;momentum@0.1,beta=0.5``.

A link is a stranger's text: what is wrong in it falls back, and a sentence says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlencode

from gdviz.comparisons.contenders import MAX_CONTENDERS, Comparison, Contender
from gdviz.comparisons.sweeps import FairTerms
from gdviz.experiments import LINK_LIMIT, encode
from gdviz.experiments.readers import finite, short, written
from gdviz.hyperparameters import settings
from gdviz.learning_rates import HIGHEST_RATE, Constant, make_learning_rate
from gdviz.optimizers import OPTIMIZERS, make_optimizer
from gdviz.spelling import did_you_mean

_MARKS = re.compile(r"[%;,=@]")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")


def encode_comparison(comparison: Comparison) -> dict[str, str]:
    """Return the link parameters of a comparison: the experiment's, and ``runs``.

    Raises ValueError, saying what to shorten, if the link would be longer than 4,096 bytes.
    """
    parameters = encode(comparison.experiment) | {"runs": encode_runs(comparison.contenders)}
    if len(urlencode(parameters)) > LINK_LIMIT:
        raise ValueError("The page’s link would be longer than 4 kB: shorten the names, or remove a run.")
    return parameters


def encode_runs(contenders: Sequence[Contender]) -> str:
    """Return contenders as text: optimizer, ``@``, rate, then what differs from the defaults; ``;`` between them.

    ``decode_runs`` gives the same contenders back to the last bit. A color is written where it is not the place's own.

    >>> from gdviz import Momentum
    >>> encode_runs([Contender("gd", 0.4), Contender(Momentum(beta=0.5), 0.1, "Heavy ball", 2)])
    'gd@0.4;momentum@0.1,beta=0.5,name=Heavy ball,color=2'
    """
    parts = []
    for place, c in enumerate(contenders):
        words = [f"{c.optimizer.name}@{written(c.eta)}"]
        words += [f"{name}={_written(value)}" for name, value in settings(c.optimizer).items()]
        if not isinstance(c.learning_rate, Constant):
            words.append(f"schedule={c.learning_rate.name}")
        words += [f"{name}={_written(value)}" for name, value in settings(c.learning_rate).items()]
        if c.name:
            words.append(f"name={_escape(c.name)}")
        if c.color != place:
            words.append(f"color={c.color}")
        parts.append(",".join(words))
    return ";".join(parts)


def decode_runs(text: str, learning_rate: float = 0.01) -> tuple[tuple[Contender, ...], tuple[str, ...]]:
    """Return the contenders of a link, and a sentence for each part that had to fall back. Never raises.

    A run whose optimizer is unknown is left out; a rate that makes no sense becomes ``learning_rate``.
    """
    notes: list[str] = []
    parts = [part for part in text[:LINK_LIMIT].split(";") if part.strip()]
    if len(parts) > MAX_CONTENDERS:
        notes.append(f"The link has {len(parts)} runs; the first {MAX_CONTENDERS} are shown.")
    found: list[Contender] = []
    for place, part in enumerate(parts[:MAX_CONTENDERS]):
        contender = _decode_run(part, place, learning_rate, notes)
        if contender is not None:
            found.append(contender)
    return tuple(found), tuple(notes)


def _decode_run(part: str, place: int, learning_rate: float, notes: list[str]) -> Contender | None:
    head, *settings = part.split(",")
    optimizer, at, rate = head.strip().partition("@")
    if optimizer not in OPTIMIZERS:
        titles = {cls.title: name for name, cls in OPTIMIZERS.items()}
        hint = did_you_mean(optimizer, OPTIMIZERS, titles) or "."
        notes.append(f"runs: there is no optimizer “{short(optimizer, 40)}”{hint} That run is left out.")
        return None
    contender = Contender(make_optimizer(optimizer), Constant(min(learning_rate, HIGHEST_RATE)), color=place)
    if at:
        instead = f" The rate {written(contender.eta)} is used instead."
        contender = _tried(lambda: contender.at_rate(_number(rate)), contender, head, notes, instead)
    names = Counter(setting.partition("=")[0] for setting in settings)
    notes += [
        f"runs: {short(name, 40)} is given {count} times in “{short(part, 40)}”; the last one counts."
        for name, count in names.items()
        if count > 1
    ]
    for setting in settings:
        contender = _with_setting(contender, setting, notes)
    return contender


def _with_setting(contender: Contender, setting: str, notes: list[str]) -> Contender:
    name, equals, text = setting.partition("=")

    def changed() -> Contender:
        if not equals:
            raise ValueError("A setting is written name=value, and a number with a point.")
        if name == "name":
            return replace(contender, name=_unescape(text))
        if name == "color":
            return replace(contender, color=_whole(text))
        if name == "schedule":
            return replace(contender, learning_rate=make_learning_rate(text, contender.eta))
        return contender.with_setting(name, _read(getattr(contender, contender.holder(name)), name, text))

    return _tried(changed, contender, setting, notes)


def _read(owner: Any, name: str, text: str) -> float | str:
    """Read the value of a hyper-parameter. Raises ValueError if ``owner`` has none of that name."""
    for f in fields(owner):
        if f.name == name:
            return _unescape(text) if f.metadata.get("text") else _number(text)
    has = ", ".join([f.name for f in fields(owner) if f.name != "learning_rate"] + ["schedule", "name", "color"])
    raise ValueError(f"{owner.title} has no “{short(name, 40)}”: it has {has}; its rate stands after the @.")


def _tried(
    make: Callable[[], Contender], otherwise: Contender, shown: str, notes: list[str], instead: str = ""
) -> Contender:
    try:
        return make()
    except ValueError as error:
        notes.append(f"runs: “{short(shown, 40)}” is not used. {error}{instead}")
        return otherwise


def encode_terms(terms: FairTerms, usual: FairTerms) -> str:
    """Return fair terms as text, what differs from the ``usual`` ones; ``on`` if nothing does.

    >>> encode_terms(FairTerms(budget=2000), FairTerms())
    'budget=2000'
    """
    changed = [
        f"{f.name}={written(getattr(terms, f.name))}"
        for f in fields(FairTerms)
        if getattr(terms, f.name) != getattr(usual, f.name)
    ]
    return ",".join(changed) or "on"


def decode_terms(text: str, usual: FairTerms) -> tuple[FairTerms, tuple[str, ...]]:
    """Return the fair terms of a link, and a sentence if some had to fall back to the ``usual`` ones. Never raises."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    known = [f.name for f in fields(FairTerms)]
    for setting in text[:LINK_LIMIT].split(","):
        name, equals, value = setting.partition("=")
        if not equals and name in ("on", ""):
            continue
        if name in values:
            notes.append(f"fair: {name} is given more than once; the last one counts.")
        try:
            if name not in known:
                raise ValueError(f"There is no such term{did_you_mean(name, known) or '.'}")
            values[name] = (_whole if name in ("budget", "trials") else _number)(value)
        except ValueError as error:
            notes.append(f"fair: “{short(setting, 40)}” is not used. {error}")
    try:
        return replace(usual, **values), tuple(notes)
    except ValueError as error:
        return usual, (*notes, f"fair: {error} The usual terms are used instead.")


def _escape(name: str) -> str:
    return _MARKS.sub(lambda mark: f"%{ord(mark[0]):02X}", name)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), text)


def _written(value: float | str) -> str:
    return _escape(value) if isinstance(value, str) else written(value)


def _number(text: str) -> float:
    try:
        return finite(text, hint="")
    except ValueError as error:
        raise ValueError(f"It {error}.") from None


def _whole(text: str) -> int:
    number = _number(text)
    if number != int(number):
        raise ValueError("It must be a whole number.")
    return int(number)
