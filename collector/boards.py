"""Tells a store that boards look at how things are: boards ask the series store only, never the relational state."""

from collections.abc import Mapping, Sequence

from collector.equipment import Equipment
from collector.store.boards_protocol import BoardStore, DeviceShown, RoomShown
from collector.store.protocol import HOUR_MS, RoomSlice
from collector.store.state_protocol import Change, RelationalState
from inventory.school import School
from inventory.schools import Schools

PRESENT_MS = 30_000
PLACES_MS = HOUR_MS
_MOST_CHANGES = 10_000


class Boards:
    """Called from the collector's one working thread, after it looked at the present."""

    def __init__(
        self, store: BoardStore, state: RelationalState, schools: Schools, equipment: Equipment | None = None
    ) -> None:
        self._equipment = equipment
        self._store = store
        self._state = state
        self._schools = schools
        self._told_at = 0
        self._placed_at = 0
        self._placed: tuple[list[School], set[tuple[str, str]]] = ([], set())  # schools, devices with an agent
        self._changes: set[Change] = set()  # those of the last minutes that were written

    def tell(self, now: int) -> None:
        """Writes what changed, and the present when something did or it is time. Raises StoreUnavailable."""
        if self._equipment is not None:
            self._equipment.tell(now)
        recent = self._recent_changes(now)
        changes = recent - self._changes
        schools = self._schools.all()
        if not (changes or schools != self._placed[0] or now - self._told_at >= PRESENT_MS):
            return
        rooms, devices = self._rooms(schools), self._devices(schools)
        placed = schools, {(device.site, device.device) for device in devices if device.agent is not None}
        if placed != self._placed or now - self._placed_at >= PLACES_MS:
            self._store.write_places(now, rooms, devices)
            self._placed, self._placed_at = placed, now
        self._store.write_present(now, rooms, devices)
        names = {(room.site, "room", room.room): room.name for room in rooms}
        names |= {(device.site, "agent", device.device): device.name for device in devices}
        self._store.write_changes(sorted(changes, key=lambda change: change.at), names)
        self._told_at, self._changes = now, recent

    def judged(self, school: School, judged: Mapping[int, Sequence[RoomSlice]]) -> None:
        """Slices of the school were judged: how it reached targets and services follows. Raises StoreUnavailable."""
        rooms = {room.id: [device.id for device in room.devices] for room in school.rooms}
        self._store.write_slices(school.site, rooms, judged)

    def _recent_changes(self, now: int) -> set[Change]:
        """Those of the last hour: a change may be committed long after the moment that it tells."""
        return {
            change
            for school in self._schools.all()
            for change in self._state.changes(school.site, now - HOUR_MS, now + 1, limit=_MOST_CHANGES)
        }

    def _rooms(self, schools: list[School]) -> list[RoomShown]:
        shown = []
        for school in schools:
            now = {room.room: room for room in self._state.rooms(school.site)}
            shown += [
                RoomShown(
                    school.site, room.id, room.name or room.id, room.classroom, len(room.devices), now.get(room.id)
                )
                for room in school.rooms
            ]
        return shown

    def _devices(self, schools: list[School]) -> list[DeviceShown]:
        shown = []
        for school in schools:
            agents = {agent.agent: agent for agent in self._state.agents(school.site)}
            shown += [
                DeviceShown(
                    school.site, room.id, device.id, device.name or device.id, device.kind, agents.get(device.id)
                )
                for room in school.rooms
                for device in room.devices
            ]
            shown += [
                DeviceShown(school.site, "", name, name, "other", agent)
                for name, agent in agents.items()
                if name not in school.devices
            ]
        return shown
