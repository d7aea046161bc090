"""The records of a report: rooms and days over its period, as the stores have them."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from collector.store.evidence import Sources
from collector.store.protocol import SLICE_MS, RoomReason, RoomSlice, RoomState
from collector.store.school_report import Asked, report_data
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from contract.week import LessonHours
from inventory.asset import Asset
from inventory.lesson_time import lesson_spans, midnight
from inventory.plan.prices import shipped_prices
from inventory.plan.rules import shipped_rules
from inventory.plan.settings import Budget, PlanSettings
from inventory.register import Act, Register
from inventory.report.data import ReportData
from inventory.report.period import PeriodTrouble, parse_period
from inventory.school import Room, School
from inventory.text import Text

LESSONS = LessonHours(("mon", "wed"), "08:00", "08:30")
ROOMS = (Room("lop-1", "Lớp 1"), Room("lop-2"), Room("kho", classroom=False))
SCHOOL = School("hoa-mai", "Hoa Mai", ROOMS, lesson_hours=(LESSONS,))
NOW = midnight(date(2027, 6, 1), SCHOOL.zone)


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    """September 2026 to May 2027: lop-1 has lessons with a fault in one of six slices, lop-2 was never on."""
    url = f"sqlite:///{tmp_path}/state.db"
    store, state, register = SqliteStore(tmp_path / "s.db").open(), State(url).open(), Register(url).open()
    register.save("hoa-mai", [Asset("TS-1", "tv", "Tivi", purchase_date=date(2015, 1, 1))], Act("test", NOW))
    spans = lesson_spans(SCHOOL, midnight(date(2026, 9, 1), SCHOOL.zone), NOW)
    starts = [at for since, until in spans for at in range(since, until, SLICE_MS)]
    faults = {0: RoomState.DISCONNECTED, 1: RoomState.DEGRADED}
    store.write_rooms(
        [
            RoomSlice("hoa-mai", room, at, state, RoomReason.GATEWAY_UNREACHABLE, True, 1, 1)
            for number, at in enumerate(starts)
            for room, state in (
                ("lop-1", faults.get(number % 6, RoomState.CONNECTED)),
                ("lop-2", RoomState.DARK),
                ("kho", RoomState.CONNECTED),
            )
        ]
    )
    yield Sources(SCHOOL, store, state, register)
    for opened in (store, state, register):
        opened.close()


def records(sources: Sources, period: str, now: int = NOW, told: list[Text] | None = None) -> ReportData:
    today = date(2027, 6, 1)
    request = PlanSettings((Budget(20_000_000),)).request(today)
    asked = Asked(parse_period(period), request, shipped_rules(), shipped_prices())
    return report_data(sources, asked, now, (told if told is not None else []).append)


def test_the_share_is_of_classrooms_and_each_room_has_its_own_with_its_cause(sources: Sources) -> None:
    told: list[Text] = []
    found = records(sources, "2026-11", told=told)
    assert found.connected_percent == pytest.approx(100 * 5 / 12)
    first, second, other = found.rooms
    assert (first.name, first.dark_percent) == ("Lớp 1", 0)
    assert first.connected_percent == pytest.approx(100 * 5 / 6)
    assert first.cause.en == "the room's cable, switch or Wi-Fi"
    assert (second.connected_percent, second.dark_percent, second.cause) == (None, 100, Text("", ""))
    assert (other.connected_percent, other.classroom) == (100, False)
    assert [entry.asset.tag for entry in found.plan.candidates.values()] == ["TS-1"]
    assert [text.en.split()[0] for text in told] == ["reading", "reading"]


def test_a_month_goes_by_days_a_term_by_weeks_and_a_year_by_months(sources: Sources) -> None:
    month, term, year = (records(sources, period).days for period in ("2026-11", "2026-2027-1", "2026-2027"))
    assert {entry.day.weekday() for entry in month} == {0, 2}
    assert len(month) == 9
    assert all(later.day - day.day == timedelta(7) for day, later in itertools.pairwise(term[1:]))
    assert [entry.day.day for entry in year] == [1] * 9  # June, July and August have not come yet
    assert all(entry.percent == pytest.approx(100 * 5 / 12) for entry in (*month, *term, *year))


def test_a_period_that_goes_on_is_told_as_far_as_it_has_come(sources: Sources) -> None:
    until = midnight(date(2026, 11, 16), SCHOOL.zone)
    assert [entry.day.day for entry in records(sources, "2026-11", now=until).days] == [2, 4, 9, 11]
    with pytest.raises(PeriodTrouble, match="2026-12 has not begun yet"):
        records(sources, "2026-12", now=until)


def test_a_period_before_anything_was_measured_says_so(sources: Sources) -> None:
    found = records(sources, "2026-05")
    assert (found.connected_percent, found.days) == (None, ())
    assert {room.connected_percent for room in found.rooms} == {None}
