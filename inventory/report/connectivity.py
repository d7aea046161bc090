"""How rooms were connected: the part of the report that was measured in every lesson."""

from inventory.phrase import Phrase
from inventory.report import texts
from inventory.report.data import ReportData, RoomConnection
from inventory.report.document import Block, Chart, Column, Paragraph, Table

GOAL_PERCENT = 95  # a classroom below it is named


def failing_rooms(data: ReportData) -> list[RoomConnection]:
    """Classrooms that were connected too little, the worst first."""
    found = [room for room in measured_classrooms(data) if (room.connected_percent or 0) < GOAL_PERCENT]
    return sorted(found, key=lambda room: (room.connected_percent or 0, room.id))


def measured_classrooms(data: ReportData) -> list[RoomConnection]:
    """Without rooms that are no classrooms, and those that were never on."""
    return [room for room in data.rooms if room.classroom and room.connected_percent is not None]


def connectivity(data: ReportData, phrase: Phrase) -> list[Block]:
    """Chart and table, the worst rooms first."""
    if not data.rooms:
        return [Paragraph(phrase(texts.NO_ROOMS))]
    blocks: list[Block] = []
    if data.days:
        labels = tuple(f"{entry.day:%d/%m}" for entry in data.days)
        values = tuple(entry.percent for entry in data.days)
        said_values = tuple(phrase.number(value, 0) for value in values)
        blocks.append(Chart(phrase(texts.DAYS_CHART), labels, values, said_values, 100))
    if not failing_rooms(data):
        blocks.append(Paragraph(phrase(texts.ALL_ROOMS_GOOD, goal=GOAL_PERCENT)))
    return [*blocks, _rooms_table(data, phrase), Paragraph(phrase(texts.ROOMS_NOTE), "note")]


def _rooms_table(data: ReportData, phrase: Phrase) -> Table:
    columns = (
        Column(phrase(texts.PLACE), 7, "center"),
        Column(phrase(texts.ROOM), 25),
        Column(phrase(texts.CONNECTED), 14, "right"),
        Column(phrase(texts.DARK), 14, "right"),
        Column(phrase(texts.CAUSE), 40),
    )
    bad = failing_rooms(data)
    rest = [room for room in data.rooms if room not in bad]
    rows = tuple(
        (
            str(place),
            room.name or room.id,
            "" if room.connected_percent is None else phrase.number(room.connected_percent),
            phrase.number(room.dark_percent),
            phrase(room.cause),
        )
        for place, room in enumerate([*bad, *rest], 1)
    )
    return Table(phrase(texts.ROOMS_TABLE), columns, rows)
