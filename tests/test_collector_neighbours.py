"""Who was seen on the network: kept apart from the series, reported once when nobody knows it, forgotten in time."""

import dataclasses
import itertools
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.accept import accept_batch
from collector.intake import Intake
from collector.neighbours import GRACE_MS, Strangers, apart
from collector.present import Present
from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_neighbours import Neighbour, together
from collector.subscribe import Received
from contract.messages import Batch, EquipmentReport, Measurement, Outcome, encode
from contract.topics import parse
from inventory.known_devices import KnownDevices, macs_of
from inventory.school import Device, Room, School
from inventory.schools import Schools
from tests.test_collector_intake import NotedLine

NOW = 1_800_000_000_000
SITE, AGENT, TOPIC = "hoa-mai", "pc-1", "sonca/v1/hoa-mai/pc-1/measurements"
TV, PRINTER, PHONE, LAPTOP = "00:1b:a9:00:00:40", "00:1f:a4:00:00:60", "da:a1:19:00:00:30", "b8:27:eb:00:00:02"
SEEN = Neighbour(SITE, TV, AGENT, NOW, NOW, "10.77.1.40", "Sony")
SCHOOL_FILE = """\
site: hoa-mai
name: Hoa Mai
rooms: [{id: lop-1, devices: [{id: pc-1}, {id: tivi-1, kind: tv, macs: ["00-1B-A9-00-00-40"]}]}]
"""


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = State(f"sqlite:///{tmp_path}/state.db").open()
    yield opened
    opened.close()


def batch(*targets: str, probe: str = "neighbour", offset: int | None = 0, **fields: str) -> bytes:
    entries = tuple(Measurement(probe, NOW, Outcome.OK, target, fields=dict(fields)) for target in targets)
    return encode(Batch(AGENT, "boot-1", 1, entries, offset))


def test_a_neighbour_goes_to_the_state_and_never_to_the_series(state: State, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "series.db").open()
    intake = Intake(store, state, NotedLine(), Schools([]), Present(state, NOW), lambda _site: None)
    payload = batch(TV, address="10.77.1.40", vendor="Sony")
    for _ in range(2):  # what comes twice is there once
        intake.settle([Received(TOPIC, payload, False, 1, 1)], NOW)
    intake.settle([Received(TOPIC, batch("", probe="host"), False, 1, 1)], NOW)
    store.close()
    assert state.neighbours(SITE) == [SEEN]
    with sqlite3.connect(tmp_path / "series.db") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert TV not in dump
    assert "'host'" in dump


def stored(mac: str, *, uncertain: bool = False, **fields: str) -> StoredMeasurement:
    return StoredMeasurement(SITE, AGENT, "neighbour", mac, NOW, Outcome.OK, 1.0, fields, uncertain=uncertain)


def test_a_telephone_is_not_kept_whatever_an_agent_sends() -> None:
    assert apart([stored(PHONE), stored(TV, uncertain=True)]) == ([], [])
    assert [entry.known_as for entry in apart([stored(PHONE, known_as="listed")])[1]] == ["listed"]


@pytest.mark.parametrize("target", ["", "pc-9", TV.upper(), TV.replace(":", "-"), f"{TV}:00"])
def test_a_neighbour_without_a_hardware_address_is_refused(target: str) -> None:
    accepted = accept_batch(parse(TOPIC), batch(target), NOW, lambda _agent, _device: False)
    assert [entry.reason for entry in accepted.refused] == ["bad_target"]


def test_the_state_gives_back_who_was_seen(state: State) -> None:
    later = dataclasses.replace(SEEN, agent="pc-2", first_seen=NOW + 9, last_seen=NOW + 9, address="10.77.1.41")
    elsewhere = dataclasses.replace(SEEN, site="other")
    version = state.version()
    state.put_neighbours([SEEN, elsewhere])
    new = state.version()
    state.put_neighbours([dataclasses.replace(SEEN, first_seen=NOW + 5, last_seen=NOW + 5)])
    again = state.version()
    state.put_neighbours([later])
    assert state.neighbours(SITE) == [dataclasses.replace(later, first_seen=NOW)]
    assert state.neighbours("other") == [elsewhere]
    assert version < new == again < state.version(), "that somebody is still there changes no page"
    assert state.forget_neighbours(NOW + 9) == 1
    assert [entry.site for entry in state.neighbours(SITE) + state.neighbours("other")] == [SITE]


