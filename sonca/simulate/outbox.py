"""What has no receipt yet, in little memory: a batch can be made again from its number. Times are real UTC ms."""

from dataclasses import dataclass

from agent.delivery import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from sonca.simulate.chance import Chance
from sonca.simulate.day import Run
from sonca.simulate.school import Pc
from sonca.simulate.school_time import SECOND_MS

FIRST_WAIT_MS = int(FIRST_WAIT_SECONDS * SECOND_MS)
LONGEST_WAIT_MS = int(LONGEST_WAIT_SECONDS * SECOND_MS)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One batch, by the run it belongs to and its number in it."""

    pc: Pc
    run: Run
    sequence: int


class Kept:
    """Parcels of one PC that wait for their first sending: stretches of numbers, however long the broker was away."""

    def __init__(self, pc: Pc) -> None:
        self._pc = pc
        self._stretches: list[tuple[Run, int, int]] = []  # run, first and last sequence; oldest first

    def add(self, run: Run, sequence: int) -> None:
        """Takes the newest parcel."""
        if self._stretches:
            last_run, first, last = self._stretches[-1]
            if last_run == run and last + 1 == sequence:
                self._stretches[-1] = (run, first, sequence)
                return
        self._stretches.append((run, sequence, sequence))

    def newest(self) -> Parcel | None:
        """The parcel that `take_newest` would take."""
        return Parcel(self._pc, self._stretches[-1][0], self._stretches[-1][2]) if self._stretches else None

    def take_newest(self) -> Parcel:
        run, first, last = self._stretches.pop()
        if first < last:
            self._stretches.append((run, first, last - 1))
        return Parcel(self._pc, run, last)

    def take_oldest(self) -> Parcel:
        run, first, last = self._stretches.pop(0)
        if first < last:
            self._stretches.insert(0, (run, first + 1, last))
        return Parcel(self._pc, run, first)

    def __len__(self) -> int:
        return sum(last - first + 1 for _, first, last in self._stretches)


@dataclass(slots=True)
class _Attempt:
    parcel: Parcel
    tries: int
    again_at: int


class OnTheWay:
    """Parcels that were sent and have no receipt yet. Each is sent again, later and later."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._attempts: dict[tuple[str, int], _Attempt] = {}

    def add(self, boot: str, parcel: Parcel, now: int) -> None:
        """Takes a parcel that is being sent; `boot` is its boot id on the wire."""
        self._attempts[boot, parcel.sequence] = _Attempt(parcel, 0, now + self._wait(0, now))

    def settle(self, boot: str, sequence: int) -> bool:
        """Lets go of a parcel; False when a receipt of it came before."""
        return self._attempts.pop((boot, sequence), None) is not None

    def due(self, now: int) -> list[Parcel]:
        """The parcels to send again now."""
        found = []
        for attempt in self._attempts.values():
            if attempt.again_at <= now:
                attempt.tries += 1
                attempt.again_at = now + self._wait(attempt.tries, now)
                found.append(attempt.parcel)
        return found

    def hurry(self, now: int) -> None:
        """A new connection: what the last one took with it is not known, so everything is due."""
        for attempt in self._attempts.values():
            attempt.again_at = min(attempt.again_at, now)

    def next_at(self) -> int | None:
        return min((attempt.again_at for attempt in self._attempts.values()), default=None)

    def __len__(self) -> int:
        return len(self._attempts)

    def _wait(self, tries: int, now: int) -> int:
        usual = min(FIRST_WAIT_MS * 2**tries, LONGEST_WAIT_MS)
        return int(usual * self._chance.between(0.7, 1.3, now))
