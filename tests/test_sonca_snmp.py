"""From devices that speak SNMP to the store: recordings, agent, broker and collector, each of the last three real."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.polled import PROBES_OF, PolledDevice
from collector.run import run
from collector.settings import CollectorSettings
from collector.store.protocol import StoredMeasurement
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from contract.messages import Outcome
from tests.brokers import RunningBroker, running_broker
from tests.dns_server import free_port
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.snmp_peers import recorded, running_snmpsim, snmp_2c
from tests.tree import ROOT
from tests.waiting import wait_until

SWITCH = "dlink-des3038"
PRINTER = "written-from-facts-printer-some-remaining"
SCHOOL = f"""
site: {SITE}
name: Hoa Mai
rooms:
  - id: lop-1
    devices:
      - id: {AGENT}
      - {{id: switch-1, kind: switch, reported_by: [{AGENT}]}}
      - {{id: printer-1, kind: printer, reported_by: [{AGENT}]}}
      - {{id: ups-1, kind: ups, reported_by: [{AGENT}]}}
      - {{id: foreign-1, kind: switch}}
"""


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.work.FIRST_REPORT_SECONDS", 0.5)
    monkeypatch.setattr("agent.greeting.FIRST_WAIT_SECONDS", 0.5)
    monkeypatch.setattr("agent.schedule.FIRST_SPREAD_SECONDS", 0.2)


@contextmanager
def running_school(folder: Path) -> Iterator[RunningBroker]:
    """A broker and a collector that keeps its databases in `folder`."""
    school = folder / "school.yaml"
    school.write_text(SCHOOL, encoding="utf-8")
    stop = threading.Event()
    with running_broker("mosquitto", folder, "collector", f"{SITE}.{AGENT}") as broker:
        settings = CollectorSettings(
            broker.connection("collector"), folder, (school,), StoreSettings(), f"sqlite:///{folder}/state.db"
        )
        thread = threading.Thread(target=run, args=(settings, stop))
        thread.start()
        try:
            yield broker
        finally:
            stop.set()
            thread.join(10)


@contextmanager
def running_sentinel(folder: Path, broker: RunningBroker, *devices: PolledDevice) -> Iterator[None]:
    settings = agent_settings(folder, broker)
    every = {**settings.interval_seconds, **dict.fromkeys(PROBES_OF["snmp"], 3_600.0), "interface": 1.0}
    sentinel = dataclasses.replace(settings, devices=devices, interval_seconds=every)
    with RunningAgent(sentinel):
        yield


def test_polled_devices_are_stored_under_their_own_names(tmp_path: Path) -> None:
    recordings = recorded(f"network/switch/{SWITCH}"), ROOT / "tests" / "recorded" / f"{PRINTER}.snmprec"
    with running_snmpsim(tmp_path, *recordings) as port, running_school(tmp_path) as broker:
        store = SqliteStore(tmp_path / "series.db").open()
        state = State(f"sqlite:///{tmp_path}/state.db").open()
        devices = [
            PolledDevice("switch-1", "127.0.0.1", snmp=snmp_2c(tmp_path, port, SWITCH)),
            PolledDevice("printer-1", "localhost", snmp=snmp_2c(tmp_path, port, PRINTER)),
            PolledDevice("ups-1", "127.0.0.1", snmp=snmp_2c(tmp_path, free_port(), "nobody")),
            PolledDevice("foreign-1", "127.0.0.1", snmp=snmp_2c(tmp_path, free_port(), SWITCH)),
        ]

        def latest() -> dict[tuple[str, str, str], StoredMeasurement]:
            return {(entry.device, entry.probe, entry.target): entry for entry in store.latest(SITE)}

        def rated() -> bool:
            port_1 = latest().get(("switch-1", "interface", "1-25"))
            return port_1 is not None and "receive_bits_per_second" in port_1.fields

        try:
            with running_sentinel(tmp_path, broker, *devices):
                wait_until(rated, 30.0)
                wait_until(lambda: ("printer-1", "supply", "black-toner") in latest())
                wait_until(lambda: ("ups-1", "ups", "") in latest())
                wait_until(lambda: any(entry.reason == "not_its_device" for entry in state.refused()))
            found, refused = latest(), state.refused()
        finally:
            store.close()
            state.close()
    assert found["switch-1", "interface", "1-25"].fields["link_speed_mbps"] == 1000
    assert found["printer-1", "supply", "black-toner"].fields["level"] == "some_remaining"
    assert found["printer-1", "printer", ""].fields["pages"] == 18_234
    assert found["ups-1", "ups", ""].outcome is Outcome.REFUSED
    assert found["switch-1", "ups", ""].outcome is Outcome.UNSUPPORTED
    assert not [device for device, _, _ in found if device == "foreign-1"]
    assert {entry.reason for entry in refused} == {"not_its_device"}
