"""One asset as a person typed it into a form, or a program sent it: the asset that it makes, or why not, by field.

Pure; the same words and rules as a row of a list that is imported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any

from inventory.asset import Asset
from inventory.asset_rules import refusals
from inventory.importing.cells import BadCell, value_of
from inventory.importing.words import plain
from inventory.saying import Said

EMPTY: Mapping[str, Any] = {field.name: field.default for field in fields(Asset)}
_NEVER_EMPTY = ("kind", "status", "condition")


@dataclass(frozen=True)
class Edited:
    """`asset` is None where something was refused; `refused`: field -> the sentence, the first one of each."""

    asset: Asset | None
    refused: Mapping[str, Said]


def edited(
    before: Asset | None, typed: Mapping[str, Any], others: Iterable[Asset], rooms: Iterable[str], today: date
) -> Edited:
    """`typed`: field -> text, or the value itself; what is not in it stays. `others`: the assets of the site, by which
    tags and serials are taken. `before` is None for an asset that is new."""
    values: dict[str, Any] = {}
    refused: dict[str, Said] = {}
    for name, cell in typed.items():
        try:
            values[name] = _value(name, cell, before, rooms)
        except BadCell as error:
            refused[name] = error.said
    known = {asset.tag: asset for asset in others}
    refused = {**_as_a_whole(values, before, known), **refused}
    if refused:
        return Edited(None, refused)
    asset = replace(before, **values) if before else Asset(**values)
    for refusal in refusals(asset, before, today):
        refused.setdefault(refusal.field, refusal.said)
    return Edited(None if refused else asset, refused)


def stamp_of(asset: Asset) -> str:
    """Differs when anything of the asset does: by it a form knows whether somebody else changed it meanwhile."""
    return sha256(repr(asset).encode()).hexdigest()[:16]


def _value(name: str, cell: Any, before: Asset | None, rooms: Iterable[str]) -> Any:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        if name in _NEVER_EMPTY:
            raise BadCell("needed", field=name)
        return EMPTY[name] if name not in ("tag", "name") else ""
    value = value_of(name, cell)
    if name == "room" and value and value not in rooms and (before is None or value != before.room):
        raise BadCell("unknown_room", value=value, known=tuple(rooms))
    return value


def _as_a_whole(values: Mapping[str, Any], before: Asset | None, known: Mapping[str, Asset]) -> dict[str, Said]:
    refused: dict[str, Said] = {}
    if before is None:
        refused |= {name: Said("needed", field=name) for name in ("tag", "kind", "name") if not values.get(name)}
        if values.get("tag") in known:
            refused["tag"] = Said("tag_taken", value=values["tag"])
    serial, tag = plain(values.get("serial", "")), before.tag if before else values.get("tag", "")
    owner = next((asset.tag for asset in known.values() if plain(asset.serial) == serial and asset.tag != tag), None)
    if serial and owner is not None:
        refused["serial"] = Said("serial_taken", value=values["serial"], tag=owner)
    return refused
