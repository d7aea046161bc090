"""The asset book S24-H and the table of wear C55-HD of one year, as sheets of a workbook."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from inventory.asset import Asset
from inventory.exporting.workbook import Column, Sheet
from inventory.forms import Unit
from inventory.wear import Books, Worth, put_to_use

Line = Sequence[Any]

# The 19 columns of S24-H, each with its own letter or number in the last row of the head.
_BOOK_COLUMNS = (
    Column("A", 5),
    Column("B", 11),
    Column("C", 11, "day"),
    Column("D", 34),
    Column("E", 12),
    Column("F", 10, "month"),
    Column("G", 10),
    Column("H", 8),
    Column("1", 14, "number"),
    Column("2", 7, "percent"),
    Column("3", 12, "number"),
    Column("4", 7, "percent"),
    Column("5", 13, "number"),
    Column("6", 13, "number"),
    Column("7", 14, "number"),
    Column("I", 13),
    Column("K", 11, "day"),
    Column("L", 20),
    Column("8", 14, "number"),
)
_BOOK_HEAD = (
    (0, 0, 2, 0, "STT"),
    (0, 1, 0, 8, "Ghi tăng TSCĐ"),
    (1, 1, 1, 2, "Chứng từ"),
    (2, 1, 2, 1, "Số hiệu"),
    (2, 2, 2, 2, "Ngày, tháng"),
    (1, 3, 2, 3, "Tên, đặc điểm, ký hiệu TSCĐ"),
    (1, 4, 2, 4, "Nước sản xuất"),
    (1, 5, 2, 5, "Tháng, năm đưa vào sử dụng"),
    (1, 6, 2, 6, "Số hiệu TSCĐ"),
    (1, 7, 2, 7, "Thẻ TSCĐ"),
    (1, 8, 2, 8, "Nguyên giá TSCĐ"),
    (0, 9, 0, 14, "Khấu hao (hao mòn) TSCĐ"),
    (1, 9, 1, 10, "Khấu hao"),
    (2, 9, 2, 9, "Tỷ lệ %"),
    (2, 10, 2, 10, "Số tiền"),
    (1, 11, 1, 12, "Hao mòn"),
    (2, 11, 2, 11, "Tỷ lệ %"),
    (2, 12, 2, 12, "Số tiền"),
    (1, 13, 2, 13, "Tổng số khấu hao (hao mòn) phát sinh trong năm"),
    (1, 14, 2, 14, "Lũy kế khấu hao, hao mòn đến khi chuyển sổ hoặc ghi giảm TSCĐ"),
    (0, 15, 0, 18, "Ghi giảm TSCĐ"),
    (1, 15, 1, 16, "Chứng từ"),
    (2, 15, 2, 15, "Số hiệu"),
    (2, 16, 2, 16, "Ngày, tháng"),
    (1, 17, 2, 17, "Lý do ghi giảm TSCĐ"),
    (1, 18, 2, 18, "Giá trị còn lại của TSCĐ"),
    *((3, index, 3, index, column.header) for index, column in enumerate(_BOOK_COLUMNS)),
)
_BOOK_SUMS = {8, 10, 12, 13, 14, 18}

# What is printed of the form has the name, cost, rate and wear of the year; the rest helps to check them.
_WEAR_COLUMNS = (
    Column("STT", 5),
    Column("Loại, tên tài sản cố định", 40),
    Column("Mã số", 12),
    Column("Năm đưa vào sử dụng", 12),
    Column("Nguyên giá", 16, "number"),
    Column("Tỷ lệ hao mòn (%)", 10, "percent"),
    Column("Số hao mòn trong năm", 16, "number"),
    Column("Hao mòn lũy kế", 16, "number"),
    Column("Giá trị còn lại", 16, "number"),
)
_WEAR_SUMS = {4, 6, 7, 8}
_SIGNATURES = "Người lập                    Kế toán trưởng                    Thủ trưởng đơn vị"


@dataclass(frozen=True)
class Sums:
    """Of the assets of a category that are in the books at the end of the year; VND."""

    name: str
    count: int
    cost: int
    worn_this_year: int
    worn: int
    left: int


def sums_of(name: str, worths: Iterable[Worth]) -> Sums:
    kept = [worth for worth in worths if not worth.gone]
    cost, this_year, worn, left = (
        sum(getattr(worth, part) for worth in kept) for part in ("cost", "worn_this_year", "worn", "left")
    )
    return Sums(name, len(kept), cost, this_year, worn, left)


def sums_by_category(books: Books) -> list[Sums]:
    """As the rows of sums of C55-HD; the last one is of all."""
    groups = groupby(books.fixed, key=lambda worth: worth.category.name)
    every = [sums_of(name, group) for name, group in groups]
    return [*(sums for sums in every if sums.count), sums_of("Tổng cộng", books.fixed)]


def year_books(books: Books, unit: Unit) -> list[Sheet]:
    """The sheets of one workbook: S24-H and C55-HD."""
    return [asset_book(books, unit), wear_table(books, unit)]


def asset_book(books: Books, unit: Unit) -> Sheet:
    """S24-H: every fixed asset of the year, those too that left the books in it, by category with its sums."""
    rows, bold = _grouped(books.fixed, _book_line, len(_BOOK_COLUMNS), _BOOK_SUMS, name_column=3)
    title = unit.heading("asset_book", f"Năm {books.year}")
    return Sheet("S24-H", _BOOK_COLUMNS, rows, title, (*_remarks(books), _SIGNATURES), bold, _BOOK_HEAD)


def wear_table(books: Books, unit: Unit) -> Sheet:
    """C55-HD: what each fixed asset loses in the year; those that left the books in it are not in it."""
    kept = [worth for worth in books.fixed if not worth.gone]
    rows, bold = _grouped(kept, _wear_line, len(_WEAR_COLUMNS), _WEAR_SUMS, name_column=1)
    title = unit.heading("wear_table", f"Năm {books.year}", "Đơn vị tính: đồng")
    return Sheet("C55-HD", _WEAR_COLUMNS, rows, title, (*_remarks(books), _SIGNATURES), bold)


def _book_line(number: int, worth: Worth) -> Line:
    asset = worth.asset
    described = ", ".join(filter(None, [asset.name, asset.manufacturer, asset.model, asset.serial]))
    return (
        *(number, asset.invoice, asset.purchase_date, described, asset.country, put_to_use(asset), asset.tag, ""),
        *(worth.cost, None, None, worth.percent, worth.worn_this_year, worth.worn_this_year, worth.worn),
        *((asset.disposal_document, asset.disposal_date, asset.disposal_reason) if worth.gone else ("", None, "")),
        worth.left,
    )


def _wear_line(number: int, worth: Worth) -> Line:
    since = put_to_use(worth.asset)
    year = since.year if since else None
    named = (number, worth.asset.name, worth.asset.tag, str(year))
    return (*named, worth.cost, worth.percent, worth.worn_this_year, worth.worn, worth.left)


def _grouped(
    worths: Iterable[Worth], line: Callable[[int, Worth], Line], width: int, sums: set[int], name_column: int
) -> tuple[list[Line], frozenset[int]]:
    """The lines with one above each category that holds its sums, and one of all sums at the end; which are bold."""
    rows: list[Line] = []
    bold: set[int] = set()
    whole: list[Line] = []
    for category, group in groupby(worths, key=lambda worth: worth.category.name):
        lines = [line(number, worth) for number, worth in enumerate(group, 1)]
        bold.add(len(rows))
        rows += [_sum_line(category, lines, width, sums, name_column), *lines]
        whole += lines
    bold.add(len(rows))
    rows.append(_sum_line("Tổng cộng", whole, width, sums, name_column))
    return rows, frozenset(bold)


def _sum_line(name: str, lines: Sequence[Line], width: int, sums: set[int], name_column: int) -> Line:
    cells: list[Any] = [sum(line[index] or 0 for line in lines) if index in sums else None for index in range(width)]
    cells[name_column] = name
    return cells


def _remarks(books: Books) -> tuple[str, ...]:
    """What is not in the table, so that nobody takes it for all there is."""
    remarks = []
    if books.tools:
        remarks.append(f"Công cụ dụng cụ dưới ngưỡng tài sản cố định, không tính hao mòn: {len(books.tools)}")
    if books.incomplete:
        remarks.append(f"Chưa tính được vì thiếu nguyên giá hoặc ngày sử dụng: {_tags(books.incomplete)}")
    return tuple(remarks)


def _tags(assets: Sequence[Asset]) -> str:
    return ", ".join(asset.tag for asset in assets)
