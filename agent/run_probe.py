"""Runs a probe: takes the time, judges exceptions, and makes measurements of what was found."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from agent.network_settings import Segment
from agent.polled import PolledDevice
from agent.probes.finding import Finding, ProbeFunction, Task
from agent.probes.outcomes import outcome_of
from agent.throughput_settings import Leg
from contract.messages import Measurement, Outcome, Target

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One probe of one target, every `interval_seconds`, within `deadline_seconds`. Machine probes have no group.

    `device` is what is asked, where that is not the agent's own machine; `segment` is for probes of the network, `leg`
    for a test of throughput.
    """

    target: Target
    interval_seconds: float
    deadline_seconds: float
    device: PolledDevice | None = None
    segment: Segment | None = None
    leg: Leg | None = None

    @property
    def probe(self) -> str:
        return self.target.probe

    @property
    def target_id(self) -> str:
        """As measurements name it: empty for what is not pointed at anything."""
        return self.target.id if self.target.group else ""


def run_probe(
    probe: ProbeFunction, job: Job, now_ms: Callable[[], int], step: Callable[[str], None] = lambda _sentence: None
) -> list[Measurement]:
    """The measurements of one run, at least one; whatever happens becomes an outcome. `step` hears how it went."""
    taken_at, start = now_ms(), time.perf_counter()
    try:
        findings = probe(Task(job.target, job.deadline_seconds, step, job.device, job.segment, job.leg))
    except Exception as error:  # noqa: BLE001 - the one place where any failure of a probe becomes a word
        findings = [Finding(_judged(job, error, step))]
    duration = round((time.perf_counter() - start) * 1000, 2)
    return [_measurement(job, finding, taken_at, duration) for finding in findings]


def overdue(job: Job, taken_at: int, duration_ms: float) -> Measurement:
    """What stands for a run that is stuck beyond its deadline (a dead network drive): its own result is dropped."""
    return Measurement(job.probe, taken_at, Outcome.TIMEOUT, job.target_id, duration_ms, device=_device(job))


def _judged(job: Job, error: Exception, step: Callable[[str], None]) -> Outcome:
    outcome = outcome_of(error)
    step(f"{type(error).__name__}: {error}")
    if outcome is Outcome.ERROR:
        log.error("the probe %s of %r failed in a way nobody foresaw", job.probe, job.target_id, exc_info=error)
    return outcome


def _measurement(job: Job, finding: Finding, taken_at: int, duration: float) -> Measurement:
    target = job.target_id if finding.target is None else finding.target
    probe = finding.probe or job.probe
    return Measurement(probe, taken_at, finding.outcome, target, duration, finding.fields, _device(job))


def _device(job: Job) -> str | None:
    """As measurements name it: nothing for the agent itself."""
    return None if job.device is None else job.device.id
