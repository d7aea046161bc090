"""The outbox's SQLite file: opened, its tables made, put aside when a power cut or a bad disk broke it."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract.trouble import Trouble

log = logging.getLogger(__name__)

CHECKPOINT_PAGES = 64
# Written and deleted again at each start, so that a disk that fills up later still has room for the next reports.
RESERVE_BYTES = 512 * 1024

_MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE eras (id INTEGER PRIMARY KEY, name TEXT NOT NULL, base_ms INTEGER NOT NULL, offset_ms INTEGER) STRICT;
    CREATE TABLE pending (
        id INTEGER PRIMARY KEY AUTOINCREMENT, era INTEGER NOT NULL, failure INTEGER NOT NULL, size INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX pending_by_worth ON pending (failure, id, size);
    CREATE TABLE boots (boot TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
    CREATE TABLE batches (
        id INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL, sequence INTEGER NOT NULL, failure INTEGER NOT NULL,
        size INTEGER NOT NULL, count INTEGER NOT NULL, newest INTEGER NOT NULL, certain INTEGER NOT NULL,
        payload BLOB NOT NULL, UNIQUE (boot, sequence)
    ) STRICT;
    CREATE INDEX batches_by_worth ON batches (failure, id, size, count, newest, certain);
    CREATE TABLE counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
    CREATE TABLE reserve (bytes BLOB) STRICT;
    """,
)


class OutboxUnavailable(Trouble):
    """The outbox cannot be used now."""


class OutboxBroken(OutboxUnavailable):
    """The file is damaged: only a new start, which puts it aside, helps."""


def open_file(path: Path) -> sqlite3.Connection:
    """The open outbox. A broken file is put aside and a new one begun. Raises OutboxUnavailable."""
    with our_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _checked(path)
    except sqlite3.DatabaseError as error:
        if not _is_broken(error):
            raise _explained(path, error) from error
        _put_aside(path, error)
    with our_errors(path):
        return _checked(path)


@contextmanager
def our_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system raise into OutboxUnavailable."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _explained(path, error) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _checked(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=1)
    try:
        # Exclusive: a second agent on the same folder is told so, and WAL needs no shared memory file.
        for pragma in (
            "locking_mode=EXCLUSIVE",
            "journal_mode=WAL",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "cache_size=-128",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(f"malformed: {damage}")
        with transaction(connection):
            _migrate(connection)
        _reserve(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, script in enumerate(_MIGRATIONS[version:], version + 1):
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")


def _reserve(connection: sqlite3.Connection) -> None:
    free = connection.execute("PRAGMA freelist_count").fetchone()[0]
    if free * 4096 >= RESERVE_BYTES:
        return
    try:
        with transaction(connection):
            connection.execute("INSERT INTO reserve VALUES (zeroblob(?))", (RESERVE_BYTES,))
            connection.execute("DELETE FROM reserve")
    except sqlite3.OperationalError as error:  # a disk that is full already: work with what there is
        log.warning("the outbox could not set room aside: %s", error)


def _is_broken(error: sqlite3.DatabaseError) -> bool:
    words = str(error)
    return "malformed" in words or "not a database" in words


def _put_aside(path: Path, error: sqlite3.DatabaseError) -> None:
    aside = path.with_name(f"{path.name}.broken")
    log.error(
        "%s is broken (%s); it is kept as %s, and what it held is not sent. Is the disk failing?", path, error, aside
    )
    with our_errors(path):
        path.replace(aside)
        for tail in ("-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)


def _explained(path: Path, error: Exception) -> OutboxUnavailable:
    words = str(error)
    if isinstance(error, sqlite3.DatabaseError) and _is_broken(error):
        return OutboxBroken(f"{path} is broken: {error}", "the agent ends, and puts it aside when it starts again")
    if "locked" in words:
        return OutboxUnavailable(f"{path} is in use by another agent", "stop it, or give this one its own data folder")
    if "full" in words or getattr(error, "errno", 0) == 28:
        return OutboxUnavailable(f"the disk of {path} is full", "free some space; the agent goes on by itself")
    return OutboxUnavailable(f"{path} cannot be used: {error}", "may this user write there, and is the disk healthy?")
