"""Everything of a device, as it is handed to another store, and what comes from one."""

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from collector.store.protocol import HOUR_MS, SLICE_MS, Rollup, StoredMeasurement
from collector.store.series_math import averaged
from collector.store.sqlite_read import measurement
from collector.store.sqlite_schema import mean_scale, reading_of, scale
from collector.store.sqlite_seal import FIVE_MINUTES, HOURS, RAW, Level, stretches, unseal
from contract.metrics import PROBES

_LEVELS: Mapping[int, Level] = {SLICE_MS: FIVE_MINUTES, HOUR_MS: HOURS}

Number = Callable[[tuple[str, str, str, str]], int]


def devices(connection: sqlite3.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for site, device in connection.execute("SELECT DISTINCT site, device FROM series ORDER BY site, device"):
        found[site].append(device)
    return dict(found)


def begins(connection: sqlite3.Connection, site: str) -> int | None:
    judged = """
        SELECT min(slice_start) FROM room_names JOIN room_slices ON room_slices.room = room_names.id WHERE site = ?
    """
    starts = [connection.execute(judged, (site,)).fetchone()[0]]
    for probe in PROBES:
        for table in (f"hours_{probe}", "sealed_hours"):
            query = f"SELECT min(start) FROM series JOIN {table} ON series = id WHERE site = ? AND probe = ?"
            starts.append(connection.execute(query, (site, probe)).fetchone()[0])
    return min((start for start in starts if start is not None), default=None)


def measurements(
    connection: sqlite3.Connection, site: str, device: str, since: int, until: int
) -> list[StoredMeasurement]:
    found = []
    for probe in PROBES.values():
        columns = reading_of(probe)
        names = ("outcome", "flags", "duration", *probe.fields)
        for target, row in _rows(connection, RAW, names, (site, device, probe.name), since, until):
            found.append(measurement(site, probe.name, columns, (device, target, *row)))
    return found


def rollups(
    connection: sqlite3.Connection, site: str, device: str, length: int, since: int, until: int
) -> list[Rollup]:
    found = []
    for probe in PROBES.values():
        fields = averaged(probe)
        parts = [f"{field.name}_{part}" for field in fields for part in ("mean", "low", "high")]
        names = ("count", "ok_count", "blind_count", *parts)
        key = (site, device, probe.name)
        for target, (start, count, ok, blind, *stored) in _rows(connection, _LEVELS[length], names, key, since, until):
            values = {}
            for field, mean, low, high in zip(fields, stored[::3], stored[1::3], stored[2::3], strict=True):
                if mean is not None:
                    values[field.name] = (mean / mean_scale(field), low / scale(field), high / scale(field))
            found.append(Rollup(*key, target, length, start, count, ok, blind, values))
    return found


def _rows(
    connection: sqlite3.Connection,
    level: Level,
    names: Sequence[str],
    key: tuple[str, str, str],
    since: int,
    until: int,
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The target, and the time and the named columns, of what a device has at a level: rows and sealed blocks alike."""
    probe, columns = key[2], ", ".join((level.at, *names))
    query = f"SELECT {columns} FROM {level.name}_{probe} WHERE series = ? AND {level.at} >= ? AND {level.at} < ?"
    series = "SELECT id, target FROM series WHERE site = ? AND device = ? AND probe = ?"
    for number, target in connection.execute(series, key).fetchall():
        of_series = dict(zip(("site", "device", "probe", "target"), (*key, target), strict=True))
        for stretch in stretches(connection, level, of_series, since, until, names):
            yield from ((target, row) for row in zip(stretch.at, *stretch.columns, strict=True))
        yield from ((target, row) for row in connection.execute(query, (number, since, until)))


def write_rollups(connection: sqlite3.Connection, entries: Sequence[Rollup], number: Number) -> None:
    """In one transaction. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for entry in entries:
            _write_rollup(connection, entry, number((entry.site, entry.device, entry.probe, entry.target)))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _write_rollup(connection: sqlite3.Connection, entry: Rollup, series: int) -> None:
    level = _LEVELS[entry.length]
    unseal(connection, level, entry.probe, series, level.start_of(entry.start))
    columns: dict[str, int] = {
        "series": series,
        "start": entry.start,
        "count": entry.count,
        "ok_count": entry.ok_count,
        "blind_count": entry.blind_count,
    }
    for field in averaged(PROBES[entry.probe]):
        if field.name in entry.values:
            mean, low, high = entry.values[field.name]
            columns[f"{field.name}_mean"] = round(mean * mean_scale(field))
            columns[f"{field.name}_low"] = round(low * scale(field))
            columns[f"{field.name}_high"] = round(high * scale(field))
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("series", "start"))
    connection.execute(
        f"INSERT INTO {level.name}_{entry.probe} ({', '.join(columns)}) "
        f"VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT (series, start) DO UPDATE SET {updates} WHERE excluded.count > count",
        tuple(columns.values()),
    )
