"""Lesson time as stretches of server time. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contract.week import WEEKDAYS
from inventory.school import School

SLICE_MS = 300_000  # a slice belongs to a lesson in which it starts

Span = tuple[int, int]  # since and until, UTC milliseconds


def lesson_spans(school: School, since: int, until: int) -> list[Span]:
    """The lessons of `since <= t < until`, in order and apart, whatever the school's clock does meanwhile."""
    first, last = (school.day_at(at) for at in (since, until))
    found: list[Span] = []
    for number in range((last - first).days + 1):
        for begins, ends in _lessons_on(school, first + timedelta(number)):
            start, end = max(begins, since, found[-1][1] if found else since), min(ends, until)
            if start < end:
                found.append((start, end))
    return found


def slices_in(spans: list[Span], since: int) -> int:
    """How many slices of five minutes start in those of the spans that end after `since`."""
    return sum(-(-until // SLICE_MS) - -(-start // SLICE_MS) for start, until in spans if until > since)


def midnight(day: date, zone: ZoneInfo) -> int:
    """When a day of the school begins, in UTC milliseconds."""
    return _at(day, time(), zone)


def _lessons_on(school: School, day: date) -> list[Span]:
    if day.isoformat() in school.holidays:
        return []
    hours = [entry for entry in school.lesson_hours if WEEKDAYS[day.weekday()] in entry.days]
    return sorted(
        (_at(day, time.fromisoformat(entry.start), school.zone), _at(day, time.fromisoformat(entry.end), school.zone))
        for entry in hours
    )


def _at(day: date, clock: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, clock, zone).timestamp() * 1000)
