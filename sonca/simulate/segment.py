"""The network of the simulated school, as its sentinel scans it: who answers, strangers, servers, the gateway, ways."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contract import defaults
from contract.messages import Measurement, Outcome, Value
from contract.metrics_network import NEIGHBOUR
from contract.targets import INTERNET
from sonca.simulate.addresses import BOX, CAMERA, GATEWAY, MOST_TELEPHONES, ROGUE
from sonca.simulate.chance import Chance
from sonca.simulate.day import Run, run_at
from sonca.simulate.fault_plan import FaultPlan
from sonca.simulate.faults import FaultKind
from sonca.simulate.rhythm import FIRST_SPREAD_MS, times
from sonca.simulate.school import Pc
from sonca.simulate.school_time import MINUTE_MS, SECOND_MS, day_of, is_school_day, minute_of, minutes
from sonca.simulate.watched import mac_of

STRANGER, HOME_ROUTER, LIAR = (Chance("stranger", name) for name in ("camera", "home router", "liar"))
_STRANGERS = ((STRANGER, CAMERA, "Hangzhou Hikvision"), (Chance("stranger", "box"), BOX, ""))
_ROGUE_VENDOR = "Tenda Technology"
_TRACED = next(entry for entry in defaults.INTERNET if entry.ping)


class Placed(Protocol):
    """Whatever stands in a room and has a source of numbers of its own."""

    @property
    def id(self) -> str: ...
    @property
    def room(self) -> str: ...
    @property
    def chance(self) -> Chance: ...


@dataclass(frozen=True, slots=True)
class Segment:
    """Everything on the network at a time, seen by one sentinel."""

    sentinel: Pc
    everyone: Sequence[Pc]
    at: int
    faults: FaultPlan

    def suffers(self, kind: FaultKind) -> bool:
        return self.faults.active(kind, "", self.at) is not None

    def answers(self, probe: str, fields: Mapping[str, Value], target: str = "", took: float = 1_400.0) -> Measurement:
        return Measurement(probe, self.at, Outcome.OK, target, took, dict(fields))


def scanned(
    sentinel: Pc, run: Run, everyone: Sequence[Pc], since: int, until: int, faults: FaultPlan
) -> Iterator[Measurement]:
    """What the school's first sentinel finds in `since <= taken_at < until` of its run; further ones do not scan."""
    if not any(device.kind == "router" for device in sentinel.watches):
        return
    for probe, scan in _SCANS.items():
        first = run.start + sentinel.chance.named("scan", probe).whole(0, FIRST_SPREAD_MS, run.start)
        for at in times(first, int(defaults.INTERVAL_SECONDS[probe] * SECOND_MS), since, until):
            yield from scan(Segment(sentinel, everyone, at, faults))


def network_neighbours(segment: Segment) -> Iterator[Measurement]:
    """PCs that are on, what is watched, strangers, and so many telephones that are only counted."""
    listed = list(_listed(segment))
    telephones = _telephones(segment)
    fields: dict[str, Value] = {"hosts": len(listed) + telephones, "unlisted": telephones, "duplicates": 0}
    yield segment.answers("network_neighbours", fields)
    for mac, told in listed:
        yield segment.answers(NEIGHBOUR, {name: value for name, value in told.items() if value}, mac, 0.0)


def dhcp_servers(segment: Segment) -> Iterator[Measurement]:
    fields: dict[str, Value] = {"servers": 1, "offered_by": str(GATEWAY), "rogue_servers": 0}
    if segment.suffers(FaultKind.ROGUE_DHCP):
        rogue = f"{ROGUE} {mac_of(HOME_ROUTER, ROGUE)} ({_ROGUE_VENDOR})"
        fields |= {"servers": 2, "offered_by": f"{GATEWAY}, {ROGUE}"}
        fields |= {"rogue_servers": 1, "rogue": rogue}
    yield segment.answers("dhcp_servers", fields, took=8_050.0)


def gateway_arp(segment: Segment) -> Iterator[Measurement]:
    router = next(device for device in segment.sentinel.watches if device.kind == "router")
    fields: dict[str, Value] = {"gateway_mac": router.mac, "gateway_macs": 1, "mac_changed": False}
    if segment.suffers(FaultKind.FALSE_GATEWAY):
        fields |= {"gateway_macs": 2, "mac_changed": True, "claimed_by": mac_of(LIAR, GATEWAY)}
    yield segment.answers("gateway_arp", fields, took=20_000.0)


def traceroute(segment: Segment) -> Iterator[Measurement]:
    """Only when the internet is gone: the way ends at the school's own router."""
    if segment.suffers(FaultKind.LINE_OUTAGE):
        fields: dict[str, Value] = {
            "reached": False,
            "last_hop": 1,
            "last_address": str(GATEWAY),
            "path": str(GATEWAY),
        }
        yield Measurement("traceroute", segment.at, Outcome.TIMEOUT, f"{INTERNET}/{_TRACED.name}", 4_100.0, fields)


_SCANS = {
    "network_neighbours": network_neighbours,
    "dhcp_servers": dhcp_servers,
    "gateway_arp": gateway_arp,
    "traceroute": traceroute,
}


def _listed(segment: Segment) -> Iterator[tuple[str, dict[str, str]]]:
    for pc in segment.everyone:
        if pc.id != segment.sentinel.id and _is_there(segment, pc) and run_at(pc, segment.at) is not None:
            yield pc.mac, {"address": str(pc.address.ip), "vendor": pc.machine.maker[:60]}
        for device in pc.watches:
            if _is_there(segment, device):
                address = GATEWAY if device.kind == "router" else device.address.ip
                yield device.mac, {"address": str(address), "known_as": device.id}
    if segment.suffers(FaultKind.UNKNOWN_DEVICES):
        for chance, address, vendor in _STRANGERS:
            yield mac_of(chance, address), {"address": str(address), "vendor": vendor}


def _is_there(segment: Segment, thing: Placed) -> bool:
    return segment.faults.active(FaultKind.SWITCH_UNPLUGGED, thing.room, segment.at) is None


def _telephones(segment: Segment) -> int:
    """Parents and teachers come and go."""
    busy = is_school_day(day_of(segment.at)) and minutes("06:45") <= minute_of(segment.at) < minutes("17:15")
    return round(
        (MOST_TELEPHONES if busy else 1) * segment.sentinel.chance.named("telephones").wave(segment.at, 40 * MINUTE_MS)
    )
