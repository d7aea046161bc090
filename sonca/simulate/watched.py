"""Devices without an agent: one of the school's PCs, its sentinel, asks them and reports under their own names.

A kind of device is one file beside this one, which describes it as a WatchedKind, and one line in watched_kinds.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

from contract.messages import Measurement, Outcome, Value
from inventory.asset import AssetKind
from inventory.school import Room
from sonca.simulate.addresses import NO_ADDRESS
from sonca.simulate.chance import Chance
from sonca.simulate.fault_plan import FaultPlan
from sonca.simulate.faults import FaultKind

SERIAL_PREFIX = "SIM"


@dataclass(frozen=True, eq=False, slots=True)
class Watched:
    """One such device. `chance` is its own source of numbers; `address` is given to it by its school."""

    id: str
    name: str
    room: str
    kind: AssetKind
    chance: Chance
    address: IPv4Interface = NO_ADDRESS

    @property
    def serial(self) -> str:
        return serial_of(self.chance, "serial")

    @property
    def mac(self) -> str:
        return mac_of(self.chance, self.address.ip)


@dataclass(frozen=True, slots=True)
class Look:
    """A watched device at the moment in which it is asked; what is found there is a pure function of it."""

    device: Watched
    at: int
    faults: FaultPlan

    def chance(self, *names: str) -> Chance:
        return self.device.chance.named(*names)

    def suffers(self, kind: FaultKind, where: str | None = None) -> bool:
        """Whether a fault strikes the device itself, or `where` it is said to."""
        return self.faults.active(kind, self.device.id if where is None else where, self.at) is not None

    def found(self, probe: str, fields: Mapping[str, Value], target: str = "", *, took: float = 40.0) -> Measurement:
        """What its sentinel makes of an answer that took about so many milliseconds."""
        took *= self.chance("took", probe).between(0.6, 1.6, self.at)
        return Measurement(probe, self.at, Outcome.OK, target, round(took, 2), dict(fields), self.device.id)


def serial_of(chance: Chance, what: str, digits: int = 8) -> str:
    """One that no real device has."""
    return SERIAL_PREFIX + f"{chance.named(what).word():016X}"[:digits]


def mac_of(chance: Chance, address: IPv4Address) -> str:
    """A hardware address in the range that IANA keeps for itself, as much a device's own in its school as `address` is.

    The byte by chance is never 0: routers that stand in for each other (VRRP) have 00:00:5e:00:01.
    """
    high, low = divmod(int(address) & 0xFFFF, 256)
    return f"00:00:5e:{chance.named('address').whole(1, 255):02x}:{high:02x}:{low:02x}"


Ask = Callable[[Look], list[Measurement]]


@dataclass(frozen=True)
class WatchedKind:
    """What there is to know of one kind. `probes` maps each probe to what it finds, lamps and supplies along with it.

    `places` picks the rooms that have such a device; `content` is its equipment report, without the mark.
    """

    kind: AssetKind
    slug: str  # the last part of its devices' ids
    label: str
    places: Callable[[Sequence[Room]], Sequence[Room]]
    probes: Mapping[str, Ask]
    content: Callable[[Watched], dict[str, Any]]
    lamp_hours: Callable[[Watched], int] | None = None


def cabinet(rooms: Sequence[Room]) -> Sequence[Room]:
    """Where the network comes in: the first office, or the first room of a school without any."""
    return [next((room for room in rooms if not room.classroom), rooms[0])]
