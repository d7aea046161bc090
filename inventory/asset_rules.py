"""What may not be written into the register, each with the field, a sentence and a hint."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from inventory.asset import GONE, MOVES, NOT_YET, Asset, may_move
from inventory.saying import Said

MOST_VND = 1_000_000_000_000  # a thousand billion: more is a slip of the hand
EARLIEST = date(1975, 1, 1)
LONGEST_TEXT = 300
_TAG = re.compile(r"[^\W_][\w./-]{0,39}")


@dataclass(frozen=True)
class Refusal:
    """Why an asset may not be written so. `field` is a name of Asset."""

    field: str
    said: Said


def refusals(asset: Asset, before: Asset | None, today: date) -> list[Refusal]:
    """Everything that is wrong with `asset` coming after `before` (None: it is new); empty when it may be written."""
    return [refusal for rule in _RULES for refusal in rule(asset, before, today)]


def _texts(asset: Asset, _before: Asset | None, _today: date) -> Iterator[Refusal]:
    if not _TAG.fullmatch(asset.tag):
        yield Refusal("tag", Said("tag_shape", value=asset.tag[:60]))
    if not asset.name.strip():
        yield Refusal("name", Said("name_missing"))
    for name, value in vars(asset).items():
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            yield Refusal(name, Said("too_long", length=len(value), most=LONGEST_TEXT))


def _numbers(asset: Asset, _before: Asset | None, _today: date) -> Iterator[Refusal]:
    for name, low, high in (
        ("purchase_cost", 0, MOST_VND),
        ("warranty_months", 0, 240),
        ("useful_life_years", 1, 50),
    ):
        value = getattr(asset, name)
        if value is not None and not low <= value <= high:
            yield Refusal(name, Said("out_of_range", value=value, low=low, high=high))


def _dates(asset: Asset, _before: Asset | None, today: date) -> Iterator[Refusal]:
    for name in ("purchase_date", "in_use_since", "disposal_date"):
        value = getattr(asset, name)
        if value is None or (asset.status in NOT_YET and name != "disposal_date"):
            continue
        if not EARLIEST <= value <= today:
            yield Refusal(name, Said("date_out_of_range", value=value, low=EARLIEST, high=today))
    if asset.purchase_date and asset.in_use_since and asset.in_use_since < asset.purchase_date:
        yield Refusal("in_use_since", Said("used_before_bought", value=asset.in_use_since, bought=asset.purchase_date))


def _status(asset: Asset, before: Asset | None, _today: date) -> Iterator[Refusal]:
    if before is not None and before.status != asset.status and not may_move(before.status, asset.status):
        allowed = tuple(sorted(MOVES[before.status]))
        yield Refusal("status", Said("move_not_allowed", before=before.status, after=asset.status, allowed=allowed))
    if asset.status in GONE:
        for name in ("disposal_document", "disposal_date", "disposal_reason"):
            if not getattr(asset, name):
                yield Refusal(name, Said("disposal_needs", status=asset.status))


_RULES: tuple[Callable[[Asset, Asset | None, date], Iterator[Refusal]], ...] = (_texts, _numbers, _dates, _status)
