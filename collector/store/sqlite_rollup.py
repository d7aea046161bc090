"""Rollups: recomputed from the raw rows of the slices that writes marked, so late and repeated data is harmless."""

import sqlite3
from collections.abc import Sequence

from collector.store.protocol import HOUR_MS, SLICE_MS
from collector.store.series_math import averaged
from collector.store.sqlite_schema import BLIND, ROLLUPS, UNCERTAIN, mean_scale, scale
from collector.store.sqlite_seal import LEVELS, sealed_until, unseal
from contract.metrics import PROBES

MARKS_PER_CALL = 1_000  # bounds how long one call holds the writing lock

Mark = tuple[int, int]


def roll_up(connection: sqlite3.Connection, now: int) -> tuple[list[tuple[str, int]], list[Mark]]:
    """Recomputes what is marked and closed by `now`, oldest first, in one transaction. Raises sqlite3.Error.

    Returns the changed (site, slice_start) pairs, and the (series, start) marks that were taken away.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        marks = _take(connection, "five_minutes", now)
        changed = _sites_of(connection, marks)
        _recompute(connection, "five_minutes", marks)
        hours = {(series, start - start % HOUR_MS) for series, start in marks}
        connection.executemany("INSERT OR IGNORE INTO dirty_hours (series, start) VALUES (?, ?)", hours)
        _recompute(connection, "hours", _take(connection, "hours", now))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return changed, marks


def _take(connection: sqlite3.Connection, rollup: str, now: int) -> list[Mark]:
    closed = now - ROLLUPS[rollup]
    query = f"SELECT series, start FROM dirty_{rollup} WHERE start <= ? ORDER BY start LIMIT ?"  # noqa: S608
    marks = connection.execute(query, (closed, MARKS_PER_CALL)).fetchall()
    connection.executemany(f"DELETE FROM dirty_{rollup} WHERE series = ? AND start = ?", marks)  # noqa: S608
    return marks


def _sites_of(connection: sqlite3.Connection, marks: Sequence[Mark]) -> list[tuple[str, int]]:
    _name_marks(connection, marks)
    query = """
        SELECT DISTINCT site, start FROM temp.marks JOIN series ON series.id = marks.series
        WHERE start % ? = 0 ORDER BY start, site
    """
    return connection.execute(query, (SLICE_MS,)).fetchall()


def _name_marks(connection: sqlite3.Connection, marks: Sequence[Mark]) -> None:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS marks (series INTEGER, start INTEGER)")
    connection.execute("DELETE FROM temp.marks")
    connection.executemany("INSERT INTO temp.marks VALUES (?, ?)", marks)


def _recompute(connection: sqlite3.Connection, rollup: str, marks: Sequence[Mark]) -> None:
    if not marks:
        return
    _name_marks(connection, marks)
    _unseal_marked(connection, rollup)
    touched = "SELECT DISTINCT probe FROM series WHERE id IN (SELECT series FROM temp.marks)"
    for (probe,) in connection.execute(touched).fetchall():
        connection.execute(_STATEMENTS[rollup, probe])


def _unseal_marked(connection: sqlite3.Connection, rollup: str) -> None:
    """Makes the rollups that are computed anew rows again; a write did the same with the raw rows."""
    level = LEVELS[rollup]
    query = """
        SELECT DISTINCT probe, series, start - start % ? FROM temp.marks JOIN series ON series.id = marks.series
        WHERE start < ?
    """
    late = connection.execute(query, (level.window_ms, sealed_until(connection, level))).fetchall()
    for probe, series, start in late:
        unseal(connection, level, probe, series, start)


def _statement(rollup: str, probe: str) -> str:
    fields = averaged(PROBES[probe])
    columns, values = ["series", "start", "count", "ok_count", "blind_count"], []
    for field in fields:
        columns += [f"{field.name}_mean", f"{field.name}_low", f"{field.name}_high"]
        mean = f"CAST(round(avg({field.name}) * {mean_scale(field) // scale(field)}) AS INTEGER)"
        values += [mean, f"min({field.name})", f"max({field.name})"]
    updates = ", ".join(f"{column} = excluded.{column}" for column in columns[2:])
    counts = f"count(*), sum(outcome = 0), sum(flags & {BLIND} > 0)"
    # Retention may have taken raw rows that an older rollup still knows: a recomputation never lowers the count.
    return f"""
        INSERT INTO {rollup}_{probe} ({", ".join(columns)})
        SELECT raw.series, marks.start, {", ".join([counts, *values])}
        FROM temp.marks CROSS JOIN raw_{probe} AS raw
          ON raw.series = marks.series AND raw.taken_at >= marks.start
         AND raw.taken_at < marks.start + {ROLLUPS[rollup]}
        WHERE raw.flags & {UNCERTAIN} = 0
        GROUP BY raw.series, marks.start
        ON CONFLICT (series, start) DO UPDATE SET {updates} WHERE excluded.count >= count
    """  # noqa: S608 - names of the catalogue


_STATEMENTS = {(rollup, probe): _statement(rollup, probe) for rollup in ROLLUPS for probe in PROBES}
