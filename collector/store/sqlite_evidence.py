"""What equipment is judged by, of a whole site at once: from rows and sealed blocks of the rollups alike."""

import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from typing import cast

from collector.store.protocol import DAY_MS, Beyond, DayOf, Part, RoomReason, RoomState, RoomTime, Span
from collector.store.sealed_block import Column
from collector.store.sqlite_schema import mean_scale, scale
from collector.store.sqlite_seal import FIVE_MINUTES, HOURS, Stretch, stretches
from contract.metrics import Field

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound

Summary = Callable[[Sequence[int]], float]

_FOR_EVER = 2**63
_FUNCTIONS: Mapping[Part, str] = {Part.MEAN: "avg", Part.LOWEST: "min", Part.HIGHEST: "max"}  # of SQL
_OF_SITE = """
    FROM room_names AS names JOIN room_slices AS slices ON slices.room = names.id
    WHERE names.site = ? AND slice_start >= ? AND slice_start < ? AND lesson = 1
"""


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


_SUMMARIES: Mapping[Part, Summary] = {Part.MEAN: _mean, Part.LOWEST: min, Part.HIGHEST: max}


def room_times(connection: sqlite3.Connection, site: str, since: int, until: int) -> list[RoomTime]:
    query = f"""
        WITH judged AS MATERIALIZED (SELECT names.room, slice_start, state, reason {_OF_SITE}),
             well AS (
                 SELECT slice_start, sum(state = 'connected') AS connected, sum(state = 'degraded') AS degraded
                 FROM judged GROUP BY slice_start
             )
        SELECT room, state, count(*), NULL, 0 FROM judged WHERE state IN ('connected', 'dark') GROUP BY room, state
        UNION ALL
        SELECT room, state, count(*), reason, connected + iif(state = 'disconnected', degraded, 0) > 0 AS alone
        FROM judged JOIN well USING (slice_start) WHERE state IN ('disconnected', 'degraded')
        GROUP BY room, state, reason, alone ORDER BY room
    """
    return [
        RoomTime(room, RoomState(state), slices, RoomReason(reason) if reason else None, bool(alone))
        for room, state, slices, reason, alone in connection.execute(query, (site, since, until))
    ]


def beyond(
    connection: sqlite3.Connection,
    site: str,
    probe: str,
    field: Field,
    limit: float,
    spans: Sequence[Span],
    *,
    below: bool,
) -> list[Beyond]:
    counted: dict[int, list[int]] = {}  # series -> first, measured, beyond
    for series, first, *counts in _counts(connection, site, probe, field, limit, spans, below=below):
        known = counted.setdefault(series, [first, 0, 0])
        known[0] = min(known[0], first)
        known[1:] = (known[1] + counts[0], known[2] + counts[1])
    names = _names(connection, site, probe)
    return sorted((Beyond(*names[series], *known) for series, known in counted.items()), key=_by_name)


def _by_name(entry: Beyond) -> tuple[str, str]:
    return entry.device, entry.target


def _counts(
    connection: sqlite3.Connection,
    site: str,
    probe: str,
    field: Field,
    limit: float,
    spans: Sequence[Span],
    *,
    below: bool,
) -> Iterator[tuple[int, int, int, int]]:
    """Series, start of a span, how many means are in it, how many of them beyond; in parts that are to be added up."""
    name, stored = f"{field.name}_mean", float(limit * mean_scale(field))
    query = f"""
        SELECT series.id, count(*), sum(r.{name} {"<" if below else ">"} ?)
        FROM series JOIN five_minutes_{probe} AS r ON r.series = series.id AND r.start >= ? AND r.start < ?
        WHERE series.site = ? AND series.probe = ? AND r.{name} IS NOT NULL GROUP BY series.id
    """
    unsealed = _first_row(connection, site, probe)
    for since, until in (span for span in spans if span[1] > unsealed):
        for series, measured, past in connection.execute(query, (stored, since, until, site, probe)):
            yield series, since, measured, past
    if spans:
        of_site = {"site": site, "probe": probe}
        for stretch in stretches(connection, FIVE_MINUTES, of_site, spans[0][0], spans[-1][1], (name,)):
            yield from _sealed_counts(stretch, spans, stored, below=below)


