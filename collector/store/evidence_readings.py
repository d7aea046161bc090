"""What the series store holds of all devices of a school over the days before a moment, asked in a few questions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from collector.store.protocol import DAY_MS, Beyond, DayOf, Part, SeriesStore
from inventory import lamps
from inventory.evidence import DISK_WINDOW_DAYS, MEMORY_FULL_PERCENT, WIFI_WEAK_DBM
from inventory.lesson_time import Span, lesson_spans, slices_in
from inventory.school import School

DAYS = 30
GONE_DAYS = 7  # a disk or lamp that tells nothing for so long after its device's others was taken out

Field = tuple[str, str]  # probe and field
_SMART = {
    "healthy": Part.LOWEST,
    "reallocated_sectors": Part.HIGHEST,
    "pending_sectors": Part.HIGHEST,
    "uncorrectable_sectors": Part.HIGHEST,
    "media_errors": Part.HIGHEST,
    "wear_percent": Part.HIGHEST,
}
_RESTARTS = {"starts": Part.HIGHEST, "unclean_stops": Part.HIGHEST, "days_known": Part.HIGHEST}
_DAILY: Sequence[tuple[str, int, Mapping[str, Part]]] = (  # probe, how many days back, and what of each field
    ("host", DAYS, {"memory_total_bytes": Part.HIGHEST}),
    ("disk", DAYS, {"disk_used_percent": Part.MEAN}),
    ("disk", DISK_WINDOW_DAYS, {"disk_free_bytes": Part.MEAN}),
    ("smart", DAYS, _SMART),
    ("restarts", DAYS, _RESTARTS),
    ("lamp", lamps.WINDOW_DAYS, {"hours": Part.HIGHEST}),
)

Days = Mapping[str, Sequence[DayOf]]  # by target


@dataclass(frozen=True)
class Readings:
    """Of one school. `on`, `pressed` and `weak` are by device: lesson slices in which it was on, in which its memory
    was full, in which its Wi-Fi was weak; each as (of how many, how many)."""

    until: int
    first: Mapping[str, int]
    on: Mapping[str, tuple[int, int]]
    pressed: Mapping[str, tuple[int, int]]
    weak: Mapping[str, tuple[int, int]]
    daily: Mapping[Field, Mapping[str, Days]]

    def days(self, probe: str, field: str, device: str) -> Days:
        """Each target's days, in order."""
        return self.daily[probe, field].get(device, {})

    def newest(self, probe: str, field: str, device: str) -> list[DayOf]:
        """The last day of each target that is still there."""
        last = [days[-1] for days in self.days(probe, field, device).values()]
        newest = max((day.at for day in last), default=0)
        return [day for day in last if day.at > newest - GONE_DAYS * DAY_MS]

    def known_days(self, device: str) -> int:
        """How many of the days there is anything of it."""
        return days_between(self.first.get(device, self.until - DAYS * DAY_MS), self.until)


def days_between(since: int, until: int) -> int:
    """Days that have begun, from 1 to DAYS."""
    return max(1, min(DAYS, -((since - until) // DAY_MS)))


def read(store: SeriesStore, school: School, until: int) -> Readings:
    """All that evidence needs. Raises StoreUnavailable."""
    site, spans = school.site, lesson_spans(school, until - DAYS * DAY_MS, until)
    memory = _worst(store.beyond(site, "host", "memory_used_percent", MEMORY_FULL_PERCENT, spans))
    weak = _worst(store.beyond(site, "wifi", "signal_dbm", WIFI_WEAK_DBM, spans, below=True))
    lit = _worst(store.beyond(site, "lamp", "lit", 0.5, spans))
    answered = _worst(store.beyond(site, "snmp_system", "uptime_seconds", 0, spans))
    daily = {
        (probe, field): _by_device(found)
        for probe, days, parts in _DAILY
        for field, found in store.daily(site, probe, parts, until - days * DAY_MS, until).items()
    }
    first = {device: entry.first for found in (answered, lit, memory) for device, entry in found.items()}
    return Readings(
        until, first, dict(_on(spans, answered, lit, memory)), _counts(memory), _counts(weak), daily
    )  # fmt: skip


def _on(
    spans: list[Span], answered: Mapping[str, Beyond], lit: Mapping[str, Beyond], memory: Mapping[str, Beyond]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """A projector is on while its lamp is lit; all else while it answers or measures."""
    for found in (answered, lit, memory):
        for device, entry in found.items():
            slices = entry.beyond if found is lit else entry.measured
            yield device, (slices_in(spans, entry.first), slices)


def _worst(found: Sequence[Beyond]) -> dict[str, Beyond]:
    """Of several targets the one that tells most."""
    worst: dict[str, Beyond] = {}
    for entry in found:
        known = worst.get(entry.device)
        if known is None or (entry.beyond, entry.measured) > (known.beyond, known.measured):
            worst[entry.device] = entry
    return worst


def _counts(found: Mapping[str, Beyond]) -> dict[str, tuple[int, int]]:
    return {device: (entry.measured, entry.beyond) for device, entry in found.items()}


def _by_device(found: Mapping[tuple[str, str], Sequence[DayOf]]) -> Mapping[str, Days]:
    devices: dict[str, dict[str, Sequence[DayOf]]] = defaultdict(dict)
    for (device, target), days in found.items():
        devices[device][target] = days
    return devices
