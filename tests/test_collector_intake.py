"""From messages to committed rows, acknowledgements and receipts, over the real stores."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from collector.intake import Intake
from collector.present import Present
from collector.store.protocol import SeriesStore, StoredMeasurement, StoreUnavailable
from collector.store.state import State
from collector.store.state_protocol import Presence
from collector.subscribe import Received
from contract.messages import Batch, EquipmentReport, Measurement, Outcome, Receipt, Status, decode, encode
from contract.messages import State as Said
from inventory.schools import Schools
from tests.stores import ENGINES, opened

NOW = 1_800_000_000_000
TOPIC = "sonca/v1/hoa-mai/pc-1"
BATCH = Batch("pc-1", "boot-1", 1, (Measurement("host", NOW - 1_000, Outcome.OK, "", 1.0, {"cpu_percent": 5.0}),), 0)


class NotedLine:
    """Notes what would have been sent, in order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.receipts: list[Receipt] = []

    def acknowledge(self, messages: Sequence[Received]) -> None:
        self.log.append(f"acknowledged {len(messages)}")

    def publish(self, topic: str, payload: bytes, *, quality_of_service: int = 1, retain: bool = False) -> None:
        assert not retain
        assert quality_of_service == 0
        self.log.append(topic)
        self.receipts.append(decode(payload, Receipt))


class FragileStore:
    """Any store, which can be taken away."""

    away = False

    def __init__(self, store: SeriesStore) -> None:
        self._store = store

    def write(self, measurements: Sequence[StoredMeasurement]) -> None:
        if self.away:
            raise StoreUnavailable("taken away by the test")
        self._store.write(measurements)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@dataclasses.dataclass
class Bench:
    intake: Intake
    line: NotedLine
    store: FragileStore
    state: State
    present: Present
    noted: list[str]

    def settle(self, *messages: tuple[str, bytes], retained: bool = False, now: int = NOW) -> None:
        received = [Received(topic, payload, retained, 1, 1) for topic, payload in messages]
        self.intake.settle(received, now)


@pytest.fixture(params=ENGINES)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    state = State(f"sqlite:///{tmp_path}/state.db").open()
    line, schools = NotedLine(), Schools([])
    present = Present(state, listening_since=NOW)
    with opened(request.param, tmp_path, lambda: request.getfixturevalue("influxd")) as series:
        store = FragileStore(series)
        noted: list[str] = []
        intake = Intake(store, state, line, schools, present, noted.append)
        yield Bench(intake, line, store, state, present, noted)
    state.close()


def test_it_acknowledges_after_the_commit_and_names_the_batches_in_one_receipt(bench: Bench) -> None:
    second = dataclasses.replace(BATCH, sequence=2)
    bench.settle((f"{TOPIC}/measurements", encode(BATCH)), (f"{TOPIC}/measurements", encode(second)))
    assert bench.line.log == ["acknowledged 2", f"{TOPIC}/receipts"]
    assert bench.line.receipts == [Receipt("boot-1", NOW, (1, 2))]
    assert len(bench.store.latest("hoa-mai")) == 1


def test_a_store_out_of_reach_acknowledges_nothing_and_the_same_messages_settle_later(bench: Bench) -> None:
    message = (f"{TOPIC}/measurements", encode(BATCH))
    bench.store.away = True
    with pytest.raises(StoreUnavailable):
        bench.settle(message)
    assert bench.line.log == []
    bench.store.away = False
    bench.settle(message)
    bench.settle(message)
    assert bench.line.receipts[0].sequences == (1,)
    assert len(bench.store.latest("hoa-mai")) == 1
    assert bench.intake.counters.gaps == 0


def test_a_birth_is_answered_with_the_servers_time(bench: Bench) -> None:
    bench.settle((f"{TOPIC}/status", encode(Status("pc-1", "boot-1", Said.ONLINE, sent_at=77))))
    assert bench.line.receipts == [Receipt("boot-1", NOW, birth_sent_at=77)]
    agent = bench.present.agent("hoa-mai", "pc-1")
    assert agent is not None
    assert agent.presence is Presence.ONLINE


