"""Writes workbooks as people expect lists and forms: a title, a header that stays in sight, borders, Times New Roman.

The same content gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from contract.trouble import Trouble

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
CELL = {**FONT, "border": 1}
_HEAD = {**CELL, "bold": True, "align": "center", "text_wrap": True}
# xlsxwriter's formats by what stands in a cell
FORMATS: Mapping[str, dict[str, Any]] = {
    "text": {**CELL, "num_format": "@", "text_wrap": True},
    "number": {**CELL, "num_format": "#,##0"},
    "percent": {**CELL, "num_format": "0.00"},
    "day": {**CELL, "num_format": "dd/mm/yyyy"},
    "month": {**CELL, "num_format": "mm/yyyy"},
}
_MADE = datetime(2026, 1, 1)  # xlsxwriter would write the time of writing


@dataclass(frozen=True)
class Column:
    """`form` is a key of FORMATS."""

    header: str
    width: float = 14.0
    form: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A table below its title, with lines below it. `bold` names rows by their place: groups and totals.

    `head`: more than one line of headers, as (first row, first column, last row, last column, text) counted from the
    top of the head; without it the columns' own headers are the head.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    title: Sequence[str] = ()
    below: Sequence[str] = ()
    bold: frozenset[int] = frozenset()
    head: Sequence[tuple[int, int, int, int, str]] = ()

    @property
    def first_row(self) -> int:
        """The row of the first line of the table, counted from 0."""
        return len(self.title) + self.head_rows

    @property
    def head_rows(self) -> int:
        return 1 + max((below for _, _, below, _, _ in self.head), default=0)


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Raises Trouble when the file cannot be written, for example because it is open in Excel."""
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False}) as book:
            book.set_properties({"created": _MADE, "author": "SonCa"})
            for sheet in sheets:
                _write(book, sheet)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise Trouble(f"{path} cannot be written", "close it in other programs, or choose another folder") from error


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    for number, line in enumerate(sheet.title):
        page.write_string(number, 0, line, book.add_format({**FONT, "bold": number > 0}))
    _write_head(book, page, sheet)
    page.freeze_panes(sheet.first_row, 0)
    page.repeat_rows(len(sheet.title), sheet.first_row - 1)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
    formats = {
        (form, bold): book.add_format({**values, "bold": bold}) for form, values in FORMATS.items() for bold in (0, 1)
    }
    for number, row in enumerate(sheet.rows):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            style = formats[column.form if not isinstance(value, str) else "text", int(number in sheet.bold)]
            _write_cell(page, sheet.first_row + number, index, value, style)
    for number, line in enumerate(sheet.below, sheet.first_row + len(sheet.rows) + 1):
        page.write_string(number, 0, line, book.add_format(FONT))


def _write_head(book: Any, page: Any, sheet: Sheet) -> None:
    top, style = len(sheet.title), book.add_format(_HEAD)
    if not sheet.head:
        for index, column in enumerate(sheet.columns):
            page.write_string(top, index, column.header, style)
    for row, column_index, last_row, last_column, text in sheet.head:
        if (row, column_index) == (last_row, last_column):
            page.write_string(top + row, column_index, text, style)
        else:
            page.merge_range(top + row, column_index, top + last_row, last_column, text, style)


def _write_cell(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, str(value), style)
