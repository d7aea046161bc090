"""Lets readers of a SQLite file and its writer go on beside each other (WAL)."""

import sqlite3
import time

PATIENCE_SECONDS = 5.0
_AGAIN_SECONDS = 0.01


def write_ahead(connection: sqlite3.Connection) -> None:
    """Only who opens a new file first changes anything. Raises sqlite3.OperationalError when others stay in the way.

    For this change SQLite does not wait as its `busy_timeout` says: when several processes open a new file at once, all
    but one would be told that it is locked.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        else:
            return
        time.sleep(_AGAIN_SECONDS)
