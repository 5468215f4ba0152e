"""What a link says of how an experiment is looked at: its axes, its landscape, the open scenario, a lesson's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

from gdviz.experiments import SWITCHES, VIEW, Note
from gdviz.experiments.readers import LINK_LIMIT, named, short
from gdviz.lessons.scenarios import SCENARIOS
from gdviz.lessons.teaching import QUESTION_LIMIT, decode_hidden, encode_hidden, plain_question
from gdviz.maps.view import read_map_view
from gdviz.spelling import did_you_mean

LANDSCAPES = ("above", "surface", "both")  # how a landscape is shown; the first unless the link says otherwise
COUNTS = ("epochs", "evaluations")  # what Compare's curves run against
OFFERS = ("start", "learning_rate", "epochs")  # what a link may say of its values: that nobody set them


def decode_views(parameters: Mapping[str, str], variables: tuple[str, ...]) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return a link's views as far as they can be shown, and a note on each that cannot. Never raises.

    Switches are there, as “1”, where they are on. ``runs`` and ``fair`` are read, and mended, by Compare.
    """
    found = {name: parameters[name][:LINK_LIMIT] for name in (*VIEW, *SWITCHES) if name in parameters}
    too_long = [name for name in found if len(parameters[name]) > LINK_LIMIT and name != "question"]
    notes = [Note(f"{name} is longer than {LINK_LIMIT:,} characters", "The rest is left out.") for name in too_long]
    for name, read in _readers(variables).items():
        try:
            if name in found:
                read(found[name])
        except ValueError as error:
            notes.append(Note(f"{name} = “{short(found.pop(name))}” {error}", "It is left out."))
    if "scenario" in found and found["scenario"] not in SCENARIOS:
        asked = found.pop("scenario")
        hint = did_you_mean(asked, SCENARIOS, {scenario.title: key for key, scenario in SCENARIOS.items()})
        notes.append(Note(f"scenario: there is none called “{short(asked, 40)}”{hint}"))
    hidden, unknown = decode_hidden(found.get("hide", ""))
    asked = " ".join(found.get("question", "").split())
    if len(asked) > QUESTION_LIMIT:
        wrong = f"question has {len(asked):,} characters, more than {QUESTION_LIMIT}"
        notes.append(Note(wrong, f"The first {QUESTION_LIMIT} are shown."))
    found |= {"hide": encode_hidden(hidden), "question": plain_question(asked)}
    off = [name for name in SWITCHES if found.get(name) != "1"]
    return {name: text for name, text in found.items() if name not in off}, (*notes, *map(Note, unknown))


def is_pair(text: str, variables: tuple[str, ...]) -> bool:
    """Whether a link's ``axes`` name two parameters where there is a choice."""
    return len(variables) > 2 and text in _pairs(variables)


def _pairs(variables: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{a},{b}" for a, b in combinations(variables, 2))


def _readers(variables: tuple[str, ...]) -> dict[str, Callable[[str], str]]:
    switches = {name: named("0", "1") for name in SWITCHES}
    views = {"against": named(*COUNTS), "landscape": named(*LANDSCAPES)}
    return {
        "axes": _two_of(variables),
        "offered": _offers,
        "map": lambda text: read_map_view(text).text,
        **views,
        **switches,
    }


def _offers(text: str) -> str:
    if not set(text.split(",")) <= set(OFFERS):
        raise ValueError(f"must be some of {', '.join(OFFERS)}, with commas between them")
    return text


def _two_of(variables: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(variables) < 2:
            raise ValueError("is for a landscape over more parameters than one")
        if text not in _pairs(variables):
            raise ValueError(f"must be two of {', '.join(variables)}, in this order and with a comma between them")
        return text

    return read
