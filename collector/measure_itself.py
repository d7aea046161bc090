"""What the collector measures of itself, stored like any other measurement under the site `sonca`."""

from dataclasses import dataclass

from collector.store.protocol import StoredMeasurement
from contract.messages import Outcome, Value
from contract.topics import OWN_SITE


@dataclass(slots=True)
class Counters:
    """Totals since the collector started, spelled as in the catalogue."""

    received_messages: int = 0
    stored_measurements: int = 0
    refused_payloads: int = 0
    unknown_fields: int = 0
    gaps: int = 0
    lag_ms: float = 0.0
    rollup_ms: float = 0.0

    def measurement(self, name: str, broker_dropped: int | None, now: int) -> StoredMeasurement:
        """The counters as a measurement of the collector `name`."""
        fields: dict[str, Value] = {
            "received_messages": self.received_messages,
            "stored_measurements": self.stored_measurements,
            "refused_payloads": self.refused_payloads,
            "unknown_fields": self.unknown_fields,
            "gaps": self.gaps,
            "lag_ms": round(self.lag_ms, 2),
            "rollup_ms": round(self.rollup_ms, 2),
        }
        if broker_dropped is not None:
            fields["broker_dropped"] = broker_dropped
        return StoredMeasurement(OWN_SITE, name, "collector", "", now, Outcome.OK, 0.0, fields)
