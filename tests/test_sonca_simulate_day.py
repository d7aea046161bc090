"""When the PCs of the simulated school are on."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sonca.simulate.day import Ending, Run, next_start, run_at, runs_between, runs_on, use_of
from sonca.simulate.school import Pc, Role
from sonca.simulate.school_time import DAY_MS, MINUTE_MS, day_of, is_school_day, minute_of, minutes
from tests.simulated import monday, school

PCS = list(school(rooms=20, devices=60).pcs.values())
START = day_of(monday("00:00"))
FOUR_WEEKS = range(START, START + 28)
MOMENTS = st.integers(monday("00:00"), monday("00:00") + 28 * DAY_MS)
ANY_PC = st.sampled_from(PCS)


def all_runs() -> list[Run]:
    return [run for pc in PCS for day in FOUR_WEEKS for run in runs_on(pc, day)]


def test_pcs_are_switched_on_before_lessons_and_off_after_them() -> None:
    first = [runs[0] for pc in PCS for day in FOUR_WEEKS if (runs := runs_on(pc, day))]
    assert all(minutes("06:50") <= minute_of(run.start) <= minutes("07:40") for run in first)
    ended = [run for run in all_runs() if run.ending is Ending.SHUTDOWN and day_of(run.end) == day_of(run.start)]
    assert all(minutes("16:30") <= minute_of(run.end) <= minutes("17:50") for run in ended)


def test_on_weekends_nobody_comes() -> None:
    assert {is_school_day(day_of(run.start)) for run in all_runs()} == {True}


def test_some_are_left_on_over_night_some_are_off_for_the_day_and_some_are_restarted() -> None:
    days = [(pc, day) for pc in PCS for day in FOUR_WEEKS if is_school_day(day)]
    off = sum(not runs_on(pc, day) for pc, day in days) / len(days)
    runs = all_runs()
    overnight = sum(day_of(run.end) > day_of(run.start) for run in runs) / len(runs)
    endings = Counter(run.ending for run in runs)
    assert 0.05 < off < 0.3
    assert 0.02 < overnight < 0.15
    assert 0.02 < endings[Ending.UPDATE] / len(runs) < 0.12
    assert 0.005 < endings[Ending.VANISHED] / len(runs) < 0.05
    assert len({run.boot for run in runs}) == len(runs)


def test_runs_of_a_pc_never_overlap() -> None:
    for pc in PCS:
        runs = list(runs_between(pc, monday("00:00"), monday("00:00") + 28 * DAY_MS))
        assert all(run.start < run.end for run in runs)
        assert all(before.end < after.start for before, after in pairwise(runs))


@settings(deadline=None)
@given(ANY_PC, MOMENTS)
def test_the_run_of_a_moment_is_found_from_anywhere(pc: Pc, at: int) -> None:
    run = run_at(pc, at)
    if run is not None:
        assert run.start <= at < run.end
        assert run_at(pc, run.start) == run_at(pc, run.end - 1) == run
    following = next_start(pc, at)
    assert following > at
    assert run_at(pc, following) is not None
    assert list(runs_between(pc, at, following)) == ([] if run is None else [run])


def test_use_follows_lessons_the_nap_and_the_office_day() -> None:
    teacher = next(pc for pc in PCS if pc.role is Role.TEACHER)
    office = next(pc for pc in PCS if pc.role is Role.OFFICE)
    assert hour_of_use(teacher, "09:00") > 5 * hour_of_use(teacher, "12:15")
    assert hour_of_use(office, "09:00") > 0.3
    assert hour_of_use(office, "12:15") > 0.15
    assert hour_of_use(teacher, "22:00") < 0.05
    assert use_of(teacher, monday("09:00") + 5 * DAY_MS) < 0.05  # a Saturday


def hour_of_use(pc: Pc, clock: str) -> float:
    return sum(use_of(pc, monday(clock) + minute * MINUTE_MS) for minute in range(60)) / 60
