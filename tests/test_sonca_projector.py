"""From a projector's own socket to the store: emulator, agent, broker and collector, each of them real."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.polled import PjlinkSettings, PolledDevice
from collector.store.protocol import StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from contract.messages import Outcome
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
        wait_until(lambda: len(of_the_projector(store)) == 2)
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
