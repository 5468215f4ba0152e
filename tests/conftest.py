"""What all tests share: how many generated cases they try, which may take their time: a busy machine is no failure.

The numbers in the tests are those of an ordinary look; a short one does before each change, with the same cases for
everybody, and ``make long`` is long and tries others each time.
"""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

SHARES = {"short": 0.2, "long": 10.0}
FEWEST = 20
FIRST = ("tests/browser/", "tests/verdict/")  # the files that take longest: what is begun last is soon done
CHOSEN = "_hypothesis_internal_use_settings"  # where hypothesis keeps what a test chose

for profile in SHARES:
    settings.register_profile(profile, deadline=None, derandomize=profile == "short")
settings.load_profile("short")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each test on generated cases try as many of them as the profile (``--hypothesis-profile``) has it do; and
    have the long files come first, so that in the end no worker is alone with one."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
    share = SHARES.get(settings.get_current_profile_name(), 1.0)
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        chosen = getattr(test, CHOSEN, None)
        if chosen is not None:
            cases = max(int(share * chosen.max_examples), min(FEWEST, chosen.max_examples))
            setattr(test, CHOSEN, settings(chosen, max_examples=cases))


def pytest_configure() -> None:
    """Have the collector rest while tests are collected: of the thousands nothing is to be thrown away."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Have it pass over the tests, which stay until the end; a tenth of the time went there."""
    gc.freeze()
    gc.enable()
