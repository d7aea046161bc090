"""The collector as a process part: a real broker, the real stores, an agent of a few lines."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from broker_config.programs import KINDS, Kind
from collector.run import run
from collector.settings import CollectorSettings
from collector.store.open import open_store
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from contract.messages import Batch, Measurement, Outcome, Status, encode
from contract.messages import State as Said
from inventory.register import Register
from tests.brokers import RunningBroker, running_broker
from tests.cuttable import CuttableLine
from tests.equipment_reports import pc_report
from tests.influxd import Influxd
from tests.registered import PC, saved
from tests.speaking_agent import SpeakingAgent
from tests.waiting import PATIENCE_SECONDS, now_ms, wait_until

SCHOOL = """
site: hoa-mai
name: Trường Mầm non Hoa Mai
rooms:
  - {id: lop-1, name: Lớp Chồi 1, devices: [{id: pc-1}]}
"""


@dataclass
class Running:
    settings: CollectorSettings
    broker: RunningBroker
    stop: threading.Event
    thread: threading.Thread

    def restart(self) -> None:
        self.end()
        self.stop.clear()
        self.thread = threading.Thread(target=run, args=(self.settings, self.stop))
        self.thread.start()

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive()


@contextmanager
def running_collector(folder: Path, store: StoreSettings, kind: Kind = "mosquitto") -> Iterator[Running]:
    (folder / "school.yaml").write_text(SCHOOL, encoding="utf-8")
    with running_broker(kind, folder, "collector", "hoa-mai.pc-1") as broker:
        settings = CollectorSettings(
            broker.connection("collector"),
            folder,
            (folder / "school.yaml",),
            store,
            f"sqlite:///{folder}/state.db",
        )
        stop = threading.Event()
        running = Running(settings, broker, stop, threading.Thread(target=run, args=(settings, stop)))
        running.thread.start()
        try:
            yield running
        finally:
            running.end()


@pytest.fixture(params=KINDS)
def collector(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    with running_collector(tmp_path, StoreSettings(), request.param) as running:
        yield running


@pytest.fixture
def agent(collector: Running) -> Iterator[SpeakingAgent]:
    with speaking_to(collector) as speaking:
        yield speaking


@contextmanager
def speaking_to(collector: Running) -> Iterator[SpeakingAgent]:
    broker = collector.broker
    password = broker.password("hoa-mai.pc-1")
    with SpeakingAgent(broker.port, "hoa-mai", "pc-1", password, broker.mqtt_version) as speaking:
        speaking.greet()
        yield speaking


def batch(sequence: int, at: int) -> Batch:
    return Batch("pc-1", "boot-1", sequence, (Measurement("host", at, Outcome.OK, "", 1.0, {"cpu_percent": 5.0}),), 0)


def test_a_measurement_gets_its_receipt_the_room_is_judged_and_the_pc_is_linked_with_its_asset(
    collector: Running, agent: SpeakingAgent
) -> None:
    at = now_ms()
    register = saved(Register(collector.settings.state_url).open())
    agent.say("equipment/pc-1", encode(pc_report("pc-1", at, serial=PC.serial)))
    agent.say("status", encode(Status("pc-1", "boot-1", Said.ONLINE, sent_at=at)))
    agent.say("measurements", encode(batch(1, at)))
    wait_until(lambda: any(receipt.sequences == (1,) for receipt in agent.receipts))
    assert any(receipt.birth_sent_at == at for receipt in agent.receipts)
    store = SqliteStore(collector.settings.data / "series.db", read_only=True).open()
    state = State(collector.settings.state_url).open()
    try:
        assert [entry.taken_at for entry in store.latest("hoa-mai")] == [at]
        wait_until(lambda: [room.reason.value for room in state.rooms("hoa-mai")] == ["not_tried"])
        wait_until(lambda: [link.tag for link in register.links.of("hoa-mai").values()] == [PC.tag])
        wait_until(lambda: [entry.presence.value for entry in state.agents("hoa-mai")] == ["online"])
        wait_until(lambda: bool(agent.settings))
        assert {target.group for target in agent.settings[0].targets or ()} == {"gateway", "internet", "dns"}
    finally:
        store.close()
        state.close()
        register.close()


def test_what_came_while_the_collector_was_away_is_kept_by_the_broker(collector: Running, agent: SpeakingAgent) -> None:
    agent.say("measurements", encode(batch(1, now_ms())))
    wait_until(lambda: any(receipt.sequences for receipt in agent.receipts))
    collector.end()
    for sequence in (2, 3, 4):
        agent.say("measurements", encode(batch(sequence, now_ms())))
    collector.restart()
    wait_until(lambda: {n for receipt in agent.receipts for n in receipt.sequences} == {1, 2, 3, 4})


def test_it_comes_back_by_itself_when_the_broker_does(collector: Running, agent: SpeakingAgent) -> None:
    agent.say("measurements", encode(batch(1, now_ms())))
    wait_until(lambda: any(receipt.sequences for receipt in agent.receipts))
    collector.broker.kill()
    collector.broker.start()
    wait_until(agent.is_connected)
    again = encode(batch(2, now_ms()))

    def is_stored() -> bool:
        # As a real agent does: a mosquitto that was killed may have forgotten the collector, and it acknowledges and
        # drops what comes before the collector is back.
        agent.say("measurements", again)
        return any(2 in receipt.sequences for receipt in agent.receipts)

    wait_until(is_stored, every=0.3)


def test_a_wrong_password_is_said_once_with_a_hint(collector: Running, caplog: pytest.LogCaptureFixture) -> None:
    collector.end()
    collector.broker.accounts.password_file("collector").write_text("wrong")
    collector.restart()
    broker = collector.broker
    attempt = "New connection from" if broker.kind == "mosquitto" else "unable to connect: authentication error"
    before = broker.log.count(attempt)
    wait_until(lambda: broker.log.count(attempt) >= before + 2)
    warnings = [record.message for record in caplog.records if record.name == "collector.subscribe"]
    assert warnings[-1].startswith(
        "the broker refused the collector: Not authorized (hint: check the user name and the"
    )
    assert len([warning for warning in warnings if "refused" in warning or "broke:" in warning]) == 1


def test_an_influxdb_that_goes_away_acknowledges_nothing_and_gets_everything_when_it_is_back(
    tmp_path: Path, influxd: Influxd, caplog: pytest.LogCaptureFixture
) -> None:
    with CuttableLine(influxd.port) as line:
        influx = replace(influxd.settings(tmp_path), url=f"http://127.0.0.1:{line.port}")
        store = StoreSettings("influx", influx=influx)
        with running_collector(tmp_path, store) as running:
            with speaking_to(running) as agent:
                line.cut()
                at = now_ms()
                for sequence in (1, 2, 3):
                    agent.say("measurements", encode(batch(sequence, at + sequence)))
                wait_until(lambda: "nothing is acknowledged until it is back" in caplog.text)
                assert not any(receipt.sequences for receipt in agent.receipts)
                line.mend()
                wait_until(lambda: {n for receipt in agent.receipts for n in receipt.sequences} == {1, 2, 3})
            reader = open_store(store, tmp_path, read_only=True)
            assert reader.reach("hoa-mai", at, at + 10)[0].measured == 3
            reader.close()


def test_what_influxdb_will_never_take_is_kept_for_a_person_and_settled(tmp_path: Path, influxd: Influxd) -> None:
    influx = influxd.settings(tmp_path)
    influxd.ask(f'CREATE DATABASE "{influx.database}"')  # the collector may answer an agent before it makes it
    with running_collector(tmp_path, StoreSettings("influx", influx=influx)) as running:
        state = State(running.settings.state_url).open()
        with speaking_to(running) as agent:
            wait_until(lambda: bool(influxd.ask('SELECT * FROM "collector"', influx.database)))
            influxd.ask('SELECT "outcome" AS "cpu_percent" INTO "host" FROM "collector"', influx.database)
            agent.say("measurements", encode(batch(1, now_ms())))
            wait_until(lambda: any(receipt.sequences == (1,) for receipt in agent.receipts))
        [entry] = state.refused()
        assert (entry.reason, state.refused_counts()) == ("store_refused", {"store_refused": 1})
        assert entry.payload.startswith(b"host,device=pc-1,site=hoa-mai ok=1i")
        state.close()
