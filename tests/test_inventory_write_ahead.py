"""A new SQLite file may be opened by several at once: each waits for the others."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.store.sqlite import SqliteStore
from collector.store.state import State
from inventory import write_ahead
from inventory.register import Register

OPENED: dict[str, Callable[[Path], SqliteStore | State | Register]] = {
    "series": lambda path: SqliteStore(path).open(),
    "state": lambda path: State(f"sqlite:///{path}").open(),
    "register": lambda path: Register(f"sqlite:///{path}").open(),
}


def beginning(path: Path) -> sqlite3.Connection:
    """Somebody who came first and is about to write, for which others wait, but not with a change to WAL."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


@pytest.mark.parametrize("name", OPENED)
def test_who_opens_a_new_file_waits_until_the_others_let_go(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_ahead, "PATIENCE_SECONDS", 60)
    first = beginning(tmp_path / "new.db")
    leaving = threading.Timer(0.2, first.close)
    leaving.start()
    OPENED[name](tmp_path / "new.db").close()
    leaving.join()


def test_a_file_that_nobody_lets_go_of_is_said_to_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_ahead, "PATIENCE_SECONDS", 0.05)
    first, second = beginning(tmp_path / "new.db"), sqlite3.connect(tmp_path / "new.db")
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        write_ahead.write_ahead(second)
    first.close()
    second.close()
