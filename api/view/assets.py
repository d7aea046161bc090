"""The list of assets: which ones somebody asked for, in Vietnamese order, and their sums. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from inventory.asset import GONE, Asset, AssetKind, Condition, Status
from inventory.collation import folded, vietnamese_order
from inventory.saying import Language, name_of

Column = Literal["tag", "name", "kind", "room", "status", "condition", "in_use_since", "purchase_cost"]
COLUMNS: tuple[Column, ...] = (
    "tag",
    "name",
    "kind",
    "room",
    "status",
    "condition",
    "in_use_since",
    "purchase_cost",
)
PAGE = 100  # assets on a page
_WORDS = ("kind", "status", "condition")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty: everything. `status` empty: all that did not leave the books; `all`: those too."""

    text: str = ""
    kind: AssetKind | Literal[""] = ""
    room: str = ""
    status: Status | Literal["", "all"] = ""
    condition: Condition | Literal[""] = ""
    funding: str = ""
    sort: str = "tag"  # a Column, with a minus in front the other way round
    page: int = 1


@dataclass(frozen=True, slots=True)
class Sums:
    """Of what was found: how many, their cost in VND, and how many have no cost written down."""

    count: int
    value: int
    without_cost: int


def chosen(assets: Iterable[Asset], asked: Asked, rooms: Mapping[str, str], language: Language) -> list[Asset]:
    """The assets that fit, sorted. `rooms`: id -> name."""
    words = folded(asked.text).split()
    found = [asset for asset in assets if _fits(asset, asked) and _says(asset, words, rooms)]
    column, backwards = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    found.sort(key=lambda asset: vietnamese_order(asset.tag))
    known = [asset for asset in found if _value(asset, column) is not None]
    unknown = [asset for asset in found if _value(asset, column) is None]  # last, whichever way it is sorted
    known.sort(key=lambda asset: _order(asset, column, rooms, language), reverse=backwards)
    return known + unknown


def sums_of(assets: Sequence[Asset]) -> Sums:
    costs = [asset.purchase_cost for asset in assets if asset.purchase_cost is not None]
    return Sums(len(assets), sum(costs), len(assets) - len(costs))


def fundings(assets: Iterable[Asset]) -> list[str]:
    """Every funding source that is written down, in order."""
    return sorted({asset.funding_source for asset in assets if asset.funding_source}, key=vietnamese_order)


def _fits(asset: Asset, asked: Asked) -> bool:
    wanted = (asked.kind, asset.kind), (asked.condition, asset.condition), (asked.funding, asset.funding_source)
    if any(want and want != has for want, has in (*wanted, (asked.room, asset.room or "-"))):
        return False
    return asset.status not in GONE if not asked.status else asked.status in ("all", asset.status)


def _says(asset: Asset, words: Sequence[str], rooms: Mapping[str, str]) -> bool:
    """Whether each word stands somewhere in what people know an asset by."""
    if not words:
        return True
    known = (asset.tag, asset.name, asset.manufacturer, asset.model, asset.serial, asset.note)
    text = folded("\n".join((*known, asset.room, rooms.get(asset.room, ""))))
    return all(word in text for word in words)


def _value(asset: Asset, column: str) -> Any:
    value = getattr(asset, column)
    return None if value == "" else value


def _order(asset: Asset, column: str, rooms: Mapping[str, str], language: Language) -> Any:
    value = getattr(asset, column)
    if column == "room":
        return vietnamese_order(rooms.get(value, value))
    if column in _WORDS:
        return vietnamese_order(name_of(value, language))
    return vietnamese_order(value) if isinstance(value, str) else value
