"""The time that a report is about: a month, a term or a school year, as a person writes it on a command line."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from contract.trouble import Trouble
from inventory.plan.request import FIRST_MONTH
from inventory.text import Text

_SECOND_TERM = (1, 16)  # its first day; the ministry's frame for school years leaves it to provinces within days


class PeriodTrouble(Trouble):
    """A period that cannot be meant."""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included. `written` is how it was asked for, and names files."""

    written: str
    kind: Literal["month", "term", "year"]
    first: date
    last: date
    name: Text


def parse_period(written: str) -> Period:
    """`2026-11` is a month, `2026-2027` a school year, `2026-2027-1` its first term. Raises PeriodTrouble."""
    if match := re.fullmatch(r"(\d{4})-(\d{2})", written):
        year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12 and year:
            return _month(written, year, month)
    if match := re.fullmatch(r"(\d{4})-(\d{4})(?:-([12]))?", written):
        year = int(match[1])
        if year and int(match[2]) == year + 1:
            return _term(written, year, int(match[3])) if match[3] else _school_year(written, year)
    hint = "write a month as 2026-11, a school year as 2026-2027, its first term as 2026-2027-1"
    raise PeriodTrouble(f"{written[:40]!r} is not a period", hint)


def _month(written: str, year: int, month: int) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    first = date(year, month, 1)
    return Period(
        written, "month", first, following - timedelta(1), Text(f"tháng {month} năm {year}", f"{first:%B} {year}")
    )


def _term(written: str, year: int, term: int) -> Period:
    second = date(year + 1, *_SECOND_TERM)
    name = Text(
        f"học kỳ {'I' * term} năm học {year}-{year + 1}",
        f"the {('first', 'second')[term - 1]} term of {year}-{year + 1}",
    )
    whole = _school_year(written, year)
    days = (whole.first, second - timedelta(1)) if term == 1 else (second, whole.last)
    return Period(written, "term", *days, name)


def _school_year(written: str, year: int) -> Period:
    first, following = date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1)
    name = Text(f"năm học {year}-{year + 1}", f"the school year {year}-{year + 1}")
    return Period(written, "year", first, following - timedelta(1), name)
