"""When throughput is tested: inside the slots, outside of lessons, the same times after a restart."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.throughput_plan import DAY, Hours, next_time, times_of
from contract.week import LessonHours, Lessons, Slot, Weekday

CITY = timezone(timedelta(hours=7))
MONDAY = datetime(2027, 1, 18, tzinfo=CITY)
SATURDAY = MONDAY + 5 * DAY
SCHOOL_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
LESSONS = Lessons(420, (LessonHours(SCHOOL_DAYS, "07:30", "11:00"), LessonHours(SCHOOL_DAYS, "13:30", "16:30")))
ALL_DAY = (Slot("06:00", "22:00"),)
TWO_MINUTES = timedelta(minutes=2)


def at(day: datetime, clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return day + timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("hours", "here", "allowed"),
    [
        (Hours(ALL_DAY, LESSONS), at(MONDAY, "07:00"), True),
        (Hours(ALL_DAY, LESSONS), at(MONDAY, "07:28"), False),  # it would end as lessons begin
        (Hours(ALL_DAY, LESSONS), at(MONDAY, "08:00"), False),
        (Hours(ALL_DAY, LESSONS), at(MONDAY, "11:00"), True),
        (Hours(ALL_DAY, LESSONS), at(SATURDAY, "08:00"), True),
        (Hours(ALL_DAY, LESSONS), at(MONDAY, "05:59"), False),
        (Hours(ALL_DAY, LESSONS), at(MONDAY, "21:58"), False),
        (Hours(ALL_DAY, LESSONS, in_lessons=True), at(MONDAY, "08:00"), True),
        (Hours(ALL_DAY, LESSONS, in_lessons=True), at(MONDAY, "05:00"), False),
        (Hours(ALL_DAY, Lessons(420, LESSONS.hours, ("2027-01-18",))), at(MONDAY, "08:00"), True),
        (Hours((Slot("08:00", "09:00", ("sat",)),), LESSONS), at(SATURDAY, "08:30"), True),
        (Hours((Slot("08:00", "09:00", ("sat",)),), LESSONS), at(MONDAY, "06:30"), False),
        (Hours((), LESSONS), at(SATURDAY, "08:30"), False),
    ],
)
def test_it_tests_inside_the_slots_and_outside_of_lessons(hours: Hours, here: datetime, allowed: bool) -> None:
    assert hours.allow(here, TWO_MINUTES) == allowed


@given(st.integers(0, 6), st.integers(1, 6), st.text(max_size=5), st.booleans())
def test_every_planned_time_is_allowed_to_its_end(day: int, per_day: int, seed: str, in_lessons: bool) -> None:
    hours = Hours(ALL_DAY, LESSONS, in_lessons)
    planned = times_of(hours, per_day, TWO_MINUTES, seed, MONDAY + day * DAY)
    assert len(planned) == per_day
    assert planned == sorted(set(planned))
    assert all(hours.allow(time, TWO_MINUTES) for time in planned)
    assert planned == times_of(hours, per_day, TWO_MINUTES, seed, at(MONDAY + day * DAY, "17:45"))


def test_the_times_of_agents_and_of_days_differ() -> None:
    hours = Hours(ALL_DAY, LESSONS)
    first = [times_of(hours, 2, TWO_MINUTES, f"pc-{number}", MONDAY)[0] for number in range(20)]
    assert len(set(first)) == 20
    clocks = [times_of(hours, 1, TWO_MINUTES, "pc-1", MONDAY + number * DAY)[0].time() for number in range(5)]
    assert len(set(clocks)) == 5


def test_the_next_time_is_the_first_that_has_not_passed() -> None:
    hours = Hours((Slot("17:00", "17:10", ("fri",)),), LESSONS)
    planned = next_time(hours, 1, TWO_MINUTES, "pc-1", MONDAY)
    assert planned is not None
    assert at(MONDAY + 4 * DAY, "17:00") <= planned <= at(MONDAY + 4 * DAY, "17:08")
    assert next_time(hours, 1, TWO_MINUTES, "pc-1", planned - timedelta(seconds=1)) == planned
    later = next_time(hours, 1, TWO_MINUTES, "pc-1", planned)
    assert later is not None
    assert later.date() == (MONDAY + 11 * DAY).date()


def test_a_school_without_room_for_a_test_gets_none() -> None:
    assert next_time(Hours((Slot("08:00", "08:02"),), LESSONS), 2, TWO_MINUTES, "pc-1", MONDAY) is None
    assert next_time(Hours((Slot("08:00", "09:00", ("mon",)),), LESSONS), 2, TWO_MINUTES, "pc-1", MONDAY) is None
