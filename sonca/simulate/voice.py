"""What a simulated device says, in the words of the contract: birth, farewell, will and batches.

A batch is not kept anywhere: run and sequence number tell which stretch it covers, and the model tells what was
measured in it, so it is made again, byte for byte, whenever it has to be sent again.
"""

import dataclasses

from agent.work import FIRST_REPORT_SECONDS
from contract.messages import Batch, Measurement, Reason, State, Status
from sonca.simulate.clock import SimulatedClock
from sonca.simulate.day import Ending, Run
from sonca.simulate.school import Pc
from sonca.simulate.school_day import SchoolDay, clock_error_ms
from sonca.simulate.school_time import SECOND_MS

SOFTWARE = "simulated"
FIRST_REPORT_MS = int(FIRST_REPORT_SECONDS * SECOND_MS)
FOR_EVER = 2**62
_REASONS = {Ending.SHUTDOWN: Reason.SHUTDOWN, Ending.UPDATE: Reason.UPDATE}


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """Speaks for the devices of one school about `since <= t < until`; a batch covers `report_ms` of simulated time."""

    day: SchoolDay
    clock: SimulatedClock
    report_ms: int
    since: int
    until: int = FOR_EVER
    history: bool = False

    def span(self, run: Run, sequence: int) -> tuple[int, int]:
        """The stretch that a batch covers: the first one of a run is soon sent, the last one ends with the run."""
        first = run.start + min(FIRST_REPORT_MS, self.report_ms)
        until = first + sequence * self.report_ms
        since = until - self.report_ms if sequence else run.start
        return max(since, self.since), min(until, run.end, self.until)

    def sequence_at(self, run: Run, at: int) -> int:
        """The number of the batch that covers a time."""
        first = run.start + min(FIRST_REPORT_MS, self.report_ms)
        return 0 if at < first else 1 + (at - first) // self.report_ms

    def boot(self, run: Run) -> str:
        return self.clock.boot(run, history=self.history)

    def batch(self, pc: Pc, run: Run, sequence: int) -> Batch:
        error = clock_error_ms(pc, run.start, self.day.faults)
        measured = self.day.measured(pc, run, *self.span(run, sequence))
        told = tuple(self._dated(measurement, error) for measurement in measured)
        return Batch(pc.id, self.boot(run), sequence, told, clock_offset_ms=-error)

    def birth(self, pc: Pc, run: Run, at: int) -> Status:
        return self._status(pc, run, at, State.ONLINE)

    def farewell(self, pc: Pc, run: Run, at: int) -> Status:
        return self._status(pc, run, at, State.OFFLINE, _REASONS.get(run.ending, Reason.SHUTDOWN))

    def will(self, pc: Pc, run: Run, at: int) -> Status:
        """What the broker says when the device is gone without a farewell."""
        return self._status(pc, run, at, State.LOST)

    def _dated(self, measurement: Measurement, error: int) -> Measurement:
        """In real time, by the device's own clock."""
        return dataclasses.replace(measurement, taken_at=self.clock.real(measurement.taken_at) + error)

    def _status(self, pc: Pc, run: Run, at: int, state: State, reason: Reason | None = None) -> Status:
        sent_at = self.clock.real(at) + clock_error_ms(pc, run.start, self.day.faults)
        every = max(1.0, self.report_ms / 1000 / self.clock.speed)
        return Status(pc.id, self.boot(run), state, sent_at, reason, SOFTWARE, every)
