"""When a projector's lamp reaches its expected life, from the hours that it told. Pure: the time is an argument."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import combinations

DAY_MS = 86_400_000
WINDOW_DAYS = 180  # what was longer ago says little about how a room is used now
LEAST_DAYS = 7  # with fewer the weekend alone would decide
FARTHEST_DAYS = 20 * 365  # beyond it the projector itself will not be there
_AROUND = 3  # days that together say whether a lamp was replaced

Reading = tuple[float, float]  # days since 1970 (UTC), hours of the lamp


def lamp_end_date(
    points: Iterable[tuple[int, float]], expected_hours: float, now: int, zone: tzinfo = UTC
) -> date | None:
    """The day on which the lamp will have burned `expected_hours`; today when it has already.

    `points` are (UTC milliseconds, hours) of one lamp in any order, `now` is UTC milliseconds. None when the lamp was
    watched for less than a week, is not used, or lasts beyond 20 years. Wrong readings on single days do not move the
    date, and the hours of a lamp that was replaced do not count for the new one.
    """
    readings = _since_replaced(_daily(points, now))
    if not readings or int(readings[-1][0]) - int(readings[0][0]) < LEAST_DAYS:
        return None
    per_day = _hours_per_day(readings)
    if per_day <= 0:
        return None
    burned = statistics.median(hours + per_day * (now / DAY_MS - day) for day, hours in readings)
    days = max(0.0, (expected_hours - burned) / per_day)
    return (datetime.fromtimestamp(now / 1000, zone) + timedelta(days)).date() if days <= FARTHEST_DAYS else None


def _hours_per_day(readings: Sequence[Reading]) -> float:
    """The median of the slopes between all pairs (Theil and Sen): wrong readings on some days do not move it."""
    return statistics.median(
        (hours - earlier_hours) / (day - earlier)
        for (earlier, earlier_hours), (day, hours) in combinations(readings, 2)
    )


def _daily(points: Iterable[tuple[int, float]], now: int) -> list[Reading]:
    """One reading for each day of the window that has any, in order: the median of its times and of its hours."""
    told: defaultdict[int, list[Reading]] = defaultdict(list)
    for at, hours in points:
        if now - WINDOW_DAYS * DAY_MS <= at <= now:
            told[at // DAY_MS].append((at / DAY_MS, hours))
    return [
        (statistics.median(day for day, _ in told[day]), statistics.median(hours for _, hours in told[day]))
        for day in sorted(told)
    ]


def _since_replaced(readings: list[Reading]) -> list[Reading]:
    """The readings of the newest lamp.

    Hours that fall for good are a new lamp; a single wrong reading falls and rises again. So what was told before and
    after are compared by their medians.
    """
    start = 0
    for index in range(len(readings) - 2, 0, -1):
        before = statistics.median_low([hours for _, hours in readings[max(0, index - _AROUND) : index]])
        after = statistics.median_high([hours for _, hours in readings[index : index + _AROUND]])
        if after < before > readings[index][1]:
            start = index
        elif start:
            break
    return readings[start:]
