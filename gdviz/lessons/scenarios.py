"""Guided scenarios: links that each show one thing, and two sentences on what is seen there and what to try.

The first four are one bowl at four learning rates; then come ravine and momentum, saddle, local minimum, scaling, and
difference quotients. Every number in a sentence is recomputed in ``tests/lessons/test_scenarios.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_SUBJECT = ("objective", "formula", "data", "model")

__all__ = ["FIRST_LOOK", "SCENARIOS", "Scenario", "with_scenario"]


@dataclass(frozen=True)
class Scenario:
    """One lesson of a minute.

    key        what the link says
    title      what the page says, in a word or two
    icon       name of a Material symbol
    sees       one sentence: what is to be seen, and why
    tries      one sentence: what to do next, and what it shows
    link       parameters of the link that opens it
    page       last part of the page's address; empty for Descend
    """

    key: str
    title: str
    icon: str
    sees: str
    tries: str
    link: Mapping[str, str]
    page: str = ""

    def is_about(self, parameters: Mapping[str, str]) -> bool:
        """Whether a link shows the function, or the fit, that this is about: rate, start and the like may differ."""
        return all(parameters.get(name) == self.link.get(name) for name in _SUBJECT)


def _bowl(learning_rate: str, epochs: str) -> dict[str, str]:
    return {"objective": "gentle_bowl", "start": "-5,-2", "learning_rate": learning_rate, "epochs": epochs}


_ALL = (
    Scenario(
        key="too_small",
        title="Too small",
        icon="hourglass_top",
        sees="With a learning rate of 0.005 the steps are so short that after 60 epochs half of the way to the star "
        "is still ahead.",
        tries="Drag the learning rate to the right until the path arrives: at 0.3 it takes 23 epochs.",
        link=_bowl("0.005", "60"),
    ),
    Scenario(
        key="just_right",
        title="Just right",
        icon="check_circle",
        sees="At 0.3 the run arrives after 23 epochs, and its steps get shorter by themselves, because the slope gets "
        "gentler towards the minimum.",
        tries="Press play and watch it; then try 0.33, which needs 20 epochs, and 0.4, which needs 41: faster is not "
        "always sooner.",
        link=_bowl("0.3", "60"),
    ),
    Scenario(
        key="edge",
        title="Edge of stability",
        icon="balance",
        sees="At exactly 0.5 each step along y lands as far on the other side as it was before, so y jumps between −2 "
        "and 2 for ever, while x is home already.",
        tries="Lower the rate to 0.49 and the jumps die out, raise it to 0.51 and they grow: the limit is 2 divided "
        "by the largest curvature, here 2/4.",
        link=_bowl("0.5", "20"),
    ),
    Scenario(
        key="divergence",
        title="Divergence",
        icon="trending_up",
        sees="At 0.55 each step along y lands 1.2 times as far away on the other side, so after 20 epochs y is "
        "nearly 77.",
        tries="Drag the learning rate to the left, below the mark 2/L, and the run comes back; then find the largest "
        "rate at which y still shrinks.",
        link=_bowl("0.55", "20"),
    ),
    Scenario(
        key="ravine",
        title="Ravine",
        icon="show_chart",
        sees="Across the ravine the path zigzags, along it it crawls: one learning rate has to serve both directions.",
        tries="Lower the rate to 0.1, and the zigzag is gone but the crawl is worse; raise it past 0.5, and the "
        "zigzag grows until the run diverges.",
        link={"objective": "ravine", "start": "-5,-2", "learning_rate": "0.48", "epochs": "60"},
    ),
    Scenario(
        key="momentum",
        title="Momentum",
        icon="moving",
        sees="Two runs in the same ravine at the same rate of 0.4: with momentum 0.5 steps that agree add up, so it "
        "arrives after 75 epochs, while plain descent is still on its way at 100.",
        tries="Press the orange dot and change beta to 0.9: too much momentum swings past the star again and again.",
        link={
            "objective": "ravine", "start": "-5,-2", "learning_rate": "0.4", "epochs": "100",
            "runs": "gd@0.4;momentum@0.4,beta=0.5",
        },
        page="compare",
    ),
    Scenario(
        key="saddle",
        title="Saddle",
        icon="landscape",
        sees="The start lies exactly on the ridge between two valleys, so the slope points to neither, and the run "
        "ends at the saddle, where there is still a way downhill.",
        tries="Click the landscape a little above or below the ridge: however little it is, the run finds a valley.",
        link={"objective": "saddle_between_wells", "start": "1,0", "learning_rate": "0.1", "epochs": "200"},
    ),
    Scenario(
        key="local_minimum",
        title="Local minimum",
        icon="do_not_disturb_on",
        sees="The run converges, but into one of three wrong valleys: it ends at −64.2, and the lowest point, at the "
        "star, is −78.3.",
        tries="Click into each of the four valleys: the start decides where a run ends, and nothing along the way "
        "tells it of a deeper place.",
        link={"objective": "styblinski_tang", "start": "0.5,-0.5", "learning_rate": "0.01", "epochs": "100"},
    ),
    Scenario(
        key="feature_scaling",
        title="Feature scaling",
        icon="straighten",
        sees="After 100 epochs the slope is right, 20, but the intercept has come to 1.26 of 5 only: along the slope "
        "the error is over 800 times as curved, and that sets the limit of the rate for both.",
        tries="In the sidebar open “Loss, scaling, batches” and turn on “Standardize columns”: now both directions "
        "are equally curved, and one single epoch is enough.",
        link={
            "objective": "fit", "data": "line", "start": "33.267724471806574,0.42634413141293237",
            "learning_rate": "0.001", "epochs": "100", "offered": "learning_rate",
        },
    ),
    Scenario(
        key="wrong_h",
        title="Step h too small",
        icon="change_history",
        sees="The slope of x² at 10 is 20, but with h = 10⁻¹⁵ the difference quotient says 42.6: x + h and x differ "
        "in the last digit that a computer keeps, and that digit is rounded.",
        tries="Drag h to the right: the error falls until h is near 10⁻⁸ and then rises again, because a large h "
        "misses the bend of the curve.",
        link={"objective": "parabola", "start": "10", "learning_rate": "0.2", "epochs": "60", "h": "1e-15"},
        page="derivatives",
    ),
)  # fmt: skip

#: Every scenario by its key, in the order of the page. Read-only.
SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.key: scenario for scenario in _ALL})


#: What a first visitor without a link sees: a run that arrives.
FIRST_LOOK: Mapping[str, str] = SCENARIOS["just_right"].link


def with_scenario(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return a link's parameters with those of the scenario that it opens: one that is named, beside no objective."""
    scenario = SCENARIOS.get(parameters.get("scenario", ""))
    if scenario is None or "objective" in parameters:
        return dict(parameters)
    return {**scenario.link, **parameters}
