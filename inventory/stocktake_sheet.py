"""The difference sheet of a stocktake, C53-HD: what the books have, what is there, and the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.exporting.workbook import Column, Sheet
from inventory.forms import Unit
from inventory.saying import name_of
from inventory.stocktake import Finding, Line
from inventory.wear import Books, Worth

_COLUMNS = (
    Column("A", 5),
    Column("B", 36),
    Column("C", 12),
    Column("D", 18),
    *(Column(str(number), 7 if number % 3 == 1 else 15, "number") for number in range(1, 10)),
    Column("E", 34),
)
_HEAD = (
    (0, 0, 1, 0, "STT"),
    (0, 1, 1, 1, "Tên TSCĐ"),
    (0, 2, 1, 2, "Mã số TSCĐ"),
    (0, 3, 1, 3, "Nơi sử dụng"),
    *(
        entry
        for column, title in ((4, "Theo sổ kế toán"), (7, "Theo kiểm kê"), (10, "Chênh lệch"))
        for entry in (
            (0, column, 0, column + 2, title),
            (1, column, 1, column, "Số lượng"),
            (1, column + 1, 1, column + 1, "Nguyên giá"),
            (1, column + 2, 1, column + 2, "Giá trị còn lại"),
        )
    ),
    (0, 13, 1, 13, "Ghi chú"),
    *((2, index, 2, index, column.header) for index, column in enumerate(_COLUMNS)),
)
_NOTES: Mapping[Finding, str] = {
    "found": "",
    "moved": "thấy ở {room}, sổ ghi {registered}",
    "missing": "không tìm thấy",
    "unexpected": "thừa so với sổ, thấy ở {room}",
}


@dataclass(frozen=True)
class Member:
    """A member of the committee: name, office, whom they stand for."""

    name: str
    office: str
    stands_for: str = ""


def difference_sheet(
    lines: Sequence[Line],
    books: Books,
    rooms: Mapping[str, str],
    unit: Unit,
    day: str,
    committee: Sequence[Member] = (),
) -> Sheet:
    """`books`: those of the year of the stocktake; `rooms`: id -> name; `day` as it is written on the form."""
    worth = {entry.asset.tag: entry for entry in books.fixed if not entry.gone}
    rows = [_row(number, line, worth.get(line.tag), rooms) for number, line in enumerate(lines, 1)]
    total: list[Any] = [None, "Cộng", None, None, *(sum(row[index] for row in rows) for index in range(4, 13)), None]
    people = tuple(f"Ông/Bà: {one.name} — {one.office} — {one.stands_for}" for one in committee)
    title = unit.heading("stocktake", f"Thời điểm kiểm kê: {day}", *people)
    signatures = "Thủ trưởng đơn vị                    Kế toán trưởng                    Trưởng ban kiểm kê"
    return Sheet("C53-HD", _COLUMNS, [*rows, total], title, (signatures,), frozenset({len(rows)}), _HEAD)


def _row(number: int, line: Line, worth: Worth | None, rooms: Mapping[str, str]) -> list[Any]:
    """What is below the threshold counts by number and cost, with nothing left to wear."""
    asset = line.asset
    cost = (asset.purchase_cost or 0) if asset else 0
    value = (1, cost, worth.left if worth else 0)
    booked = value if line.finding != "unexpected" else (0, 0, 0)
    there = value if line.finding != "missing" else (0, 0, 0)
    registered = rooms.get(asset.room, asset.room) if asset else ""
    seen = rooms.get(line.sighting.room, line.sighting.room) if line.sighting else ""
    note = _NOTES[line.finding].format(room=seen or "?", registered=registered or "?")
    said = line.sighting.note if line.sighting else ""
    if asset and line.finding == "missing" and asset.status != "in_use":
        said = f"theo sổ: {name_of(asset.status, 'vi')}"  # at the repair shop, lent out, lost: it is known why
    difference = tuple(after - before for before, after in zip(booked, there, strict=True))
    name = asset.name if asset else "(không có trong sổ)"
    where = registered or seen
    return [number, name, line.tag, where, *booked, *there, *difference, "; ".join(filter(None, [note, said]))]
