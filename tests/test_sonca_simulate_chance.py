"""Chance without memory, and the clock on the school's wall."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonca.simulate.chance import Chance
from sonca.simulate.school import school_of
from sonca.simulate.school_time import (
    TIME_ZONE,
    at_minute,
    day_of,
    is_school_day,
    last_school_day,
    minute_of,
    minutes,
    next_school_day,
    read_time,
    write_time,
)

TIMES = st.integers(1_600_000_000_000, 2_200_000_000_000)  # 2020 to 2039
CHANCE = Chance("test")


@given(st.text(), TIMES)
def test_the_same_name_and_number_give_the_same_value(name: str, number: int) -> None:
    assert Chance("a", name).word(number) == Chance("a", name).word(number)
    assert 0 <= Chance(name).share(number) < 1


def test_the_values_never_change_between_machines_and_versions() -> None:
    assert [CHANCE.word(number) for number in (0, 1, 1_800_000_000_000)] == [
        967291221928532674,
        6750937543553188164,
        6147184137898337624,
    ]


def test_shares_are_even_and_neighbours_are_strangers() -> None:
    counts = Counter(int(CHANCE.share(number) * 10) for number in range(10_000))
    assert all(850 < count < 1150 for count in counts.values())
    both = sum(CHANCE.happens(0.1, number) and CHANCE.happens(0.1, number + 1) for number in range(10_000))
    assert 60 < both < 150
    assert 900 < sum(CHANCE.named("other").happens(0.1, number) for number in range(10_000)) < 1100


def test_ranges_hold_both_ends() -> None:
    drawn = Counter(CHANCE.whole(3, 6, number) for number in range(1_000))
    assert sorted(drawn) == [3, 4, 5, 6]
    assert {CHANCE.one_of("abc", number) for number in range(50)} == {"a", "b", "c"}


@given(TIMES, st.integers(1_000, 10_000_000))
def test_a_wave_is_smooth(at: int, period: int) -> None:
    step = max(1, period // 100)
    assert 0 <= CHANCE.wave(at, period) <= 1
    assert abs(CHANCE.wave(at + step, period) - CHANCE.wave(at, period)) <= 1.6 * step / period


def test_a_wave_goes_up_and_down() -> None:
    values = [CHANCE.wave(at, 60_000) for at in range(0, 6_000_000, 10_000)]
    assert min(values) < 0.1
    assert max(values) > 0.9


def test_a_tail_is_mostly_small_and_sometimes_large() -> None:
    drawn = sorted(CHANCE.tail(10.0, number) for number in range(2_000))
    assert 9 < sum(drawn) / len(drawn) < 11
    assert drawn[1_000] < 8
    assert drawn[-1] > 50


@given(TIMES)
def test_the_plain_arithmetic_agrees_with_the_time_zone_database(at: int) -> None:
    here = datetime.fromtimestamp(at / 1000, ZoneInfo(TIME_ZONE))
    assert int(minute_of(at)) == here.hour * 60 + here.minute
    assert at_minute(day_of(at), minute_of(at)) == pytest.approx(at, abs=1)
    assert write_time(at) == here.strftime("%Y-%m-%d %H:%M")
    assert read_time(write_time(at)) == at - at % 60_000


@given(TIMES)
def test_school_days_are_those_of_the_school_file(at: int) -> None:
    school = school_of("sim-hoa-mai", [], [])
    assert is_school_day(day_of(at)) == school.in_lesson(at_minute(day_of(at), minutes("09:00")))
    assert is_school_day(next_school_day(day_of(at)))
    assert next_school_day(day_of(at)) > day_of(at)
    assert is_school_day(last_school_day(day_of(at)))
    assert last_school_day(day_of(at)) <= day_of(at)


@pytest.mark.parametrize("text", ["9:00", "24:00", "09:60", "0900", "ab:cd", "", "09:00:00"])
def test_what_is_no_time_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        minutes(text)
