"""What each fault looks like to the devices, and what the collector's judge makes of it."""

from pathlib import Path

import pytest

from collector.store.protocol import RoomReason, RoomState, StoredMeasurement
from contract.messages import Outcome
from contract.targets import DNS, GATEWAY, INTERNET, SERVICES, group_of
from sonca.simulate.faults import FaultKind
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.school_time import DAY_MS, MINUTE_MS
from tests.simulated import SITE, judged, monday, school, stored_of

TEN_MINUTES = 10 * MINUTE_MS
OK, TIMEOUT, UNREACHABLE = Outcome.OK, Outcome.TIMEOUT, Outcome.UNREACHABLE


def outcomes(stored: list[StoredMeasurement], group: str, probe: str = "") -> set[Outcome]:
    return {entry.outcome for entry in stored if group_of(entry.target) == group and probe in ("", entry.probe)}


def blind(stored: list[StoredMeasurement], group: str) -> set[bool]:
    return {entry.blind for entry in stored if group_of(entry.target) == group}


def of_room(stored: list[StoredMeasurement], day: SchoolDay, room: str) -> list[StoredMeasurement]:
    return [entry for entry in stored if entry.device in day.pcs and day.pcs[entry.device].room == room]


def test_on_a_good_morning_every_room_is_connected(tmp_path: Path) -> None:
    rooms = judged(school(), monday("09:00"), tmp_path)
    assert {room.state for room in rooms.values()} == {RoomState.CONNECTED}


def test_at_night_rooms_are_dark_but_for_what_was_left_on(tmp_path: Path) -> None:
    day = school_day(SITE, 1, 20, 60, [])
    rooms = judged(day, monday("22:00"), tmp_path)
    on = {pc.room for pc in day.pcs.values() if day.state(pc.id, monday("22:00")).run}
    assert {name for name, room in rooms.items() if room.state is RoomState.CONNECTED} == on
    assert 0 < len(on) < 15
    assert {room.reason for name, room in rooms.items() if name not in on} == {RoomReason.ALL_OFF}


def test_an_outage_of_the_line_disconnects_all_rooms_while_the_gateway_answers(tmp_path: Path) -> None:
    day = school("line-outage@10:00+20m")
    during = judged(day, monday("10:05"), tmp_path)
    assert {(room.state, room.reason) for room in during.values()} == {
        (RoomState.DISCONNECTED, RoomReason.INTERNET_UNREACHABLE)
    }
    for quiet in ("09:50", "10:20"):
        assert {room.state for room in judged(day, monday(quiet), tmp_path).values()} == {RoomState.CONNECTED}


def test_during_an_outage_services_are_blind_and_not_down() -> None:
    stored = stored_of(school("line-outage@10:00+20m"), monday("10:01"), monday("10:19"))
    assert outcomes(stored, INTERNET) == {TIMEOUT}
    assert outcomes(stored, GATEWAY) == {OK}
    assert outcomes(stored, SERVICES) == {TIMEOUT} == outcomes(stored, DNS)
    assert blind(stored, SERVICES) == blind(stored, DNS) == {True}
    assert blind(stored, INTERNET) == blind(stored, GATEWAY) == {False}


def test_a_room_with_bad_wifi_is_degraded_all_day(tmp_path: Path) -> None:
    day = school("bad-wifi:mam-2")
    for clock in ("08:00", "10:00", "12:30", "15:00"):
        rooms = judged(day, monday(clock), tmp_path)
        assert rooms["mam-2"].state is RoomState.DEGRADED
        assert {room.state for name, room in rooms.items() if name != "mam-2"} == {RoomState.CONNECTED}
    stored = of_room(stored_of(day, monday("10:00"), monday("10:10")), day, "mam-2")
    signals = [entry.fields["signal_dbm"] for entry in stored if entry.probe == "wifi"]
    assert signals
    assert all(isinstance(signal, float) and -92 <= signal <= -78 for signal in signals)
    jitter = [float(entry.fields["jitter_ms"]) for entry in stored if "jitter_ms" in entry.fields]
    assert sum(jitter) / len(jitter) > 30


