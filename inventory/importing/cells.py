"""Turns a cell into a value of a field, or into the sentence that says why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from inventory.importing.words import choice_of, choices
from inventory.saying import Said

CLEARED = ("-", "–", "—")  # what a person writes where nothing shall stand any more
_MONEY_END = re.compile(r"(?:\s*(?:đ|₫|đồng|vnđ|vnd|dong))?$", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})+(?:,0{1,2})?|[0-9]+")
_COUNT_END = re.compile(r"\s*(?:tháng|năm|months?|years?)$", re.IGNORECASE)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_MONTH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
MOST_DIGITS = 15  # of a number that a spreadsheet keeps exactly


class BadCell(Exception):
    """A cell that does not fit its field."""

    def __init__(self, word: str, **values: Any) -> None:
        self.said = Said(word, **values)
        super().__init__(word)


def value_of(field: str, cell: Any) -> Any:
    """The value of a field of Asset. Raises BadCell."""
    if isinstance(cell, str) and cell in CLEARED:
        return None if field in _READERS else ""
    if choices(field) is not None:
        return _choice(field, cell)
    read: Callable[[Any], Any] = _READERS.get(field, _text)
    return read(cell)


def _choice(field: str, cell: Any) -> str:
    found = choice_of(field, cell) if isinstance(cell, str) else None
    if found is None:
        raise BadCell("unknown_word", value=str(cell), known=choices(field))
    return found


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        raise BadCell("truth_in_text", value=str(cell).upper())
    if isinstance(cell, date):
        raise BadCell("date_in_text", value=cell if not isinstance(cell, datetime) else cell.date())
    if isinstance(cell, int | float):
        if abs(cell) >= 10**MOST_DIGITS:
            raise BadCell("digits_lost", digits=MOST_DIGITS)
        return str(int(cell)) if cell == int(cell) else str(cell)
    if re.search(r"[\x00-\x08\x0b-\x1f\ufffd]", str(cell)):
        raise BadCell("unreadable_letters")
    return " ".join(str(cell).split())


def _money(cell: Any) -> int:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != int(cell):
            raise BadCell("money_not_whole", value=str(cell))
        return int(cell)
    text = _MONEY_END.sub("", str(cell).strip())
    if not _GROUPED.fullmatch(text):
        raise BadCell("money_is_text", value=str(cell))
    return int(re.sub(r"[., ]", "", re.sub(r",0{1,2}$", "", text)))


def _count(cell: Any) -> int:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == int(cell):
        return int(cell)
    text = _COUNT_END.sub("", str(cell).strip())
    if not re.fullmatch("[0-9]{1,4}", text):
        raise BadCell("not_a_count", value=str(cell))
    return int(text)


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        raise BadCell("day_is_year" if 1900 <= cell <= 2200 else "day_is_number", value=str(cell))
    text = str(cell).strip()
    for pattern, order in ((_DAY_FIRST, (2, 1, 0)), (_YEAR_FIRST, (0, 1, 2)), (_MONTH, (1, 0))):
        if match := pattern.fullmatch(text):
            year, month, *day = (int(match.groups()[place]) for place in order)
            return _calendar_day(year, month, day[0] if day else 1, text)
    if re.fullmatch("[0-9]{4}", text):
        raise BadCell("day_is_year", value=text)
    raise BadCell("not_a_day", value=text)


def _calendar_day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if month > 12 and day <= 12:
        raise BadCell("month_first", value=text, meant=f"{month:02}/{day:02}/{year}")
    raise BadCell("no_such_day", value=text)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "purchase_cost": _money,
    "warranty_months": _count,
    "useful_life_years": _count,
    "purchase_date": _day,
    "in_use_since": _day,
    "disposal_date": _day,
}
