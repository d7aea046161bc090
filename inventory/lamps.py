"""When a projector's lamp reaches its expected life, from the hours that it told. Pure: the time is an argument."""

import statistics
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from inventory.trend import Reading, daily, level, per_day

WINDOW_DAYS = 180  # what was longer ago says little about how a room is used now
LEAST_DAYS = 7  # with fewer the weekend alone would decide
FARTHEST_DAYS = 20 * 365  # beyond it the projector itself will not be there
_AROUND = 3  # days that together say whether a lamp was replaced


def lamp_end_date(
    points: Iterable[tuple[int, float]], expected_hours: float, now: int, zone: tzinfo = UTC
) -> date | None:
    """The day on which the lamp will have burned `expected_hours`; today when it has already.

    `points` are (UTC milliseconds, hours) of one lamp in any order, `now` is UTC milliseconds. None when the lamp was
    watched for less than a week, is not used, or lasts beyond 20 years. Wrong readings on single days do not move the
    date, and the hours of a lamp that was replaced do not count for the new one.
    """
    readings = _since_replaced(daily(points, now, WINDOW_DAYS))
    if not readings or int(readings[-1][0]) - int(readings[0][0]) < LEAST_DAYS:
        return None
    hours_per_day = per_day(readings)
    if hours_per_day <= 0:
        return None
    days = max(0.0, (expected_hours - level(readings, hours_per_day, now)) / hours_per_day)
    return (datetime.fromtimestamp(now / 1000, zone) + timedelta(days)).date() if days <= FARTHEST_DAYS else None


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
