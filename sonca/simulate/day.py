"""When each PC is on: switched on before lessons, off after them, restarted, left on over night, or off for the day."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sonca.simulate.school import Pc, Role
from sonca.simulate.school_time import (
    SECOND_MS,
    at_minute,
    day_of,
    is_school_day,
    minute_of,
    minutes,
    next_school_day,
)

FIRST_ON, LAST_ON = minutes("06:50"), minutes("07:40")
LONGEST_RUN_DAYS = 3  # left on from Friday to Monday

_ATTENDANCE = {Role.TEACHER: 0.97, Role.PROJECTOR: 0.8, Role.LAPTOP: 0.75, Role.CHILDREN: 0.7, Role.OFFICE: 0.98}
_FORGETFUL = 0.12  # share of PCs whose people often leave them on
_RESTARTED, _UNPLUGGED = 0.06, 0.02  # share of days with a restart at nap time, or a pulled power plug


class Ending(StrEnum):
    """How a run ends: with a goodbye, for an update that restarts the PC, or without a word."""

    SHUTDOWN = "shutdown"
    UPDATE = "update"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch, `start <= t < end`, in which a PC is on; `boot` is unlike that of any other run."""

    start: int
    end: int
    ending: Ending
    boot: str


def runs_on(pc: Pc, day: int) -> list[Run]:
    """The runs that begin on a day, in order; the last one may end on a later day."""
    if not is_school_day(day) or not (pc.watches or pc.chance.named("attends").happens(_ATTENDANCE[pc.role], day)):
        return []
    start, end = _switched_on(pc, day), _switched_off(pc, day)
    stop, pause, ending = _interruption(pc, day)
    if ending is None:
        return [_run(pc, start, end, Ending.SHUTDOWN)]
    return [_run(pc, start, stop, ending), _run(pc, stop + pause, end, Ending.SHUTDOWN)]


def run_at(pc: Pc, at: int) -> Run | None:
    """The run that is going on at a time, None when the PC is off."""
    return next((run for run in runs_between(pc, at, at + 1)), None)


def runs_between(pc: Pc, since: int, until: int) -> Iterator[Run]:
    """The runs that have a part in `since <= t < until`, in order."""
    for day in range(day_of(since) - LONGEST_RUN_DAYS, day_of(until - 1) + 1):
        yield from (run for run in runs_on(pc, day) if run.start < until and run.end > since)


def next_start(pc: Pc, after: int) -> int:
    """When the PC is switched on next, later than `after`."""
    day = day_of(after)
    while True:
        for run in runs_on(pc, day):
            if run.start > after:
                return run.start
        day += 1


def use_of(pc: Pc, at: int) -> float:
    """How much a running PC is used, 0 to 1: lessons, lunch, nap, lessons; offices work steadily; at night nothing."""
    table = _OFFICE_USE if pc.role is Role.OFFICE else _CLASS_USE
    if not is_school_day(day_of(at)):
        return 0.02
    level = _between_points(table, minute_of(at))
    own = 0.45 + 0.55 * pc.chance.named("use").wave(at, 600 * SECOND_MS)
    return level * own


_CLASS_USE = ((0, 0.02), (405, 0.05), (460, 0.35), (490, 0.95), (620, 1.0), (650, 0.3), (690, 0.12), (710, 0.06),
              (835, 0.06), (860, 0.8), (930, 0.9), (980, 0.45), (1035, 0.15), (1060, 0.02), (1440, 0.02))  # fmt: skip
_OFFICE_USE = ((0, 0.02), (420, 0.05), (460, 0.6), (600, 0.75), (690, 0.3), (780, 0.3), (810, 0.7), (980, 0.6),
               (1050, 0.2), (1070, 0.02), (1440, 0.02))  # fmt: skip


def _between_points(table: tuple[tuple[int, float], ...], minute: float) -> float:
    """The level at a minute of the day, on straight lines between the points of the table."""
    index = next(index for index, (start, _) in enumerate(table) if start > minute)
    (left, low), (right, high) = table[index - 1], table[index]
    return low + (high - low) * (minute - left) / (right - left)


def _switched_on(pc: Pc, day: int) -> int:
    """Everybody has a usual time, and keeps it to a few minutes."""
    usual = pc.chance.named("comes").between(FIRST_ON + 4, LAST_ON - 4)
    return at_minute(day, usual + pc.chance.named("comes today").between(-4, 4, day))


def _switched_off(pc: Pc, day: int) -> int:
    """After lessons; or, forgotten, in the morning of the next school day, when somebody restarts it.

    A sentinel is left on over night on purpose.
    """
    forgetful = pc.chance.named("forgetful").happens(_FORGETFUL)
    if pc.watches or pc.chance.named("forgets").happens(0.4 if forgetful else 0.02, day):
        return _switched_on(pc, next_school_day(day)) - 90 * SECOND_MS
    latest = 75 if pc.role is Role.OFFICE else 50
    return at_minute(day, minutes("16:30") + pc.chance.named("goes").between(2, latest, day))


def _interruption(pc: Pc, day: int) -> tuple[int, int, Ending | None]:
    """When the day's run breaks off, for how long (ms), and how; no ending on most days."""
    draw = pc.chance.named("interrupted")
    share, when = draw.share(day), draw.named("when")
    if share < _RESTARTED:
        pause = draw.named("pause").whole(90, 240, day) * SECOND_MS
        return at_minute(day, when.between(minutes("11:40"), minutes("13:20"), day)), pause, Ending.UPDATE
    pause = draw.named("pause").whole(180, 900, day) * SECOND_MS
    ending = Ending.VANISHED if share < _RESTARTED + _UNPLUGGED else None
    return at_minute(day, when.between(minutes("08:00"), minutes("16:00"), day)), pause, ending


def _run(pc: Pc, start: int, end: int, ending: Ending) -> Run:
    return Run(start, end, ending, f"sim-{pc.chance.named('boot').word(start):016x}")
