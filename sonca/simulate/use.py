"""How much has been used up: hours and pages that grow on school days and never fall, from any moment's time alone."""

from sonca.simulate.school_time import day_of, is_school_day, read_time

REFERENCE_DAY = day_of(read_time("2026-11-23 00:00"))  # a Monday: what is drawn for a device is drawn for this day
_WEEK, _SCHOOL_DAYS = 7, 5


def school_days_since(day: int) -> int:
    """School days from the reference day on that are over when `day` begins; negative before it."""
    weeks, rest = divmod(day - REFERENCE_DAY, _WEEK)
    return weeks * _SCHOOL_DAYS + min(rest, _SCHOOL_DAYS)


def used(at: int, start: float, a_day: float, today: float) -> float:
    """`start` at the beginning of the reference day, `a_day` more each school day, `today` of it on the day itself."""
    day = day_of(at)
    return max(0.0, start + a_day * school_days_since(day) + (min(today, a_day) if is_school_day(day) else 0.0))


def spent(at: int, spans: list[tuple[int, int]]) -> int:
    """How much of these stretches of time is over; ms."""
    return sum(max(0, min(at, until) - since) for since, until in spans)
