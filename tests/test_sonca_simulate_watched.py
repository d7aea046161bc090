"""Projectors, printers and network gear of the simulated school: who asks them, what they tell, and what goes wrong."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.polled import PROBES_OF
from agent.probes import pjlink_answers, printer, supplies, ups
from collector.store.protocol import StoredMeasurement
from contract.messages import EquipmentReport, Measurement, Outcome, decode, encode
from contract.metrics import PROBES, Misfit, fitted
from inventory.asset import AssetKind
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.school_time import DAY_MS, HOUR_MS
from sonca.simulate.sentinel import MOST_WATCHED, reports_of
from sonca.simulate.use import school_days_since, used
from sonca.simulate.watched import SERIAL_PREFIX
from sonca.simulate.watched_kinds import KINDS
from tests.simulated import SITE, monday, school, stored_of

DAY = school_day(SITE, 5, 10, 25)
QUIET = school()
MOMENTS = st.integers(monday("00:00") - 30 * DAY_MS, monday("00:00") + 60 * DAY_MS)


def sentinel_of(day: SchoolDay) -> str:
    return next(pc.id for pc in day.pcs.values() if pc.watches)


def told(day: SchoolDay, at: int, kind: AssetKind, probe: str = "") -> list[Measurement]:
    """What the sentinel found out about the devices of a kind in the ten minutes from `at` on."""
    ids = {device.id for device in day.school.devices.values() if device.kind == kind}
    measured = day.measurements(sentinel_of(day), at, at + 600_000)
    return [entry for entry in measured if entry.device in ids and probe in ("", entry.probe)]


def strikes(day: SchoolDay, kind: AssetKind, probe: str, clock: str = "10:00") -> list[dict[str, object]]:
    return [dict(entry.fields) for entry in told(day, monday(clock), kind, probe)]


@pytest.mark.parametrize(("rooms", "pcs"), [(1, 1), (3, 6), (12, 24), (100, 1_000)])
def test_every_school_has_every_kind_and_its_sentinels_may_speak_for_all(rooms: int, pcs: int) -> None:
    day = school_day(SITE, 1, rooms, pcs)
    by_sentinel = {pc.id: pc.watches for pc in day.pcs.values() if pc.watches}
    watched = [device for devices in by_sentinel.values() for device in devices]
    assert {device.kind for device in watched} == set(KINDS)
    assert len({device.id for device in watched}) == len(watched)
    assert max(map(len, by_sentinel.values())) <= MOST_WATCHED
    for sentinel, devices in by_sentinel.items():
        assert day.pcs[sentinel].kind == "computer"
        assert all(day.school.may_speak_for(sentinel, device.id) for device in devices)
        assert all(day.school.room_of[device.id].id == device.room for device in devices)


def test_a_sentinel_is_left_on_over_night() -> None:
    sentinel = sentinel_of(DAY)
    for hours in range(6, 24 * 7, 5):
        at = monday("08:00") + hours * HOUR_MS
        assert DAY.state(sentinel, at).run is not None or DAY.state(sentinel, at + 15 * 60_000).run is not None


@settings(deadline=None, max_examples=40)
@given(MOMENTS)
def test_all_that_is_told_fits_the_catalogue_in_words_that_agents_use(at: int) -> None:
    for entry in (entry for entry in DAY.measurements(sentinel_of(DAY), at, at + 400_000) if entry.device):
        assert fitted(PROBES[entry.probe], entry.fields) == (entry.fields, 0), entry
        assert not isinstance(fitted(PROBES[entry.probe], entry.fields), Misfit)
        for (probe, field), words in WORDS.items():
            if entry.probe == probe and field in entry.fields:
                assert set(str(entry.fields[field]).split(", ")) <= set(words), entry


WORDS = {
    ("projector", "power"): pjlink_answers.POWER.values(),
    ("projector", "fan_state"): pjlink_answers.STATES.values(),
    ("printer", "state"): printer.STATES.values(),
    ("printer", "health"): printer.HEALTH.values(),
    ("printer", "alerts"): (*printer.ALERTS, printer.NONE),
    ("supply", "level"): map(supplies.level_word, (0, -1, -2, -3)),
    ("ups", "output_source"): ups.OUTPUT_SOURCES.values(),
    ("ups", "battery_state"): ups.BATTERY_STATES.values(),
}
WORDS = {key: list(words) for key, words in WORDS.items()}


def test_each_kind_is_asked_by_probes_that_a_sentinel_has() -> None:
    probes = {probe for kind in KINDS.values() for probe in kind.probes}
    assert probes - {probe for names in PROBES_OF.values() for probe in names} == set()


def test_the_collector_refuses_nothing_of_a_day_of_trouble() -> None:
    stored = stored_of(DAY, monday("09:55"), monday("10:06"))
    watched = {device.id for pc in DAY.pcs.values() for device in pc.watches}
    assert watched <= {entry.device for entry in stored}


def test_lamps_grow_old_with_lessons_and_never_younger() -> None:
    clocks = [monday("06:00") + step * 3 * HOUR_MS for step in range(8 * 12)]
    hours: dict[str, list[int]] = {}
    for at in clocks:
        for entry in told(QUIET, at, "projector", "lamp"):
            hours.setdefault(str(entry.device), []).append(int(entry.fields["hours"]))
    assert hours
    for values in hours.values():
        assert all(early <= late for early, late in pairwise(values))
        assert 9 * 1.3 < values[-1] - values[0] < 9 * 4  # nine school days


def test_projectors_are_on_in_lessons_and_in_standby_at_noon_and_tell_less_then() -> None:
    lessons, noon = (told(QUIET, monday(clock), "projector", "projector") for clock in ("08:40", "12:30"))
    assert {entry.fields["power"] for entry in lessons} == {"on"}
    assert {entry.fields["power"] for entry in noon} == {"standby"}
    assert all("input" in entry.fields for entry in lessons)
    assert not any("input" in entry.fields for entry in noon)


def test_a_lamp_near_its_end_a_clogged_filter_and_a_broken_projector() -> None:
    worn = school("worn-lamp:mam-1-projector")
    expected = worn.school.devices["mam-1-projector"].lamp_hours
    hours = {
        str(entry.device): int(entry.fields["hours"]) for entry in told(worn, monday("10:00"), "projector", "lamp")
    }
    assert 0.95 * expected < hours["mam-1-projector"] < expected
    assert [entry["lamp_state"] for entry in strikes(worn, "projector", "projector")].count("warning") == 2
    filters = [entry for entry in strikes(school("clogged-filter"), "projector", "projector") if entry["has_warning"]]
    assert {(entry["filter_state"], entry["has_error"]) for entry in filters} == {("warning", False)}
    broken = [entry for entry in strikes(school("projector-broken"), "projector", "projector") if entry["has_error"]]
    assert {(entry["fan_state"], entry["power"]) for entry in broken} == {("error", "standby")}


def test_a_jammed_printer_is_down_and_supplies_fall_page_by_page() -> None:
    jammed = strikes(school("paper-jam@10:00+30m"), "printer", "printer")
    assert any("jammed" in str(entry["alerts"]) and entry["health"] == "down" for entry in jammed)
    month = [monday("11:00") + day * DAY_MS for day in range(0, 28, 3)]
    levels = [entry.fields for at in month for entry in told(QUIET, at, "printer", "supply")]
    assert any("level_percent" in fields for fields in levels)
    assert {fields.get("level") for fields in levels} >= {"some_remaining"}
    printers = {entry.device: entry for entry in told(QUIET, month[0], "printer", "printer")}
    pages = [
        int(entry.fields["pages"])
        for at in month
        for entry in told(QUIET, at, "printer", "printer")[:3]
        if entry.device == next(iter(printers))
    ]
    assert pages == sorted(pages)
    assert pages[-1] > pages[0] + 200


def test_a_bad_cable_makes_errors_on_one_port_only() -> None:
    ports = told(school("bad-cable"), monday("10:00"), "switch", "interface")
    bad = {entry.target for entry in ports if entry.fields.get("receive_errors_per_minute")}
    assert len(bad) == 1
    assert {entry.fields["link_speed_mbps"] for entry in ports if entry.target in bad} == {100}
    assert {entry.fields["link_up"] for entry in ports} == {True, False}


def test_the_ups_carries_the_cabinet_through_an_outage_and_a_weak_one_not_for_long() -> None:
    for faults, least in ((("line-outage@10:00+20m",), 60), (("line-outage@10:00+20m", "weak-battery"), 0)):
        day = school(*faults)
        before, during = (told(day, monday(clock), "ups", "ups") for clock in ("09:40", "10:05"))
        assert not any(entry.fields["on_battery"] for entry in before)
        assert all(entry.fields["on_battery"] and "input_volts" not in entry.fields for entry in during)
        assert float(during[-1].fields["charge_percent"]) >= least
        assert (during[-1].fields["charge_percent"] == 0) == (least == 0)
    assert {entry.fields["battery_state"] for entry in before} == {"low"}


def test_the_router_sees_its_line_go_and_come_back() -> None:
    day = school("line-outage@10:00+20m")
    down, back = (told(day, monday(clock), "router", "wan") for clock in ("10:05", "10:25"))
    assert {entry.fields["connected"] for entry in down} == {False}
    assert all(300 <= int(entry.fields["connected_seconds"]) < 1_000 for entry in back)


def test_what_hangs_on_an_unplugged_switch_does_not_answer() -> None:
    stored = stored_of(school("switch-unplugged:mam-1@10:00+30m"), monday("10:01"), monday("10:11"))

    def outcomes(device: str) -> set[Outcome]:
        return {entry.outcome for entry in stored if entry.device == device}

    assert outcomes("mam-1-projector") == outcomes("mam-1-wifi") == {Outcome.TIMEOUT}
    assert outcomes("mam-2-projector") == {Outcome.OK}
    assert all(not entry.fields for entry in of_device(stored, "mam-1-projector"))


def of_device(stored: list[StoredMeasurement], device: str) -> list[StoredMeasurement]:
    return [entry for entry in stored if entry.device == device]


def test_equipment_is_marked_as_simulated_and_belongs_to_nobody() -> None:
    sentinel = DAY.pcs[sentinel_of(DAY)]
    reports = list(reports_of(sentinel, monday("08:00")))
    assert [report.device for report in reports] == [device.id for device in sentinel.watches]
    for report in reports:
        assert next(iter(report.content.items())) == ("simulated", True)
        assert decode(encode(report), EquipmentReport) == report
        serials = [part["serial"] for part in report.content.values() if isinstance(part, dict) and "serial" in part]
        assert all(serial.startswith(SERIAL_PREFIX) for serial in serials)


@given(st.integers(-3_000, 3_000), st.floats(0, 5_000), st.floats(0.1, 60))
def test_what_is_used_grows_by_so_much_a_school_day_at_any_time(days: int, start: float, a_day: float) -> None:
    at = monday("12:00") + days * DAY_MS
    now, in_a_week = used(at, start, a_day, 0), used(at + 7 * DAY_MS, start, a_day, 0)
    assert now <= used(at, start, a_day, a_day / 2) <= used(at, start, a_day, 10 * a_day)
    assert in_a_week == pytest.approx(now + 5 * a_day) or now == 0
    assert school_days_since(0) < 0
