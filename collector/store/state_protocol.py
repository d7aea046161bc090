"""What has identity and a present: who is online, how each room is now, what changed, what was refused.

Kept in the relational state (collector/store/state.py), whichever series store is used. The collector writes it, the
API reads it; the two processes hand over through these rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from collector.store.protocol import RoomReason, RoomState
from collector.store.state_neighbours import Neighbour
from contract.messages import EquipmentReport


class Presence(StrEnum):
    """How an agent is there, from its status, its will and its silence."""

    ONLINE = "online"
    LATE = "late"  # missed three reports
    OFFLINE = "offline"  # said goodbye
    LOST = "lost"  # its will was sent, or it stayed silent for long


class Layer(StrEnum):
    """What most likely fails, from the device outwards."""

    DEVICE = "device"  # one PC, its card or its cable; others in the room get through
    POWER = "power"  # every device of the room went silent together: power, or its switch
    LINK = "link"  # the room's cable, switch or access point: nobody in it reaches the gateway, other rooms do
    GATEWAY = "gateway"  # the school's router: no room reaches it
    LINE = "line"  # beyond the gateway: the provider's line, or what bars one room from it
    PORTAL = "portal"  # a login page answers instead of the internet
    DNS = "dns"  # the internet answers, names are not resolved


class Scope(StrEnum):
    """How far it reaches."""

    DEVICE = "device"
    ROOM = "room"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Cause:
    """Where the fault of a room most likely lies; RoomNow.evidence holds it as `cause`.

    `struck` of `compared`: devices of the room, or rooms of the school, as `scope` says. `devices` are named.
    """

    layer: Layer
    scope: Scope
    struck: int
    compared: int
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentNow:
    """One agent as it is now. `since` is when this presence began, `last_seen` when it last spoke; server's UTC ms."""

    site: str
    agent: str
    presence: Presence
    since: int
    last_seen: int
    boot: str = ""
    reason: str = ""
    software: str = ""
    report_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class RoomNow:
    """One room as it is now. `evidence` holds the numbers of the sentence (loss_percent, round_trip_ms, devices...)."""

    site: str
    room: str
    state: RoomState
    reason: RoomReason
    since: int
    checked_at: int
    devices_on: int = 0
    devices_reaching: int = 0
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of state of an agent or a room."""

    at: int
    site: str
    kind: Literal["agent", "room"]
    subject: str
    old: str
    new: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A payload, or a part of one, that was not accepted, kept so that a person can read it."""

    at: int
    topic: str
    reason: str
    detail: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """The lease of a site, which `agent` holds until `until` (server's UTC ms), unless it gives it back before."""

    agent: str
    lease: str
    until: int


class RelationalState(Protocol):
    """Named queries of the relational state. Raises StoreUnavailable when the database is out of reach."""

    def agents(self, site: str) -> list[AgentNow]: ...
    def rooms(self, site: str) -> list[RoomNow]: ...
    def changes(
        self, site: str, since: int, until: int, *, subject: tuple[str, str] | None = None, limit: int = 200
    ) -> list[Change]:
        """The newest changes first, of the whole site or of one `subject`: ("agent", "pc-1") or ("room", "lop-1")."""

    def refused(self, *, limit: int = 100) -> list[Refused]: ...
    def refused_counts(self) -> dict[str, int]: ...
    def sites(self) -> list[str]: ...
    def version(self) -> int:
        """Grows with every committed change of agents or rooms, so that a reader knows when to look again."""

    def equipment(self, site: str, device: str) -> EquipmentReport | None: ...
    def all_equipment(self, site: str) -> list[EquipmentReport]:
        """The newest report of every device."""

    def equipment_history(self, site: str) -> list[EquipmentReport]:
        """Every report that was kept, of all devices of the site, the first one first.

        `taken_at` is here when the report came, by the server's clock: those of agents may be years off.
        """

    def neighbours(self, site: str) -> list[Neighbour]:
        """Who was seen on the network and is not forgotten, by hardware address."""

    def unreported_neighbours(self, seen_until: int) -> list[Neighbour]:
        """Those of all sites whom nobody has reported yet, first seen at `seen_until` or before."""

    def put_agents(self, agents: Sequence[AgentNow]) -> None:
        """Writes agents, and a Change for each whose presence differs from the stored one."""

    def put_rooms(self, rooms: Sequence[RoomNow]) -> None:
        """Writes rooms; a Change and a new `since` only where state differs from the stored one."""

    def refuse(self, entries: Sequence[Refused]) -> None:
        """Counts and keeps refused payloads; the oldest beyond a bound go, the counts stay."""

    def put_equipment(self, site: str, report: EquipmentReport, received_at: int | None = None) -> bool:
        """Appends a report of equipment that differs from the newest of its device; whether it did.

        What only moves (free space, link speed) is renewed in the newest one: each start of each PC says it all again.

        `received_at` is the server's time; where it is not given, the report's own is believed.
        """

    def put_neighbours(self, seen: Sequence[Neighbour]) -> None:
        """Takes what sentinels saw: the first and the last time are kept, whatever the order in which it comes."""

    def report_neighbours(self, site: str, macs: Sequence[str]) -> set[str]:
        """Marks neighbours as reported; those that were not before, so that each is reported once."""

    def forget_neighbours(self, before: int) -> int:
        """Deletes who was last seen before that time, in all sites; how many that were."""

    def move_lease(self, site: str, move: Callable[[Held | None], Held | None]) -> Held | None:
        """Puts `move(held)` in the place of the site's lease, as one step for all collectors; what it returned."""
