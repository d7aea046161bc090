"""The outbox: nothing leaves it without a receipt, except what a bound lets go, successes first."""

import dataclasses
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from agent.clock import BootClock
from agent.outbox import BATCH_MEASUREMENTS, MOST_BATCHES, Outbox, Waiting
from agent.outbox_file import OutboxUnavailable
from agent.settings import OutboxSettings
from contract.messages import Batch, Measurement, Outcome, decode
from tests.filled_disk import fill
from tests.peers import need_root

CLOCK = BootClock("machine-boot-1", 1_700_000_000_000)
LATER = BootClock("machine-boot-2", 1_200_000_000_000)
NOW = 1_800_000_000_000


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = opened(tmp_path)
    yield box
    box.close()


def opened(folder: Path, clock: BootClock = CLOCK, bounds: OutboxSettings | None = None) -> Outbox:
    box = Outbox(folder / "outbox.db", "pc-1", bounds or OutboxSettings())
    box.open(clock)
    return box


def taken(number: int, outcome: Outcome = Outcome.OK, target: str = "") -> Measurement:
    return Measurement("host", NOW + number, outcome, target, 1.5, {"cpu_percent": 5.0})


def numbers(measurements: Iterable[Measurement]) -> list[int]:
    return [entry.taken_at - NOW for entry in measurements]


def batches(box: Outbox) -> list[Batch]:
    found = [decode(payload, Batch) for batch in box.first(1_000) if (payload := box.payload(batch)) is not None]
    assert len(found) == box.totals().batches
    return found


def test_what_was_added_waits_unnumbered_until_the_offset_is_known(outbox: Outbox) -> None:
    outbox.add([taken(0)])
    assert outbox.number("run-1", NOW) == []
    outbox.learn_offset(-250)
    assert outbox.number("run-1", NOW) == [Waiting("run-1", 1)]
    assert batches(outbox) == [Batch("pc-1", "run-1", 1, (taken(0),), -250)]


def test_failures_travel_apart_from_successes_and_what_a_pc_lacks_is_no_failure(outbox: Outbox) -> None:
    outbox.learn_offset(0)
    outbox.add([taken(1), taken(2, Outcome.TIMEOUT), taken(3, Outcome.UNSUPPORTED)])
    outbox.number("run-1", NOW)
    assert [numbers(batch.measurements) for batch in batches(outbox)] == [[1, 3], [2]]


def test_a_receipt_and_nothing_else_takes_a_batch_away(outbox: Outbox) -> None:
    outbox.learn_offset(0)
    for at in (1, 2, 3):
        outbox.add([taken(at)])
        outbox.number("run-1", NOW)
    assert outbox.settle("another-run", [1, 2, 3]) == 0
    assert outbox.settle("run-1", [1, 3, 99]) == 2
    assert outbox.first(10) == [Waiting("run-1", 2)]
    assert outbox.payload(Waiting("run-1", 1)) is None
    assert outbox.settle("run-1", [2], refused=True) == 1
    assert outbox.totals().refused_batches == 1


def test_a_restart_in_the_same_boot_goes_on_with_its_clock_and_offset(tmp_path: Path) -> None:
    box = opened(tmp_path)
    box.learn_offset(777)
    box.add([taken(1)])
    box.close()
    again = Outbox(tmp_path / "outbox.db", "pc-1", OutboxSettings())
    assert again.open(dataclasses.replace(CLOCK, base_ms=5)) == CLOCK
    assert again.offset_ms == 777
    assert again.number("run-2", NOW) == [Waiting("run-2", 1)]
    assert batches(again)[0].clock_offset_ms == 777
    again.close()


def test_what_an_earlier_boot_left_behind_without_an_offset_is_numbered_as_uncertain(tmp_path: Path) -> None:
    box = opened(tmp_path)
    box.add([taken(1)])
    box.close()
    later = opened(tmp_path, LATER)
    later.add([taken(2)])
    assert later.number("run-2", NOW) == [Waiting("run-2", 1)]
    assert [batch.clock_offset_ms for batch in batches(later)] == [None]
    later.learn_offset(9)
    later.number("run-2", NOW)
    assert [(batch.sequence, batch.clock_offset_ms) for batch in batches(later)] == [(1, None), (2, 9)]
    later.close()


def test_an_earlier_boot_whose_offset_was_known_keeps_it(tmp_path: Path) -> None:
    box = opened(tmp_path)
    box.learn_offset(5)
    box.add([taken(1)])
    box.close()
    later = opened(tmp_path, LATER)
    later.number("run-2", NOW)
    assert [batch.clock_offset_ms for batch in batches(later)] == [5]
    later.close()


