"""Writes the workbooks and tables that tests import, good and bad ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

HEADER = ("Mã tài sản", "Loại", "Tên tài sản", "Phòng", "Nguyên giá", "Ngày mua", "Số sê-ri")
ROW = ("TS-001", "Máy tính để bàn", "Máy tính lớp Mầm 1", "Lớp Mầm 1", 13_500_000, "15/08/2023", "7XK2M03")


def workbook(
    path: Path, rows: Sequence[Sequence[Any]], merged: str = "", hidden: bool = False, stray: str = ""
) -> Path:
    """A workbook of one sheet with these rows; cells that begin with = are formulas, never calculated."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if stray:
        sheet[stray].font = Font(bold=True)  # somebody once clicked there
    if merged:
        sheet.merge_cells(merged)
    if hidden:
        book.create_sheet("Trang khác")
        sheet.sheet_state = "hidden"
    book.save(path)
    return path
