"""Whether what a page shows can be believed now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from collector.store.protocol import StoredMeasurement
from collector.store.state_protocol import AgentNow, Presence, RoomNow

COLLECTOR_AWAY_MS = 90_000  # it looks at every room each 5 s and measures itself each 30 s
STALE_MS = 180_000  # an agent that is silent for 90 s turns late, unless the collector cannot hear


class Freshness(StrEnum):
    """In the order in which a page warns."""

    WAITING = "waiting"  # the collector has never been heard
    COLLECTOR_AWAY = "collector_away"
    STALE = "stale"  # the collector lives but hears nothing, and knows that it does not
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Hearing:
    """When the collector last worked and an agent was last heard; UTC ms, 0: never."""

    freshness: Freshness
    collector_at: int
    newest_data_at: int


def hearing(
    agents: Sequence[AgentNow], rooms: Sequence[RoomNow], own: Iterable[StoredMeasurement], now: int
) -> Hearing:
    """`own` is what the collector last measured of itself."""
    collector_at = max([room.checked_at for room in rooms] + [entry.taken_at for entry in own], default=0)
    newest = max((agent.last_seen for agent in agents), default=0)
    return Hearing(_freshness(agents, collector_at, newest, now), collector_at, newest)


def _freshness(agents: Sequence[AgentNow], collector_at: int, newest: int, now: int) -> Freshness:
    if not collector_at:
        return Freshness.WAITING
    if now - collector_at > COLLECTOR_AWAY_MS:
        return Freshness.COLLECTOR_AWAY
    said_to_be_on = any(agent.presence is Presence.ONLINE for agent in agents)
    return Freshness.STALE if said_to_be_on and now - newest > STALE_MS else Freshness.FRESH
