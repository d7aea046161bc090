"""When a test begins and what comes before it: the planned time, the lease, the lessons. The probe is a stand-in."""

import dataclasses
import queue
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agent import throughput as subject
from agent.jobs import throughput_jobs
from agent.probes.finding import Finding, Task
from agent.probing import Finished
from agent.settings import AgentSettings
from agent.throughput import ANSWER_SECONDS, GIVE_UP_SECONDS, Throughput
from agent.throughput_settings import LanSettings, ThroughputSettings, WanSettings
from contract.connection import BrokerConnection
from contract.messages import Lease, LeaseRequest, Outcome, decode
from contract.topics import Channel
from contract.week import LessonHours, Lessons, Slot

LESSONS = Lessons(420, (LessonHours(("mon",), "07:30", "11:00"),))
MONDAY_NIGHT = datetime(2027, 1, 17, 17, 0, tzinfo=UTC)  # midnight in the city
SLOT = (Slot("11:00", "11:30", ("mon",)),)
SETTINGS = AgentSettings(
    "hoa-mai",
    "pc-1",
    BrokerConnection("127.0.0.1", "hoa-mai.pc-1", "password"),
    throughput=ThroughputSettings(lan=LanSettings("192.0.2.1:8484"), slots=SLOT),
)


class NotedLine:
    """Notes what would have been sent."""

    def __init__(self) -> None:
        self.said: list[LeaseRequest] = []

    def publish(self, channel: Channel, payload: bytes, *_rest: Any) -> bool:
        assert channel is Channel.LEASE_REQUESTS
        self.said.append(decode(payload, LeaseRequest))
        return True


class Bench:
    """One agent's Throughput with a clock of its own, in seconds since Monday began; its wall clock is a year slow."""

    YEAR_MS = 365 * 86_400_000

    def __init__(self, monkeypatch: pytest.MonkeyPatch, settings: AgentSettings = SETTINGS) -> None:
        self.now = 0.0
        self.line = NotedLine()
        self.finished: queue.SimpleQueue[Finished] = queue.SimpleQueue()
        self.tasks: list[Task] = []
        self.throughput = Throughput(settings, self.wall_ms, self.line, self.finished.put, Random(1))  # type: ignore[arg-type]
        self.jobs = throughput_jobs(settings)
        monkeypatch.setattr(subject, "PROBES", {"throughput": self.probe})

    def probe(self, task: Task) -> list[Finding]:
        self.tasks.append(task)
        return [Finding(Outcome.OK)]

    def wall_ms(self) -> int:
        return int((MONDAY_NIGHT + timedelta(seconds=self.now)).timestamp() * 1000) - self.YEAR_MS

    def go_on(self, seconds: float, offset: int | None = YEAR_MS) -> float:
        """Lets time pass as the working thread does; the seconds since Monday began at the first request, or at the
        end."""
        until, said = self.now + seconds, len(self.line.said)
        while self.now < until and len(self.line.said) == said:
            self.throughput.do(self.now, offset)
            if len(self.line.said) == said:
                self.now = min(until, max(self.now + 0.02, self.throughput.next_at()))
        return self.now

    def hear(self, granted: bool, seconds: float = 80.0, lease: str = "") -> None:
        told = Lease(lease or self.line.said[-1].lease, granted, seconds, "" if granted else "pc-2")
        self.throughput.hear(told, self.now, self.YEAR_MS)

    def begin(self) -> None:
        self.throughput.replace(self.jobs, LESSONS, self.now)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(monkeypatch)
    made.begin()
    return made


WEEK = 7 * 86_400.0
ELEVEN = 11 * 3_600.0


def test_it_asks_at_a_time_of_the_slot_by_the_servers_clock(bench: Bench) -> None:
    assert ELEVEN <= bench.go_on(WEEK) <= ELEVEN + 28 * 60
    [asked] = bench.line.said
    assert (asked.agent, asked.seconds, asked.release) == ("pc-1", 80.0, False)


def test_with_a_lease_it_tests_and_gives_it_back(bench: Bench) -> None:
    bench.go_on(WEEK)
    bench.hear(granted=True)
    finished = bench.finished.get(timeout=90)
    assert (finished.job, finished.measurements[0].outcome) == (bench.jobs[0], Outcome.OK)
    assert bench.tasks[0].leg is not None
    assert (bench.tasks[0].leg.month, bench.tasks[0].deadline_seconds) == ("2027-01", 60.0)
    bench.throughput.finish(finished.job, bench.now + 3)
    assert [request.release for request in bench.line.said] == [False, True]
    assert bench.line.said[0].lease == bench.line.said[1].lease
    before = bench.now
    assert bench.go_on(2 * WEEK) > before + 1  # its second time of that day, or next Monday's


