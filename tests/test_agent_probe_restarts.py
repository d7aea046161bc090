"""Starts of the machine and stops without a shutdown: the agent's own record, and the event log of Windows.

No Windows was at hand: its events are written from the documentation.
"""

import dataclasses
import json
import queue
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.jobs import jobs
from agent.probes.deadline import Deadline
from agent.probes.finding import Task
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.restarts import DAY_MS, probe, restarts_in
from agent.probes.restarts_windows import days_known, read_events, windows_restarts
from agent.run import run
from agent.starts import MOST_STARTS, Start, note_farewell, note_start, read_starts
from agent.work import Inbox, Stop
from contract.messages import Target
from contract.metrics import PROBES, Misfit, fitted
from tests.brokers import running_broker
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.tree import ROOT
from tests.waiting import wait_until

NOW = 1_800_000_000_000
EVENTS = (ROOT / "tests" / "recorded" / "written-from-documentation-wevtutil-restarts.xml").read_text()


def started(*days_and_farewells: tuple[float, bool]) -> list[Start]:
    """Starts so many days before NOW."""
    return [
        Start(f"boot-{number}", NOW - round(days * DAY_MS), farewell)
        for number, (days, farewell) in enumerate(days_and_farewells)
    ]


def test_a_start_that_follows_no_farewell_tells_of_an_unclean_stop() -> None:
    starts = started((40, False), (20, True), (10, False), (1, False))
    assert restarts_in(starts, NOW) == {"starts": 3, "unclean_stops": 2, "days_known": 30}


def test_the_run_that_goes_on_is_no_unclean_stop() -> None:
    assert restarts_in(started((2.5, False)), NOW) == {"starts": 1, "unclean_stops": 0, "days_known": 2}
    assert restarts_in([], NOW) == {}


def test_the_record_outlives_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "agent-data" / "starts.json"
    note_start(path, "a", NOW)
    note_start(path, "a", NOW + 1)  # the agent was updated
    note_farewell(path)
    note_start(path, "b", NOW + DAY_MS)
    note_start(path, "c", 1_262_304_000_000)  # the battery of its clock is empty: 2010
    assert read_starts(path) == (
        Start("a", NOW, True),
        Start("b", NOW + DAY_MS, False),
        Start("c", NOW + DAY_MS, False),
    )
    assert restarts_in(read_starts(path), 1_262_304_000_000) == {"starts": 3, "unclean_stops": 1, "days_known": 1}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"starts": [{"boot": 3}]}', '{"starts": 7}', "\ufeff{}"])
def test_a_record_that_a_power_cut_broke_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "starts.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadAnswer):
        probe(Task(Target("", "", "restarts", str(path)), 60.0))
    note_farewell(path)
    note_start(path, "a", NOW)
    assert read_starts(path) == (Start("a", NOW),)


def test_a_record_stays_small_and_a_full_disk_costs_only_the_record(tmp_path: Path) -> None:
    path = tmp_path / "starts.json"
    path.write_text(json.dumps({"starts": [{"boot": str(number), "at": number} for number in range(MOST_STARTS)]}))
    note_start(path, "new", NOW)
    assert (len(read_starts(path)), read_starts(path)[-1].boot) == (MOST_STARTS, "new")
    note_start(Path("/proc/no-such-folder/starts.json"), "new", NOW)


def test_without_a_record_it_is_unsupported(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="no agent has run here"):
        probe(Task(Target("", "", "restarts", str(tmp_path / "none.json")), 60.0))


def test_the_agent_keeps_the_record_and_measures_it(tmp_path: Path) -> None:
    """Told to stop it leaves a farewell; broken off it leaves none."""
    with running_broker("mosquitto", tmp_path, "collector", f"{SITE}.{AGENT}") as broker:
        settings = agent_settings(tmp_path, broker)
        [job] = [job for job in jobs(settings) if job.probe == "restarts"]
        path = Path(job.target.address)
        with RunningAgent(settings):
            wait_until(path.exists)
            assert not read_starts(path)[-1].farewell
            [found] = probe(Task(job.target, 1.0))
        assert found.fields == {"starts": 1, "unclean_stops": 0, "days_known": 0}
        assert read_starts(path)[-1].farewell
        broken: Inbox = queue.SimpleQueue()
        broken.put(Stop())
        with pytest.raises(OSError):
            run(
                dataclasses.replace(settings, broker=dataclasses.replace(settings.broker, password_file="/none")),
                broken,
            )
        assert not read_starts(path)[-1].farewell


def test_windows_tells_by_its_event_log() -> None:
    assert read_events(EVENTS) == {"starts": 2, "unclean_stops": 1}
    assert read_events("") == {"starts": 0, "unclean_stops": 0}
    other = EVENTS.replace("Microsoft-Windows-Kernel-Power", "Foreign").replace("'EventLog'", "'Foreign'")
    assert read_events(other) == {"starts": 0, "unclean_stops": 0}


def test_how_far_back_the_log_goes() -> None:
    assert days_known(EVENTS, 1_795_478_400.0 + 5 * 86_400) == {"days_known": 5}
    assert days_known(EVENTS, 1_795_478_400.0 + 500 * 86_400) == {"days_known": 30}
    assert days_known("<TimeCreated SystemTime='2026-02-31T00:00:00Z'/>", 0.0) == {}


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = folder / "wevtutil.exe"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_wevtutil_is_asked_for_the_events_and_for_the_oldest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "events.xml").write_text(EVENTS)
    program(tmp_path, monkeypatch, f'echo "$@" >>{tmp_path}/asked; cat {tmp_path}/events.xml')
    assert windows_restarts(Deadline(5.0), 1_795_564_800.0) == {"starts": 2, "unclean_stops": 1, "days_known": 1}
    first, second = (tmp_path / "asked").read_text().splitlines()
    assert "EventID=6008" in first
    assert "/c:1 /rd:false" in second


@pytest.mark.parametrize(("code", "error"), [(5, PermissionError), (87, BadAnswer)])
def test_what_windows_refuses_is_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    program(tmp_path, monkeypatch, f"exit {code}")
    with pytest.raises(error):
        windows_restarts(Deadline(5.0), 0.0)


@given(
    st.lists(st.tuples(st.integers(0, 2**45), st.booleans()), max_size=20).map(sorted),
    st.integers(0, 2**45),
)
def test_whatever_was_noted_fits(noted: list[tuple[int, bool]], now: int) -> None:
    starts = [Start(str(number), at, farewell) for number, (at, farewell) in enumerate(noted)]
    fields = restarts_in(starts, now)
    assert not isinstance(fitted(PROBES["restarts"], fields), Misfit)
    assert int(fields.get("unclean_stops", 0)) <= int(fields.get("starts", 0))


@given(st.text(max_size=300), st.floats(0, 1e11))
def test_no_text_breaks_the_reader_of_events(text: str, now: float) -> None:
    fields = {**read_events(text), **read_events(f"<Event>{text}</Event>"), **days_known(text, now)}
    assert not isinstance(fitted(PROBES["restarts"], fields), Misfit)
