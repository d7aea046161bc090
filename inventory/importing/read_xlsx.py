"""Reads the table of an XLSX workbook: the first sheet to be seen that has a header."""

import warnings
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from inventory.importing.mapping import is_header
from inventory.importing.table import BadTable, Flaw, Row, Table, table_of
from inventory.saying import Said

MOST_BYTES = 200_000_000  # unpacked: a small file can unfold into gigabytes
MOST_CELLS = 2_000_000  # a stray mark in the last row makes a sheet of millions of empty ones
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password


def read_xlsx(path: Path) -> Table:
    """Raises BadTable."""
    formulas = _has_formulas(path)
    shown = _loaded(path, values=True)
    written = _loaded(path, values=False) if formulas else None
    last = BadTable("no_sheet")
    for sheet in shown.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = _rows(sheet, None if written is None else written[sheet.title])
        try:
            return table_of(rows, letters_of, is_header)
        except BadTable as error:
            if error.said.word != "no_header":
                raise
            last = error
    raise last


def letters_of(index: int) -> str:
    return get_column_letter(index + 1)


def _has_formulas(path: Path) -> bool:
    with path.open("rb") as file:
        if file.read(4) == _OLD_OFFICE:
            raise BadTable("old_office")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise BadTable("too_large", most=MOST_BYTES)
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            if not sheets:
                raise BadTable("not_xlsx")
            return any(b"<f" in archive.read(name) for name in sheets if name.endswith(".xml"))
    except zipfile.BadZipFile as error:
        raise BadTable("not_xlsx") from error


def _loaded(path: Path, *, values: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about formats and pictures, which nobody reads here
            return load_workbook(path, data_only=values)
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile, EOFError) as error:
        raise BadTable("not_xlsx") from error


def _rows(sheet: Worksheet, written: Worksheet | None) -> list[Row]:
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise BadTable("sheet_too_large", sheet=sheet.title, rows=sheet.max_row)
    merged = _merged(sheet)
    found = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = {}
        for index, cell in enumerate(cells):
            value = _value(cell, None if written is None else written.cell(number, index + 1))
            value = merged.get((number, index + 1), value)
            if value is not None and value != "":
                values[index] = value
        if values:
            found.append(Row(number, values))
    return found


def _merged(sheet: Worksheet) -> dict[tuple[int, int], Flaw]:
    """Every cell of an area that was merged and has something in it."""
    found: dict[tuple[int, int], Flaw] = {}
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        if value is None:
            continue
        flaw = Flaw(Said("merged", area=area.coord, value=str(value)))
        rows, columns = range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1)
        found |= {(row, column): flaw for row in rows for column in columns}
    return found


def _value(cell: Any, written: Any) -> Any:
    if isinstance(cell, MergedCell):
        return None
    if cell.data_type == "e":
        return Flaw(Said("formula_error", value=str(cell.value)))
    if cell.value is None and written is not None and written.data_type == "f":
        return Flaw(Said("formula_without_value", value=str(written.value)))
    return cell.value.strip() if isinstance(cell.value, str) else cell.value
