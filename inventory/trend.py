"""Straight lines through readings of which some are wrong. Pure: the time is an argument."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

DAY_MS = 86_400_000

Reading = tuple[float, float]  # days since 1970 (UTC), what was read


def daily(points: Iterable[tuple[int, float]], now: int, window_days: int) -> list[Reading]:
    """One reading for each day of the window that has any, in order: the median of its times and of its values.

    `points` are (UTC milliseconds, value) in any order; what is later than `now` does not count.
    """
    told: defaultdict[int, list[Reading]] = defaultdict(list)
    for at, value in points:
        if now - window_days * DAY_MS <= at <= now:
            told[at // DAY_MS].append((at / DAY_MS, value))
    return [_middle(told[day]) for day in sorted(told)]


def _middle(readings: Sequence[Reading]) -> Reading:
    if len(readings) == 1:  # what a store sums up by days: a thousand devices have sixty thousand of them
        return readings[0]
    return statistics.median(day for day, _ in readings), statistics.median(value for _, value in readings)


def per_day(readings: Sequence[Reading]) -> float:
    """The median of the slopes between all pairs (Theil and Sen): wrong readings on some days do not move it."""
    slopes: list[float] = []
    for place, (earlier, earlier_value) in enumerate(readings, 1):
        slopes += [(value - earlier_value) / (day - earlier) for day, value in readings[place:]]
    return statistics.median(slopes)


def level(readings: Sequence[Reading], slope: float, now: int) -> float:
    """Where the line of this slope through the readings stands at `now`."""
    return statistics.median(value + slope * (now / DAY_MS - day) for day, value in readings)
