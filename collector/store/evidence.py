"""Evidence of a school's assets from its stores: the source that the upgrade plan asks.

Everything is asked once for a day, of all devices together, and then told asset by asset.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from collector.store.evidence_faults import offline_by_room, power_cuts, told_of_rooms, told_of_wifi
from collector.store.evidence_readings import DAYS, Readings, days_between, read
from collector.store.protocol import DAY_MS, DayOf, SeriesStore
from collector.store.state_protocol import RelationalState
from contract.messages import EquipmentReport
from inventory.asset import Asset
from inventory.evidence import Evidence, disk_full_date, reported
from inventory.lamps import lamp_end_date
from inventory.lesson_time import midnight
from inventory.register import Register
from inventory.school import School

MOST_CHANGES = 100_000
_SECTORS = ("reallocated_sectors", "pending_sectors", "uncorrectable_sectors", "media_errors")


@dataclass(frozen=True)
class Sources:
    """All that is known of one school, opened."""

    school: School
    store: SeriesStore
    state: RelationalState
    register: Register


@dataclass(frozen=True)
class _Known:
    """What the evidence of every asset is made of; `by_tag` are the device and what is told of rooms and Wi-Fi."""

    as_of: date
    readings: Readings
    reports: Mapping[str, EquipmentReport]
    cuts: Counter[str]
    rooms: Mapping[str, float]
    room_days: int
    wifi: Mapping[str, float]


class StoredEvidence:
    """Implements inventory.evidence.EvidenceSource. `now` is the server's time: nothing later counts."""

    def __init__(self, sources: Sources, now: int) -> None:
        self._sources = sources
        self._now = now
        self._of: dict[date, dict[str, Evidence]] = {}

    def evidence(self, asset: Asset, as_of: date) -> Evidence | None:
        """Raises StoreUnavailable."""
        return self.all(as_of).get(asset.tag)

    def all(self, as_of: date) -> Mapping[str, Evidence]:
        """Of every asset of which anything is known, by its tag. Raises StoreUnavailable."""
        if as_of not in self._of:
            until = min(self._now, midnight(as_of + timedelta(1), self._sources.school.zone))
            self._of[as_of] = evidence_until(self._sources, as_of, until)
        return self._of[as_of]


def evidence_until(sources: Sources, as_of: date, until: int) -> dict[str, Evidence]:
    """The evidence of the days before `until`, which lies in the day `as_of`; by tag. Raises StoreUnavailable."""
    school, site, since = sources.school, sources.school.site, until - DAYS * DAY_MS
    assets = [asset for asset in sources.register.assets(site) if asset.owned]
    linked = {link.tag: device for device, link in sources.register.links.of(site).items()}
    readings = read(sources.store, school, until)
    offline = offline_by_room(sources.store.room_times(site, since, until))
    changes = sources.state.changes(site, since, until, limit=MOST_CHANGES)
    weak = {device: 100 * beyond / measured for device, (measured, beyond) in readings.weak.items()}
    known = _Known(
        as_of,
        readings,
        {report.device: report for report in sources.state.all_equipment(site)},
        power_cuts(changes, {device: room.id for device, room in school.room_of.items()}),
        told_of_rooms(assets, linked, offline, frozenset(weak)),
        days_between(max(since, sources.store.begins(site) or since), until),
        told_of_wifi(assets, linked, weak),
    )
    told = {asset.tag for asset in assets} & (linked.keys() | known.rooms.keys() | known.wifi.keys())
    return {tag: _evidence(known, tag, linked.get(tag, ""), school) for tag in sorted(told)}


def _evidence(known: _Known, tag: str, device: str, school: School) -> Evidence:
    readings, report = known.readings, known.reports.get(device)
    content: Mapping[str, Any] = report.content if report else {}
    counted = readings.newest("restarts", "days_known", device)
    unclean = _most(readings.newest("restarts", "unclean_stops", device))
    return Evidence(
        known.as_of,
        readings.known_days(device),
        used_percent=_percent(readings.on.get(device)),
        memory_pressed_percent=_percent(readings.pressed.get(device)),
        memory_bytes=_most(readings.newest("host", "memory_total_bytes", device)),
        crashes=None if unclean is None else max(0, unclean - known.cuts[device]),
        restarts=_most(readings.newest("restarts", "starts", device)),
        counted_days=max(1, _most(counted) or 1) if counted else None,
        room_offline_percent=known.rooms.get(tag),
        room_days=known.room_days if tag in known.rooms else None,
        wifi_weak_percent=known.wifi.get(tag),
        **_disks(readings, device, content, school),
        **_lamp(readings, device, school),
        **reported(content),
    )


def _disks(readings: Readings, device: str, content: Mapping[str, Any], school: School) -> dict[str, Any]:
    told = [sectors for name in _SECTORS if (sectors := readings.newest("smart", name, device))]
    healthy = readings.newest("smart", "healthy", device)
    used = readings.days("disk", "disk_used_percent", device)
    volume = system_volume(content, used)
    free = readings.days("disk", "disk_free_bytes", device).get(volume, ())
    middays = [(min(day.at + DAY_MS // 2, readings.until), day.value) for day in free]
    return {
        "disk_free_percent": 100 - used[volume][-1].value if volume else None,
        "disk_full_on": disk_full_date(middays, readings.until, school.zone),
        "disk_errors": round(sum(day.value for days in told for day in days)) if told else None,
        "disk_failing": any(not day.value for day in healthy) if healthy else None,
        "disk_worn_percent": max((day.value for day in readings.newest("smart", "wear_percent", device)), default=None),
    }


def system_volume(content: Mapping[str, Any], volumes: Iterable[str]) -> str:
    """Which of the measured volumes the system is on, empty when none of them is. `content`: an equipment report."""
    drives = content.get("drives")
    rows = [row for row in drives if isinstance(row, Mapping)] if isinstance(drives, list) else []
    named = [str(row.get("letter")) for row in rows if row.get("systemdrive") is True]
    wanted = [*named, "/", "C:"]
    spelled = {volume.rstrip("\\") if volume != "/" else volume: volume for volume in volumes}
    return next((spelled[name] for name in wanted if name in spelled), "")


def _lamp(readings: Readings, device: str, school: School) -> dict[str, Any]:
    """Of the lamp that has burned longest. A projector that does not count says 0 for ever."""
    hours = _most(readings.newest("lamp", "hours", device))
    if not hours or device not in school.devices:
        return {}
    expected = school.devices[device].lamp_hours
    ends = [
        lamp_end_date(_evenings(days, readings.until), expected, readings.until, school.zone)
        for days in readings.days("lamp", "hours", device).values()
    ]
    return {
        "lamp_hours": float(hours),
        "lamp_expected_hours": float(expected),
        "lamp_ends_on": min((day for day in ends if day is not None), default=None),
    }


def _evenings(days: Sequence[DayOf], until: int) -> list[tuple[int, float]]:
    """What a counter stood at when each day ended."""
    return [(min(day.at + DAY_MS - 1, until), day.value) for day in days]


def _most(days: Sequence[DayOf]) -> int | None:
    return max((round(day.value) for day in days), default=None)


def _percent(counts: tuple[int, int] | None) -> float | None:
    return 100 * counts[1] / counts[0] if counts and counts[0] else None