def test_a_short_lease_makes_a_short_test(bench: Bench) -> None:
    bench.go_on(WEEK)
    bench.now += 4
    bench.hear(granted=True, seconds=20.0)
    bench.finished.get(timeout=90)
    assert bench.tasks[0].deadline_seconds == pytest.approx(16.0)


def test_while_another_one_tests_it_waits_and_asks_anew(bench: Bench) -> None:
    first = bench.go_on(WEEK)
    bench.hear(granted=False, seconds=30.0)
    again = bench.go_on(WEEK)
    assert 9 <= again - first <= 31
    assert bench.line.said[0].lease != bench.line.said[1].lease
    bench.hear(granted=True)
    assert bench.finished.get(timeout=90)


def test_without_an_answer_it_asks_again_and_gives_up_in_the_end(bench: Bench) -> None:
    times = [bench.go_on(WEEK)]
    while (asked := bench.go_on(WEEK)) - times[-1] < 100:
        times.append(asked)
    assert all(ANSWER_SECONDS <= later - earlier <= 16 for earlier, later in pairwise(times))
    assert times[-1] - times[0] <= GIVE_UP_SECONDS


@pytest.mark.parametrize("late", [ANSWER_SECONDS + 1, 1_000.0])
def test_a_grant_that_comes_too_late_is_given_back(bench: Bench, late: float) -> None:
    bench.go_on(WEEK)
    bench.now += late
    bench.hear(granted=True)
    assert bench.line.said[-1].release
    assert bench.finished.empty()


def test_a_grant_of_an_earlier_try_is_given_back(bench: Bench) -> None:
    bench.go_on(WEEK)
    bench.go_on(WEEK)
    bench.hear(granted=True, lease=bench.line.said[0].lease)
    assert bench.line.said[-1] == LeaseRequest("pc-1", bench.line.said[0].lease, release=True)
    bench.hear(granted=False, lease="of nobody")
    assert bench.finished.empty()


def test_it_does_not_test_before_it_knows_the_time_and_the_lessons(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.throughput.replace(bench.jobs, None, 0.0)
    assert bench.throughput.next_at() == float("inf")
    bench.begin()
    bench.go_on(WEEK / 100, offset=None)
    bench.now = ELEVEN
    assert bench.line.said == []
    assert bench.go_on(WEEK) >= ELEVEN


def test_a_pc_that_slept_until_the_lessons_does_not_test_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    early = dataclasses.replace(SETTINGS.throughput, slots=(Slot("07:00", "12:00", ("mon",)),))
    bench = Bench(monkeypatch, dataclasses.replace(SETTINGS, throughput=early, interval_seconds={"throughput": 1000.0}))
    bench.jobs = throughput_jobs(bench.throughput._settings)
    bench.begin()
    bench.throughput.do(0.0, Bench.YEAR_MS)  # some of its many times lie before 07:30
    bench.now = 8 * 3_600.0
    assert bench.go_on(3_600) == 9 * 3_600.0
    assert bench.line.said == []
    assert bench.go_on(WEEK) >= ELEVEN


def test_both_legs_are_tested_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    both = dataclasses.replace(SETTINGS.throughput, wan=WanSettings("http://192.0.2.1/"))
    bench = Bench(monkeypatch, dataclasses.replace(SETTINGS, throughput=both))
    bench.begin()
    tested = set()
    for _ in range(4):
        bench.go_on(WEEK)
        bench.hear(granted=True)
        finished = bench.finished.get(timeout=90)
        tested.add(finished.job.target_id)
        bench.go_on(1)
        assert not bench.line.said[-1].release  # nothing is asked or given back while it runs
        bench.throughput.finish(finished.job, bench.now)
    assert tested == {"lan/server", "wan/server"}


def test_a_test_that_is_stuck_does_not_hold_up_the_next(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.go_on(WEEK)
    bench.hear(granted=True)
    stuck = bench.finished.get(timeout=90)  # as if it had not come
    assert bench.go_on(2 * WEEK) > 0
    assert not bench.line.said[-1].release
    bench.throughput.finish(stuck.job, bench.now)  # late, while it waits for the lease of the next
    assert not bench.line.said[-1].release


def test_other_jobs_that_end_are_not_its_own(bench: Bench, tmp_path: Path) -> None:
    bench.go_on(WEEK)
    bench.throughput.finish(bench.jobs[0], bench.now)
    assert len(bench.line.said) == 1
