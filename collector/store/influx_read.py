"""The named queries of the InfluxDB store."""

# ruff: noqa: S608 - names come from the catalogue, values are quoted

import re
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from collector.store.influx_names import DEVICES, FIVE_MINUTES, HOURS, LATEST, LATEST_AT, ROOMS
from collector.store.influx_query import Database, between, one_of, where
from collector.store.protocol import (
    SLICE_MS,
    Gap,
    Point,
    Reach,
    RoomReason,
    RoomSlice,
    RoomState,
    Share,
    StoredMeasurement,
    StoreUnavailable,
)
from collector.store.series_math import gaps_between, nearest_rank, rollup_step
from contract.metrics import PROBES
from contract.targets import GATEWAY, INTERNET, REACHING_PROBES

_SUFFIXES = {"five_minutes": FIVE_MINUTES, "hours": HOURS}
_ORDER = {probe: number for number, probe in enumerate(PROBES)}
_ALL_PROBES = ", ".join(f'"{probe}"' for probe in PROBES)

_MEASUREMENT = msgspec.json.Decoder(StoredMeasurement)

Step = tuple[int, float, float, float, int]  # time, mean, lowest, highest, count


def latest(
    database: Database, site: str, device: str | None, group: str | None, probes: Collection[str]
) -> list[StoredMeasurement]:
    """One point of one field for each series, all in one shard: quick however long the history is."""
    query = f'SELECT "newest" FROM "{LATEST}" WHERE {where(site=site, device=device)} AND time = {LATEST_AT}ms'
    if group is not None:
        query += f' AND "target" =~ /^{re.escape(group)}\\//'
    if probes:
        query += f" AND {one_of('probe', sorted(probes))}"
    newest = [_measurement(one.values[0][1]) for one in database.ask(f'{query} GROUP BY "device", "probe", "target"')]
    there = [
        entry for entry in newest if entry.probe in PROBES
    ]  # one that the catalogue has dropped is nobody's latest
    return sorted(there, key=lambda entry: (_ORDER[entry.probe], entry.device, entry.target))


def _measurement(text: str) -> StoredMeasurement:
    try:
        return _MEASUREMENT.decode(text)
    except msgspec.DecodeError as error:
        raise StoreUnavailable(f"a newest measurement cannot be read ({error}): did a newer SonCa write it?") from error


def series(
    database: Database, key: tuple[str, str, str, str], field: str, since: int, until: int, step_ms: int
) -> list[Point]:
    """Points of one field of one (site, device, probe, target)."""
    rollup, shortest = rollup_step(until - since)
    if rollup is None:
        points = _stepped(_raw_steps(database, key, field, since, until), max(step_ms, 1))
        if points:
            return points
        rollup, shortest = "five_minutes", SLICE_MS  # older than the raw points are kept
    steps = _rollup_steps(database, _SUFFIXES[rollup], key, field, since, until)
    return _stepped(steps, max(step_ms, shortest))


def _raw_steps(
    database: Database, key: tuple[str, str, str, str], field: str, since: int, until: int
) -> Iterable[Step]:
    site, device, probe, target = key
    query = f'SELECT "{field}" FROM "{probe}" WHERE {where(site=site, device=device, target=target)}'
    for found in database.ask(f"{query} AND {between(since, until)}"):
        for at, value in found.values:
            yield at, value, value, value, 1


def _rollup_steps(
    database: Database, rollup: str, key: tuple[str, str, str, str], field: str, since: int, until: int
) -> Iterable[Step]:
    site, device, probe, target = key
    columns = f'"{field}", "{field}_min", "{field}_max", "count"'
    query = f'SELECT {columns} FROM "{probe}{rollup}" WHERE {where(site=site, device=device, target=target)}'
    for found in database.ask(f"{query} AND {between(since, until)}"):
        for at, mean, low, high, count in found.values:
            if mean is not None:
                yield at, mean, low, high, count


def _stepped(steps: Iterable[Step], length: int) -> list[Point]:
    # Not left to the server: yes/no fields have no mean there, and steps of a millisecond would make it count for days.
    gathered: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        gathered[step[0] - step[0] % length].append(step)
    points = []
    for at, found in sorted(gathered.items()):
        _, means, lows, highs, counts = zip(*found, strict=True)
        points.append(Point(at, statistics.fmean(means), float(min(lows)), float(max(highs)), sum(counts)))
    return points


