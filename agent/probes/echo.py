"""What a series of ICMP echoes came to, and the numbers that stand for it."""

from dataclasses import dataclass, field

from contract.messages import Outcome, Value

COUNT = 5
SPACING_SECONDS = 0.2
# A neighbour that does not answer ARP is reported unreachable by our own kernel after three seconds.
PATIENCE_SECONDS = 3.2


@dataclass(slots=True)
class Echoes:
    """Echoes to one address. `round_trips` are in milliseconds, in the order sent, of those answered.

    `unreachable` counts the echoes for which a router (or this machine) said that there is no way.
    """

    sent: int = 0
    round_trips: list[float] = field(default_factory=list)
    unreachable: int = 0

    @property
    def outcome(self) -> Outcome:
        if self.round_trips:
            return Outcome.OK
        return Outcome.UNREACHABLE if self.unreachable else Outcome.TIMEOUT

    def fields(self) -> dict[str, Value]:
        """As contract/metrics.py names them; times only where something came back."""
        received = len(self.round_trips)
        fields: dict[str, Value] = {"sent": self.sent, "received": received}
        if self.sent:
            fields["loss_percent"] = round(100 * (self.sent - received) / self.sent, 1)
        if received:
            fields["round_trip_min_ms"] = round(min(self.round_trips), 2)
            fields["round_trip_ms"] = round(sum(self.round_trips) / received, 2)
            fields["round_trip_max_ms"] = round(max(self.round_trips), 2)
        if received > 1:
            steps = [abs(late - early) for early, late in zip(self.round_trips, self.round_trips[1:], strict=False)]
            fields["jitter_ms"] = round(sum(steps) / len(steps), 2)
        return fields


@dataclass(frozen=True, slots=True)
class Pace:
    """How many echoes, how far apart, and how long each may take, in seconds."""

    count: int
    spacing: float
    patience: float

    @classmethod
    def within(cls, seconds: float) -> "Pace":
        """A pace that ends well before `seconds` are over."""
        usable = seconds * 0.9
        spacing = min(SPACING_SECONDS, usable / (2 * COUNT))
        return cls(COUNT, spacing, min(PATIENCE_SECONDS, usable - (COUNT - 1) * spacing))
