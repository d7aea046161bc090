"""What a full outbox lets go: the oldest successes first, failures last, each one counted."""

import sqlite3

from agent.settings import OutboxSettings

DAY_MS = 86_400_000
ROW_BYTES = 100  # what a row costs in the file beside its text

# Failures last. What is numbered is older than what is not.
_BY_WORTH = (
    ("batches", "SELECT id, size, count FROM batches WHERE failure = 0 ORDER BY id"),
    ("pending", "SELECT id, size, 1 FROM pending WHERE failure = 0 ORDER BY id"),
    ("batches", "SELECT id, size, count FROM batches WHERE failure = 1 ORDER BY id"),
    ("pending", "SELECT id, size, 1 FROM pending WHERE failure = 1 ORDER BY id"),
)


def keep_within(connection: sqlite3.Connection, bounds: OutboxSettings, server_now: int | None) -> None:
    """Deletes what is too old and what is too much. Raises sqlite3.Error.

    Age needs the server's time: a clock that woke up in 2040 must not empty the outbox.
    """
    if server_now is not None:
        _let_go_of_old(connection, server_now - int(bounds.max_days * DAY_MS))
    excess = _size(connection) - int(bounds.max_megabytes * 1_000_000)
    for table, query in _BY_WORTH:
        if excess > 0:
            excess -= _let_go(connection, table, query, excess)


def count_up(connection: sqlite3.Connection, name: str, number: int) -> None:
    """Adds to a count that outlives the agent's runs."""
    connection.execute(
        "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + excluded.number",
        (name, number),
    )


def _let_go_of_old(connection: sqlite3.Connection, before: int) -> None:
    where = "FROM batches WHERE certain = 1 AND newest < ?"
    lost = connection.execute(f"SELECT sum(count) {where}", (before,)).fetchone()[0]
    if lost:
        connection.execute(f"DELETE {where}", (before,))
        count_up(connection, "lost_measurements", lost)


def _let_go(connection: sqlite3.Connection, table: str, query: str, excess: int) -> int:
    """Deletes rows in the query's order until `excess` bytes are free or none are left; the bytes freed."""
    freed, lost, ids = 0, 0, []
    for row_id, size, count in connection.execute(query):
        ids.append((row_id,))
        freed, lost = freed + size + ROW_BYTES, lost + count
        if freed >= excess:
            break
    connection.executemany(f"DELETE FROM {table} WHERE id = ?", ids)  # noqa: S608 - one of the two names above
    if lost:
        count_up(connection, "lost_measurements", lost)
    return freed


def _size(connection: sqlite3.Connection) -> int:
    parts = (
        connection.execute(f"SELECT total(size) + {ROW_BYTES} * count(*) FROM {table}").fetchone()[0]  # noqa: S608
        for table in ("batches", "pending")
    )
    return int(sum(parts))
