"""Where a fault most likely lies, found by comparing a device with its room and a room with its neighbours. Pure.

One room offline is the room's business; all rooms offline behind an answering gateway is the provider's. What each
device reached tells which: the layer is the first one, from the device outwards, at which everybody compared is struck.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from collector.store.protocol import Reach, StoredMeasurement
from collector.store.state_protocol import Cause, Layer, Scope
from contract.messages import Outcome
from contract.targets import DNS, INTERNET, group_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one device experienced in the present; None where it did not try. `silent`: gone without a goodbye."""

    device: str
    gateway: bool | None = None
    internet: bool | None = None
    names: bool | None = None
    portal: bool = False
    silent: bool = False


def verdict(device: str, reach: Reach | None, measured: Iterable[StoredMeasurement], *, silent: bool) -> Verdict:
    """One device's verdict from its reach and its newest measurements of the groups internet and dns."""
    if reach is None or not reach.measured:
        return Verdict(device, silent=silent)
    measured = [entry for entry in measured if not entry.blind]
    asked = [entry.outcome is Outcome.OK for entry in measured if group_of(entry.target) == DNS]
    internet = bool(reach.internet_reached) if reach.internet_tries else None
    return Verdict(
        device,
        # Whoever got out got past the gateway, even where it does not answer pings.
        gateway=bool(reach.gateway_reached or reach.internet_reached) if reach.gateway_tries else internet or None,
        internet=internet,
        names=any(asked) if asked else None,
        portal=any(entry.fields.get("captive") is True for entry in measured if group_of(entry.target) == INTERNET),
    )


def causes(rooms: Mapping[str, Collection[Verdict]]) -> dict[str, Cause]:
    """The cause of each room that has a fault. `rooms` maps each room of a school to its devices' verdicts."""
    school = {name: _Room.of(verdicts) for name, verdicts in rooms.items()}
    return {name: cause for name, room in school.items() if (cause := _cause(room, list(school.values()))) is not None}


@dataclass(frozen=True, slots=True)
class _Room:
    """A room's verdicts as one: True where one device got through, False where all that tried failed."""

    verdicts: tuple[Verdict, ...]
    gateway: bool | None
    internet: bool | None
    names: bool | None
    portal: bool
    silent: bool

    @classmethod
    def of(cls, verdicts: Collection[Verdict]) -> "_Room":
        return cls(
            tuple(verdicts),
            _any(entry.gateway for entry in verdicts),
            _any(entry.internet for entry in verdicts),
            _any(entry.names for entry in verdicts),
            any(entry.portal for entry in verdicts),
            any(entry.silent for entry in verdicts) and all(_is_away(entry) for entry in verdicts),
        )


def _cause(room: _Room, school: list[_Room]) -> Cause | None:
    if room.silent:
        return _compared(Layer.POWER, [other.silent for other in school if other.silent or _is_on(other)])
    if room.gateway is False:
        layer = Layer.GATEWAY if _all_struck([other.gateway for other in school]) else Layer.LINK
        return _compared(layer, [other.gateway is False for other in school if other.gateway is not None])
    if room.internet is False:
        layer = Layer.PORTAL if room.portal else Layer.LINE
        return _compared(layer, [other.internet is False for other in school if other.internet is not None])
    if room.internet and room.names is False:
        return _compared(Layer.DNS, [other.names is False for other in school if other.names is not None])
    return _of_one_device(room)


def _of_one_device(room: _Room) -> Cause | None:
    """Some get out and some do not: the room's network works, so it is theirs."""
    told = [entry for entry in room.verdicts if entry.internet is not None]
    struck = [entry.device for entry in told if not entry.internet]
    return Cause(Layer.DEVICE, Scope.DEVICE, len(struck), len(told), tuple(struck)) if struck else None


def _compared(layer: Layer, struck: list[bool]) -> Cause:
    """The school's when every room that could tell is struck, and more than one could; else the room's."""
    count = sum(struck)
    scope = Scope.SCHOOL if count == len(struck) > 1 else Scope.ROOM
    return Cause(layer, scope, count, len(struck))


def _all_struck(gateways: list[bool | None]) -> bool:
    told = [reached for reached in gateways if reached is not None]
    return len(told) > 1 and not any(told)


def _any(reached: Iterable[bool | None]) -> bool | None:
    told = [entry for entry in reached if entry is not None]
    return any(told) if told else None


def _is_away(entry: Verdict) -> bool:
    return entry.gateway is None and entry.internet is None


def _is_on(room: _Room) -> bool:
    return any(not _is_away(entry) for entry in room.verdicts)