def sighting(at: int) -> Neighbour:
    return dataclasses.replace(SEEN, first_seen=NOW + at, last_seen=NOW + at, address=f"10.0.0.{at % 3}")


sightings = st.integers(0, DAY_MS).map(sighting)


@given(st.lists(sightings, min_size=1, max_size=4, unique_by=lambda entry: entry.last_seen))
def test_the_order_in_which_sightings_come_does_not_matter(seen: list[Neighbour]) -> None:
    results = set()
    for order in itertools.permutations(seen):
        known = None
        for entry in [*order, order[0]]:
            known = together(known, entry)
        results.add(known)
    [result] = results
    assert result is not None
    newest = max(seen, key=lambda entry: entry.last_seen)
    assert (result.first_seen, result.last_seen) == (min(entry.first_seen for entry in seen), newest.last_seen)
    assert result.address == newest.address


def test_a_device_is_known_by_the_register_its_equipment_or_its_sentinel() -> None:
    school = School(SITE, "Hoa Mai", (Room("lop-1", devices=(Device("tivi-1", macs=(TV.upper(),)),)),))
    content: dict[str, object] = {
        "networks": [{"mac": LAPTOP}, {"description": "tun0"}],
        "network_ports": [{"connections": [{"mac": PHONE}]}],
    }
    switch: dict[str, object] = {"network_device": {"mac": PRINTER.upper()}, "network_ports": "none"}
    known = KnownDevices(school, [report("pc-2", content), report("switch-1", switch)])
    behind = [known.behind(mac) for mac in (TV, LAPTOP, PRINTER, PHONE)]
    assert behind == ["tivi-1", "pc-2", "switch-1", None], "what hangs on a port is not the switch"
    assert known.behind(PHONE, "gateway") == "gateway"
    assert known.behind(TV, "gateway") == "tivi-1"


scalars = st.none() | st.integers() | st.sampled_from(["", "none", TV[:-1], TV, TV.upper()])
sections = scalars | st.dictionaries(st.sampled_from(["mac", "name"]), scalars)
contents = st.dictionaries(
    st.sampled_from(["networks", "network_device", "network_ports"]), sections | st.lists(sections, max_size=3)
)


@given(contents)
def test_any_equipment_can_be_asked_for_its_addresses(content: dict[str, object]) -> None:
    assert set(macs_of(content)) <= {TV}


def report(device: str, content: dict[str, object]) -> EquipmentReport:
    return EquipmentReport(AGENT, device, NOW, "computer", content)


def test_only_the_newest_equipment_of_each_device_counts(state: State) -> None:
    for mac in (PHONE, LAPTOP):
        state.put_equipment(SITE, report("pc-2", {"networks": [{"mac": mac}]}))
    state.put_equipment(SITE, report("pc-1", {}))
    state.put_equipment("other", report("pc-9", {}))
    found = state.all_equipment(SITE)
    assert [(entry.device, list(macs_of(entry.content))) for entry in found] == [("pc-1", []), ("pc-2", [LAPTOP])]


def test_a_stranger_is_reported_once_and_again_after_it_was_forgotten(
    state: State, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "school.yaml").write_text(SCHOOL_FILE)
    schools = Schools([tmp_path / "school.yaml"])
    schools.load()
    strangers = Strangers(state, schools)
    printer = dataclasses.replace(SEEN, mac=PRINTER, address="10.77.1.60", vendor="")
    caplog.set_level(logging.WARNING)

    def said(at: int) -> list[str]:
        caplog.clear()
        strangers.look(at)
        return caplog.messages

    sentence = "hoa-mai: a device that nobody knows is on the network at 10.77.1.60 (of an unknown maker)"
    state.put_neighbours([SEEN, printer])
    assert said(NOW + GRACE_MS - 1) == [], "the report of a new PC may still come"
    assert said(NOW + GRACE_MS) == [sentence], "the TV is registered"
    state.put_neighbours([dataclasses.replace(printer, last_seen=NOW + DAY_MS)])
    assert said(NOW + DAY_MS) == []
    strangers.forget(NOW + 32 * DAY_MS, days=30)
    assert state.neighbours(SITE) == []
    state.put_neighbours([printer])
    assert said(NOW + GRACE_MS) == [sentence]


def test_two_collectors_report_a_stranger_once(state: State) -> None:
    state.put_neighbours([SEEN])
    assert state.report_neighbours(SITE, [TV, PRINTER]) == {TV}
    assert state.report_neighbours(SITE, [TV]) == set()
    assert [entry.reported for entry in state.neighbours(SITE)] == [True]
