"""Which batches to send, and when again. Pure: the time is an argument, in seconds of a clock that never jumps.

Live batches go at once. Of the history only the oldest few are on their way at any time, and the next follows when a
receipt came back: the collector itself sets the pace, so a city coming back does not drown it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from agent.outbox import Waiting

LIVE_SECONDS = 120.0
HISTORY_ON_THE_WAY = 8
HISTORY_SPREAD_SECONDS = 20.0  # after connecting: not every agent begins its history in the same second
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 20.0, 600.0
SILENT_SECONDS = 60.0  # a receipt after such a silence means that the collector is back


@dataclass(slots=True)
class _Attempt:
    """How often a batch was sent, and when it goes out again (monotonic seconds)."""

    tries: int
    again_at: float


@dataclass(frozen=True, slots=True)
class Sending:
    """A batch to send now. `live` ones go as plain text, for people who listen; `again` ones were sent before."""

    batch: Waiting
    live: bool
    again: bool


class Delivery:
    """Remembers what is on its way. A restart forgets it all, which costs at most a few batches sent twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._attempts: dict[Waiting, _Attempt] = {}
        self._live: dict[Waiting, float] = {}
        self._history_from = 0.0
        self._heard_at = float("-inf")

    @property
    def live_count(self) -> int:
        return len(self._live)

    def connect(self, now: float) -> None:
        """A connection is there; history waits a random while."""
        self._history_from = now + self._random.uniform(0, HISTORY_SPREAD_SECONDS)

    def add(self, made: Iterable[Waiting], now: float) -> None:
        """New batches of the present."""
        self._live.update(dict.fromkeys(made, now))

    def settle(self, batches: Iterable[Waiting], now: float) -> None:
        """A receipt named these; an empty one shows as well that the collector is there."""
        for batch in batches:
            self._attempts.pop(batch, None)
            self._live.pop(batch, None)
        if now - self._heard_at > SILENT_SECONDS:
            for attempt in self._attempts.values():
                attempt.again_at = min(attempt.again_at, now + self._random.uniform(0, FIRST_WAIT_SECONDS))
        self._heard_at = now

    def due(self, now: float, oldest: Sequence[Waiting]) -> list[Sending]:
        """What to send now, live batches first. `oldest` are the first batches without a receipt."""
        self._live = {batch: made for batch, made in self._live.items() if now - made <= LIVE_SECONDS}
        history = [batch for batch in oldest if batch not in self._live][:HISTORY_ON_THE_WAY]
        if now < self._history_from:
            history = []
        self._attempts = {
            batch: attempt for batch, attempt in self._attempts.items() if batch in self._live or batch in oldest
        }
        return [
            self._send(batch, now)
            for batch in [*self._live, *history]
            if batch not in self._attempts or self._attempts[batch].again_at <= now
        ]

    def next_at(self, now: float) -> float:
        """When to look again, beside what receipts and new batches bring."""
        waits = [attempt.again_at for attempt in self._attempts.values()]
        return min([self._history_from, *waits] if self._history_from > now else waits, default=float("inf"))

    def _send(self, batch: Waiting, now: float) -> Sending:
        attempt = self._attempts.setdefault(batch, _Attempt(0, now))
        wait = min(FIRST_WAIT_SECONDS * 2**attempt.tries, LONGEST_WAIT_SECONDS)
        attempt.tries += 1
        attempt.again_at = now + wait * self._random.uniform(0.7, 1.3)
        return Sending(batch, batch in self._live, attempt.tries > 1)
