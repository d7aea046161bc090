"""Which room reaches which service, from the newest measurement of every device."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from collector.store.protocol import StoredMeasurement
from contract.messages import Outcome
from contract.targets import SERVICES, TargetEntry
from inventory.school import Room, School

FRESH_MS = 900_000  # services are asked every 5 min: three rounds

# A service may be asked in several ways; the one nearest to what a class does decides.
_STRENGTH = ("web", "tcp", "dns", "ping")

# The agent could not ask at all, which tells nothing about the service.
_UNASKED = frozenset({Outcome.NO_PERMISSION, Outcome.UNSUPPORTED, Outcome.ERROR})


class ServiceReach(StrEnum):
    """Blind is not down: a room without internet says nothing about the service."""

    OK = "ok"
    DOWN = "down"
    BLIND = "blind"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Cell:
    """One service in one room. `at` (UTC ms) is when it was last tried, None if never; `outcome` says how that went."""

    reach: ServiceReach
    at: int | None = None
    outcome: Outcome | None = None
    captive: bool = False
    device: str = ""


@dataclass(frozen=True, slots=True)
class ServicesTable:
    """`cells` by room id, in the order of `services`."""

    services: tuple[TargetEntry, ...]
    rooms: tuple[Room, ...]
    cells: Mapping[str, tuple[Cell, ...]]

    def down(self) -> list[TargetEntry]:
        """The services that no room reaches and at least one room knows to be down: it is not the rooms."""
        columns = zip(self.services, zip(*self.cells.values(), strict=True), strict=True) if self.cells else ()
        return [
            service
            for service, column in columns
            if any(cell.reach is ServiceReach.DOWN for cell in column)
            and not any(cell.reach is ServiceReach.OK for cell in column)
        ]


def services_table(school: School, latest: Iterable[StoredMeasurement], now: int) -> ServicesTable:
    """The table over all rooms of the file. `latest` holds the newest measurements of the group `services`."""
    tries = _tries_by_room(school, latest)
    cells = {
        room.id: tuple(_cell(tries.get((room.id, service.name), ()), now) for service in school.services)
        for room in school.rooms
    }
    return ServicesTable(school.services, school.rooms, cells)


def _tries_by_room(
    school: School, latest: Iterable[StoredMeasurement]
) -> Mapping[tuple[str, str], list[StoredMeasurement]]:
    """The measurement that decides, of every device, by room and service."""
    strongest: dict[tuple[str, str], StoredMeasurement] = {}
    for entry in latest:
        key = (entry.device, entry.target)
        if entry.outcome in _UNASKED or entry.probe not in _STRENGTH:
            continue
        if key not in strongest or _STRENGTH.index(entry.probe) < _STRENGTH.index(strongest[key].probe):
            strongest[key] = entry
    tries: dict[tuple[str, str], list[StoredMeasurement]] = defaultdict(list)
    for (device, target), entry in strongest.items():
        room = school.room_of.get(device)
        if room is not None:
            tries[room.id, target.removeprefix(f"{SERVICES}/")].append(entry)
    return tries


def _cell(tries: Sequence[StoredMeasurement], now: int) -> Cell:
    if not tries:
        return Cell(ServiceReach.NOT_TRIED)
    fresh = [entry for entry in tries if now - entry.taken_at <= FRESH_MS]
    if not fresh:
        return _made(ServiceReach.NOT_TRIED, tries)
    reached = [entry for entry in fresh if entry.outcome is Outcome.OK]
    if reached:
        return _made(ServiceReach.OK, reached)
    seeing = [entry for entry in fresh if not entry.blind]
    return _made(ServiceReach.DOWN, seeing) if seeing else _made(ServiceReach.BLIND, fresh)


def _made(reach: ServiceReach, tries: Sequence[StoredMeasurement]) -> Cell:
    newest = max(tries, key=lambda entry: entry.taken_at)
    captive = newest.fields.get("captive") is True
    return Cell(reach, newest.taken_at, newest.outcome, captive, newest.device)
