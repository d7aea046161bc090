"""The embedded series store: one SQLite file, written by the collector, read by any process.

WAL and synchronous=FULL: what `write` returned from survives kill -9 and a power cut (facts are in docs/decisions.md).
"""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector.store import (
    sqlite_copy,
    sqlite_evidence,
    sqlite_reach,
    sqlite_read,
    sqlite_rollup,
    sqlite_schema,
    sqlite_seal,
    sqlite_series,
)
from collector.store.boards_protocol import BoardStore
from collector.store.protocol import (
    DAY_MS,
    Beyond,
    DayOf,
    Gap,
    Part,
    Point,
    Reach,
    Retention,
    Rollup,
    RoomSlice,
    RoomTime,
    Share,
    Span,
    StoredMeasurement,
    StoreUnavailable,
)
from collector.store.sealed_block import BrokenBlock
from collector.store.series_math import numeric_field
from collector.store.sqlite_seal import FIVE_MINUTES, RAW, Level
from collector.store.sqlite_write import Writer
from contract.metrics import PROBES
from inventory.write_ahead import write_ahead

STATEMENTS = 500  # kept prepared: some ten for each probe


class SqliteStore:
    """Implements protocol.SeriesStore. Only the collector opens it for writing."""

    boards: BoardStore | None = None

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        # Reading and writing have a connection each, so that a page's query never holds up a flush.
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._reading_lock = threading.Lock()
        self._writing_lock = threading.Lock()
        self._writes: Writer | None = None

    def open(self) -> "SqliteStore":
        """Opens the file; only the writer creates and migrates it. Raises StoreUnavailable, with nothing left open."""
        try:
            with _our_errors(self.path):
                if not self.read_only:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._writer = self._connect()
                    sqlite_schema.migrate(self._writer)
                    self._writes = Writer(self._writer)
                self._reader = self._connect()
                self._reader.execute("PRAGMA query_only=ON").close()
                self._reader.execute("SELECT 1 FROM series LIMIT 1").fetchall()
        except StoreUnavailable:
            self.close()
            raise
        return self

    def close(self) -> None:
        with self._writing_lock, self._reading_lock:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()
            self._reader = self._writer = self._writes = None

    def write(self, measurements: Sequence[StoredMeasurement]) -> None:
        with self._writing() as (_, writes):
            writes.write(measurements)

    def roll_up(self, now: int) -> Sequence[tuple[str, int]]:
        with self._writing() as (connection, writes):
            changed, marks = sqlite_rollup.roll_up(connection, now)
            writes.forget_marks(marks)
        return changed

    def seal(self, seconds: float) -> bool:
        with self._writing() as (_, writes):
            return writes.seal(seconds)

    def latest(
        self, site: str, device: str | None = None, *, group: str | None = None, probes: Collection[str] = ()
    ) -> list[StoredMeasurement]:
        with self._reading() as connection:
            return sqlite_read.latest(connection, site, device, group, probes)

    def series(
        self, site: str, device: str, probe: str, target: str, field: str, since: int, until: int, step_ms: int
    ) -> list[Point]:
        measured = numeric_field(probe, field)
        with self._reading() as connection:
            return sqlite_series.series(connection, (site, device, probe, target), measured, since, until, step_ms)

    def reach(self, site: str, since: int, until: int) -> list[Reach]:
        with self._reading() as connection:
            return sqlite_reach.reach(connection, site, since, until)

    def heard(self, site: str, since: int) -> set[str]:
        with self._reading() as connection:
            return sqlite_read.heard(connection, site, since)

    def write_rooms(self, slices: Sequence[RoomSlice]) -> None:
        with self._writing() as (connection, _):
            connection.execute("BEGIN IMMEDIATE")
            try:
                _insert_rooms(connection, slices)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def rooms(self, site: str, since: int, until: int, room: str | None = None) -> list[RoomSlice]:
        with self._reading() as connection:
            return sqlite_read.rooms(connection, site, since, until, room)

    def share_connected(self, site: str, since: int, until: int, rooms: Sequence[str] | None = None) -> Share:
        with self._reading() as connection:
            return sqlite_read.share_connected(connection, site, since, until, rooms)

    def room_times(self, site: str, since: int, until: int) -> list[RoomTime]:
        with self._reading() as connection:
            return sqlite_evidence.room_times(connection, site, since, until)

    def beyond(
        self, site: str, probe: str, field: str, limit: float, stretches: Sequence[Span], *, below: bool = False
    ) -> list[Beyond]:
        measured = numeric_field(probe, field)
        with self._reading() as connection:
            return sqlite_evidence.beyond(connection, site, probe, measured, limit, stretches, below=below)

    def daily(
        self, site: str, probe: str, parts: Mapping[str, Part], since: int, until: int
    ) -> dict[str, dict[tuple[str, str], list[DayOf]]]:
        measured = {numeric_field(probe, field): part for field, part in parts.items()}
        with self._reading() as connection:
            return sqlite_evidence.daily(connection, site, probe, measured, since, until)

    def p95_by_room(
        self, site: str, probe: str, field: str, rooms: Mapping[str, Sequence[str]], since: int, until: int
    ) -> dict[str, float]:
        measured = numeric_field(probe, field)
        with self._reading() as connection:
            return sqlite_read.p95_by_room(connection, site, probe, measured, rooms, since, until)

    def gaps(self, site: str, since: int, until: int) -> list[Gap]:
        with self._reading() as connection:
            return sqlite_read.gaps(connection, site, since, until)

    def devices(self) -> dict[str, list[str]]:
        with self._reading() as connection:
            return sqlite_copy.devices(connection)

    def begins(self, site: str) -> int | None:
        with self._reading() as connection:
            return sqlite_copy.begins(connection, site)

    def measurements(self, site: str, device: str, since: int, until: int) -> list[StoredMeasurement]:
        with self._reading() as connection:
            return sqlite_copy.measurements(connection, site, device, since, until)

    def rollups(self, site: str, device: str, length: int, since: int, until: int) -> list[Rollup]:
        with self._reading() as connection:
            return sqlite_copy.rollups(connection, site, device, length, since, until)

    def write_rollups(self, rollups: Sequence[Rollup]) -> None:
        with self._writing() as (connection, writes):
            sqlite_copy.write_rollups(connection, rollups, writes.number)

    def forget(self, now: int, retention: Retention) -> int:
        """Deletes probe by probe, each in its own short transaction, so that a flush waits little.

        Only whole windows of what is sealed go, so a row may stay for as long as its window lasts.
        """
        limits = (RAW, now - retention.raw_days * DAY_MS), (FIVE_MINUTES, now - retention.five_minute_days * DAY_MS)
        return sum(self._forget(level, level.start_of(before)) for level, before in limits)

    def _forget(self, level: Level, before: int) -> int:
        with self._writing() as (connection, _):
            deleted = sqlite_seal.forget(connection, level, before)
        for probe in PROBES:
            with self._writing() as (connection, _):
                deleted += _delete_before(connection, probe, level, before)
        return deleted

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._reading_lock, _our_errors(self.path):
            if self._reader is None:
                raise StoreUnavailable(f"{self.path} is not open")
            with _snapshot(self._reader):
                yield self._reader

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, Writer]]:
        with self._writing_lock, _our_errors(self.path):
            if self._writer is None or self._writes is None:
                raise StoreUnavailable(f"{self.path} is not open for writing")
            yield self._writer, self._writes

    def _connect(self) -> sqlite3.Connection:
        mode = "rw" if self.read_only else "rwc"
        address = f"{self.path.resolve().as_uri()}?mode={mode}"
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=STATEMENTS
        )
        for pragma in ("synchronous=FULL", "busy_timeout=5000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}").close()
        write_ahead(connection)
        return connection


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """An answer is of one moment: rows that are being sealed are neither missed nor counted twice."""
    connection.execute("BEGIN").close()
    try:
        yield
    finally:
        connection.execute("ROLLBACK").close()


@contextmanager
def _our_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, BrokenBlock) as error:
        raise StoreUnavailable(f"{path}: {error}") from error


def _insert_rooms(connection: sqlite3.Connection, slices: Sequence[RoomSlice]) -> None:
    names = {(entry.site, entry.room) for entry in slices}
    connection.executemany("INSERT OR IGNORE INTO room_names (site, room) VALUES (?, ?)", names)
    numbers = {
        (site, room): number for number, site, room in connection.execute("SELECT id, site, room FROM room_names")
    }
    rows = [
        (
            numbers[entry.site, entry.room],
            entry.slice_start,
            entry.state.value,
            entry.reason.value,
            entry.lesson,
            entry.devices_on,
            entry.devices_reaching,
        )
        for entry in slices
    ]
    connection.executemany("INSERT OR REPLACE INTO room_slices VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _delete_before(connection: sqlite3.Connection, probe: str, level: Level, before: int) -> int:
    # Series by series: the key starts with the series, so each is one short range of the tree.
    of_probe = "series IN (SELECT id FROM series WHERE probe = ?)"
    query = f"DELETE FROM {level.name}_{probe} WHERE {of_probe} AND {level.at} < ?"  # noqa: S608
    return connection.execute(query, (probe, before)).rowcount