def _first_row(connection: sqlite3.Connection, site: str, probe: str) -> int:
    """Before this time all five-minute rollups of the probe are sealed."""
    oldest = f"SELECT min(start) FROM five_minutes_{probe} WHERE series = series.id"
    query = f"SELECT min(({oldest})) FROM series WHERE site = ? AND probe = ?"
    found = connection.execute(query, (site, probe)).fetchone()[0]
    return _FOR_EVER if found is None else int(found)


def _sealed_counts(
    stretch: Stretch, spans: Sequence[Span], stored: float, *, below: bool
) -> Iterator[tuple[int, int, int, int]]:
    at, [means] = stretch.at, stretch.columns
    is_past = stored.__gt__ if below else stored.__lt__  # a loop in C: a school has millions of means
    first, last = bisect_right(spans, (at[0], at[0])), bisect_right(spans, (at[-1], _FOR_EVER))
    for since, until in spans[max(0, first - 1) : last]:
        there = cast(Sequence[int], _measured(means[bisect_left(at, since) : bisect_left(at, until)]))
        if there:
            yield stretch.series, since, len(there), sum(map(is_past, there))


def _measured(column: Column) -> Column:
    return column if None not in column else [value for value in column if value is not None]


def daily(
    connection: sqlite3.Connection, site: str, probe: str, parts: Mapping[Field, Part], since: int, until: int
) -> dict[str, dict[tuple[str, str], list[DayOf]]]:
    columns = [f"{field.name}_{part}" for field, part in parts.items()]
    scales = [mean_scale(field) if part is Part.MEAN else scale(field) for field, part in parts.items()]
    found: list[dict[int, list[DayOf]]] = [defaultdict(list) for _ in columns]
    for series, at, *values in _unsealed_days(connection, site, probe, parts, since, until):
        for days, value, by in zip(found, values, scales, strict=True):
            if value is not None:
                days[series].append(DayOf(at, value / by))
    summaries = [_SUMMARIES[part] for part in parts.values()]
    for stretch in stretches(connection, HOURS, {"site": site, "probe": probe}, since, until, columns):
        for days, column, summary, by in zip(found, stretch.columns, summaries, scales, strict=True):
            days[stretch.series] += [DayOf(at, value / by) for at, value in _sealed_days(stretch.at, column, summary)]
    names = _names(connection, site, probe)
    return {
        field.name: {names[series]: sorted(of_series, key=_by_day) for series, of_series in days.items() if of_series}
        for field, days in zip(parts, found, strict=True)
    }


def _by_day(day: DayOf) -> int:
    return day.at


def _unsealed_days(
    connection: sqlite3.Connection, site: str, probe: str, parts: Mapping[Field, Part], since: int, until: int
) -> list[tuple[int, int, *tuple[float | None, ...]]]:
    """Series, day, and what each part comes to, in the store's integers."""
    sums = ", ".join(f"{_FUNCTIONS[part]}(r.{field.name}_{part})" for field, part in parts.items())
    query = f"""
        SELECT series.id, r.start / {DAY_MS} * {DAY_MS}, {sums}
        FROM series JOIN hours_{probe} AS r ON r.series = series.id AND r.start >= ? AND r.start < ?
        WHERE series.site = ? AND series.probe = ? GROUP BY series.id, r.start / {DAY_MS}
    """
    return connection.execute(query, (since, until, site, probe)).fetchall()


def _sealed_days(at: Sequence[int], column: Column, summary: Summary) -> Iterator[tuple[int, float]]:
    """A window holds whole days, so none is partly in rows."""
    if None in column:
        at = list(compress(at, [value is not None for value in column]))
        column = _measured(column)
    values, first = cast(Sequence[int], column), 0
    while first < len(at):
        day = at[first] - at[first] % DAY_MS
        last = bisect_left(at, day + DAY_MS, first)
        yield day, summary(values[first:last])
        first = last


def _names(connection: sqlite3.Connection, site: str, probe: str) -> dict[int, tuple[str, str]]:
    """Device and target of each series."""
    query = "SELECT id, device, target FROM series WHERE site = ? AND probe = ?"
    return {number: (device, target) for number, device, target in connection.execute(query, (site, probe))}
