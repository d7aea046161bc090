"""From devices that speak SNMP to the store: recordings, agent, broker and collector, each of the last three real."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.polled import PROBES_OF, PolledDevice
from collector.store.protocol import StoredMeasurement
from contract.messages import Outcome
from tests.brokers import RunningBroker
from tests.polling_school import hurry, opened, polling_school
from tests.ports import free_port
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.snmp_peers import recorded, running_snmpsim, snmp_2c
from tests.tree import ROOT
from tests.waiting import wait_until

SWITCH = "dlink-des3038"
PRINTER = "written-from-facts-printer-some-remaining"
DEVICES = ", ".join(
    (
        f"[{{id: {AGENT}}}",
        f"{{id: switch-1, kind: switch, reported_by: [{AGENT}]}}",
        f"{{id: printer-1, kind: printer, reported_by: [{AGENT}]}}",
        f"{{id: ups-1, kind: ups, reported_by: [{AGENT}]}}",
        "{id: foreign-1, kind: switch}]",
    )
)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@contextmanager
def running_sentinel(folder: Path, broker: RunningBroker, *devices: PolledDevice) -> Iterator[None]:
    settings = agent_settings(folder, broker)
    every = {**settings.interval_seconds, **dict.fromkeys(PROBES_OF["snmp"], 10.0), "interface": 1.0}
    within = dict.fromkeys(PROBES_OF["snmp"], 60.0)
    sentinel = dataclasses.replace(settings, devices=devices, interval_seconds=every, deadline_seconds=within)
    with RunningAgent(sentinel):
        yield


def test_polled_devices_are_stored_under_their_own_names(tmp_path: Path) -> None:
    recordings = recorded(f"network/switch/{SWITCH}"), ROOT / "tests" / "recorded" / f"{PRINTER}.snmprec"
    with running_snmpsim(tmp_path, *recordings) as port, polling_school(tmp_path, DEVICES) as broker:
        devices = [
            PolledDevice("switch-1", "127.0.0.1", snmp=snmp_2c(tmp_path, port, SWITCH)),
            PolledDevice("printer-1", "localhost", snmp=snmp_2c(tmp_path, port, PRINTER)),
            PolledDevice("ups-1", "127.0.0.1", snmp=snmp_2c(tmp_path, free_port(), "nobody")),
            PolledDevice("foreign-1", "127.0.0.1", snmp=snmp_2c(tmp_path, free_port(), SWITCH)),
        ]

        def latest() -> dict[tuple[str, str, str], StoredMeasurement]:
            return {(entry.device, entry.probe, entry.target): entry for entry in store.latest(SITE)}

        def outcome_of(device: str, probe: str) -> Outcome | None:
            entry = latest().get((device, probe, ""))
            return None if entry is None else entry.outcome

        def rated() -> bool:
            port_1 = latest().get(("switch-1", "interface", "1-25"))
            return port_1 is not None and "receive_bits_per_second" in port_1.fields

        with opened(tmp_path) as (store, state), running_sentinel(tmp_path, broker, *devices):
            wait_until(rated)
            wait_until(lambda: ("printer-1", "supply", "black-toner") in latest())
            wait_until(lambda: outcome_of("printer-1", "printer") is Outcome.OK)
            wait_until(lambda: outcome_of("ups-1", "ups") is Outcome.REFUSED)
            wait_until(lambda: outcome_of("switch-1", "ups") is Outcome.UNSUPPORTED)
            wait_until(lambda: any(entry.reason == "not_its_device" for entry in state.refused()))
            found, refused = latest(), state.refused()
    assert found["switch-1", "interface", "1-25"].fields["link_speed_mbps"] == 1000
    assert found["printer-1", "supply", "black-toner"].fields["level"] == "some_remaining"
    assert found["printer-1", "printer", ""].fields["pages"] == 18_234
    assert not [device for device, _, _ in found if device == "foreign-1"]
    assert {entry.reason for entry in refused} == {"not_its_device"}
