"""All raw rows of a SQLite store's file, sealed ones too, read without the store."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collector.store.sealed_block import unpacked
from collector.store.sqlite_schema import columns_of
from contract.metrics import PROBES
from tests.waiting import PATIENCE_SECONDS

Row = tuple[Any, ...]  # device, probe, target, time, the further columns


def raw_rows(path: Path) -> list[Row]:
    """In order, each as often as it is there; empty before the store made its tables."""
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)
    try:
        connection.execute("BEGIN")
        return sorted(_rows(connection), key=lambda row: row[:4])
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []
    finally:
        connection.close()


def sealed_windows(path: Path, level: str = "raw") -> list[tuple[str, str, int, int]]:
    """Device, probe, start and number of rows of each block."""
    query = f"SELECT device, probe, start, count FROM sealed_{level} JOIN series ON series.id = series ORDER BY 3, 1, 2"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    for probe in PROBES:
        width = len(columns_of(connection, f"raw_{probe}")) - 1
        of_probe = f"JOIN series ON series.id = series WHERE probe = '{probe}'"
        for device, target, _, *row in connection.execute(
            f"SELECT device, target, raw_{probe}.* FROM raw_{probe} {of_probe}"
        ):
            yield device, probe, target, *row
        for device, target, block in connection.execute(f"SELECT device, target, block FROM sealed_raw {of_probe}"):
            for row in zip(*unpacked(block, range(width)), strict=True):
                yield device, probe, target, *row
