"""What the stored measurements need done to them, a bit at a time between messages: rollups, judgements, sealing."""

import time
from collections.abc import Callable

from collector.measure_itself import Counters
from collector.store.protocol import SeriesStore
from collector.watch import Watch

AT_ONCE_SECONDS = 0.1  # messages wait about so long for it at most
SLICES_AT_ONCE = 1  # between two looks at the clock: one that is sealed takes a ms for each device


class Turn:
    """Work that is due every so often. When a bit was not all of it, it goes on after `rest` times what the bit took.

    So work that rests once as long takes half of the time at most, however much there is to do.
    """

    def __init__(self, every_seconds: float, rest: float, bit: Callable[[int], bool]) -> None:
        self._every = every_seconds
        self._rest = rest
        self._bit = bit
        self._next = 0.0

    def take(self, now: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Does a bit when it is due, which is told the UTC milliseconds and says whether something is left."""
        began = clock()
        if began < self._next:
            return
        left = self._bit(now)
        ended = clock()
        self._next = ended + (ended - began) * self._rest if left else began + self._every


class Upkeep:
    """Called from the collector's one working thread."""

    def __init__(self, store: SeriesStore, watch: Watch, counters: Counters) -> None:
        self._store = store
        self._watch = watch
        self._counters = counters
        self._turns = [Turn(10, 1, self._roll_up), Turn(60, 4, self._seal)]

    def go_on(self, now: int) -> None:
        """Raises StoreUnavailable."""
        for turn in self._turns:
            turn.take(now)

    def _roll_up(self, now: int) -> bool:
        began = time.monotonic()
        until = began + AT_ONCE_SECONDS
        left = False
        while not left and (changed := self._store.roll_up(now)):
            self._watch.mark(changed)
            left = time.monotonic() >= until
        while unjudged := self._watch.judge_slices(now, SLICES_AT_ONCE):
            if time.monotonic() >= until:
                break
        self._counters.rollup_ms = (time.monotonic() - began) * 1000
        return left or unjudged

    def _seal(self, _now: int) -> bool:
        return self._store.seal(AT_ONCE_SECONDS / 2)
