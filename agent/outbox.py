"""What the agent measured, kept on disk until the collector says that it is stored.

Measurements are written as soon as they are taken (`add`), and numbered into immutable batches when the clock's offset
is known (`number`). A batch holds either failures or none, so that a full outbox can let the oldest successes go first.
Only a receipt takes a batch away (`settle`): a broker acknowledges messages that it later drops.

SQLite, one process at a time. `add` survives kill -9; numbering also survives a power cut.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent import outbox_file
from agent.clock import BootClock
from agent.outbox_bounds import count_up, keep_within
from agent.settings import OutboxSettings
from contract.messages import Batch, Measurement, Outcome, encode
from contract.shapes import build

BATCH_MEASUREMENTS = 300  # about 100 kB of JSON: far below what brokers and the collector take
MOST_BATCHES = 20  # numbered in one go, so that a long backlog neither fills the memory nor holds up the agent
# Not measured because the machine has no such thing: nobody misses it when the outbox is full.
_NOT_FAILURES = (Outcome.OK, Outcome.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch that waits for its receipt."""

    boot: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What the outbox holds, and what it had to let go since it was made. `oldest` is a time like Batch times."""

    batches: int
    size: int
    oldest: int | None
    lost_measurements: int
    refused_batches: int


class Outbox:
    """`open()` before use. Every method may raise OutboxUnavailable: what was given to it is then not kept."""

    def __init__(self, path: Path, agent: str, bounds: OutboxSettings) -> None:
        self.path = path
        self.offset_ms: int | None = None  # what to add to this era's times to have the server's, as last learned
        self._agent = agent
        self._bounds = bounds
        self._connection: sqlite3.Connection | None = None
        self._era = 0

    def open(self, clock: BootClock) -> BootClock:
        """Opens or makes the file. Returns the clock to use: the earlier one when the machine did not restart since."""
        self._connection = outbox_file.open_file(self.path)
        with self._writing() as connection:
            row = connection.execute("SELECT id, base_ms, offset_ms FROM eras WHERE name = ?", (clock.era,)).fetchone()
            if row is None:
                made = connection.execute("INSERT INTO eras (name, base_ms) VALUES (?, ?)", (clock.era, clock.base_ms))
                row = (made.lastrowid, clock.base_ms, None)
            self._era, base_ms, self.offset_ms = row
            connection.execute("DELETE FROM eras WHERE id <> ? AND id NOT IN (SELECT era FROM pending)", (self._era,))
            connection.execute("DELETE FROM boots WHERE boot NOT IN (SELECT boot FROM batches)")
        return BootClock(clock.era, base_ms)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def learn_offset(self, offset_ms: int) -> None:
        """Takes what the server's clock shows more than this era's, in milliseconds."""
        with self._writing() as connection:
            connection.execute("UPDATE eras SET offset_ms = ? WHERE id = ?", (offset_ms, self._era))
        self.offset_ms = offset_ms

    def add(self, measurements: Sequence[Measurement]) -> None:
        """Keeps measurements of this era, not yet numbered."""
        texts = [(entry.outcome not in _NOT_FAILURES, encode(entry).decode()) for entry in measurements]
        rows = [(self._era, failure, len(text), text) for failure, text in texts]
        with self._writing(lasting=False) as connection:
            connection.executemany("INSERT INTO pending (era, failure, size, text) VALUES (?, ?, ?, ?)", rows)

    def number(self, boot: str, now: int) -> list[Waiting]:
        """Makes at most MOST_BATCHES of `boot` from what is not numbered yet, then keeps within the bounds.

        What this era measured waits while its offset is unknown; what an earlier boot of the machine left behind
        without an offset never learns it, and is numbered without. `now` is this era's time.
        """
        made: list[Waiting] = []
        with self._writing() as connection:
            while len(made) < MOST_BATCHES and (group := connection.execute(_OLDEST_GROUP, (self._era,)).fetchone()):
                made.append(self._make_batch(connection, boot, *group))
            keep_within(connection, self._bounds, None if self.offset_ms is None else now + self.offset_ms)
        return made

    def first(self, most: int) -> list[Waiting]:
        """The oldest batches without a receipt."""
        with self._reading() as connection:
            rows = connection.execute("SELECT boot, sequence FROM batches ORDER BY id LIMIT ?", (most,)).fetchall()
        return [Waiting(*row) for row in rows]

    def payload(self, batch: Waiting) -> bytes | None:
        """The batch as it travels, compressed; None when it is settled or gone."""
        key = (batch.boot, batch.sequence)
        with self._reading() as connection:
            row = connection.execute("SELECT payload FROM batches WHERE boot = ? AND sequence = ?", key).fetchone()
        return None if row is None else bytes(row[0])

    def settle(self, boot: str, sequences: Iterable[int], *, refused: bool = False) -> int:
        """Lets batches go that a receipt names; how many were still here."""
        # Not lasting: after a power cut they are sent again, which is harmless, and a disk is spared a wait each.
        with self._writing(lasting=False) as connection:
            keys = [(boot, sequence) for sequence in sequences]
            gone = connection.executemany("DELETE FROM batches WHERE boot = ? AND sequence = ?", keys).rowcount
            if refused and gone > 0:
                count_up(connection, "refused_batches", gone)
        return max(gone, 0)

    def totals(self) -> Totals:
        with self._reading() as connection:
            batches, size, oldest = connection.execute(
                "SELECT count(*), sum(size), min(newest) FROM batches"
            ).fetchone()
            counts = dict(connection.execute("SELECT name, number FROM counts").fetchall())
        lost, refused = counts.get("lost_measurements", 0), counts.get("refused_batches", 0)
        return Totals(batches, size or 0, oldest, lost, refused)

    def _make_batch(
        self, connection: sqlite3.Connection, boot: str, era: int, failure: int, offset: int | None
    ) -> Waiting:
        rows = connection.execute(_PENDING_OF, (era, failure, BATCH_MEASUREMENTS)).fetchall()
        measurements = tuple(build(Measurement, json.loads(text)) for _, text in rows)
        sequence = connection.execute(_NEXT_SEQUENCE, (boot,)).fetchone()[0]
        payload = encode(Batch(self._agent, boot, sequence, measurements, offset), compress=True)
        newest = max(entry.taken_at for entry in measurements) + (offset or 0)
        values = (boot, sequence, failure, len(payload), len(rows), newest, offset is not None, payload)
        connection.execute(_INSERT_BATCH, values)
        connection.executemany("DELETE FROM pending WHERE id = ?", [(number,) for number, _ in rows])
        return Waiting(boot, sequence)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with outbox_file.our_errors(self.path):
            yield self._opened()

    @contextmanager
    def _writing(self, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction; `lasting` waits until the disk has it, else only the operating system does."""
        with outbox_file.our_errors(self.path):
            connection = self._opened()
            connection.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}").close()
            with outbox_file.transaction(connection):
                yield connection

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise outbox_file.OutboxUnavailable(f"{self.path} is not open", "open it first")
        return self._connection


_OLDEST_GROUP = """
    SELECT pending.era, pending.failure, eras.offset_ms FROM pending JOIN eras ON eras.id = pending.era
    WHERE pending.era <> ? OR eras.offset_ms IS NOT NULL ORDER BY pending.id LIMIT 1
"""
_PENDING_OF = "SELECT id, text FROM pending WHERE era = ? AND failure = ? ORDER BY id LIMIT ?"
_NEXT_SEQUENCE = """
    INSERT INTO boots (boot, sequence) VALUES (?, 1)
    ON CONFLICT (boot) DO UPDATE SET sequence = sequence + 1 RETURNING sequence
"""
_INSERT_BATCH = """
    INSERT INTO batches (boot, sequence, failure, size, count, newest, certain, payload)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
