"""Reads the table of a CSV or YAML file."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from inventory.importing.mapping import is_header
from inventory.importing.read_xlsx import letters_of
from inventory.importing.table import BadTable, Row, Table, table_of
from inventory.importing.words import field_of

_DELIMITERS = ",;\t|"


def read_csv(path: Path) -> Table:
    """Commas, semicolons, tabs or bars; UTF-8, or UTF-16 with its mark. Raises BadTable."""
    text = _decoded(path.read_bytes())
    lines = text.splitlines()[:20]
    delimiter = max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    rows = []
    try:
        for cells in reader:
            values = {index: cell.strip() for index, cell in enumerate(cells) if cell.strip()}
            if values:
                rows.append(Row(reader.line_num, values))
    except csv.Error as error:
        raise BadTable("bad_csv", line=reader.line_num, problem=str(error)) from error
    return table_of(rows, letters_of, is_header)


def read_yaml(path: Path) -> Table:
    """A list of assets, each with the names of its columns as keys. Raises BadTable."""
    try:
        entries = yaml.safe_load(_decoded(path.read_bytes()))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadTable("bad_yaml", line=mark.line + 1 if mark else 1, problem=_problem(error)) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadTable("yaml_no_list")
    return table_of_entries(entries)


def table_of_entries(entries: Sequence[Mapping[Any, Any]]) -> Table:
    """Of assets with the names of their columns as keys; rows are counted from 1. Raises BadTable."""
    headers: dict[str, str] = {}  # of one meaning, whatever words the entries have for it -> the first of them
    rows = [Row(0, {})]
    for number, entry in enumerate(entries, 1):
        cells: dict[int, Any] = {}
        for key, value in entry.items():
            meaning = field_of(str(key)) or str(key)
            headers.setdefault(meaning, str(key))
            index = list(headers).index(meaning)
            if index in cells:
                raise BadTable("header_twice", column=f"({number})", header=str(key), first=headers[meaning])
            if _filled(value):
                cells[index] = value
        rows.append(Row(number, cells))
    shown = list(headers.values())
    rows[0] = Row(0, dict(enumerate(shown)))
    return table_of(rows, lambda index: shown[index], is_header)


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadTable("wrong_encoding", line=content.count(b"\n", 0, error.start) + 1) from error


def _filled(value: Any) -> bool:
    return value is not None and value != ""


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", "") or "?")
