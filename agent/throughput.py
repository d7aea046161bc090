"""Tests throughput at its planned times, as the only one of the site: a lease is asked of the collector first."""

import dataclasses
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from agent.probes.registry import PROBES
from agent.probing import Finished
from agent.publish import Line
from agent.run_probe import Job, run_probe
from agent.settings import AgentSettings
from agent.throughput_plan import Hours, next_time
from contract.messages import Lease, LeaseRequest, encode
from contract.topics import Channel
from contract.week import Lessons

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0  # an answer that takes longer counts for nothing: the lease would end before the test
LONGEST_PAUSE_SECONDS = 60.0
GIVE_UP_SECONDS = 900.0  # the others test all the time, or the collector is away: the next planned time will do
UNKNOWN_SECONDS = 2.0  # while it is not known how wrong the clock is
LOOK_SECONDS = 300.0  # a PC that slept notices then that its time has come


@dataclass(slots=True)
class _Try:
    """One job whose time has come (monotonic seconds). `lease` is empty until it is asked for."""

    job: Job
    give_up_at: float
    lease: str = ""
    asked_at: float = 0.0
    again_at: float = 0.0
    running_until: float | None = None


class Throughput:
    """Used by the agent's working thread only; `report` is called from the thread of a test."""

    def __init__(
        self,
        settings: AgentSettings,
        now_ms: Callable[[], int],
        line: Line,
        report: Callable[[Finished], None],
        random: Random,
    ) -> None:
        self._settings = settings
        self._now_ms = now_ms
        self._line = line
        self._report = report
        self._random = random
        self._jobs: list[Job] = []
        self._lessons: Lessons | None = None
        self._planned: dict[Job, datetime] = {}
        self._try: _Try | None = None
        self._look_at = float("inf")

    def replace(self, jobs: Iterable[Job], lessons: Lessons | None, now: float) -> None:
        """Takes new settings. Without knowing when lessons are nothing is tested."""
        self._jobs, self._lessons = list(jobs), lessons
        self._planned.clear()
        self._look_at = now if self._jobs and lessons is not None else float("inf")

    def next_at(self) -> float:
        """When to call `do`."""
        return self._look_at

    def do(self, now: float, offset_ms: int | None) -> None:
        """Asks for a lease, once more, or not any longer. The offset is that of the server's clock."""
        if now < self._look_at or self._lessons is None:
            return
        self._look_at = now + LOOK_SECONDS
        if offset_ms is None:  # by a wrong clock it might test in lessons
            self._look_at = now + UNKNOWN_SECONDS
            return
        here = self._here(self._lessons, offset_ms)
        self._end_what_is_late(now)
        if self._try is None:
            self._try = self._due(self._lessons, here, now)
        if self._try is not None and self._try.running_until is None:
            self._ask(self._try, self._lessons, here, now)

    def hear(self, lease: Lease, now: float, offset_ms: int | None) -> None:
        """Takes an answer: begins the test, or waits for the other one's end."""
        waiting = self._try
        if waiting is None or waiting.running_until is not None or lease.lease != waiting.lease:
            if lease.granted and (waiting is None or lease.lease != waiting.lease):
                self._give_back(lease.lease)  # it came too late
            return
        if not lease.granted:
            log.info("throughput waits: %s tests now", lease.holder)
            waiting.lease = ""
            waiting.again_at = now + min(lease.seconds, LONGEST_PAUSE_SECONDS) * self._random.uniform(0.3, 1.0) + 0.1
            self._look_at = waiting.again_at
        elif now - waiting.asked_at > ANSWER_SECONDS or offset_ms is None or self._lessons is None:
            self._give_back(lease.lease)
        else:
            seconds = min(waiting.job.deadline_seconds, lease.seconds - (now - waiting.asked_at))
            self._start(waiting, seconds, self._here(self._lessons, offset_ms), now)

    def finish(self, job: Job, now: float) -> None:
        """The test of this job has ended, if it was one."""
        if self._try is not None and self._try.running_until is not None and self._try.job == job:
            self._give_back(self._try.lease)
            self._forget(now)

    def _here(self, lessons: Lessons, offset_ms: int) -> datetime:
        """Now, by the school's own clock."""
        zone = timezone(timedelta(minutes=lessons.utc_offset_minutes))
        return datetime.fromtimestamp((self._now_ms() + offset_ms) / 1000, UTC).astimezone(zone)

    def _hours(self, lessons: Lessons) -> Hours:
        settings = self._settings.throughput
        return Hours(settings.slots, lessons, settings.in_lessons)

    def _due(self, lessons: Lessons, here: datetime, now: float) -> _Try | None:
        """The job whose planned time has come; what is not planned yet is planned."""
        for job in self._jobs:
            planned = self._planned.get(job) or self._next_time(job, lessons, here)
            if planned is not None:
                self._planned[job] = planned
        if not self._planned:
            return None
        job, planned = min(self._planned.items(), key=lambda entry: entry[1])
        if planned > here:
            self._look_at = min(self._look_at, now + (planned - here).total_seconds() + 0.01)
            return None
        return _Try(job, now + GIVE_UP_SECONDS)

    def _next_time(self, job: Job, lessons: Lessons, here: datetime) -> datetime | None:
        seed = f"{self._settings.site} {self._settings.agent} {job.target_id}"
        per_day = max(1, round(86_400 / job.interval_seconds))
        return next_time(self._hours(lessons), per_day, _lasts(job), seed, here)

    def _ask(self, waiting: _Try, lessons: Lessons, here: datetime, now: float) -> None:
        if not self._hours(lessons).allow(here, _lasts(waiting.job)):
            self._forget(now)  # it slept, or waited for others, until its time was over
            return
        if now >= waiting.again_at:
            waiting.lease, waiting.asked_at = secrets.token_hex(8), now
            waiting.again_at = now + ANSWER_SECONDS * self._random.uniform(1.0, 1.5)
            seconds = _lasts(waiting.job).total_seconds()
            request = LeaseRequest(self._settings.agent, waiting.lease, seconds)
            self._line.publish(Channel.LEASE_REQUESTS, encode(request))
        self._look_at = waiting.again_at

    def _start(self, waiting: _Try, seconds: float, here: datetime, now: float) -> None:
        job = waiting.job
        waiting.running_until = now + _lasts(job).total_seconds()
        self._look_at = waiting.running_until
        leg = None if job.leg is None else dataclasses.replace(job.leg, month=here.strftime("%Y-%m"))
        dated = dataclasses.replace(job, deadline_seconds=seconds, leg=leg)
        threading.Thread(target=self._run, args=(job, dated), daemon=True).start()

    def _run(self, job: Job, dated: Job) -> None:
        started_at = time.monotonic()
        self._report(Finished(job, started_at, run_probe(PROBES[job.probe], dated, self._now_ms)))

    def _end_what_is_late(self, now: float) -> None:
        """A test ends by its deadline; one that is stuck has lost its lease by now."""
        late = self._try
        if late is not None and now >= (late.give_up_at if late.running_until is None else late.running_until):
            log.info("no throughput is tested with %s this time", late.job.target_id)
            self._forget(now)

    def _forget(self, now: float) -> None:
        """The next planned time of the job is the next one."""
        if self._try is not None:
            self._planned.pop(self._try.job, None)
            self._try = None
        self._look_at = now

    def _give_back(self, lease: str) -> None:
        self._line.publish(Channel.LEASE_REQUESTS, encode(LeaseRequest(self._settings.agent, lease, release=True)))


def _lasts(job: Job) -> timedelta:
    """How long a test and its lease last at most."""
    return timedelta(seconds=job.deadline_seconds + 2 * ANSWER_SECONDS)