def reach(database: Database, site: str, since: int, until: int) -> list[Reach]:
    # Points are counted here: a few minutes of them cost the server less than its own sums.
    measured: dict[str, int] = defaultdict(int)
    tries: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    query = f'SELECT "ok" FROM {_ALL_PROBES} WHERE {where(site=site)} AND {between(since, until)}'
    for found in database.ask(f'{query} GROUP BY "device", "group"'):
        device, group = found.tag("device"), found.tag("group")
        measured[device] += len(found.values)
        if found.name in REACHING_PROBES:
            tries[device, group][0] += len(found.values)
            tries[device, group][1] += sum(ok for _, ok in found.values)
    quality = _internet_quality(database, site, since, until)
    found_reach = []
    for device, count in sorted(measured.items()):
        internet, gateway = tries[device, INTERNET], tries[device, GATEWAY]
        loss, trip = quality.get(device, (None, None))
        found_reach.append(Reach(device, count, internet[0], internet[1], gateway[0], gateway[1], loss, trip))
    return found_reach


def heard(database: Database, site: str, since: int) -> set[str]:
    query = f'SELECT last("ok") FROM {_ALL_PROBES} WHERE {where(site=site)} AND time >= {since}ms GROUP BY "device"'
    return {found.tag("device") for found in database.ask(query)}


def _internet_quality(
    database: Database, site: str, since: int, until: int
) -> dict[str, tuple[float | None, float | None]]:
    """Mean loss and round trip of each device over the targets that answered at all."""
    columns = '"ok", "loss_percent", "round_trip_ms"'
    query = f'SELECT {columns} FROM "ping" WHERE {where(site=site, group=INTERNET)} AND {between(since, until)}'
    by_device: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for found in database.ask(f'{query} GROUP BY "device", "target"'):
        _, ok, losses, trips = zip(*found.values, strict=True)
        if any(ok):
            by_device[found.tag("device")].append((_mean(losses), _mean(trips)))
    quality = {}
    for device, targets in by_device.items():
        losses, trips = zip(*targets, strict=True)
        quality[device] = (_mean(losses), _mean(trips))
    return quality


def _mean(values: Iterable[float | None]) -> float | None:
    measured = [value for value in values if value is not None]
    return statistics.fmean(measured) if measured else None


def rooms(database: Database, site: str, since: int, until: int, room: str | None) -> list[RoomSlice]:
    columns = '"state", "reason", "lesson", "devices_on", "devices_reaching"'
    query = f'SELECT {columns} FROM "{ROOMS}" WHERE {where(site=site, room=room)} AND {between(since, until)}'
    found = []
    for one in sorted(database.ask(f'{query} GROUP BY "room"'), key=lambda one: one.tag("room")):
        name = one.tag("room")
        found += [
            RoomSlice(site, name, start, RoomState(state), RoomReason(reason), lesson, on, reaching)
            for start, state, reason, lesson, on, reaching in one.values
        ]
    return found


def share_connected(database: Database, site: str, since: int, until: int, chosen: Sequence[str] | None) -> Share:
    if chosen is not None and not chosen:
        return Share()
    sums = ", ".join(f'sum("{state.value}") AS "{state.value}"' for state in RoomState)
    among = "" if chosen is None else f" AND {one_of('room', chosen)}"
    query = f'SELECT {sums} FROM "{ROOMS}" WHERE {where(site=site)} AND {between(since, until)} AND "lesson" = true'
    for found in database.ask(query + among):
        for row in found.rows():
            return Share(**{state.value: row[state.value] for state in RoomState})
    return Share()


def p95_by_room(
    database: Database,
    site: str,
    probe: str,
    field: str,
    by_room: Mapping[str, Sequence[str]],
    since: int,
    until: int,
) -> dict[str, float]:
    # InfluxQL's percentile() takes another rank, so the means come here.
    group = INTERNET if PROBES[probe].targets == "group/name" else None
    query = f'SELECT "{field}" FROM "{probe}{FIVE_MINUTES}" WHERE {where(site=site, group=group)}'
    means: dict[str, list[float]] = defaultdict(list)
    for found in database.ask(f'{query} AND {between(since, until)} GROUP BY "device"'):
        means[found.tag("device")] += [mean for _, mean in found.values]
    gathered = {room: [mean for device in devices for mean in means[device]] for room, devices in by_room.items()}
    return {room: nearest_rank(values, 0.95) for room, values in gathered.items() if values}


def gaps(database: Database, site: str, since: int, until: int) -> list[Gap]:
    query = f'SELECT "was_on" FROM "{DEVICES}" WHERE {where(site=site)} AND {between(since, until)}'
    found = sorted(database.ask(f'{query} GROUP BY "device"'), key=lambda one: one.tag("device"))
    return [gap for one in found for gap in gaps_between(one.tag("device"), (at for at, _ in one.values))]
