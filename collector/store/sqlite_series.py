"""Series of one field, from rows and sealed blocks alike."""

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from itertools import compress
from typing import cast

from collector.store.protocol import SLICE_MS, Point
from collector.store.sealed_block import Column
from collector.store.series_math import rollup_step
from collector.store.sqlite_schema import UNCERTAIN, mean_scale, scale
from collector.store.sqlite_seal import LEVELS, RAW, Level, stretches
from contract.metrics import Field

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound

Key = tuple[str, str, str, str]  # site, device, probe, target
Numbers = Sequence[int]


def series(connection: sqlite3.Connection, key: Key, field: Field, since: int, until: int, step_ms: int) -> list[Point]:
    """Points of one field of one (site, device, probe, target)."""
    rollup, shortest = rollup_step(until - since)
    if rollup is None:
        points = _raw_points(connection, key, field, since, until, max(step_ms, 1))
        if points:
            return points
        rollup, shortest = "five_minutes", SLICE_MS  # older than the raw rows are kept
    return _rollup_points(connection, LEVELS[rollup], key, field, since, until, max(step_ms, shortest))


def _raw_points(
    connection: sqlite3.Connection, key: Key, field: Field, since: int, until: int, step: int
) -> list[Point]:
    at, values, flags = _columns(connection, RAW, key, since, until, (field.name, "flags"))
    if any(flags):
        certain = [not flag & UNCERTAIN for flag in flags]
        at, values = list(compress(at, certain)), list(compress(values, certain))
    return _points(step, at, values, values, values, [1] * len(at), (scale(field), scale(field)))


def _rollup_points(
    connection: sqlite3.Connection, rollup: Level, key: Key, field: Field, since: int, until: int, step: int
) -> list[Point]:
    names = [f"{field.name}_{part}" for part in ("mean", "low", "high")]
    at, means, lows, highs, counts = _columns(connection, rollup, key, since, until, (*names, "count"))
    return _points(step, at, means, lows, highs, counts, (mean_scale(field), scale(field)))


def _columns(
    connection: sqlite3.Connection, level: Level, key: Key, since: int, until: int, names: Sequence[str]
) -> list[Numbers]:
    """The times and these columns, of every row in which the first of them is there, oldest first."""
    of_series = dict(zip(("site", "device", "probe", "target"), key, strict=True))
    query = f"""
        SELECT r.{level.at}, {", ".join(f"r.{name}" for name in names)}
        FROM series JOIN {level.name}_{key[2]} AS r ON r.series = series.id AND r.{level.at} >= ? AND r.{level.at} < ?
        WHERE {" AND ".join(f"series.{column} = ?" for column in of_series)} AND r.{names[0]} IS NOT NULL
        ORDER BY r.{level.at}
    """
    rows = connection.execute(query, (since, until, *key)).fetchall()
    found: list[list[int]] = [[] for _ in range(len(names) + 1)]
    for stretch in stretches(connection, level, of_series, since, until, names):
        columns: Sequence[Column] = (stretch.at, *stretch.columns)
        if None in columns[1]:
            there = [value is not None for value in columns[1]]
            columns = [list(compress(column, there)) for column in columns]
        for known, column in zip(found, columns, strict=True):
            known += cast(Numbers, column)
    for known, column in zip(found, zip(*rows, strict=True), strict=False):
        known += column
    if found[0] != sorted(found[0]):  # a window before a sealed one was opened again
        return list(zip(*sorted(zip(*found, strict=True)), strict=True))
    return list(found)


def _points(
    step: int,
    at: Numbers,
    means: Numbers,
    lows: Numbers,
    highs: Numbers,
    counts: Numbers,
    scales: tuple[int, int],
) -> list[Point]:
    """Points by steps; `scales` are those by which a mean and by which a value is stored."""
    mean_by, by = scales
    points, first = [], 0
    while first < len(at):
        start = at[first] - at[first] % step
        last = bisect_left(at, start + step, first)
        mean = sum(means[first:last]) / (last - first)
        low, high = min(lows[first:last]), max(highs[first:last])
        points.append(Point(start, mean / mean_by, low / by, high / by, sum(counts[first:last])))
        first = last
    return points