def test_sequence_numbers_never_come_twice_in_a_run(outbox: Outbox) -> None:
    outbox.learn_offset(0)
    for number in (1, 2, 3):
        outbox.add([taken(number)])
        assert outbox.number("run-1", NOW) == [Waiting("run-1", number)]
        outbox.settle("run-1", [number])


def test_a_backlog_is_numbered_in_bounded_rounds(outbox: Outbox) -> None:
    outbox.add([taken(at) for at in range(BATCH_MEASUREMENTS * (MOST_BATCHES + 1))])
    outbox.learn_offset(0)
    assert len(outbox.number("run-1", NOW)) == MOST_BATCHES
    assert len(outbox.number("run-1", NOW)) == 1
    assert sum(len(batch.measurements) for batch in batches(outbox)) == BATCH_MEASUREMENTS * (MOST_BATCHES + 1)


def test_a_full_outbox_lets_the_oldest_successes_go_first_and_counts_them(tmp_path: Path) -> None:
    box = opened(tmp_path, bounds=OutboxSettings(max_megabytes=1))
    box.learn_offset(0)
    for at in range(1, 41):
        noise = [dataclasses.replace(taken(at), target=os.urandom(100).hex()) for _ in range(BATCH_MEASUREMENTS)]
        box.add([*noise, dataclasses.replace(taken(at, Outcome.TIMEOUT), target="services/a")])
        box.number("run-1", NOW)
    kept = batches(box)
    entries = [entry for batch in kept for entry in batch.measurements]
    failures = numbers(entry for entry in entries if entry.outcome is Outcome.TIMEOUT)
    successes = numbers(entry for entry in entries if entry.outcome is Outcome.OK)
    assert failures == list(range(1, 41))
    assert set(successes) == set(range(min(successes), 41))
    assert box.totals().size <= 1_000_000
    assert box.totals().lost_measurements == 40 * BATCH_MEASUREMENTS - len(successes) > 0
    assert box.path.stat().st_size < 3_000_000
    box.close()


def test_what_waits_for_its_offset_is_bounded_too(tmp_path: Path) -> None:
    box = opened(tmp_path, bounds=OutboxSettings(max_megabytes=1))
    box.add([taken(at, Outcome.TIMEOUT if at < 100 else Outcome.OK) for at in range(10_000)])
    box.number("run-1", NOW)
    lost = box.totals().lost_measurements
    assert lost > 1_000
    box.learn_offset(0)
    while len(box.number("run-1", NOW)) == MOST_BATCHES:
        pass
    kept = {number for batch in batches(box) for number in numbers(batch.measurements)}
    assert kept == {*range(100), *range(100 + lost, 10_000)}
    box.close()


def test_age_is_judged_by_the_servers_time_only(tmp_path: Path) -> None:
    box = opened(tmp_path, bounds=OutboxSettings(max_days=10))
    box.learn_offset(0)
    box.add([taken(0)])
    box.number("run-1", NOW)
    box.close()
    ahead = opened(tmp_path, LATER, OutboxSettings(max_days=10))
    century = 100 * 365 * 86_400_000
    ahead.number("run-2", NOW + century)  # a clock that woke up in the next century, before it was compared
    assert ahead.totals().batches == 1
    ahead.learn_offset(-century)
    ahead.number("run-2", NOW + century)
    assert ahead.totals().batches == 1
    ahead.number("run-2", NOW + century + 11 * 86_400_000)
    assert (ahead.totals().batches, ahead.totals().lost_measurements) == (0, 1)
    ahead.close()


