"""Named queries of the SQLite store: each takes a connection and answers from committed rows.

Series (sqlite_series.py) and reach (sqlite_reach.py) have files of their own.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from collector.store.protocol import Gap, RoomSlice, RoomState, Share, StoredMeasurement
from collector.store.protocol import RoomReason as Reason
from collector.store.series_math import gaps_between, nearest_rank
from collector.store.sqlite_schema import BLIND, DURATION_SCALE, OUTCOMES, UNCERTAIN, mean_scale, reading_of
from collector.store.sqlite_seal import FIVE_MINUTES, stretches
from contract.messages import Value
from contract.metrics import PROBES, Field
from contract.targets import INTERNET

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound


def latest(
    connection: sqlite3.Connection, site: str, device: str | None, group: str | None, probes: Collection[str]
) -> list[StoredMeasurement]:
    found: list[StoredMeasurement] = []
    for probe in (probe for probe in PROBES.values() if not probes or probe.name in probes):
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
        columns = reading_of(probe)
        found += [measurement(site, probe.name, columns, row) for row in connection.execute(query, arguments)]
    return found


def measurement(
    site: str, probe: str, columns: Sequence[tuple[str, bool, int]], row: Sequence[Any]
) -> StoredMeasurement:
    """From a row of device, target, time, outcome, flags, duration and the columns of `reading_of` the probe."""
    device, target, at, outcome, flags, duration, *stored = row
    # A live page holds ten thousands of these values, so what a column means is looked up once and not each time.
    values: dict[str, Value] = {
        name: value / by if by else bool(value) if is_boolean else value
        for (name, is_boolean, by), value in zip(columns, stored, strict=True)
        if value is not None
    }
    blind, uncertain = bool(int(flags) & BLIND), bool(int(flags) & UNCERTAIN)
    word, took = OUTCOMES[int(outcome)], int(duration) / DURATION_SCALE
    return StoredMeasurement(site, str(device), probe, str(target), int(at), word, took, values, blind, uncertain)


def heard(connection: sqlite3.Connection, site: str, since: int) -> set[str]:
    query = """
        SELECT DISTINCT series.device FROM series JOIN latest ON latest.series = series.id
        WHERE series.site = ? AND latest.taken_at >= ?
    """
    return {device for (device,) in connection.execute(query, (site, since))}


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
    of_site = {"site": site, "probe": probe}
    if PROBES[probe].targets == "group/name":
        of_site["target_group"] = INTERNET
    name = f"{field.name}_mean"
    query = f"""
        SELECT series.device, r.{name} FROM series JOIN five_minutes_{probe} AS r ON r.series = series.id
        WHERE {" AND ".join(f"series.{column} = ?" for column in of_site)} AND r.start >= ? AND r.start < ?
          AND r.{name} IS NOT NULL
    """
    means: dict[str, list[int]] = defaultdict(list)
    for device, mean in connection.execute(query, (*of_site.values(), since, until)):
        means[device].append(mean)
    for stretch in stretches(connection, FIVE_MINUTES, of_site, since, until, (name,)):
        means[stretch.device] += [cast(int, mean) for mean in stretch.columns[0] if mean is not None]
    gathered = {room: [mean for device in devices for mean in means[device]] for room, devices in by_room.items()}
    return {room: nearest_rank(values, 0.95) / mean_scale(field) for room, values in gathered.items() if values}


def gaps(connection: sqlite3.Connection, site: str, since: int, until: int) -> list[Gap]:
    starts: dict[str, set[int]] = defaultdict(set)
    for probe in PROBES:
        query = f"""
            SELECT DISTINCT series.device, r.start FROM series JOIN five_minutes_{probe} AS r ON r.series = series.id
            WHERE series.site = ? AND series.probe = ? AND r.start >= ? AND r.start < ?
        """
        for device, start in connection.execute(query, (site, probe, since, until)):
            starts[device].add(start)
        for stretch in stretches(connection, FIVE_MINUTES, {"site": site, "probe": probe}, since, until, ()):
            starts[stretch.device].update(stretch.at)
    return [gap for device, found in sorted(starts.items()) for gap in gaps_between(device, found)]