def test_an_unplugged_switch_leaves_a_room_without_link_and_out_of_the_brokers_reach() -> None:
    day = school("switch-unplugged:choi-1@10:00+30m")
    stored = of_room(stored_of(day, monday("10:00"), monday("10:30")), day, "choi-1")
    assert outcomes(stored, GATEWAY) == outcomes(stored, INTERNET, "ping") == {UNREACHABLE}
    assert outcomes(stored, SERVICES) == {TIMEOUT}
    assert blind(stored, SERVICES) == {True}
    cards = [entry.fields for entry in stored if entry.probe == "network_card"]
    assert cards
    assert all(fields["link_up"] is False and "link_speed_mbps" not in fields for fields in cards)
    waiting = [entry.fields["outbox_batches"] for entry in stored if entry.probe == "agent"]
    assert waiting[0] != waiting[-1]
    for clock, cut in (("09:59", False), ("10:00", True), ("10:29", True), ("10:30", False)):
        assert day.state("choi-1-giao-vien", monday(clock)).cut_off is cut
        assert not day.state("mam-1-giao-vien", monday(clock)).cut_off


@pytest.mark.parametrize("service", ["kho-hoc-lieu", "chu-ky-so", "trang-truong", "van-phong-dien-tu"])
def test_a_service_that_is_down_is_down_for_everybody_and_nobody_is_blind(tmp_path: Path, service: str) -> None:
    day = school(f"service-down:{service}@09:00+1h")
    stored = [entry for entry in stored_of(day, monday("09:10"), monday("09:40")) if group_of(entry.target) == SERVICES]
    down = {entry.outcome for entry in stored if entry.target == f"services/{service}"}
    assert down
    assert down <= {Outcome.REFUSED, Outcome.BAD_ANSWER}
    assert {entry.fields.get("status", 503) for entry in stored if entry.target == f"services/{service}"} == {503}
    assert {entry.outcome for entry in stored if entry.target != f"services/{service}"} == {OK}
    assert {entry.blind for entry in stored} == {False}
    assert {room.state for room in judged(day, monday("09:10"), tmp_path).values()} == {RoomState.CONNECTED}


def test_a_login_page_is_told_from_the_internet(tmp_path: Path) -> None:
    day = school("captive-portal@09:00+1h")
    stored = stored_of(day, monday("09:05"), monday("09:15"))
    connectivity = [entry for entry in stored if entry.probe == "web" and group_of(entry.target) == INTERNET]
    assert {(entry.outcome, entry.fields["captive"], entry.fields["status"]) for entry in connectivity} == {
        (Outcome.BAD_ANSWER, True, 302)
    }
    assert blind(stored, SERVICES) == {True}
    assert outcomes(stored, SERVICES, "web") == {Outcome.BAD_ANSWER}
    assert outcomes(stored, GATEWAY) == {OK}
    assert outcomes(stored, INTERNET, "ping") == {TIMEOUT}
    assert {room.state for room in judged(day, monday("09:05"), tmp_path).values()} == {RoomState.DISCONNECTED}


def test_a_dying_disk_is_full_slow_and_fails_now_and_then() -> None:
    day = school("dying-disk:mam-1-giao-vien")
    disks = [
        entry
        for entry in day.measurements("mam-1-giao-vien", monday("08:00"), monday("16:00"))
        if entry.probe == "disk" and entry.target == "C:"
    ]
    failed = [entry for entry in disks if entry.outcome is not OK]
    assert 0.08 < len(failed) / len(disks) < 0.25
    assert {entry.outcome for entry in failed} == {Outcome.ERROR, TIMEOUT}
    assert not any(entry.fields for entry in failed)
    assert all(float(entry.fields["disk_used_percent"]) > 92 for entry in disks if entry.outcome is OK)
    assert sum(entry.duration_ms for entry in disks) / len(disks) > 2_000
    well = school().measurements("mam-1-giao-vien", monday("08:00"), monday("09:00"))
    assert all(entry.duration_ms < 5 and entry.outcome is OK for entry in well if entry.probe == "disk")


def test_a_clock_that_is_wrong_by_years_is_carried_by_the_offset() -> None:
    day = school("wrong-clock:choi-1-giao-vien")
    error = day.state("choi-1-giao-vien", monday("10:00")).clock_error_ms
    assert error < -6 * 365 * DAY_MS
    assert abs(day.state("mam-1-giao-vien", monday("10:00")).clock_error_ms) <= 400
    right = school()
    told, true = (
        [entry for entry in stored_of(each, monday("10:00"), monday("10:05")) if entry.device == "choi-1-giao-vien"]
        for each in (day, right)
    )
    assert told == true  # the collector stores the true times


def test_every_fault_has_its_scene_here() -> None:
    files = (Path(__file__).with_name(f"test_sonca_simulate_{name}.py") for name in ("scenes", "watched", "segment"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert all(f'"{kind}' in text for kind in FaultKind)
