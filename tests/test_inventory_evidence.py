"""Evidence: when a disk will be full, and what an equipment report says by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inventory.evidence import (
    DISK_WINDOW_DAYS,
    FARTHEST_DISK_TIMES,
    LEAST_DISK_DAYS,
    Evidence,
    disk_full_date,
    reported,
)
from inventory.trend import DAY_MS
from inventory.windows11 import State

NOW = 1_800_230_400_000  # 2027-01-18 00:00 UTC
TODAY = datetime.fromtimestamp(NOW / 1000, UTC).date()
GB = 1024**3

Points = list[tuple[int, float]]
RATES = st.floats(0.1, 4)
DAYS = st.integers(LEAST_DISK_DAYS + 1, DISK_WINDOW_DAYS - 1)


def filling(per_day: float, days: int, free: float = 100.0) -> Points:
    """Gigabytes free at every noon of the last `days` days, `free` now."""
    noons = [NOW - DAY_MS // 2 - ago * DAY_MS for ago in range(days)]
    return [(at, (free + per_day * (NOW - at) / DAY_MS) * GB) for at in noons]


def foreseen(per_day: float, days: int) -> bool:
    """Whether a disk with 100 GB left was watched for long enough to say when it is full."""
    return 100 / per_day < 0.8 * FARTHEST_DISK_TIMES * (days - 6)  # wrong readings may stand at both ends


@given(RATES, DAYS)
def test_a_disk_that_fills_alike_is_full_when_division_says(per_day: float, days: int) -> None:
    assume(foreseen(per_day, days))
    full = disk_full_date(filling(per_day, days), NOW)
    assert full is not None
    assert abs((full - TODAY).days - 100 / per_day) <= 1


@given(RATES, st.integers(20, DISK_WINDOW_DAYS - 1), st.data())
def test_single_wrong_days_do_not_move_the_date(per_day: float, days: int, data: st.DataObject) -> None:
    assume(foreseen(per_day, days))
    points = filling(per_day, days)
    wrong = list(points)
    for index in range(data.draw(st.integers(0, 4)), days, 5):
        wrong[index] = (points[index][0], data.draw(st.sampled_from((0.0, 900.0 * GB))))
    moved, true = disk_full_date(wrong, NOW), disk_full_date(points, NOW)
    assert moved is not None
    assert true is not None
    assert abs((moved - true).days) <= 1


@pytest.mark.parametrize(
    "points",
    [
        [],
        filling(1, LEAST_DISK_DAYS),
        filling(0, 30),
        filling(-1, 30),
        filling(100 / (FARTHEST_DISK_TIMES * 30), 30),
        [(at - DISK_WINDOW_DAYS * DAY_MS, free) for at, free in filling(1, 30)],
    ],
    ids=["nothing", "a few days", "still", "growing", "too far to tell", "long ago"],
)
def test_what_cannot_be_said_is_not_said(points: Points) -> None:
    assert disk_full_date(points, NOW) is None


def test_a_full_disk_is_full_today() -> None:
    assert disk_full_date(filling(1, 30, free=0), NOW) == TODAY


def test_a_report_says_what_it_can_by_itself() -> None:
    content = {
        "operatingsystem": {"full_name": "Microsoft Windows 10 Pro", "version": "10.0.19045"},
        "batteries": [{"capacity": 50_000, "real_capacity": 20_000}, {"capacity": 50_000}],
        "hardware": {"tpm_version": "1.2"},
    }
    evidence = Evidence(TODAY, **reported(content))
    assert (evidence.system, evidence.support_ends_on) == ("Windows 10 22H2", date(2025, 10, 14))
    assert evidence.battery_worn_percent == 60
    assert evidence.windows11 is not None
    assert evidence.windows11.state is State.NOT_CAPABLE


@pytest.mark.parametrize(
    "content", [{}, {"operatingsystem": []}, {"operatingsystem": {"full_name": 7}, "batteries": 3}]
)
def test_a_report_that_says_nothing_brings_no_evidence(content: dict[str, object]) -> None:
    evidence = Evidence(TODAY, **reported(content))
    assert evidence == Evidence(TODAY)
    assert not evidence.judges_health


def test_health_is_judged_by_what_was_measured() -> None:
    assert Evidence(TODAY, disk_free_percent=50).judges_health
    assert Evidence(TODAY, crashes=0).judges_health
    assert not Evidence(TODAY, used_percent=50, support_ends_on=TODAY + timedelta(9)).judges_health
