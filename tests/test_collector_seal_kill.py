"""kill -9 at random moments of sealing: every measurement that was written is there once, and so are its rollups.

More rounds: SONCA_KILL_ROUNDS=200 scripts/test tests/test_collector_seal_kill.py -s
"""

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from tests.measurements import SITE, START
from tests.raw_rows import raw_rows, sealed_windows
from tests.sealing_process import BATCH, DEVICES, NOW, everything

ROUNDS = int(os.environ.get("SONCA_KILL_ROUNDS", "6"))


Key = tuple[str, int]  # device, time


def test_every_measurement_is_there_once_whenever_sealing_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, chance = tmp_path / "series.db", random.Random(2026)
    all_of_it = everything()
    begun = all_of_it[::5]
    settled(path, begun)
    for turn in range(1, ROUNDS + 1):
        kill_while_it_seals(tmp_path, turn, chance.uniform(0.0, 0.4))
        assert integrity(path) == "ok"
        stored = [(row[0], row[3]) for row in raw_rows(path)]
        kept = {key(entry) for entry in (*begun, *(all_of_it[number] for number in noted(tmp_path / "noted.txt")))}
        assert len(set(stored)) == len(stored)
        assert kept <= set(stored)
        assert len(stored) - len(kept) <= BATCH * turn  # killed between the commit and the note of it
    found = [entry for entry in all_of_it if key(entry) in set(stored)]
    assert answers(settled(path, [])) == answers(settled(tmp_path / "plain.db", found, seal=False))
    blocks = len(sealed_windows(path))
    with capsys.disabled():
        print(f"\nsealing: killed {ROUNDS} times; {len(kept)} measurements kept, {len(stored)} stored, {blocks} blocks")
    assert blocks > 50


def kill_while_it_seals(folder: Path, seed: int, after: float) -> None:
    command = [sys.executable, "-m", "tests.sealing_process", str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"it runs\n"
        time.sleep(after)
        assert process.poll() is None, "it ended by itself"
        process.kill()


def settled(path: Path, measurements: list[StoredMeasurement], *, seal: bool = True) -> Path:
    """Everything is written, rolled up and, if so wished, sealed; the store is closed again."""
    store = SqliteStore(path).open()
    store.write(measurements)
    while store.roll_up(NOW):
        pass
    assert not (seal and store.seal(60))
    store.close()
    return path


def answers(path: Path) -> object:
    store = SqliteStore(path, read_only=True).open()
    try:
        return raw_rows(path), [
            store.series(SITE, f"pc-{device}", "host", "", "cpu_percent", START, START + days * DAY_MS, 1)
            for device in range(DEVICES)
            for days in (1, 9, 99)
        ]
    finally:
        store.close()


def key(entry: StoredMeasurement) -> Key:
    return entry.device, entry.taken_at


def noted(notes: Path) -> set[int]:
    """The noted numbers; a line that a kill cut short is left out."""
    lines = notes.read_text().splitlines(keepends=True)
    return {int(number) for line in lines if line.endswith("\n") for number in line.split()}


def integrity(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
