"""Faults: how they are written, when they strike, and how often they are drawn."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonca.simulate.faults import Fault, FaultKind, read_fault, span
from sonca.simulate.school_day import school_day
from sonca.simulate.school_time import DAY_MS, MINUTE_MS, day_of, minute_of
from tests.simulated import SITE, monday, school

WRITTEN = {
    "line-outage": Fault(FaultKind.LINE_OUTAGE, "", 600, 20),
    "line-outage@09:05+1h30m": Fault(FaultKind.LINE_OUTAGE, "", 545, 90),
    "service-down:kho-hoc-lieu@08:00+2h": Fault(FaultKind.SERVICE_DOWN, "kho-hoc-lieu", 480, 120),
    "bad-wifi:mam-1": Fault(FaultKind.BAD_WIFI, "mam-1"),
    "bad-wifi:mam-1@08:00+5m": Fault(FaultKind.BAD_WIFI, "mam-1", 480, 5),
    "switch-unplugged@23:00+1h": Fault(FaultKind.SWITCH_UNPLUGGED, "", 1380, 60),
    "dying-disk": Fault(FaultKind.DYING_DISK),
}
BAD = {
    "fire": "'fire' is not a known fault; known are line-outage, captive-portal",
    "line-outage@10:00": "is not a fault; write it like",
    "line-outage@25:00+20m": "is not a time of the day",
    "line-outage@10:00+20": "is not a duration like 20m",
    "line-outage@10:00+0m": "is not a duration like 20m",
    "line-outage@23:30+31m": "would last past midnight",
    "": "is not a fault; write it like",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_fault_is_read_as_it_is_written(text: str) -> None:
    assert read_fault(text) == WRITTEN[text]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_fault_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=BAD[text]):
        read_fault(text)


@given(st.text() | st.from_regex(r"[a-z-]{1,12}(:[a-z0-9-]{1,8})?(@[0-9:]{4,6}\+[0-9hm]{1,4})?", fullmatch=True))
def test_any_other_text_is_a_value_error(text: str) -> None:
    if text not in WRITTEN:
        with pytest.raises(ValueError, match="is not"):
            read_fault(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("bad-wifi:mam-9", "bad-wifi cannot strike 'mam-9'; known are mam-1"),
        ("line-outage:mam-1", "it always strikes the whole school"),
        ("dying-disk:mam-1", "known are mam-1-giao-vien"),
        ("service-down:facebook", "known are kho-hoc-lieu"),
    ],
)
def test_a_fault_at_a_place_that_does_not_exist_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        school(text)


def test_a_forced_fault_strikes_every_day_at_its_time_and_at_a_drawn_place() -> None:
    day = school("switch-unplugged@10:00+15m")
    [fault] = day.faults.on(day_of(monday("00:00")))
    assert fault.where in {room.id for room in day.school.rooms if room.classroom}
    for clock, struck in (("09:59", False), ("10:00", True), ("10:14", True), ("10:15", False)):
        for days in (0, 1, 30):
            active = day.faults.active(FaultKind.SWITCH_UNPLUGGED, fault.where, monday(clock) + days * DAY_MS)
            assert (active is not None) == struck
    assert day.faults.edges(fault.kind, fault.where, day_of(monday("00:00"))) == [monday("10:00"), monday("10:15")]


def test_a_lasting_fault_never_ends() -> None:
    day = school("bad-wifi:choi-1")
    assert all(day.faults.active(FaultKind.BAD_WIFI, "choi-1", monday("00:00") + n * DAY_MS // 3) for n in range(30))
    assert day.faults.active(FaultKind.BAD_WIFI, "mam-1", monday("10:00")) is None


def test_without_faults_nothing_is_ever_wrong() -> None:
    quiet = school_day(SITE, 1, 8, 20, [])
    assert quiet.faults.lasting == ()
    assert quiet.faults.on(day_of(monday("00:00"))) == ()


def test_a_school_of_the_seed_has_its_lasting_troubles_and_some_days_of_others() -> None:
    day = school_day(SITE, 3, 12, 30)
    assert {fault.kind for fault in day.faults.lasting} == {
        FaultKind.BAD_WIFI,
        FaultKind.DYING_DISK,
        FaultKind.WRONG_CLOCK,
        FaultKind.WORN_LAMP,
        FaultKind.CLOGGED_FILTER,
        FaultKind.PROJECTOR_BROKEN,
        FaultKind.BAD_CABLE,
        FaultKind.WEAK_BATTERY,
        FaultKind.UNKNOWN_DEVICES,
    }
    first = day_of(monday("00:00"))
    drawn = [(fault, each) for each in range(first, first + 280) for fault in day.faults.on(each)]  # 200 school days
    counts = Counter(fault.kind for fault, _ in drawn)
    assert 30 < counts[FaultKind.LINE_OUTAGE] < 70
    assert 5 < counts[FaultKind.CAPTIVE_PORTAL] < 30
    assert 40 < counts[FaultKind.SERVICE_DOWN] < 80
    assert 20 < counts[FaultKind.SWITCH_UNPLUGGED] < 60
    for fault, each in drawn:
        since, until = span(fault, each)
        assert 5 * MINUTE_MS <= until - since <= 70 * MINUTE_MS
        assert minute_of(since) >= 450
        assert minute_of(until) <= 990
    again = school_day(SITE, 3, 12, 30)
    assert [again.faults.on(each) for each in reversed(range(first, first + 280))] == [
        day.faults.on(each) for each in reversed(range(first, first + 280))
    ]


def test_a_school_of_two_devices_is_spared() -> None:
    assert school_day(SITE, 1, 1, 2).faults.lasting == ()
