"""One slice of a whole school, from the rollups of its devices: how it reached targets, and services by room.

A board that asked the rollups of a hundred devices for a month would wait for seconds; a school is one series a target.
"""

# ruff: noqa: S608 - names come from the catalogue, values are quoted

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.store.influx_lines import rollup_fields, series_key
from collector.store.influx_names import FIVE_MINUTES, OF_SCHOOL, ROOM_SERVICES, SCHOOL_ROOMS, SCHOOL_SERVICES, SUMMED
from collector.store.influx_query import Database, where
from collector.store.protocol import RoomSlice, RoomState
from collector.store.series_math import averaged, mean_digits
from contract.metrics import PROBES
from contract.targets import SERVICES, group_of

# A service may be asked in several ways: the one nearest to what a class does decides, as on the live page.
_ANSWER_MS = {"web": "total_ms", "tcp": "connect_ms", "dns": "lookup_ms", "ping": "round_trip_ms"}

Row = Mapping[str, Any]
Rows = Mapping[tuple[str, str, str], Row]  # by probe, device and target


def slice_lines(database: Database, site: str, rooms: Mapping[str, Sequence[str]], slice_start: int) -> Iterator[str]:
    """The lines of a slice whose devices are rolled up; `rooms` holds the devices of each."""
    among = ", ".join(f'"{probe}{FIVE_MINUTES}"' for probe in SUMMED)
    query = f'SELECT * FROM {among} WHERE {where(site=site)} AND time = {slice_start}ms GROUP BY "device", "target"'
    rows = {
        (one.name.removesuffix(FIVE_MINUTES), one.tag("device"), one.tag("target")): next(one.rows())
        for one in database.ask(query)
    }
    for (probe, target), of_devices in _by_target(rows).items():
        tags = {"site": site, "target": target, "group": group_of(target)}
        head = series_key(f"{OF_SCHOOL}{probe}{FIVE_MINUTES}", tags)
        yield f"{head} {_summary(probe, of_devices)} {slice_start}"
    yield from _service_lines(site, rows, rooms, slice_start)


def rooms_line(site: str, judged: Iterable[RoomSlice], slice_start: int) -> str:
    """How many rooms were in each state."""
    counted = Counter(entry.state for entry in judged)
    fields = ",".join(f"{state.value}={counted[state]}i" for state in RoomState)
    return f"{series_key(SCHOOL_ROOMS, {'site': site})} {fields} {slice_start}"


def _by_target(rows: Rows) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for (probe, _, target), row in rows.items():
        found[probe, target].append(row)
    return found


def _summary(probe: str, rows: Sequence[Row]) -> str:
    """Counts are added up; a mean is that of the devices' means, each counting alike."""
    values = {}
    for one in averaged(PROBES[probe]):
        measured = [row for row in rows if row.get(one.name) is not None]
        if measured:
            mean = round(statistics.fmean(row[one.name] for row in measured), mean_digits(one))
            lowest = min(float(row[f"{one.name}_min"]) for row in measured)
            values[one.name] = (mean, lowest, max(float(row[f"{one.name}_max"]) for row in measured))
    count, ok_count, blind_count = (sum(row[name] for row in rows) for name in ("count", "ok_count", "blind_count"))
    return rollup_fields(count, ok_count, blind_count, values)


@dataclass(slots=True)
class _Tries:
    """How often a service was asked, answered, and asked by a device that was blind; its mean times, in ms."""

    tried: int = 0
    reached: int = 0
    blind: int = 0
    answer_ms: list[float] = field(default_factory=list)

    def add(self, row: Row, answer: str) -> None:
        self.tried += row["count"]
        self.reached += row["ok_count"]
        self.blind += row["blind_count"]
        self.answer_ms += [] if row.get(answer) is None else [row[answer]]


def _service_lines(site: str, rows: Rows, rooms: Mapping[str, Sequence[str]], slice_start: int) -> Iterator[str]:
    room_of = {device: room for room, devices in rooms.items() for device in devices}
    gathered: dict[tuple[str, str], _Tries] = defaultdict(_Tries)
    for device, target, row, answer in _decisive(rows):
        places: Iterable[str] = {"", room_of.get(device, "")}  # the whole school, and the room where it is known
        for room in places:
            gathered[room, target].add(row, answer)
    for (room, target), tries in sorted(gathered.items()):
        measurement = ROOM_SERVICES if room else SCHOOL_SERVICES
        fields = f"tried={tries.tried}i,reached={tries.reached}i,blind={tries.blind}i"
        if tries.answer_ms:
            fields += f",answer_ms={statistics.fmean(tries.answer_ms):.2f}"
        yield f"{series_key(measurement, {'site': site, 'room': room, 'target': target})} {fields} {slice_start}"


def _decisive(rows: Rows) -> Iterator[tuple[str, str, Row, str]]:
    """Device, service, and the row that decides about it with the name of its time."""
    seen: set[tuple[str, str]] = set()
    for probe, answer in _ANSWER_MS.items():
        found = [(device, target, row) for (of, device, target), row in rows.items() if of == probe]
        for device, target, row in found:
            if group_of(target) == SERVICES and (device, target) not in seen:
                seen.add((device, target))
                yield device, target, row, answer
