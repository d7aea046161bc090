"""The assets as XLSX, CSV or JSON. Workbook and CSV can be changed and imported again."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from inventory.asset import Asset
from inventory.exporting.workbook import Column, Sheet, write_workbook
from inventory.importing.words import choices
from inventory.saying import Language, name_of

FIELDS = tuple(field.name for field in fields(Asset))
DATES = ("purchase_date", "in_use_since", "disposal_date")
NUMBERS = ("purchase_cost", "warranty_months", "useful_life_years")
_WIDTHS = {"name": 38.0, "note": 30.0, "model": 20.0, "serial": 20.0, "room": 18.0}


def export_xlsx(
    path: Path, assets: Sequence[Asset], rooms: Mapping[str, str], language: Language, title: Sequence[str] = ()
) -> None:
    """`rooms`: id -> name. `title`: lines above the header."""
    columns = [
        Column(name_of(name, language), _WIDTHS.get(name, 14.0), "day" if name in DATES else _number_format(name))
        for name in FIELDS
    ]
    rows = [[_shown(name, getattr(asset, name), rooms, language) for name in FIELDS] for asset in assets]
    sheet = Sheet("Tài sản" if language == "vi" else "Assets", columns, rows, tuple(title))
    write_workbook(path, [sheet])


def as_csv(assets: Sequence[Asset], rooms: Mapping[str, str], language: Language) -> str:
    """With a mark in front by which Excel knows UTF-8; days as YYYY-MM-DD, money as digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name_of(name, language) for name in FIELDS])
    for asset in assets:
        writer.writerow([_shown(name, getattr(asset, name), rooms, language) for name in FIELDS])
    return "\ufeff" + out.getvalue()


def as_json(assets: Sequence[Asset]) -> str:
    """A list of objects with the register's own names; what nobody wrote down is absent."""
    return json.dumps([plain(asset) for asset in assets], ensure_ascii=False, indent=1) + "\n"


def plain(asset: Asset) -> dict[str, Any]:
    """An asset as JSON takes it, without what is empty."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in vars(asset).items()
        if value not in (None, "")
    }


def _number_format(name: str) -> str:
    return "number" if name in NUMBERS else "text"


def _shown(name: str, value: Any, rooms: Mapping[str, str], language: Language) -> Any:
    if name == "room":
        return rooms.get(value) or value
    return name_of(value, language) if choices(name) else value
