"""The clock on the wall of a Vietnamese school, in plain arithmetic: UTC+7 all year, school from Monday to Friday.

Times are UTC milliseconds; a day is the number of days since 1970-01-01 in Viet Nam.
"""

from datetime import datetime, timedelta, timezone

from contract.week import Weekday

SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000

TIME_ZONE = "Asia/Ho_Chi_Minh"
LESSON_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
LESSON_START, LESSON_END = "07:30", "16:30"

_AHEAD_MS = 7 * HOUR_MS  # no daylight saving since 1975; a test compares with the time zone database
_ZONE = timezone(timedelta(milliseconds=_AHEAD_MS))
_FORM = "%Y-%m-%d %H:%M"


def day_of(at: int) -> int:
    return (at + _AHEAD_MS) // DAY_MS


def at_minute(day: int, minute: float) -> int:
    """The time `minute` minutes after midnight of a day."""
    return day * DAY_MS - _AHEAD_MS + int(minute * MINUTE_MS)


def minute_of(at: int) -> float:
    """Minutes since midnight, 0 <= x < 1440."""
    return ((at + _AHEAD_MS) % DAY_MS) / MINUTE_MS


def is_school_day(day: int) -> bool:
    return (day + 3) % 7 < len(LESSON_DAYS)  # day 0 was a Thursday


def next_school_day(day: int) -> int:
    """The first school day after `day`."""
    return next(later for later in range(day + 1, day + 8) if is_school_day(later))


def last_school_day(day: int) -> int:
    """`day` itself when it is a school day, else the last one before."""
    return next(earlier for earlier in range(day, day - 7, -1) if is_school_day(earlier))


def minutes(clock: str) -> int:
    """Minutes since midnight of "HH:MM". Raises ValueError."""
    hours, _, rest = clock.partition(":")
    if len(hours) != 2 or len(rest) != 2 or not (hours + rest).isascii() or not (hours + rest).isdigit():
        raise ValueError(f"{clock!r} is not a time like 09:30")
    if int(hours) > 23 or int(rest) > 59:
        raise ValueError(f"{clock!r} is not a time of the day")
    return int(hours) * 60 + int(rest)


def read_time(text: str) -> int:
    """A time as people in the school write it, "2026-11-23 06:30". Raises ValueError."""
    return int(datetime.strptime(text, _FORM).replace(tzinfo=_ZONE).timestamp()) * SECOND_MS


def write_time(at: int) -> str:
    return datetime.fromtimestamp(at / SECOND_MS, _ZONE).strftime(_FORM)
