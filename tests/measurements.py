"""Measurements for tests, legal by the catalogue, with the few parts that matter given by the test."""

from collections.abc import Mapping

from collector.store.protocol import SLICE_MS, StoredMeasurement
from contract.messages import Outcome, Value

SITE = "hoa-mai"
START = 1_800_000_000_000 - 1_800_000_000_000 % (12 * SLICE_MS)  # a full hour in January 2027


def measured(
    device: str,
    probe: str,
    at: int,
    fields: Mapping[str, Value] | None = None,
    *,
    target: str = "",
    outcome: Outcome = Outcome.OK,
    blind: bool = False,
    uncertain: bool = False,
) -> StoredMeasurement:
    """One measurement of the site SITE at START + `at` milliseconds."""
    return StoredMeasurement(SITE, device, probe, target, START + at, outcome, 1.25, fields or {}, blind, uncertain)


def ping(device: str, at: int, target: str, loss: float = 0.0, trip: float | None = 10.0) -> StoredMeasurement:
    """A ping of `target`; all lost when `trip` is None."""
    fields: dict[str, Value] = {"sent": 5, "received": 5 if trip else 0, "loss_percent": loss if trip else 100.0}
    if trip is not None:
        fields["round_trip_ms"] = trip
    outcome = Outcome.OK if trip is not None else Outcome.TIMEOUT
    return measured(device, "ping", at, fields, target=target, outcome=outcome)
