"""What one simulation came to, in numbers."""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Tally:
    """Counted as it happens; batches and measurements once, however often they had to be sent."""

    batches: int = 0
    measurements: int = 0
    neighbours: int = 0  # those of the measurements that the collector keeps apart from the series
    bytes_sent: int = 0
    resent: int = 0
    receipts: int = 0
    refused: int = 0
    statuses: int = 0
    equipment_reports: int = 0
    unsettled: int = 0  # batches that had no receipt when the simulator stopped
    latest_ms: int = 0  # by how much the most delayed device was late: whether the simulator kept up

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, entry.name):,} {entry.name.replace('_', ' ')}" for entry in fields(self))
