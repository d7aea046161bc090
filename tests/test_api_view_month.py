"""The last 30 days of a device: days of the school, whatever the stores' steps are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.view.month import DAYS, MOST_CHARTS, by_day, charted, month_charts, month_until
from collector.store.protocol import DAY_MS, HOUR_MS, Point, StoredMeasurement
from contract.messages import Outcome
from inventory.school import School
from tests.test_api_say import VI, plain

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = int(datetime(2026, 11, 25, 12, tzinfo=HANOI).timestamp() * 1000)
SCHOOL = School("hoa-mai", "Hoa Mai", ())


def point(at: int, mean: float | None, count: int = 12) -> Point:
    return Point(at, mean, None if mean is None else mean - 1, None if mean is None else mean + 1, count)


def local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, HANOI)


def test_it_is_thirty_days_of_the_school_and_today_is_the_last() -> None:
    span = month_until(NOON, HANOI)
    assert (local(span.since).isoformat(), local(span.until).isoformat()) == (
        "2026-10-27T00:00:00+07:00", "2026-11-26T00:00:00+07:00",
    )  # fmt: skip
    assert (span.until - span.since) // DAY_MS == DAYS


def test_hours_before_seven_belong_to_the_day_at_the_school() -> None:
    [day] = by_day([point(NOON - 6 * HOUR_MS, 40.0, 3), point(NOON, 60.0, 9), point(NOON + HOUR_MS, None, 0)], HANOI)
    assert local(day.at).isoformat() == "2026-11-25T00:00:00+07:00"
    assert (day.mean, day.minimum, day.maximum, day.count) == (55.0, 39.0, 61.0, 12)


@given(st.lists(st.tuples(st.integers(0, 24 * 40), st.floats(0, 100), st.integers(1, 12)), max_size=60))
def test_days_hold_every_measurement_once_within_their_bounds(hours: list[tuple[int, float, int]]) -> None:
    points = [point(NOON + hour * HOUR_MS, mean, count) for hour, mean, count in sorted(hours)]
    days = by_day(points, HANOI)
    assert sum(day.count for day in days) == sum(entry.count for entry in points)
    assert [day.at for day in days] == sorted({day.at for day in days})
    for day in days:
        assert day.minimum is not None
        assert day.maximum is not None
        assert day.mean is not None
        assert day.minimum <= day.mean <= day.maximum


def stored(probe: str, target: str) -> StoredMeasurement:
    return StoredMeasurement("hoa-mai", "pc", probe, target, NOON, Outcome.OK, 1.0, {})


def test_what_wears_out_comes_first_and_there_are_not_too_many() -> None:
    keys = charted([stored("disk", "D:"), stored("disk", "C:"), stored("lamp", "1"), stored("tcp", "x:1")])
    assert keys == [("lamp", "1", "hours"), ("disk", "C:", "disk_used_percent"), ("disk", "D:", "disk_used_percent")]
    many = {("disk", f"{place}:", "disk_used_percent"): [point(NOON, 50.0)] for place in range(9)}
    assert len(month_charts(many, month_until(NOON, HANOI), SCHOOL, VI)) == MOST_CHARTS


def test_a_chart_names_its_days_and_says_what_was_measured() -> None:
    points = [point(NOON - days * DAY_MS, 50.0 + days) for days in (2, 1, 0)]
    [toner, empty] = (
        month_charts({("supply", "black-toner", "level_percent"): found}, month_until(NOON, HANOI), SCHOOL, VI)
        for found in (points, [point(NOON, None, 0)])
    )
    assert empty == []
    assert "mực đen" in toner[0].title.casefold()
    assert toner[0].x_labels == ("27/10", "01/11", "06/11", "11/11", "16/11", "21/11")
    assert plain(toner[0].readings[-1][1]) == "25/11: 50 % (49 % – 51 %)"


@pytest.mark.parametrize("zone", [UTC, HANOI])
def test_today_is_that_of_the_school(zone: ZoneInfo) -> None:
    late = int(datetime(2026, 11, 25, 20, tzinfo=UTC).timestamp() * 1000)
    day = datetime.fromtimestamp((month_until(late, zone).until - 1) / 1000, zone).date()
    assert day == (datetime(2026, 11, 25, tzinfo=UTC) + timedelta(days=int(zone is HANOI))).date()
