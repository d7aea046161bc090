"""Which slices still have to be rolled up: a small SQLite file beside the collector, not in InfluxDB.

A mark is on disk before the points that it is about are sent, and leaves it after their rollup was stored. So a
collector killed at any moment finds all it has to do, also for history that arrived days late, and nothing more. In
InfluxDB marks could not be taken away again: 3.x deletes nothing.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector.store.protocol import HOUR_MS, SLICE_MS, StoreUnavailable

Mark = tuple[str, str, str, int]  # site, device, probe, start of the stretch

_TABLES = """
    CREATE TABLE IF NOT EXISTS marks (
        length INTEGER NOT NULL, start INTEGER NOT NULL, site TEXT NOT NULL, device TEXT NOT NULL, probe TEXT NOT NULL,
        PRIMARY KEY (length, start, site, device, probe)
    ) STRICT, WITHOUT ROWID
"""
_ADD = "INSERT OR IGNORE INTO marks (length, site, device, probe, start) VALUES (?, ?, ?, ?, ?)"
_REMOVE = "DELETE FROM marks WHERE length = ? AND site = ? AND device = ? AND probe = ? AND start = ?"
_DUE = "SELECT site, device, probe, start FROM marks WHERE length = ? AND start <= ? ORDER BY start LIMIT ?"


class Marks:
    """The marks of one collector; `length` is SLICE_MS or HOUR_MS."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._known: set[Mark] = set()  # marks of slices that are on disk: only the first of a slice costs a commit

    def open(self) -> None:
        """Raises StoreUnavailable."""
        with self._our_errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=5)
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLES):
                self._connection.execute(statement).close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def add(self, marks: Collection[Mark]) -> None:
        """Marks slices, durably. Raises StoreUnavailable."""
        new = [mark for mark in marks if mark not in self._known]
        if new:
            with self._changing() as connection:
                connection.executemany(_ADD, [(SLICE_MS, *mark) for mark in new])
            self._known.update(new)

    def due(self, length: int, latest_start: int, most: int) -> list[Mark]:
        """The oldest marks that start no later. Raises StoreUnavailable."""
        with self._our_errors():
            return self._open().execute(_DUE, (length, latest_start, most)).fetchall()

    def settle(self, slices: Sequence[Mark], hours: Sequence[Mark], new_hours: Collection[Mark]) -> None:
        """Takes away what was rolled up and adds hours, all at once. Raises StoreUnavailable."""
        with self._changing() as connection:
            connection.executemany(_ADD, [(HOUR_MS, *mark) for mark in new_hours])
            connection.executemany(_REMOVE, [(SLICE_MS, *mark) for mark in slices])
            connection.executemany(_REMOVE, [(HOUR_MS, *mark) for mark in hours])
        self._known.difference_update(slices)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreUnavailable(f"{self.path} is not open")
        return self._connection

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._our_errors():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"{self.path}: {error}") from error
