"""A school's week by its own clock: when lessons are. Times of day are `HH:MM`, so that texts compare as times do."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from contract.shapes import BadValue

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_clock(text: str) -> None:
    """Raises BadValue unless it is a time of day as `HH:MM`, so that texts compare as times do."""
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise BadValue(f"{text[:60]!r} is not a time of day", 'write hours and minutes in quotes, like "07:30"')


ClockTime = Annotated[str, check_clock]


@dataclass(frozen=True)
class LessonHours:
    """Lesson time on the given days, in the school's own time zone (`HH:MM`)."""

    days: tuple[Weekday, ...]
    start: ClockTime
    end: ClockTime

    def __post_init__(self) -> None:
        if not self.start < self.end:
            problem = f"lessons start at {self.start} but end at {self.end}"
            raise BadValue(problem, "start must come before end, on one day")


@dataclass(frozen=True)
class Slot:
    """A time of day, on the given days, in which something may be done."""

    start: ClockTime
    end: ClockTime
    days: tuple[Weekday, ...] = WEEKDAYS

    def __post_init__(self) -> None:
        if not self.start < self.end:
            problem = f"a slot starts at {self.start} but ends at {self.end}"
            raise BadValue(problem, "start must come before end, on one day; write two slots to pass midnight")

    def __str__(self) -> str:
        return f"{self.start} to {self.end} {'every day' if self.days == WEEKDAYS else 'on ' + ', '.join(self.days)}"


@dataclass(frozen=True)
class Lessons:
    """When lessons are at a school, for those who do not read its file. Days and times are by the school's own clock,
    which is `utc_offset_minutes` ahead of UTC."""

    utc_offset_minutes: int
    hours: tuple[LessonHours, ...] = ()
    holidays: tuple[str, ...] = ()

    def on_at(self, here: datetime) -> bool:
        """Whether lessons are on at a time of the school's own clock."""
        if here.date().isoformat() in self.holidays:
            return False
        day, clock = WEEKDAYS[here.weekday()], here.strftime("%H:%M")
        return any(day in hours.days and hours.start <= clock < hours.end for hours in self.hours)
