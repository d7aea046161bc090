"""Whether this machine itself gets out. When it does not, what it says of services is blind, not "down".

Pure: a verdict needs measurements of the internet group that began after the doubt, so that neither the moment before
a cut nor the moment after it is judged by what was true before.
"""

from collections.abc import Iterable, Sequence

from agent.run_probe import Job
from contract.messages import Measurement, Outcome
from contract.targets import GATEWAY, INTERNET, LAN, REACHING_PROBES

TELLS_NOTHING = (Outcome.NO_PERMISSION, Outcome.UNSUPPORTED, Outcome.ERROR)


class Uplink:
    """The latest evidence of each internet job."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self._reached: dict[Job, tuple[float, bool | None]] = {}

    def replace(self, jobs: Iterable[Job]) -> None:
        """Takes the new list of jobs; only those of the internet group that reach out count."""
        self.jobs = [job for job in jobs if job.target.group == INTERNET and job.probe in REACHING_PROBES]
        self._reached = {job: self._reached[job] for job in self.jobs if job in self._reached}

    def note(self, job: Job, started_at: float, measurements: Sequence[Measurement]) -> None:
        """Remembers how a run of an internet job ended; other jobs are ignored."""
        if job in self.jobs:
            outcomes = {entry.outcome for entry in measurements}
            silent = outcomes <= set(TELLS_NOTHING)
            self._reached[job] = (started_at, None if silent else Outcome.OK in outcomes)

    def is_gone(self, since: float) -> bool | None:
        """True: nothing of the internet was reached by anything that began since; None: not known yet."""
        heard = [reached for began, reached in self._reached.values() if began >= since]
        if True in heard:
            return False
        if len(heard) < len(self.jobs):
            return None
        return False in heard

    def unheard(self, since: float) -> list[Job]:
        """The jobs whose answer is still missing for a verdict."""
        return [job for job in self.jobs if self._reached.get(job, (since - 1, None))[0] < since]

    def guess(self, since: float) -> bool:
        """The best answer when there is no more time to wait: gone when something tried and nothing got through."""
        heard = [reached for began, reached in self._reached.values() if began >= since]
        return False in heard and True not in heard


def is_remote(job: Job) -> bool:
    """Whether the outcome depends on the uplink, so that a failure may say nothing about the target."""
    return job.target.group not in ("", GATEWAY, INTERNET, LAN)
