"""The named queries of the SQLite store. Every function takes a connection and answers from committed rows."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from collector.store.protocol import (
    SLICE_MS,
    Gap,
    Point,
    Reach,
    RoomSlice,
    RoomState,
    Share,
    StoredMeasurement,
)
from collector.store.protocol import RoomReason as Reason
from collector.store.series_math import gaps_between, nearest_rank, rollup_step
from collector.store.sqlite_schema import (
    BLIND,
    DURATION_SCALE,
    OUTCOMES,
    UNCERTAIN,
    from_stored,
    mean_scale,
    scale,
)
from contract.metrics import PROBES, Field
from contract.targets import GATEWAY, INTERNET, REACHING_PROBES

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound


def latest(connection: sqlite3.Connection, site: str, device: str | None, group: str | None) -> list[StoredMeasurement]:
    found: list[StoredMeasurement] = []
    for probe in PROBES.values():
        names = [field.name for field in probe.fields.values()]
        query = f"""
            SELECT series.device, series.target, raw.taken_at, raw.outcome, raw.flags, raw.duration,
                   {", ".join(f"raw.{name}" for name in names)}
            FROM series JOIN latest ON latest.series = series.id
            JOIN raw_{probe.name} AS raw ON raw.series = latest.series AND raw.taken_at = latest.taken_at
            WHERE series.site = ? AND series.probe = ? {"AND series.device = ?" if device is not None else ""}
              {"AND series.target_group = ?" if group is not None else ""}
            ORDER BY series.device, series.target
        """
        arguments = (site, probe.name, *(name for name in (device, group) if name is not None))
        fields = list(probe.fields.values())
        found += [_measurement(site, probe.name, fields, row) for row in connection.execute(query, arguments)]
    return found


def _measurement(site: str, probe: str, fields: Sequence[Field], row: Sequence[int | str]) -> StoredMeasurement:
    device, target, at, outcome, flags, duration, *stored = row
    values = {
        field.name: from_stored(field, value) for field, value in zip(fields, stored, strict=True) if value is not None
    }
    blind, uncertain = bool(int(flags) & BLIND), bool(int(flags) & UNCERTAIN)
    word, took = OUTCOMES[int(outcome)], int(duration) / DURATION_SCALE
    return StoredMeasurement(site, str(device), probe, str(target), int(at), word, took, values, blind, uncertain)


def series(
    connection: sqlite3.Connection,
    key: tuple[str, str, str, str],
    field: Field,
    since: int,
    until: int,
    step_ms: int,
) -> list[Point]:
    """Points of one field of one (site, device, probe, target)."""
    rollup, shortest = rollup_step(until - since)
    row = connection.execute(
        "SELECT id FROM series WHERE site = ? AND device = ? AND probe = ? AND target = ?", key
    ).fetchone()
    if row is None:
        return []
    if rollup is None:
        points = _raw_points(connection, row[0], key[2], field, since, until, max(step_ms, 1))
        if points:
            return points
        rollup, shortest = "five_minutes", SLICE_MS  # older than the raw rows are kept
    step = max(step_ms, shortest)
    return _rollup_points(connection, rollup, row[0], key[2], field, since, until, step)


def _raw_points(
    connection: sqlite3.Connection, number: int, probe: str, field: Field, since: int, until: int, step: int
) -> list[Point]:
    query = f"""
        SELECT taken_at - taken_at % ? AS at, avg({field.name}), min({field.name}), max({field.name}),
               count({field.name})
        FROM raw_{probe} WHERE series = ? AND taken_at >= ? AND taken_at < ? AND flags & {UNCERTAIN} = 0
          AND {field.name} IS NOT NULL
        GROUP BY at ORDER BY at
    """
    by = scale(field)
    rows = connection.execute(query, (step, number, since, until))
    return [Point(at, mean / by, low / by, high / by, count) for at, mean, low, high, count in rows]


def _rollup_points(
    connection: sqlite3.Connection,
    rollup: str,
    number: int,
    probe: str,
    field: Field,
    since: int,
    until: int,
    step: int,
) -> list[Point]:
    name = field.name
    query = f"""
        SELECT start - start % ? AS at, avg({name}_mean), min({name}_low), max({name}_high), sum(count)
        FROM {rollup}_{probe} WHERE series = ? AND start >= ? AND start < ? AND {name}_mean IS NOT NULL
        GROUP BY at ORDER BY at
    """
    by, mean_by = scale(field), mean_scale(field)
    rows = connection.execute(query, (step, number, since, until))
    return [Point(at, mean / mean_by, low / by, high / by, count) for at, mean, low, high, count in rows]


def reach(connection: sqlite3.Connection, site: str, since: int, until: int) -> list[Reach]:
    measured: dict[str, int] = defaultdict(int)
    tries: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for probe in PROBES:
        query = f"""
            SELECT series.device, series.target_group, count(*), sum(raw.outcome = 0)
            FROM series JOIN raw_{probe} AS raw ON raw.series = series.id AND raw.taken_at >= ? AND raw.taken_at < ?
            WHERE series.site = ? AND series.probe = ? AND raw.flags & {UNCERTAIN} = 0
            GROUP BY series.device, series.target_group
        """
        for device, group, count, reached in connection.execute(query, (since, until, site, probe)):
            measured[device] += count
            if probe in REACHING_PROBES:
                tries[device, group][0] += count
                tries[device, group][1] += reached
    quality = _internet_quality(connection, site, since, until)
    found = []
    for device, count in sorted(measured.items()):
        (internet_tries, internet_reached), (gateway_tries, gateway_reached) = (
            tries[device, group] for group in (INTERNET, GATEWAY)
        )
        loss, trip = quality.get(device, (None, None))
        found.append(Reach(device, count, internet_tries, internet_reached, gateway_tries, gateway_reached, loss, trip))
    return found


def _internet_quality(
    connection: sqlite3.Connection, site: str, since: int, until: int
) -> dict[str, tuple[float | None, float | None]]:
    loss, trip = (scale(PROBES["ping"].fields[name]) for name in ("loss_percent", "round_trip_ms"))
    query = f"""
        SELECT device, avg(loss) / {loss}, avg(trip) / {trip} FROM (
            SELECT series.device, avg(raw.loss_percent) AS loss, avg(raw.round_trip_ms) AS trip
            FROM series JOIN raw_ping AS raw ON raw.series = series.id AND raw.taken_at >= ? AND raw.taken_at < ?
            WHERE series.site = ? AND series.probe = 'ping' AND series.target_group = ? AND raw.flags & {UNCERTAIN} = 0
            GROUP BY series.id HAVING sum(raw.outcome = 0) > 0
        ) GROUP BY device
    """
    rows = connection.execute(query, (since, until, site, INTERNET))
    return {device: (lost, took) for device, lost, took in rows}


def rooms(connection: sqlite3.Connection, site: str, since: int, until: int, room: str | None) -> list[RoomSlice]:
    query = f"""
        SELECT names.room, slice_start, state, reason, lesson, devices_on, devices_reaching
        FROM room_names AS names JOIN room_slices AS slices ON slices.room = names.id
        WHERE names.site = ? AND slice_start >= ? AND slice_start < ? {"AND names.room = ?" if room is not None else ""}
        ORDER BY names.room, slice_start
    """
    arguments = (site, since, until) if room is None else (site, since, until, room)
    return [
        RoomSlice(site, name, start, RoomState(state), Reason(reason), bool(lesson), on, reaching)
        for name, start, state, reason, lesson, on, reaching in connection.execute(query, arguments)
    ]


def share_connected(
    connection: sqlite3.Connection, site: str, since: int, until: int, chosen: Iterable[str] | None
) -> Share:
    names = None if chosen is None else list(chosen)
    among = "" if names is None else f"AND names.room IN ({', '.join('?' * len(names))})"
    query = f"""
        SELECT state, count(*) FROM room_names AS names JOIN room_slices AS slices ON slices.room = names.id
        WHERE names.site = ? AND slice_start >= ? AND slice_start < ? AND lesson = 1 {among} GROUP BY state
    """
    rows = connection.execute(query, (site, since, until, *(names or ())))
    return Share(**dict(rows.fetchall()))


def p95_by_room(
    connection: sqlite3.Connection,
    site: str,
    probe: str,
    field: Field,
    by_room: Mapping[str, Sequence[str]],
    since: int,
    until: int,
) -> dict[str, float]:
    grouped = PROBES[probe].targets == "group/name"
    query = f"""
        SELECT series.device, {field.name}_mean FROM series JOIN five_minutes_{probe} AS r ON r.series = series.id
        WHERE series.site = ? AND series.probe = ? AND r.start >= ? AND r.start < ? AND {field.name}_mean IS NOT NULL
        {"AND series.target_group = 'internet'" if grouped else ""}
    """
    means: dict[str, list[float]] = defaultdict(list)
    for device, mean in connection.execute(query, (site, probe, since, until)):
        means[device].append(mean / mean_scale(field))
    gathered = {room: [mean for device in devices for mean in means[device]] for room, devices in by_room.items()}
    return {room: nearest_rank(values, 0.95) for room, values in gathered.items() if values}


def gaps(connection: sqlite3.Connection, site: str, since: int, until: int) -> list[Gap]:
    starts: dict[str, set[int]] = defaultdict(set)
    for probe in PROBES:
        query = f"""
            SELECT DISTINCT series.device, r.start FROM series JOIN five_minutes_{probe} AS r ON r.series = series.id
            WHERE series.site = ? AND series.probe = ? AND r.start >= ? AND r.start < ?
        """
        for device, start in connection.execute(query, (site, probe, since, until)):
            starts[device].add(start)
    return [gap for device, found in sorted(starts.items()) for gap in gaps_between(device, found)]
