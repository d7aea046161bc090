"""What boards read that is no series: where things are, how they are now, what changed, and services by room.

Boards ask the series store only, so a store that boards look at holds a copy of the present. The pages never read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from collector.store.protocol import RoomSlice
from collector.store.state_protocol import AgentNow, Change, RoomNow
from inventory.snapshot import AssetToday


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room of the register and how it is now; `now` is None until it was judged."""

    site: str
    room: str
    name: str
    classroom: bool
    devices: int
    now: RoomNow | None = None


@dataclass(frozen=True, slots=True)
class DeviceShown:
    """A device of the register, or one that reports without being there (`room` empty).

    `agent` is None where none of its own ever spoke.
    """

    site: str
    room: str
    device: str
    name: str
    kind: str
    agent: AgentNow | None = None


class BoardStore(Protocol):
    """Writes what boards read. Writing again changes nothing. Raises StoreUnavailable."""

    def write_places(self, at: int, rooms: Sequence[RoomShown], devices: Sequence[DeviceShown]) -> None:
        """Which room has which device, for the lists that a board offers."""

    def write_present(self, at: int, rooms: Sequence[RoomShown], devices: Sequence[DeviceShown]) -> None:
        """How they are now."""

    def write_changes(self, changes: Sequence[Change], names: Mapping[tuple[str, str, str], str]) -> None:
        """What changed, at its own time; `names` by site, kind and subject, for those that have one."""

    def write_slices(
        self, site: str, rooms: Mapping[str, Sequence[str]], judged: Mapping[int, Sequence[RoomSlice]]
    ) -> None:
        """How the school, and the devices of each room, reached what they tried, of slices that were rolled up.

        `judged`: the rooms of each of these slices, of which the school's sum is made.
        """

    def write_equipment(self, site: str, day: int, assets: Sequence[AssetToday], rooms: Mapping[str, str]) -> None:
        """The register of a site on the day that began at `day`, in place of what was told of it before.

        `rooms`: id -> name.
        """
