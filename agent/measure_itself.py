"""What the agent costs and what waits in its outbox, reported like any other measurement."""

import time

import psutil

from agent.outbox import Totals
from contract.messages import Measurement, Outcome, Value


class Itself:
    """Samples this process; the first sample has no processor use, which needs two."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before: tuple[float, float] | None = None
        self.resent_batches = 0

    def measure(self, totals: Totals, lost_in_memory: int, now: int, offset_ms: int | None) -> Measurement:
        """The probe `agent` of the catalogue, taken at `now` (this era's UTC milliseconds)."""
        fields: dict[str, Value] = {
            "resident_bytes": int(self._process.memory_info().rss),
            "outbox_bytes": totals.size,
            "outbox_batches": totals.batches,
            "outbox_age_seconds": _age_seconds(totals.oldest, now + (offset_ms or 0)),
            "lost_measurements": totals.lost_measurements + lost_in_memory,
            "refused_batches": totals.refused_batches,
            "resent_batches": self.resent_batches,
        }
        percent = self._processor_percent()
        if percent is not None:
            fields["cpu_percent"] = percent
        return Measurement("agent", now, Outcome.OK, fields=fields)

    def _processor_percent(self) -> float | None:
        """Of one core, since the previous call."""
        times = self._process.cpu_times()
        here = (times.user + times.system, time.monotonic())
        before, self._before = self._before, here
        if before is None or here[1] <= before[1]:
            return None
        return round(min(100.0, 100 * (here[0] - before[0]) / (here[1] - before[1])), 1)


def _age_seconds(oldest: int | None, now: int) -> int:
    """0 when nothing waits: an age that were absent then would leave the last one standing on boards."""
    return 0 if oldest is None else max(0, (now - oldest) // 1000)