def test_a_broken_file_is_put_aside_and_a_new_one_begun(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    box = opened(tmp_path)
    box.learn_offset(0)
    box.add([taken(at) for at in range(2_000)])
    box.close()
    content = bytearray(box.path.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    box.path.write_bytes(content)
    again = opened(tmp_path)
    again.add([taken(1)])
    again.close()
    assert (tmp_path / "outbox.db.broken").read_bytes() == bytes(content)
    assert "is broken" in caplog.text


def test_a_second_agent_on_the_same_folder_is_told_so(outbox: Outbox) -> None:
    second = Outbox(outbox.path, "pc-1", OutboxSettings())
    with pytest.raises(OutboxUnavailable, match="in use by another agent"):
        second.open(CLOCK)


def test_a_folder_that_cannot_be_made_is_told_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxUnavailable, match="hint"):
        opened(tmp_path / "file")


_ADDING = """
import sys
from pathlib import Path
from agent.clock import BootClock
from agent.outbox import Outbox
from agent.settings import OutboxSettings
from contract.messages import Measurement, Outcome
box = Outbox(Path(sys.argv[1]), "pc-1", OutboxSettings())
box.open(BootClock("era", 0))
box.learn_offset(0)
for number in range(1, 10**6):
    box.add([Measurement("host", number, Outcome.OK)])
    if number % 7 == 0:
        box.number("run", number)
    print(number, flush=True)
"""


def test_what_was_added_survives_kill_minus_nine(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    with subprocess.Popen([sys.executable, "-c", _ADDING, str(path)], stdout=subprocess.PIPE, text=True) as adding:
        assert adding.stdout is not None
        while int(adding.stdout.readline()) < 200:
            pass
        adding.kill()
        told = [200, *map(int, adding.stdout.read().split())][-1]
    box = opened(tmp_path, BootClock("era", 0))
    while box.number("run-2", 0):
        pass
    kept = sorted(entry.taken_at for batch in batches(box) for entry in batch.measurements)
    assert kept in (list(range(1, told + 1)), list(range(1, told + 2)))
    box.close()


def fill_up(box: Outbox) -> None:
    for at in range(10**6):
        box.add([dataclasses.replace(taken(at), target=os.urandom(2_000).hex())] * 10)


def test_a_disk_that_fills_up_leaves_room_for_the_next_reports(tmp_path: Path) -> None:
    need_root("mounting a small disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)], check=True)
    try:
        box = opened(tmp_path)
        box.learn_offset(0)
        filler = fill(tmp_path)
        for at in range(1, 21):
            box.add([taken(at), taken(at, Outcome.TIMEOUT)])
            box.number("run", NOW)
        assert box.totals().batches == 40
        with pytest.raises(OutboxUnavailable, match="the disk of"):
            fill_up(box)
        filler.unlink()
        box.add([taken(99)])
        box.number("run", NOW)
        assert {number for batch in batches(box) for number in numbers(batch.measurements)} >= {*range(1, 21), 99}
        box.close()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_reader_of_the_file_sees_that_it_belongs_to_somebody(outbox: Outbox) -> None:
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(outbox.path, timeout=0).execute("SELECT * FROM batches")


class OutboxLife(RuleBasedStateMachine):
    """Adding, numbering, settling, restarts and new boots of the machine, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock, self.run, self.added = CLOCK, 1, 0
        self.settled: list[Measurement] = []
        self.box = opened(Path(self.folder.name))

    @rule(outcomes=st.lists(st.sampled_from(Outcome), min_size=1, max_size=5))
    def add(self, outcomes: list[Outcome]) -> None:
        self.box.add([taken(self.added + number, outcome) for number, outcome in enumerate(outcomes, 1)])
        self.added += len(outcomes)

    @rule()
    def number(self) -> None:
        self.box.number(f"run-{self.run}", NOW)

    @rule(offset=st.integers(-(10**12), 10**12))
    def learn(self, offset: int) -> None:
        self.box.learn_offset(offset % 1_000)

    @rule()
    def settle(self) -> None:
        for batch in self.box.first(1):
            payload = self.box.payload(batch)
            assert payload is not None
            self.settled += decode(payload, Batch).measurements
            assert self.box.settle(batch.boot, [batch.sequence]) == 1

    @rule(new_boot=st.booleans())
    def restart(self, new_boot: bool) -> None:
        self.box.close()
        self.run += 1
        if new_boot:
            self.clock = BootClock(f"boot-{self.run}", self.run)
        self.box = opened(Path(self.folder.name), self.clock)

    def teardown(self) -> None:
        """Each measurement is in exactly one batch."""
        self.box.learn_offset(0)
        while self.box.number(f"run-{self.run}", NOW):
            pass
        waiting = [entry for batch in batches(self.box) for entry in batch.measurements]
        assert sorted(numbers([*self.settled, *waiting])) == list(range(1, self.added + 1))
        self.box.close()
        self.folder.cleanup()


TestEachMeasurementIsInExactlyOneBatch = OutboxLife.TestCase
TestEachMeasurementIsInExactlyOneBatch.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_opening_a_large_outbox_is_quick_enough_for_an_old_pc(tmp_path: Path) -> None:
    box = opened(tmp_path)
    box.learn_offset(0)
    for _ in range(40):
        box.add([dataclasses.replace(taken(at), target=os.urandom(8).hex()) for at in range(BATCH_MEASUREMENTS)])
        box.number("run", NOW)
    box.close()
    began = time.process_time()
    opened(tmp_path).close()
    assert time.process_time() - began < 2
