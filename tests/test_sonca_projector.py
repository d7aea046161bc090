"""From a projector's own socket to the store: emulator, agent, broker and collector, each of them real."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from agent.polled import PjlinkSettings, PolledDevice
from agent.probes.registry import PROBES
from agent.run_probe import Job, run_probe
from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from contract.messages import Measurement, Outcome, Target
from inventory.lamps import lamp_end_date
from tests.pjlink_projector import CLASS_2, RunningProjector
from tests.polling_school import hurry, opened, polling_school
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.waiting import wait_until

ALLOWED = f"[{{id: {AGENT}}}, {{id: projector-1, kind: projector, reported_by: [{AGENT}]}}]"
NOT_ALLOWED = f"[{{id: {AGENT}}}, {{id: projector-1, kind: projector}}]"


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    monkeypatch.setattr("agent.probes.pjlink_projector._PROJECTORS", {})


@contextmanager
def polled_projector(folder: Path, devices: str) -> Iterator[tuple[RunningProjector, SqliteStore, State]]:
    """A projector that a sentinel of that school asks every second, and the stores of the school."""
    with RunningProjector(CLASS_2) as projector, polling_school(folder, devices) as broker:
        settings = agent_settings(folder, broker)
        device = PolledDevice("projector-1", "127.0.0.1", PjlinkSettings(projector.port))
        every_second = {**settings.interval_seconds, "projector": 1.0}
        sentinel = dataclasses.replace(settings, devices=(device,), interval_seconds=every_second)
        with RunningAgent(sentinel), opened(folder) as (store, state):
            yield projector, store, state


def of_the_projector(store: SqliteStore) -> dict[tuple[str, str], StoredMeasurement]:
    return {(entry.probe, entry.target): entry for entry in store.latest(SITE) if entry.device == "projector-1"}


def test_a_projector_is_stored_under_its_own_name(tmp_path: Path) -> None:
    with polled_projector(tmp_path, ALLOWED) as (projector, store, state):
        wait_until(lambda: [entry.outcome for entry in of_the_projector(store).values()] == [Outcome.OK] * 2)
        found = of_the_projector(store)
        wait_until(lambda: state.equipment(SITE, "projector-1") is not None)
        report = state.equipment(SITE, "projector-1")
    lamp, itself = found["lamp", "lamp-1"], found["projector", ""]
    assert (itself.outcome, itself.fields["power"], itself.fields["filter_hours"]) == (Outcome.OK, "on", 321)
    assert (lamp.outcome, lamp.fields) == (Outcome.OK, {"hours": 1234, "lit": True})
    assert report is not None
    assert (report.kind, report.content["bios"]["ssn"]) == ("projector", "X4GH5901234")
    assert projector.together == 1


def test_a_projector_that_the_school_does_not_let_the_agent_speak_for_is_refused(tmp_path: Path) -> None:
    with polled_projector(tmp_path, NOT_ALLOWED) as (_, store, state):
        wait_until(lambda: any(entry.device == AGENT for entry in store.latest(SITE)))
        wait_until(lambda: len([entry for entry in state.refused() if entry.reason == "not_its_device"]) >= 3)
        assert of_the_projector(store) == {}
        assert state.equipment(SITE, "projector-1") is None


def test_the_hours_that_a_projector_tells_foretell_the_end_of_its_lamp(tmp_path: Path) -> None:
    """Five hours a day for 40 days, asked once a day: 1,000 hours are left at 2,000."""
    now, days = 1_800_230_400_000, 40
    with RunningProjector(CLASS_2) as projector, opened(tmp_path) as (store, _):
        device = PolledDevice("projector-1", "127.0.0.1", PjlinkSettings(projector.port))
        job = Job(Target("", "", "projector", device.address), 300, 60, device)
        for ago in range(days, 0, -1):
            projector.answers["LAMP"] = f"{1_000 - 5 * ago} 1"
            at = partial(int, now - ago * DAY_MS)
            store.write([_stored(entry) for entry in run_probe(PROBES["projector"], job, at)])
        store.roll_up(now)
        points = store.series(SITE, device.id, "lamp", "lamp-1", "hours", now - days * DAY_MS, now, DAY_MS)
    told = [(point.at, point.mean) for point in points if point.mean is not None]
    end = lamp_end_date(told, 2_000, now)
    assert end is not None
    assert abs((end - datetime.fromtimestamp(now / 1000, UTC).date()).days - 200) <= 1


def _stored(entry: Measurement) -> StoredMeasurement:
    assert entry.device is not None
    where = (SITE, entry.device, entry.probe, entry.target, entry.taken_at)
    return StoredMeasurement(*where, entry.outcome, entry.duration_ms, entry.fields)
