"""What an import would change, row by row, and why rows are refused. Nothing is written here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from contract.shapes import did_you_mean
from inventory.asset import Asset
from inventory.asset_rules import refusals
from inventory.importing.cells import BadCell, value_of
from inventory.importing.mapping import fields_of
from inventory.importing.table import Flaw, Progress, Row, Table
from inventory.importing.words import plain
from inventory.saying import Said

_NEEDED = ("kind", "name")  # of an asset that is new


@dataclass(frozen=True)
class Refused:
    """Why one row is not taken. `column` as the program shows it, with its header; empty for the row as a whole."""

    row: int
    column: str
    value: str
    said: Said


@dataclass(frozen=True)
class Change:
    """What a row would do: `before` is None for an asset that is new."""

    row: int
    before: Asset | None
    after: Asset


@dataclass
class ImportPlan:
    """All rows judged. Only a plan without refusals may be carried out."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0


def plan_import(
    table: Table,
    registered: Mapping[str, Asset],
    rooms: Mapping[str, str],
    today: date,
    progress: Progress = lambda _done, _all: None,
) -> ImportPlan:
    """`registered`: the assets by tag. `rooms`: id -> name, of the school file. Raises BadTable for the whole."""
    judge = _Judge(table, fields_of(table), registered, {plain(name): room for room, name in _spellings(rooms)}, today)
    plan = ImportPlan()
    for number, row in enumerate(table.rows, 1):
        judge.take(row, plan)
        progress(number, len(table.rows))
    return plan


def _spellings(rooms: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for room, name in rooms.items():
        yield room, room
        yield room, name or room


class _Judge:
    def __init__(
        self,
        table: Table,
        fields: dict[int, str],
        registered: Mapping[str, Asset],
        rooms: Mapping[str, str],
        today: date,
    ) -> None:
        self._columns = {name: " ".join(filter(None, table.columns[index])) for index, name in fields.items()}
        self._fields = fields
        self._registered = registered
        self._rooms = rooms
        self._today = today
        self._tags: dict[str, int] = {}
        self._serials = {plain(asset.serial): asset.tag for asset in registered.values() if plain(asset.serial)}

    def take(self, row: Row, plan: ImportPlan) -> None:
        """Judges a row and puts what comes of it into the plan."""
        if not set(row.cells) & set(self._fields):
            return  # only its running number is filled in
        values: dict[str, Any] = {}
        refused = []
        for index, name in self._fields.items():
            if index in row.cells:
                try:
                    values[name] = self._value(name, row.cells[index])
                except BadCell as error:
                    refused.append(self._refused(row, name, row.cells[index], error.said))
        refused = refused or list(self._as_a_whole(row, values))
        if refused:
            plan.refused += refused
            return
        before = self._registered.get(values["tag"])
        after = replace(before, **values) if before else Asset(**values)
        found = [
            self._refused(row, refusal.field, getattr(after, refusal.field), refusal.said)
            for refusal in refusals(after, before, self._today)
        ]
        plan.refused += found
        if not found and after != before:
            plan.changes.append(Change(row.number, before, after))
        plan.unchanged += after == before

    def _value(self, name: str, cell: Any) -> Any:
        if isinstance(cell, Flaw):
            raise BadCell(cell.said.word, **cell.said.values)
        value = value_of(name, cell)
        if name == "room" and value:
            if plain(value) not in self._rooms:
                raise BadCell("unknown_room", value=value, known=self._known_rooms(value))
            return self._rooms[plain(value)]
        return value

    def _as_a_whole(self, row: Row, values: Mapping[str, Any]) -> Iterator[Refused]:
        tag, serial = values.get("tag", ""), plain(values.get("serial", ""))
        if not tag:
            yield Refused(row.number, "", "", Said("no_tag"))
            return
        if tag in self._tags:
            yield self._refused(row, "tag", tag, Said("tag_twice", value=tag, row=self._tags[tag]))
        self._tags.setdefault(tag, row.number)
        if serial and self._serials.setdefault(serial, tag) != tag:
            owner = self._serials[serial]
            yield self._refused(
                row, "serial", values["serial"], Said("serial_taken", value=values["serial"], tag=owner)
            )
        for name in _NEEDED:
            if tag not in self._registered and not values.get(name):
                yield self._refused(row, name, "", Said("needed", field=name))

    def _refused(self, row: Row, name: str, value: Any, said: Said) -> Refused:
        shown = said.values.get("value", "") if isinstance(value, Flaw) else "" if value is None else value
        return Refused(row.number, self._columns.get(name, name), str(shown)[:60], said)

    def _known_rooms(self, value: str) -> str:
        meant = did_you_mean(plain(value), self._rooms)
        if meant:
            return self._rooms[meant.removeprefix("did you mean ").removesuffix("?")]
        return ", ".join(sorted(set(self._rooms.values())))
