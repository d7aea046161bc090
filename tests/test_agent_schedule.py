"""When probes are due: rhythm, jitter, and a slow one that delays nobody."""

import itertools
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agent.run_probe import Job
from agent.schedule import (
    FIRST_SPREAD_SECONDS,
    NEWS_PAUSE_SECONDS,
    STUCK_AFTER_SECONDS,
    UNSUPPORTED_SECONDS,
    Schedule,
)
from contract.messages import Target

PING = Job(Target("internet", "a", "ping", "192.0.2.1"), 30.0, 5.0)
WEB = Job(Target("services", "b", "web", "http://192.0.2.1/"), 300.0, 10.0)


def scheduled(*jobs: Job) -> Schedule:
    schedule = Schedule(Random(1))
    schedule.replace(jobs, 0.0)
    return schedule


def test_the_first_runs_are_spread_and_come_soon() -> None:
    firsts = [scheduled(PING).next_at(), scheduled(WEB).next_at(), Schedule(Random(2)).next_at()]
    assert 0 < firsts[0] < FIRST_SPREAD_SECONDS
    assert 0 < firsts[1] < FIRST_SPREAD_SECONDS
    assert firsts[2] == float("inf")


def test_it_keeps_its_rhythm_however_late_it_is_called() -> None:
    schedule = scheduled(PING)
    first = schedule.next_at()
    for round_number in range(5):
        assert schedule.due(first + 30 * round_number + 0.5).start == [PING]
        assert schedule.finish(PING, first + 30 * round_number + 1)
    assert schedule.next_at() == first + 150


def test_a_running_job_is_not_started_again_and_delays_nobody() -> None:
    schedule = scheduled(PING, WEB)
    assert set(schedule.due(10.0).start) == {PING, WEB}
    schedule.finish(WEB, 11.0)
    assert schedule.due(40.0).start == []
    assert schedule.due(310.0).start == [WEB]


def test_a_stuck_run_is_told_once_an_interval_and_its_late_result_counts_for_nothing() -> None:
    schedule = scheduled(PING)
    schedule.due(10.0)
    told = [job for now in range(11, 100) for job, _ in schedule.due(float(now)).stuck]
    assert told == [PING] * 3
    assert not schedule.finish(PING, 100.0)
    schedule.due(schedule.next_at())
    assert schedule.finish(PING, 140.0)


def test_what_the_pc_does_not_have_is_asked_once_an_hour() -> None:
    schedule = scheduled(PING)
    schedule.due(10.0)
    schedule.finish(PING, 11.0, unsupported=True)
    assert schedule.next_at() == 11.0 + UNSUPPORTED_SECONDS


def test_after_a_sleep_it_goes_on_without_catching_up() -> None:
    schedule = scheduled(PING)
    schedule.due(10.0)
    schedule.finish(PING, 11.0)
    assert schedule.due(100_000.0).start == [PING]
    schedule.finish(PING, 100_001.0)
    assert schedule.next_at() == 100_030.0


def test_hurry_makes_it_due_now_unless_it_runs() -> None:
    schedule = scheduled(PING, WEB)
    schedule.due(10.0)
    schedule.finish(PING, 11.0)
    schedule.hurry([PING, WEB, Job(Target("x", "y", "tcp"), 1, 1)], 12.0)
    assert schedule.due(12.0).start == [PING]


def test_news_make_it_due_at_once_and_then_not_for_a_while() -> None:
    schedule = scheduled(WEB)
    schedule.due(10.0)
    schedule.finish(WEB, 11.0)
    schedule.hear_news([WEB, PING], 100.0)
    assert schedule.due(100.0).start == [WEB]
    schedule.finish(WEB, 101.0)
    schedule.hear_news([WEB], 102.0)
    assert schedule.due(102.0).start == []
    assert schedule.next_at() == 100.0 + NEWS_PAUSE_SECONDS


def test_news_during_a_run_bring_another_after_it() -> None:
    schedule = scheduled(WEB)
    schedule.due(10.0)
    schedule.hear_news([WEB], 12.0)
    schedule.finish(WEB, 13.0)
    assert schedule.due(10.0 + NEWS_PAUSE_SECONDS).start == [WEB]


@given(st.lists(st.tuples(st.floats(0, 20), st.booleans()), max_size=80))
def test_however_much_news_comes_it_runs_no_more_often_than_allowed(steps: list[tuple[float, bool]]) -> None:
    schedule, now, starts = scheduled(WEB), 0.0, []
    for pause, has_news in steps:
        now += pause
        if has_news:
            schedule.hear_news([WEB], now)
        if schedule.due(now).start:
            starts.append(now)
            schedule.finish(WEB, now)
    assert all(after - before >= NEWS_PAUSE_SECONDS for before, after in itertools.pairwise(starts))


def test_new_settings_keep_the_rhythm_of_what_stays() -> None:
    schedule = scheduled(PING, WEB)
    schedule.due(10.0)
    schedule.finish(PING, 11.0)
    before = schedule.next_at()
    schedule.replace([PING], 12.0)
    assert schedule.next_at() == before
    assert schedule.finish(WEB, 13.0)


@given(st.lists(st.floats(0, 400), max_size=60))
def test_no_run_is_started_while_one_is_on_its_way(pauses: list[float]) -> None:
    schedule, now, running = scheduled(PING), 0.0, False
    for number, pause in enumerate(pauses):
        now += pause
        due = schedule.due(now)
        assert not (running and due.start)
        for _, seconds in due.stuck:
            assert seconds > PING.deadline_seconds + STUCK_AFTER_SECONDS
        running = running or bool(due.start)
        if running and number % 2:
            schedule.finish(PING, now)
            running = False
        assert schedule.next_at() > now
