"""When a lamp reaches its expected life: held by properties, since no school's lamps are like another's."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.lamps import FARTHEST_DAYS, LEAST_DAYS, WINDOW_DAYS, lamp_end_date
from inventory.trend import DAY_MS

NOW = 1_800_230_400_000  # 2027-01-18 00:00 UTC
TODAY = datetime.fromtimestamp(NOW / 1000, UTC).date()
EXPECTED = 5_000.0

Points = list[tuple[int, float]]
HOURS_A_DAY = st.floats(1, 12)  # 5,000 hours are then less than 20 years
DAYS = st.integers(LEAST_DAYS + 1, 60)


def used(per_day: float, days: int, hours: float = 1_000.0) -> Points:
    """A reading at every noon of the last `days` days, `hours` now."""
    noons = [NOW - DAY_MS // 2 - ago * DAY_MS for ago in range(days)]
    return [(at, hours - per_day * (NOW - at) / DAY_MS) for at in noons]


def end_of(points: Points, expected: float = EXPECTED) -> date:
    end = lamp_end_date(points, expected, NOW)
    assert end is not None
    return end


@given(HOURS_A_DAY, DAYS)
def test_a_lamp_used_alike_every_day_ends_when_division_says(per_day: float, days: int) -> None:
    expected = TODAY + timedelta((EXPECTED - 1_000) / per_day)
    assert abs((end_of(used(per_day, days)) - expected).days) <= 1


@given(HOURS_A_DAY, DAYS, st.randoms(use_true_random=False))
def test_order_does_not_matter(per_day: float, days: int, random: Random) -> None:
    points = used(per_day, days)
    shuffled = list(points)
    random.shuffle(shuffled)
    assert end_of(shuffled) == end_of(points)


@given(HOURS_A_DAY, st.integers(20, 60), st.data())
def test_single_wrong_days_do_not_move_the_date(per_day: float, days: int, data: st.DataObject) -> None:
    points = used(per_day, days)
    wrong = list(points)
    for index in range(data.draw(st.integers(0, 4)), days, 5):
        wrong[index] = (points[index][0], data.draw(st.sampled_from((0.0, 65_535.0, 7.0))))
    assert abs((end_of(wrong) - end_of(points)).days) <= 1


@given(HOURS_A_DAY, st.integers(LEAST_DAYS + 1, 60), st.integers(1, 60), st.floats(2_000, 6_000))
def test_a_replaced_lamp_is_forgotten(per_day: float, days: int, before: int, hours: float) -> None:
    new = used(per_day, days, hours=per_day * days)
    old = [(at - days * DAY_MS, burned) for at, burned in used(per_day, before, hours)]
    assert end_of(new + old) == end_of(new)


@given(HOURS_A_DAY, DAYS, st.floats(1_001, 3_000), st.floats(0, 1_000))
def test_a_longer_life_never_ends_earlier(per_day: float, days: int, expected: float, more: float) -> None:
    points = used(per_day, days)
    assert end_of(points, expected) <= end_of(points, expected + more)


@given(st.lists(st.tuples(st.integers(NOW - 400 * DAY_MS, NOW + DAY_MS), st.integers(0, 99_999)), max_size=40))
def test_no_readings_break_it(points: list[tuple[int, int]]) -> None:
    end = lamp_end_date(points, EXPECTED, NOW)
    assert end is None or TODAY <= end <= TODAY + timedelta(FARTHEST_DAYS)


def test_a_lamp_past_its_life_ends_today() -> None:
    assert end_of(used(3, 30, hours=6_000)) == TODAY


def test_weekends_and_holidays_count_as_they_are() -> None:
    hours, points = 1_000.0, []
    for day in range(56):
        at = NOW - (56 - day) * DAY_MS
        hours += 7.0 if datetime.fromtimestamp(at / 1000, UTC).weekday() < 5 else 0.0
        points.append((at, hours))
    assert abs((end_of(points) - TODAY).days - (EXPECTED - hours) / 5) < 25


@pytest.mark.parametrize(
    "points",
    [[], used(3, 1), used(3, LEAST_DAYS), used(0, 60), used(-2, 60), used(0.001, 60)],
    ids=["nothing", "one day", "a few days", "unused", "falling", "for ever"],
)
def test_what_cannot_be_said_is_not_said(points: Points) -> None:
    assert lamp_end_date(points, EXPECTED, NOW) is None


def test_what_was_told_long_ago_or_ahead_of_now_does_not_count() -> None:
    old = [(at - WINDOW_DAYS * DAY_MS, hours) for at, hours in used(9, 60)]
    ahead = [(at + 90 * DAY_MS, hours) for at, hours in used(9, 60)]
    assert lamp_end_date([*old, *ahead], EXPECTED, NOW) is None
    assert end_of([*old, *ahead, *used(3, 60)]) == end_of(used(3, 60))


def test_the_day_is_the_one_of_the_school() -> None:
    evening = NOW - 1_800_000  # 23:30 UTC is the next morning in Ho Chi Minh City
    spent = [(evening - day * DAY_MS, 9_000 - 3.0 * day) for day in range(30)]
    assert lamp_end_date(spent, EXPECTED, evening) == TODAY - timedelta(1)
    assert lamp_end_date(spent, EXPECTED, evening, ZoneInfo("Asia/Ho_Chi_Minh")) == TODAY


def test_a_season_of_polls_is_judged_at_once() -> None:
    points = [(NOW - minutes * 300_000, 1_000 - minutes / 96) for minutes in range(WINDOW_DAYS * 288)]
    assert abs((end_of(points) - TODAY).days - (EXPECTED - 1_000) / 3) <= 1
