"""The annex of the documents as a workbook: every asset, every action of the plan, every room."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from inventory.phrase import Phrase
from inventory.plan.explain import school_year
from inventory.plan.words import because, said
from inventory.report import texts
from inventory.report.data import ReportData
from inventory.report.items import items_of, total, work
from inventory.report.worn import present
from inventory.text import Text
from inventory.words import CONDITIONS, KINDS

PROPOSED = Text("Đề nghị", "Proposal")
PLANNED = Text("Kế hoạch", "Plan")
ASSETS = Text("Thiết bị", "Equipment")
ROOMS = Text("Kết nối", "Connectivity")
_WIDEST, _NARROWEST = 60, 8  # characters

Cell = str | int | float | date | None


def annex_of(data: ReportData, phrase: Phrase) -> bytes:
    """The workbook: amounts are numbers, days are days, totals are formulas with their values."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    book.set_properties({"title": data.school, "created": data.issued})
    _items(book, data, phrase)
    _actions(book, data, phrase)
    _assets(book, data, phrase)
    _rooms(book, data, phrase)
    book.close()
    return kept.getvalue()


def _items(book: Any, data: ReportData, phrase: Phrase) -> None:
    items = items_of(data)
    head = (texts.PLACE, texts.WORK, texts.COUNT, texts.PRICE, texts.AMOUNT, texts.TAGS)
    rows: list[list[Cell]] = [
        [place, work(item, phrase), len(item.tags), item.option.price, item.amount, ", ".join(item.tags)]
        for place, item in enumerate(items, 1)
    ]
    _sheet(book, phrase, PROPOSED, head, rows, money=(3, 4), totals={4: total(items)})


def _actions(book: Any, data: ReportData, phrase: Phrase) -> None:
    head = (
        texts.YEAR, texts.SOURCE, texts.TAG, texts.KIND, texts.ACTION, texts.AMOUNT, texts.POINTS, texts.REASONS
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for action in data.plan.actions:
        entry = data.plan.candidates[action.tag]
        reasons = because(entry.reasons, phrase, data.issued)
        kind = phrase(KINDS[entry.asset.kind])
        line = [school_year(action.year), action.source, action.tag, kind, said(action.option, phrase)]
        rows.append([*line, action.option.price, action.points, reasons])
    points = sum(action.points for action in data.plan.actions)
    _sheet(book, phrase, PLANNED, head, rows, money=(5, 6), totals={5: data.plan.cost, 6: points})


def _assets(book: Any, data: ReportData, phrase: Phrase) -> None:
    head = (
        texts.TAG, texts.KIND, texts.DEVICE, texts.MANUFACTURER, texts.MODEL, texts.SERIAL, texts.ROOM,
        texts.CONDITION, texts.IN_USE_SINCE, texts.COST, texts.REASONS,
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for entry in data.plan.candidates.values():
        asset = entry.asset
        described = [asset.tag, phrase(KINDS[asset.kind]), asset.name, asset.manufacturer, asset.model, asset.serial]
        place = data.room_names.get(asset.room, asset.room)
        state = [place, phrase(CONDITIONS[asset.condition]), asset.in_use_since, asset.purchase_cost]
        rows.append([*described, *state, because(present(entry, data), phrase, data.issued)])
    cost = sum(entry.asset.purchase_cost or 0 for entry in data.plan.candidates.values())
    _sheet(book, phrase, ASSETS, head, rows, money=(9,), totals={9: cost})


def _rooms(book: Any, data: ReportData, phrase: Phrase) -> None:
    head = (texts.ROOM, texts.CONNECTED, texts.DARK, texts.CAUSE)
    rows: list[list[Cell]] = [
        [room.name or room.id, room.connected_percent, room.dark_percent, phrase(room.cause)] for room in data.rooms
    ]
    _sheet(book, phrase, ROOMS, head, rows)


def _sheet(
    book: Any,
    phrase: Phrase,
    name: Text,
    head: Sequence[Text],
    rows: Sequence[Sequence[Cell]],
    *,
    money: Sequence[int] = (),
    totals: dict[int, int] | None = None,
) -> None:
    """A sheet with a frozen head that filters, and a bold row of sums. Text stays text, even where it begins with =."""
    sheet = book.add_worksheet(phrase(name))
    bold, title = book.add_format({"bold": True, "num_format": "#,##0"}), book.add_format({"bold": True, "border": 1})
    amount = book.add_format({"num_format": "#,##0"})
    titles = [phrase(text) for text in head]
    sheet.write_row(0, 0, titles, title)
    for place, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell, amount if column in money else None)
    for column, width in enumerate(_widths(titles, rows)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(head) - 1)
    for column, value in (totals or {}).items():
        letter = xlsxwriter.utility.xl_col_to_name(column)
        formula = f"=SUM({letter}2:{letter}{len(rows) + 1})" if rows else "=0"
        sheet.write_formula(len(rows) + 1, column, formula, bold, value)
    if totals:
        sheet.write_string(len(rows) + 1, 0, phrase(texts.TOTAL), bold)


def _write(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell, form)


def _widths(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    longest = [max([len(title), *(len(str(row[place] or "")) for row in rows)]) for place, title in enumerate(titles)]
    return [min(_WIDEST, max(_NARROWEST, length + 2)) for length in longest]
