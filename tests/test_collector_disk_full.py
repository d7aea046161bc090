"""The collector on a disk that is full: it acknowledges nothing, says so once, and goes on when there is room."""

import logging
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from collector.intake import Intake
from collector.store.protocol import StoreUnavailable
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.subscribe import Received
from contract.messages import Receipt, encode
from tests.filled_disk import fill
from tests.peers import need_root
from tests.test_collector_run import batch, running_collector, speaking_to
from tests.waiting import now_ms, wait_until


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    need_root("mounting a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_nothing_is_acknowledged_while_the_disk_is_full_and_nothing_is_lost(
    tmp_path: Path, small_disk: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the collector writes by the clock may be larger than a batch and find the disk full before it.
    unsettled, settle = threading.Event(), Intake.settle

    def settling(intake: Intake, messages: Sequence[Received], now: int) -> None:
        try:
            settle(intake, messages, now)
        except StoreUnavailable:
            unsettled.set()
            raise

    monkeypatch.setattr(Intake, "settle", settling)
    caplog.set_level(logging.INFO, "collector.work")
    store = StoreSettings(path=str(small_disk / "series.db"))
    with running_collector(tmp_path, store) as running, speaking_to(running) as agent:
        agent.say("measurements", encode(batch(1, now_ms())))
        wait_until(lambda: any(1 in receipt.sequences for receipt in agent.receipts))
        filler = fill(small_disk)
        sequence = 1
        while not unsettled.is_set():
            sequence += 1
            agent.say("measurements", encode(batch(sequence, now_ms())))
            assert sequence < 5_000, "the disk never was full"
            wait_until(lambda: settled(agent.receipts, sequence) or unsettled.is_set())  # noqa: B023 - at once
        assert "is full" in caplog.text
        assert not settled(agent.receipts, sequence)
        filler.unlink()
        wait_until(lambda: settled(agent.receipts, sequence))
        wait_until(lambda: told(caplog)[-1] == "back")
        assert told(caplog) == ["away", "back"] * (len(told(caplog)) // 2), "it says both once, however often it tries"
        stored = SqliteStore(small_disk / "series.db", read_only=True).open()
        assert stored.reach("hoa-mai", 0, now_ms() + 1_000)[0].measured == sequence
        stored.close()


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the collector said of the store, in order."""
    said = {"nothing is acknowledged until it is back": "away", "the store is back": "back"}
    found = [[word for part, word in said.items() if part in record.message] for record in caplog.records]
    return [word for words in found for word in words]


def settled(receipts: list[Receipt], sequence: int) -> bool:
    return any(sequence in receipt.sequences for receipt in receipts)
