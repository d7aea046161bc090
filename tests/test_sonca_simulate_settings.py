"""The options of `sonca simulate`, its clock, and what it refuses."""

import argparse
import dataclasses
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.connection import BrokerConnection
from contract.settings_file import SettingsError
from sonca.simulate.clock import SimulatedClock, start_of
from sonca.simulate.faults import FaultKind
from sonca.simulate.run import run, school_day_of
from sonca.simulate.school_time import DAY_MS, write_time
from sonca.simulate.settings import SimulateSettings, add_arguments, settings_from, started_at
from tests.simulated import monday

BROKER = BrokerConnection("127.0.0.1", "sim-hoa-mai.simulator", "/nowhere/password")


def parsed(*words: str) -> SimulateSettings:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return settings_from(parser.parse_args(words), BROKER)


def test_without_options_it_is_a_school_of_twelve_rooms_now() -> None:
    settings = parsed()
    assert settings == SimulateSettings(BROKER)
    assert (settings.site, settings.rooms, settings.device_count) == ("sim-hoa-mai", 12, 24)
    assert started_at(settings, monday("10:00")) == monday("10:00")


def test_every_option_arrives() -> None:
    settings = parsed(
        *("--site", "sim-son-ca", "--rooms", "20", "--devices", "60", "--seed", "9", "--start", "2026-11-23 06:30"),
        *("--speed", "60", "--history", "2.5", "--report-seconds", "10", "--connections", "one-per-device"),
        *("--fault", "line-outage@10:00+20m", "--fault", "bad-wifi:mam-1"),
    )
    assert (settings.site, settings.rooms, settings.devices, settings.seed) == ("sim-son-ca", 20, 60, 9)
    assert started_at(settings, 0) == monday("06:30")
    assert (settings.speed, settings.history_days, settings.report_seconds) == (60, 2.5, 10)
    assert settings.connections == "one-per-device"
    assert [fault.kind for fault in settings.faults or ()] == [FaultKind.LINE_OUTAGE, FaultKind.BAD_WIFI]
    assert parsed("--fault", "none").faults == ()


@pytest.mark.parametrize("site", ["hoa-mai", "simhoa-mai", "real-sim-school", "sonca"])
def test_it_does_not_speak_for_a_school_that_may_be_real(site: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parsed("--site", site)
    assert refused.value.sentence == f"the simulator does not speak for {site!r}: it may be a real school"
    assert refused.value.hint == f"choose a name that begins with sim-, like sim-{site}"


BAD = {
    ("--site", "sim-Hoa Mai"): "--site: 'sim-Hoa Mai' is not an id: use 1 to 48 of a-z, 0-9 and '-'",
    ("--rooms", "0"): "--rooms 0 is not possible",
    ("--rooms", "12", "--devices", "11"): "--devices 11 is not possible",
    ("--speed", "0"): "--speed 0 is not possible",
    ("--history", "1000"): "--history 1000 is not possible",
    ("--report-seconds", "0.5"): "--report-seconds 0.5 is not possible",
    ("--fault", "fire"): "--fault: 'fire' is not a known fault; known are line-outage, captive-portal, service-down, "
    "switch-unplugged, bad-wifi, dying-disk, wrong-clock, worn-lamp, clogged-filter, projector-broken, paper-jam, "
    "bad-cable, weak-battery, unknown-devices, rogue-dhcp, false-gateway",
}


@pytest.mark.parametrize("words", BAD)
def test_what_is_not_possible_is_refused_with_a_sentence_and_a_hint(words: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError) as refused:
        parsed(*words)
    assert refused.value.sentence == BAD[words]
    assert refused.value.hint


def test_a_place_that_the_school_does_not_have_is_refused() -> None:
    with pytest.raises(SettingsError, match="--fault: bad-wifi cannot strike 'mam-77'; known are mam-1"):
        school_day_of(parsed("--fault", "bad-wifi:mam-77"))


def test_a_start_that_is_no_time_is_refused() -> None:
    with pytest.raises(SettingsError, match="--start: "):
        started_at(parsed("--start", "tomorrow"), 0)


def test_a_password_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    missing = dataclasses.replace(BROKER, password_file=str(tmp_path / "none"))
    with pytest.raises(SettingsError, match=r"the password of sim-hoa-mai\.simulator cannot be read"):
        run(SimulateSettings(missing), threading.Event())


LESSONS: dict[str, tuple[int, str]] = {
    "in lessons": (monday("10:00"), "2026-11-23 10:00"),
    "in the evening": (monday("21:00"), "2026-11-23 09:30"),
    "before lessons, on a Monday": (monday("05:00"), "2026-11-20 09:30"),
    "on a Sunday": (monday("10:00") - DAY_MS, "2026-11-20 09:30"),
    "in the night to Tuesday": (monday("03:00") + DAY_MS, "2026-11-23 09:30"),
}


@pytest.mark.parametrize("case", LESSONS)
def test_lessons_are_now_or_the_last_school_morning(case: str) -> None:
    now, start = LESSONS[case]
    assert write_time(start_of("lessons", now)) == start


@given(st.floats(0.1, 3_600), st.integers(0, 10**9))
def test_the_clock_runs_at_its_speed_and_back(speed: float, passed: int) -> None:
    clock = SimulatedClock(monday("06:30"), 1_900_000_000_000, speed)
    real = clock.real(clock.start + passed)
    assert clock.real(clock.start) == clock.began
    assert clock.simulated(clock.began) == clock.start
    assert abs(clock.simulated(real) - (clock.start + passed)) <= speed + 1
    assert clock.real(clock.start - passed) == clock.began - passed  # history is as long as it was


def test_every_option_is_explained() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert [action.dest for action in parser._actions if not action.help] == []
