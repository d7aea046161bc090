"""The register of a day as lines: each asset, the sums of each kind, and how many assets have each reason.

A day told again replaces itself: room and kind of an asset are fields, and sums are told where they are 0 too, so no
series of the same day is left behind when an asset moves. Only a number that somebody erased stays until midnight.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from collector.store.influx_lines import as_text, series_key
from collector.store.influx_names import ASSETS, EQUIPMENT, REASONS
from inventory.asset import NOT_YET
from inventory.snapshot import AssetToday, KindToday, by_kind, by_reason

NOBODY_WROTE = "-"  # in place of an empty text, which a board would show as nothing


def lines(site: str, day: int, assets: Sequence[AssetToday], rooms: Mapping[str, str]) -> Iterator[str]:
    """All lines of one site."""
    for entry in assets:
        head = series_key(ASSETS, {"site": site, "asset": entry.asset.tag})
        yield f"{head} {','.join(_asset_fields(entry, rooms))} {day}"
    for kind in by_kind(assets):
        yield f"{series_key(EQUIPMENT, {'site': site, 'kind': kind.kind})} {','.join(_kind_fields(kind))} {day}"
    for code, devices in by_reason(assets).items():
        yield f"{series_key(REASONS, {'site': site, 'reason': code})} devices={devices}i {day}"


def _asset_fields(entry: AssetToday, rooms: Mapping[str, str]) -> Iterator[str]:
    asset = entry.asset
    texts = {
        "name": asset.name,
        "kind": asset.kind,
        "room": asset.room,
        "room_name": rooms.get(asset.room, asset.room),
        "status": asset.status,
        "condition": asset.condition,
        "funding_source": asset.funding_source,
        "main_reason": entry.reasons[0] if entry.reasons else "",
        "plan_year": entry.plan_year,
    }
    yield from (f"{name}={as_text(value or NOBODY_WROTE)}" for name, value in texts.items())
    counts = {
        "counted": entry.counted,
        "past_life": entry.past_life,
        "warranty_ending": entry.warranty_ending,
        "needy": entry.needy,
        "reasons": len(entry.reasons),
        "need_percent": round(100 * entry.need),
        "in_plan": bool(entry.plan_year),
        "planned": asset.status == "planned",
        "ordered": asset.status == "ordered",
        "arrived": bool(entry.plan_year) and asset.status not in NOT_YET,
        "purchase_cost": asset.purchase_cost,
        "warranty_ends": None if entry.warranty_ends is None else _noon(entry.warranty_ends),
    }
    yield from (f"{name}={value:d}i" for name, value in counts.items() if value is not None)
    numbers = {"age_years": entry.age_years, "years_left": entry.years_left}
    yield from (f"{name}={value!r}" for name, value in numbers.items() if value is not None)


def _kind_fields(kind: KindToday) -> Iterator[str]:
    counts: dict[str, int] = {
        "devices": kind.devices,
        "past_life": kind.past_life,
        "warranty_ending": kind.warranty_ending,
        "purchase_cost": kind.purchase_cost,
        "needy": kind.needy,
    } | {str(condition): count for condition, count in kind.conditions.items()}
    yield from (f"{name}={value}i" for name, value in counts.items())
    if kind.age_years is not None:
        yield f"age_years={kind.age_years!r}"


def _noon(day: date) -> int:
    """The noon of Greenwich, which is on the same day nearly everywhere: boards show the day in the school's zone."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)
