"""When the way to an internet target is followed: after a probe of it failed, so that the break has a place.

Pure: the time is an argument, in seconds of a clock that never jumps.
"""

from collections.abc import Iterable

from agent.network_settings import TRACEROUTE
from agent.run_probe import Job


class Tracing:
    """One trace at a time; each target once in its interval, however often its probes fail."""

    def __init__(self) -> None:
        self._traces: dict[str, Job] = {}
        self._begun_at: dict[str, float] = {}
        self._running = False

    def replace(self, traces: Iterable[Job]) -> None:
        """Takes a new list of traces, by the targets that they follow."""
        self._traces = {trace.target_id: trace for trace in traces}

    def finish(self, job: Job, now: float, *, failed: bool) -> Job | None:
        """Takes the end of any job; the trace that has to be started because it failed, if any."""
        if job.probe == TRACEROUTE:
            self._running = False
            return None
        trace = self._traces.get(job.target_id)
        if trace is None or not failed or self._running or not self._is_due(trace, now):
            return None
        self._running, self._begun_at[trace.target_id] = True, now
        return trace

    def _is_due(self, trace: Job, now: float) -> bool:
        begun_at = self._begun_at.get(trace.target_id)
        return begun_at is None or now - begun_at >= trace.interval_seconds
