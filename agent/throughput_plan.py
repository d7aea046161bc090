"""When throughput is tested: random times of a day, inside the allowed slots and outside of lessons.

Pure: times are of the school's own clock. Chance is seeded by the day, so that an agent that starts again neither tests
again what it has tested nor forgets what it had planned.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from contract.week import WEEKDAYS, LessonHours, Lessons, Slot

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MINUTES_OF_A_DAY = 24 * 60
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Hours:
    """When a test may run; without `in_lessons` never while lessons are on."""

    slots: tuple[Slot, ...]
    lessons: Lessons
    in_lessons: bool = False

    def allow(self, here: datetime, lasts: timedelta) -> bool:
        """Whether a test that begins at `here` and lasts that long stays inside from its begin to its end."""
        first = here.hour * 60 + here.minute
        last = first + int((here.second + lasts.total_seconds()) // 60)
        return last < MINUTES_OF_A_DAY and all(self.open_minutes(here)[first : last + 1])

    def open_minutes(self, day: datetime) -> list[bool]:
        """For each minute of the day whether a test may run in it."""
        minutes = [False] * MINUTES_OF_A_DAY
        for slot in self.slots:
            _mark(minutes, slot, day, True)
        if not self.in_lessons and day.date().isoformat() not in self.lessons.holidays:
            for lesson in self.lessons.hours:
                _mark(minutes, lesson, day, False)
        return minutes


def next_time(hours: Hours, per_day: int, lasts: timedelta, seed: str, here: datetime) -> datetime | None:
    """The first planned time after `here`; None when no day of the next two weeks has room for one."""
    for day in range(LOOK_AHEAD_DAYS):
        for planned in times_of(hours, per_day, lasts, seed, here + DAY * day):
            if planned > here:
                return planned
    return None


def times_of(hours: Hours, per_day: int, lasts: timedelta, seed: str, day: datetime) -> list[datetime]:
    """The planned times of one day, in order; fewer than `per_day` when it has less room."""
    open_minutes, needed = hours.open_minutes(day), int(lasts / MINUTE) + 2
    room = [first for first in range(MINUTES_OF_A_DAY - needed) if all(open_minutes[first : first + needed])]
    random = Random(f"{seed} {day.date()}")  # noqa: S311 - nothing secret, only apart from the others
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    chosen = random.sample(room, min(per_day, len(room)))
    return sorted(midnight + MINUTE * (minute + random.random()) for minute in chosen)


def _mark(minutes: list[bool], times: Slot | LessonHours, day: datetime, value: bool) -> None:
    if WEEKDAYS[day.weekday()] in times.days:
        start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (times.start, times.end))
        minutes[start:end] = [value] * (end - start)
