"""Seals rows of past hours into compressed blocks, and opens a block again when something late belongs into it.

The rows of one series and one window of time are either all rows or all in one block, never both: what reads adds the
two up, and what recomputes rollups only ever looks at rows. A window is sealed when the series has gone on for
QUIET_MS after it, so that what waited in an outbox over night is usually in it; and not before its rollups are made.
The newest measurement of a series thus always stays a row.
"""

import sqlite3
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from collector.store.protocol import DAY_MS, HOUR_MS
from collector.store.sealed_block import Column, packed, unpacked
from collector.store.sqlite_schema import columns_of

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound

QUIET_MS = 2 * HOUR_MS
SERIES_AT_ONCE = 100  # looked through between two looks at the clock
_FOR_EVER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Level:
    """Rows that are sealed: in the tables `<name>_<probe>` by the time in the column `at`, window by window."""

    name: str
    at: str
    window_ms: int

    def start_of(self, at: int) -> int:
        return at - at % self.window_ms


RAW = Level("raw", "taken_at", 3 * HOUR_MS)
FIVE_MINUTES = Level("five_minutes", "start", DAY_MS)
HOURS = Level("hours", "start", 10 * DAY_MS)
ROLLUPS = (FIVE_MINUTES, HOURS)
LEVELS: Mapping[str, Level] = {level.name: level for level in (RAW, *ROLLUPS)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of one series from a block, oldest first: their times and the columns that were asked for."""

    series: int
    device: str
    group: str
    at: Sequence[int]
    columns: list[Column]


class Sealer:
    """Goes through all series in turn, a bit at a time. One for the process that writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._reached = 0  # the last series that is done
        self._sealed_some = False  # of the series after it

    def seal(self, seconds: float) -> bool:
        """Works for about so long, in one transaction; whether this turn goes on. Raises sqlite3.Error."""
        until = time.monotonic() + seconds
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            left = self._go_on(until)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return left

    def _go_on(self, until: float) -> bool:
        rolled_up = _rolled_up_until(self._connection)
        while some := self._next_series():
            for series, probe, newest in some:
                if not self._seal_series(probe, series, newest, rolled_up, until):
                    return True
            if time.monotonic() >= until:
                return True
        self._reached = 0
        return False

    def _seal_series(self, probe: str, series: int, newest: int, rolled_up: int, until: float) -> bool:
        """Whether it came to an end with this series; else the next call begins with it."""
        for level in LEVELS.values():
            if level is not RAW and not self._sealed_some:
                break  # windows of rollups end where one of raw rows ends: mostly nobody need look for them
            while _seal_oldest(self._connection, level, probe, series, newest, rolled_up):
                self._sealed_some = True
                if time.monotonic() >= until:
                    return False
        self._reached, self._sealed_some = series, False
        return True

    def _next_series(self) -> list[tuple[int, str, int]]:
        query = """
            SELECT id, probe, latest.taken_at FROM series JOIN latest ON latest.series = id
            WHERE id > ? ORDER BY id LIMIT ?
        """
        return self._connection.execute(query, (self._reached, SERIES_AT_ONCE)).fetchall()


def _rolled_up_until(connection: sqlite3.Connection) -> int:
    """Where the oldest mark stands that is still to be rolled up."""
    marks = [connection.execute(f"SELECT min(start) FROM dirty_{rollup.name}").fetchone()[0] for rollup in ROLLUPS]
    return min((start for start in marks if start is not None), default=_FOR_EVER)


def _seal_oldest(
    connection: sqlite3.Connection, level: Level, probe: str, series: int, newest: int, rolled_up: int
) -> bool:
    """Seals the oldest window of a series when it is time; whether it was."""
    table, at = f"{level.name}_{probe}", level.at
    (oldest,) = connection.execute(f"SELECT min({at}) FROM {table} WHERE series = ?", (series,)).fetchone()
    if oldest is None:
        return False
    start = level.start_of(oldest)
    end = start + level.window_ms
    went_on = f"SELECT 1 FROM {table} WHERE series = ? AND {at} BETWEEN ? AND ? LIMIT 1"
    if end > rolled_up or connection.execute(went_on, (series, end, newest - QUIET_MS)).fetchone() is None:
        return False
    _seal(connection, level, probe, series, start)
    return True


def _seal(connection: sqlite3.Connection, level: Level, probe: str, series: int, start: int) -> None:
    unseal(connection, level, probe, series, start)  # a program that did not know blocks may have written beside one
    table = f"{level.name}_{probe}"
    where = f"FROM {table} WHERE series = ? AND {level.at} >= ? AND {level.at} < ?"
    window = (series, start, start + level.window_ms)
    names = columns_of(connection, table)[1:]
    rows = connection.execute(f"SELECT {', '.join(names)} {where} ORDER BY {level.at}", window).fetchall()
    block = packed(list(zip(*rows, strict=True)))
    connection.execute(f"INSERT INTO sealed_{level.name} VALUES (?, ?, ?, ?)", (series, start, len(rows), block))
    connection.execute(f"DELETE {where}", window)


def unseal(connection: sqlite3.Connection, level: Level, probe: str, series: int, start: int) -> None:
    """Makes rows again of what is sealed of this window, if anything is. Raises sqlite3.Error and BrokenBlock."""
    key = (series, start)
    query = f"SELECT block FROM sealed_{level.name} WHERE series = ? AND start = ?"
    found = connection.execute(query, key).fetchone()
    if found is None:
        return
    table = f"{level.name}_{probe}"
    columns = unpacked(found[0])
    names = columns_of(connection, table)[: len(columns) + 1]
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({series}, {', '.join('?' * len(columns))})"
    connection.executemany(insert, zip(*columns, strict=True))
    connection.execute(f"DELETE FROM sealed_{level.name} WHERE series = ? AND start = ?", key)


def sealed_until(connection: sqlite3.Connection, level: Level) -> int:
    """Nothing at or after this time is in a block."""
    (newest,) = connection.execute(f"SELECT max(start) FROM sealed_{level.name}").fetchone()
    return 0 if newest is None else int(newest) + level.window_ms


def stretches(
    connection: sqlite3.Connection,
    level: Level,
    series: Mapping[str, str],
    since: int,
    until: int,
    names: Iterable[str],
) -> Iterator[Stretch]:
    """What blocks hold of `since <= at < until`, of the series with these values in the columns of the table `series`.

    `series` names a probe at least. Raises BrokenBlock.
    """
    if sealed_until(connection, level) <= since:
        return  # the present is asked for all the time
    there = columns_of(connection, f"{level.name}_{series['probe']}")[1:]
    wanted = [there.index(name) for name in (level.at, *names)]
    query = f"""
        SELECT series.id, series.device, series.target_group, sealed.block
        FROM series JOIN sealed_{level.name} AS sealed
          ON sealed.series = series.id AND sealed.start > ? AND sealed.start < ?
        WHERE {" AND ".join(f"series.{column} = ?" for column in series)} ORDER BY series.id, sealed.start
    """
    rows = connection.execute(query, (since - level.window_ms, until, *series.values()))
    for number, device, group, block in rows:
        columns = unpacked(block, wanted)
        at = cast(Sequence[int], columns[0])
        first, last = bisect_left(at, since), bisect_left(at, until)
        if first < last:
            yield Stretch(number, device, group, at[first:last], [column[first:last] for column in columns[1:]])


def forget(connection: sqlite3.Connection, level: Level, before: int) -> int:
    """Deletes blocks of windows that ended by `before`, the start of a window; how many rows they held."""
    (rows,) = connection.execute(f"SELECT total(count) FROM sealed_{level.name} WHERE start < ?", (before,)).fetchone()
    connection.execute(f"DELETE FROM sealed_{level.name} WHERE start < ?", (before,))
    return int(rows)
