"""Lets long work give way to others, stop when nobody waits for it any more, and cost no more than it may.

Loops that may take long call :func:`pause` at every step, or ask a :class:`Limit` whether their time is up. On its own
that does next to nothing. Within :func:`work`, as the page does it for each change that a visitor makes, it

- sleeps for a moment every few milliseconds, so that other threads get Python's lock: loops of small NumPy steps hold
  it so firmly that everybody else on the server would wait for seconds;
- asks whether the work is still wanted: the ``check`` raises where it is not;
- hands on its turn, where work takes turns (:class:`Turns`);
- counts the processor time. What can end early ends early when it is spent (a ``Limit``); what can not raises
  :class:`OutOfTime`, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from math import inf
from threading import Condition, Lock
from time import monotonic, sleep, thread_time

_STRETCH = 0.005  # seconds of work between two moments of sleep
_SLEEP = 0.0002
_TURN = 0.05  # seconds of work after which the next in line may go on: longer than a usual change of the page


class OutOfTime(ValueError):
    """The work would take more processor time than it may."""

    def __init__(self) -> None:
        super().__init__(
            "This was left out: it takes more of the server’s time than one change may have. Take fewer epochs, "
            "rows or runs, or a shorter formula."
        )


class Turns:
    """Work that takes turns, first come, first served: one at a time is sooner done than all at once.

    Who has had the turn for ``most`` seconds and keeps it from others goes on beside them, and stands behind them.
    """

    def __init__(self, most: float = inf) -> None:
        self._most = most
        self._lock = Lock()
        self._line: dict[object, Condition] = {}  # who stands in it, and what wakes them
        self._until = inf  # when the first one has had the turn for long enough

    def take(self, who: object, patience: float = inf) -> bool:
        """Wait for the turn so many seconds at most, and say whether it has come; the place in the line stays."""
        with self._lock:
            if who not in self._line:
                self._move(who)
            deadline = monotonic() + patience
            while (next_two := [*islice(self._line, 2)])[0] is not who:
                until = min(deadline, self._until) if next_two[1] is who else deadline
                if until < inf and (left := until - monotonic()) <= 0:
                    if until == deadline:
                        return False
                    self._move(next_two[0])
                    continue
                self._line[who].wait(None if until == inf else left)
            return True

    def leave(self, who: object) -> None:
        """Give the turn, or the place in the line, to others."""
        with self._lock:
            self._move(who, out=True)

    def pass_on(self, who: object) -> None:
        """Let those go on who wait, and come back when it is our turn again."""
        with self._lock:
            if next(iter(self._line)) is who:
                self._move(who)
        self.take(who)

    def has(self, who: object) -> bool:
        """Whether it is this one's turn."""
        with self._lock:
            return next(iter(self._line)) is who

    def _move(self, who: object, out: bool = False) -> None:
        """Put somebody at the end of the line, or out of it, and wake those who have to know."""
        before, mine = next(iter(self._line), None), self._line.pop(who, None)
        if not out:
            self._line[who] = mine or Condition(self._lock)
        if next(iter(self._line), None) is not before:
            self._until = monotonic() + self._most
        for waiting in islice(self._line.values(), 2):  # whose turn it is, and who watches how long
            waiting.notify()

    @property
    def length(self) -> int:
        """How many have the turn or wait for it."""
        return len(self._line)


class Work:
    """What is done for one change: ``seconds`` of processor time at most, while the ``check`` does not raise."""

    def __init__(self, seconds: float, check: Callable[[], None], turns: Turns | None) -> None:
        self._check, self._turns = check, turns
        self._seconds, self._begun = seconds, thread_time()
        self._elsewhere, self._adding = 0.0, Lock()
        self._next_sleep = 0.0  # the first pause is one
        self._next_turn = monotonic() + _TURN

    @property
    def used(self) -> float:
        """Seconds of processor time, of this thread and of those that work for it. To be asked on this thread."""
        return thread_time() - self._begun + self._elsewhere

    @property
    def left(self) -> float:
        """Seconds of processor time, 0 or less when it is spent."""
        return self._seconds - self.used

    def add(self, seconds: float) -> None:
        """Count what other threads have done for this work."""
        with self._adding:
            self._elsewhere += seconds

    def give_way(self) -> bool:
        """Let others go on where that is due, and say whether it was; raises what the check raises."""
        if monotonic() < self._next_sleep:
            return False
        self._check()
        turns = self._turns
        if turns is not None and turns.length > 1 and (monotonic() > self._next_turn or not turns.has(self)):
            turns.pass_on(self)
            self._next_turn = monotonic() + _TURN
        sleep(_SLEEP)
        self._next_sleep = monotonic() + _STRETCH
        return True

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do the block when it is this work's turn."""
        if self._turns is None:
            yield
            return
        try:
            self._turns.take(self)
            self._next_turn = monotonic() + _TURN
            yield
        finally:
            self._turns.leave(self)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Do the block, which needs nothing that the others need, while it is their turn."""
        if self._turns is None:
            yield
            return
        self._turns.leave(self)
        try:
            yield
        finally:
            self._turns.take(self)
            self._next_turn = monotonic() + _TURN


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def work(seconds: float, check: Callable[[], None], turns: Turns | None = None) -> Iterator[Work]:
    """Do the block as one piece of work: see :class:`Work`."""
    made = Work(seconds, check, turns)
    with made.turn():
        before = _WORK.set(made)
        try:
            yield made
        finally:
            _WORK.reset(before)


def current() -> Work | None:
    """Return the work that is being done, if any."""
    return _WORK.get()


def pause() -> None:
    """Give way. Raises OutOfTime where the time is spent, and what the check raises where the work is not wanted."""
    found = _WORK.get()
    if found is not None and found.give_way() and found.left <= 0:
        raise OutOfTime


@contextmanager
def aside() -> Iterator[None]:
    """Let others have their turn during the block: one long call that holds no lock of Python's, or a wait."""
    found = _WORK.get()
    if found is None:
        yield
        return
    with found.aside():
        yield


def give_way() -> None:
    """Give way as :func:`pause` does, in what is to be done even where the time is spent, such as a picture."""
    found = _WORK.get()
    if found is not None:
        found.give_way()


def share(seconds: float, parts: float = 2.0) -> float:
    """Return ``seconds``, or one of so many ``parts`` of the processor time that is left, if that is less."""
    found = _WORK.get()
    return seconds if found is None else max(0.0, min(seconds, found.left / parts))


class Limit:
    """The time that a loop may take: ``seconds``, and no more than is left of the work around it.

    Within a work the seconds are those of the processor, so that a run goes equally far on a server that is busy.
    """

    def __init__(self, seconds: float) -> None:
        self._work = found = _WORK.get()
        self._until = monotonic() + seconds if found is None else found.used + min(seconds, max(0.0, found.left))

    @property
    def left(self) -> float:
        """The seconds that are left, less than 0 when they are over."""
        return self._until - (monotonic() if self._work is None else self._work.used)

    def passed(self) -> bool:
        """Give way, and say whether the time is up."""
        if self._work is not None:
            self._work.give_way()
        return self.left < 0


@contextmanager
def extra(seconds: float) -> Iterator[None]:
    """Let the block take so many seconds besides what is left: what a visitor waits for once, such as a large file."""
    found = _WORK.get()
    if found is None:
        yield
        return
    begun = thread_time()
    found.add(-seconds)
    try:
        yield
    finally:
        found.add(seconds - min(seconds, thread_time() - begun))
