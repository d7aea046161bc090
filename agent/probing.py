"""Runs the probes when they are due, each in a thread of its own, and decides what is blind.

Only the agent's working thread calls the methods; the probes' threads hand their results over through `report`.
"""

import dataclasses
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from agent.probes.finding import ProbeFunction
from agent.probes.registry import PROBES
from agent.run_probe import Job, overdue, run_probe
from agent.schedule import Schedule
from agent.tracing import Tracing
from agent.uplink import TELLS_NOTHING, Uplink, is_remote
from contract.messages import Measurement, Outcome

DECIDE_WITHIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Finished:
    """A run of a job that began at `started_at` (monotonic seconds)."""

    job: Job
    started_at: float
    measurements: list[Measurement]


class Probing:
    """Jobs in, measurements out."""

    def __init__(self, now_ms: Callable[[], int], report: Callable[[Finished], None], random: Random) -> None:
        self._now_ms = now_ms
        self._report = report
        self._schedule = Schedule(random)
        self._uplink = Uplink()
        self._tracing = Tracing()
        self._doubtful: list[Finished] = []
        self._projectors: dict[str, list[Job]] = {}

    def replace(self, jobs: Iterable[Job], now: float, traces: Iterable[Job] = ()) -> None:
        """Takes a new list of jobs, and of ways to follow; runs that are on their way end as they would."""
        jobs = list(jobs)
        self._schedule.replace(jobs, now)
        self._uplink.replace(jobs)
        self._tracing.replace(traces)
        self._projectors = {job.device.id: [job] for job in jobs if job.device is not None and job.probe == "projector"}

    def ask_projector(self, device: str, now: float) -> None:
        """One that said that something changed. It is asked soon, and not often however much it says."""
        self._schedule.hear_news(self._projectors.get(device, []), now)

    def start_due(self, now: float) -> list[Measurement]:
        """Starts what is due. Returns what has to be said of runs that are stuck."""
        due = self._schedule.due(now)
        for job in due.start:
            self._start(job)
        return [overdue(job, self._now_ms(), seconds * 1000) for job, seconds in due.stuck]

    def finish(self, finished: Finished, now: float) -> list[Measurement]:
        """Takes a result. Returns what is decided: a doubtful failure waits for news of the internet group."""
        unsupported = all(entry.outcome is Outcome.UNSUPPORTED for entry in finished.measurements)
        if self._schedule.finish(finished.job, now, unsupported=unsupported):
            self._uplink.note(finished.job, finished.started_at, finished.measurements)
            self._doubtful.append(finished)
            trace = self._tracing.finish(finished.job, now, failed=any(map(_failed, finished.measurements)))
            if trace is not None:
                self._start(trace)
        return self.decide(now)

    def decide(self, now: float) -> list[Measurement]:
        """What can be said by now; for the rest the internet group is asked at once."""
        decided, waiting = [], []
        for finished in self._doubtful:
            gone = self._is_gone(finished, now)
            if gone is None:
                waiting.append(finished)
            else:
                decided += [_marked(entry, gone) for entry in finished.measurements]
        self._doubtful = waiting
        for finished in waiting:
            self._schedule.hurry(self._uplink.unheard(finished.started_at), now)
        return decided

    def next_at(self) -> float:
        """When `start_due` has something to do; results come by themselves."""
        return self._schedule.next_at()

    def _is_gone(self, finished: Finished, now: float) -> bool | None:
        if not is_remote(finished.job) or not any(map(_failed, finished.measurements)):
            return False
        if now - finished.started_at > DECIDE_WITHIN_SECONDS:
            return self._uplink.guess(finished.started_at)
        return self._uplink.is_gone(finished.started_at)

    def _start(self, job: Job) -> None:
        threading.Thread(target=self._run, args=(PROBES[job.probe], job), daemon=True).start()

    def _run(self, probe: ProbeFunction, job: Job) -> None:
        started_at = time.monotonic()
        self._report(Finished(job, started_at, run_probe(probe, job, self._now_ms)))


def _failed(entry: Measurement) -> bool:
    return entry.outcome is not Outcome.OK and entry.outcome not in TELLS_NOTHING


def _marked(entry: Measurement, gone: bool) -> Measurement:
    return dataclasses.replace(entry, blind=True) if gone and _failed(entry) else entry
