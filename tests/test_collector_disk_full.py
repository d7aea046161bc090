"""The collector on a disk that is full: it acknowledges nothing, says so once, and goes on when there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
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
    tmp_path: Path, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = StoreSettings(path=str(small_disk / "series.db"))
    with running_collector(tmp_path, store) as running, speaking_to(running) as agent:
        agent.say("measurements", encode(batch(1, now_ms())))
        wait_until(lambda: any(1 in receipt.sequences for receipt in agent.receipts))
        filler = fill(small_disk)
        sequence = 1
        while "nothing is acknowledged until it is back" not in caplog.text:
            sequence += 1
            agent.say("measurements", encode(batch(sequence, now_ms())))
            assert sequence < 5_000, "the disk never was full"
            wait_until(lambda: settled(agent.receipts, sequence) or "is full" in caplog.text)  # noqa: B023 - at once
        assert "is full" in caplog.text
        assert not settled(agent.receipts, sequence)
        filler.unlink()
        wait_until(lambda: settled(agent.receipts, sequence), seconds=30)
        assert caplog.text.count("nothing is acknowledged until it is back") == 1
        stored = SqliteStore(small_disk / "series.db", read_only=True).open()
        assert stored.reach("hoa-mai", 0, now_ms() + 1_000)[0].measured == sequence
        stored.close()


def settled(receipts: list[Receipt], sequence: int) -> bool:
    return any(sequence in receipt.sequences for receipt in receipts)
