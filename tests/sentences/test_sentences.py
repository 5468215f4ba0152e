"""Sentences of the page beside its verdicts: each with a case that earns it, and whether what it claims is true there.

Verdicts have a table of their own, ``tests/verdict/test_verdict_sentences.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gdviz import hyperparameters
from gdviz.comparisons import contenders, words
from gdviz.comparisons import links as run_links
from gdviz.descent import checks
from gdviz.experiments import links, readers, unused
from gdviz.maps import axes, view
from gdviz.training import record
from gdviz.ui.pages import fit_panel, theory_panel
from gdviz.ui.sidebar import number_field
from tests.earned import unearned
from tests.sentences.case import Case
from tests.sentences.comparisons import COMPARED, FAIR
from tests.sentences.derivatives import DERIVATIVES
from tests.sentences.fields import LINKS, NAMES, REFUSED
from tests.sentences.links import AXES, RUNS, TERMS, VIEWS
from tests.sentences.maps import MAPS
from tests.sentences.refusals import REFUSALS
from tests.sentences.theory_panel import FIT, THEORY, UNSAID, panel
from tests.sentences.training import TRAINING

CASES = [
    *THEORY,
    *FIT,
    *DERIVATIVES,
    *MAPS,
    *COMPARED,
    *FAIR,
    *REFUSED,
    *LINKS,
    *NAMES,
    *TRAINING,
    *RUNS,
    *TERMS,
    *AXES,
    *VIEWS,
    *REFUSALS,
]
WATCHED = (
    theory_panel,
    fit_panel,
    words,
    checks,
    hyperparameters,
    links,
    readers,
    unused,
    number_field,
    record,
    contenders,
    run_links,
    axes,
    view,
)
FILES = [Path(str(module.__file__)) for module in WATCHED] + [Path(__file__).parents[2] / "gdviz/maps/summary.py"]


@pytest.mark.parametrize("case", CASES, ids=[case.clause for case in CASES])
def test_a_sentence_is_said_where_it_is_true(case: Case) -> None:
    assert case.clause in case.says()
    assert case.holds()


@pytest.mark.parametrize(("word", "link"), UNSAID)
def test_theory_says_nothing_that_is_of_other_steps(word: str, link: str) -> None:
    assert word not in panel(link)


def test_all_words_are_earned_by_one_of_these_cases() -> None:
    assert unearned(FILES, [case.says for case in CASES]) == []