def test_a_replayed_status_is_not_answered(bench: Bench) -> None:
    bench.settle((f"{TOPIC}/status", encode(Status("pc-1", "boot-1", Said.ONLINE, sent_at=77))), retained=True)
    assert bench.line.receipts == []


def test_history_completes_the_store_and_moves_nothing_in_the_present(bench: Bench) -> None:
    bench.settle((f"{TOPIC}/status", encode(Status("pc-1", "boot-1", Said.LOST))))
    old = dataclasses.replace(BATCH, measurements=(dataclasses.replace(BATCH.measurements[0], taken_at=NOW - 10**7),))
    bench.settle((f"{TOPIC}/measurements", encode(old, compress=True)))
    agent = bench.present.agent("hoa-mai", "pc-1")
    assert agent is not None
    assert agent.presence is Presence.LOST
    assert [entry.taken_at for entry in bench.store.latest("hoa-mai")] == [NOW - 10**7]


def test_what_is_refused_is_counted_kept_and_acknowledged(bench: Bench) -> None:
    bench.settle(("sonca/v1/nonsense", b"{}"), (f"{TOPIC}/measurements", b"{}"), (f"{TOPIC}/status", b"\xff"))
    assert bench.state.refused_counts() == {"bad_topic": 1, "wrong_shape": 1, "not_json": 1}
    assert bench.line.log == ["acknowledged 3"]
    assert bench.intake.counters.refused_payloads == 3


def test_equipment_is_kept_when_it_differs(bench: Bench) -> None:
    report = EquipmentReport("pc-1", "pc-1", NOW, "computer", {"bios": {"ssn": "A"}})
    bench.settle((f"{TOPIC}/equipment/pc-1", encode(report)), (f"{TOPIC}/equipment/pc-2", encode(report)))
    bench.settle((f"{TOPIC}/equipment/pc-1", encode(dataclasses.replace(report, taken_at=NOW + 1))))
    assert bench.state.equipment("hoa-mai", "pc-1") == report
    assert bench.noted == ["hoa-mai"]
    assert bench.state.refused_counts() == {"not_its_device": 1}


def test_equipment_is_dated_by_the_servers_clock(bench: Bench) -> None:
    of_2015 = EquipmentReport("pc-1", "pc-1", 1_420_000_000_000, "computer", {"bios": {"ssn": "A"}})
    bench.settle((f"{TOPIC}/equipment/pc-1", encode(of_2015)))
    assert [report.taken_at for report in bench.state.equipment_history("hoa-mai")] == [NOW]


def test_skipped_batch_numbers_are_a_gap_until_they_come(bench: Bench) -> None:
    for sequence, gaps in ((1, 0), (4, 2), (3, 1), (2, 0)):
        bench.settle((f"{TOPIC}/measurements", encode(dataclasses.replace(BATCH, sequence=sequence))))
        assert bench.intake.counters.gaps == gaps


def test_two_machines_of_one_name_are_told(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for boot in ("boot-1", "boot-2", "boot-1"):
        bench.settle((f"{TOPIC}/status", encode(Status("pc-1", boot, Said.ONLINE))))
    assert "two machines take turns as hoa-mai/pc-1" in caplog.text


def test_a_restarted_collector_goes_on_from_what_was_stored(bench: Bench) -> None:
    bench.settle((f"{TOPIC}/status", encode(Status("pc-1", "boot-1", Said.ONLINE))))
    bench.present.save()
    version = bench.state.version()
    later = Present(bench.state, listening_since=NOW + 10**7)
    later.load()
    later.listen(NOW + 10**7)
    later.save()
    assert [agent.presence for agent in later.all()] == [Presence.ONLINE]
    assert bench.state.version() == version


def test_a_farewell_is_on_disk_before_it_is_acknowledged(bench: Bench) -> None:
    bench.settle((f"{TOPIC}/status", encode(Status("pc-1", "boot-1", Said.OFFLINE))))
    later = Present(bench.state, listening_since=NOW)
    later.load()
    assert [agent.presence for agent in later.all()] == [Presence.OFFLINE]
