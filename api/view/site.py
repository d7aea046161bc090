"""A school as it is now: what every page and most JSON answers are made from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.view.freshness import Hearing, hearing
from api.view.services import ServicesTable, services_table
from collector.store.protocol import RoomReason, RoomSlice, RoomState, Share, StoredMeasurement
from collector.store.state_protocol import AgentNow, Change, RoomNow
from inventory.lesson_time import midnight
from inventory.school import Device, Room, School


@dataclass(frozen=True, slots=True)
class SiteRows:
    """What the stores said about one site at `at` (UTC ms)."""

    at: int
    version: int
    agents: Sequence[AgentNow]
    rooms: Sequence[RoomNow]
    slices: Sequence[RoomSlice]
    today: Share
    services: Sequence[StoredMeasurement]
    own: Sequence[StoredMeasurement]
    changes: Sequence[Change]
    measuring: frozenset[str] = frozenset()  # devices that measured of late; read where some are watched by others


@dataclass(frozen=True, slots=True)
class DeviceNow:
    """A device and who speaks for it. `agent` is None where another agent watches it, or where none ever spoke."""

    device: Device
    room: Room | None
    agent: AgentNow | None
    measuring: bool = False

    @property
    def watched(self) -> bool:
        """Whether another agent reports about it."""
        return self.agent is None and bool(self.device.reported_by)

    @property
    def name(self) -> str:
        return self.device.name or self.device.id


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room of the file; `now` is None until the collector has judged it."""

    room: Room
    now: RoomNow | None
    devices: tuple[DeviceNow, ...]
    slices: tuple[RoomSlice, ...]

    @property
    def name(self) -> str:
        return self.room.name or self.room.id

    @property
    def state(self) -> RoomState | None:
        return None if self.now is None else self.now.state

    @property
    def trouble(self) -> int:
        """How urgently a person should look: 3 disconnected, 2 degraded, 1 something else is wrong, 0 not at all.

        Something else: gone without a goodbye, or connected while one of its devices, or its name server, is not.
        """
        if self.now is None:
            return 0
        silent = self.now.state is RoomState.DARK and self.now.reason is RoomReason.SILENT
        other = 1 if silent or "cause" in self.now.evidence else 0
        return {RoomState.DISCONNECTED: 3, RoomState.DEGRADED: 2}.get(self.now.state, other)


@dataclass(frozen=True, slots=True)
class SiteNow:
    """One site. `unassigned` are devices that report but stand in no school file."""

    school: School
    at: int
    version: int
    rooms: tuple[RoomView, ...]
    unassigned: tuple[DeviceNow, ...]
    services: ServicesTable
    today: Share
    hearing: Hearing
    changes: Sequence[Change]
    lesson: bool

    @property
    def mark(self) -> str:
        """Differs when an open page should look again: at once for a change of state, each 10 s for new numbers."""
        heard = max(self.hearing.collector_at, self.hearing.newest_data_at) // 10_000
        return f"{self.version}-{heard}-{self.hearing.freshness}"

    @property
    def classrooms(self) -> Counter[RoomState | None]:
        """Classrooms by state."""
        return Counter(view.state for view in self.rooms if view.room.classroom)

    @property
    def troubles(self) -> list[RoomView]:
        """The rooms to look at first."""
        return sorted((view for view in self.rooms if view.trouble), key=lambda view: -view.trouble)

    def room(self, name: str) -> RoomView | None:
        return next((view for view in self.rooms if view.room.id == name), None)

    def device(self, name: str) -> DeviceNow | None:
        return next((device for device in self.devices() if device.device.id == name), None)

    def devices(self) -> Iterable[DeviceNow]:
        """All devices, room by room, then those that are not assigned."""
        for view in self.rooms:
            yield from view.devices
        yield from self.unassigned


def connected(states: Mapping[RoomState | None, int]) -> int:
    """How many of the counted rooms reach the internet, degraded ones included."""
    return states.get(RoomState.CONNECTED, 0) + states.get(RoomState.DEGRADED, 0)


def site_now(school: School, rows: SiteRows) -> SiteNow:
    """The site at `rows.at`."""
    agents = {agent.agent: agent for agent in rows.agents}
    judged = {room.room: room for room in rows.rooms}
    slices: dict[str, list[RoomSlice]] = {}
    for entry in rows.slices:
        slices.setdefault(entry.room, []).append(entry)
    rooms = tuple(
        RoomView(
            room,
            judged.get(room.id),
            tuple(
                DeviceNow(device, room, agents.get(device.id), device.id in rows.measuring) for device in room.devices
            ),
            tuple(slices.get(room.id, ())),
        )
        for room in school.rooms
    )
    return SiteNow(
        school,
        rows.at,
        rows.version,
        rooms,
        tuple(DeviceNow(Device(name), None, agent) for name, agent in agents.items() if name not in school.devices),
        services_table(school, rows.services, rows.at),
        rows.today,
        hearing(rows.agents, rows.rooms, rows.own, rows.at),
        rows.changes,
        school.in_lesson(rows.at),
    )


def day_start(school: School, at: int) -> int:
    """Midnight of the school's day that holds `at`; UTC ms."""
    return midnight(school.day_at(at), school.zone)
