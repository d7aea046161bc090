"""network_neighbours: who is on the segment, by ARP; each device that has a name of its own becomes a `neighbour`.

Telephones make themselves a hardware address for each network: such ones are counted and never listed. Names of
devices are not asked for at all. Whether a device is unknown is judged by the server (inventory/known_devices.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.network_settings import NetworkSettings, Segment
from agent.probes.finding import Finding, Task
from agent.probes.own_subnet import watched
from agent.probes.scan import scan
from contract.mac import canonical_mac, is_software_chosen
from contract.messages import Outcome, Value

GATEWAY, LISTED = "gateway", "listed"
ANSWERS_FOR_OTHERS = 16  # addresses; a router does so (proxy ARP), and its answers tell nothing about who has them
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer to the question who has an address."""

    address: str
    mac: str
    vendor: str = ""


def probe(task: Task) -> list[Finding]:
    """One finding about the segment, and one for each device that is listed, its target the hardware address.

    Raises Unsupported, PermissionError, TimeoutError, BadAnswer, OSError.
    """
    segment, subnet = watched(task)
    swept = subnet.swept()
    task.step(f"asking the {swept.num_addresses - 2} addresses of {swept} who has them")
    own = str(subnet.address.ip)
    answers = scan(task, "sweep", interface=subnet.interface, mac=subnet.mac, own=own, network=str(swept))
    heard = [Heard(**entry) for entry in answers]
    listed = neighbours(heard, names_by_address(segment, subnet.gateway), names_by_mac(segment.settings))
    task.step(f"{len({entry.mac for entry in heard})} devices answered, {len(listed)} of them are listed")
    return [Finding(Outcome.OK, summary(heard, own, len(listed))), *listed]


def names_by_address(segment: Segment, gateway: str | None) -> dict[str, str]:
    """What the agent knows devices as: those that it polls, and the gateway where its hardware is not told."""
    names = {gateway: GATEWAY} if gateway and segment.settings.gateway_mac is None else {}
    return {**names, **dict(segment.polled)}


def names_by_mac(settings: NetworkSettings) -> dict[str, str]:
    """The devices that the settings tell by their hardware address."""
    names = {canonical_mac(mac): LISTED for mac in settings.known}
    return names if settings.gateway_mac is None else {**names, canonical_mac(settings.gateway_mac): GATEWAY}


def summary(heard: Iterable[Heard], own: str, listed: int) -> dict[str, Value]:
    """The fields of the segment. An address is a duplicate where two have it, or another one has this machine's."""
    heard = without_proxies(heard)
    owners = owners_of(heard)
    twice = sorted(address for address, count in owners.items() if count > 1 or address == own)
    hosts = {entry.mac for entry in heard}
    fields: dict[str, Value] = {"hosts": len(hosts), "unlisted": len(hosts) - listed, "duplicates": len(twice)}
    return {**fields, "duplicate_addresses": ", ".join(twice[:MOST_SHOWN])} if twice else fields


def neighbours(heard: Iterable[Heard], by_address: Mapping[str, str], by_mac: Mapping[str, str]) -> list[Finding]:
    """One finding a hardware address that a maker gave, or that the agent knows.

    An address that two have names neither: who claims to be the gateway must not become a known device by that.
    """
    heard = without_proxies(heard)
    owners = owners_of(heard)
    found = []
    for mac in dict.fromkeys(entry.mac for entry in heard):
        own = [entry for entry in heard if entry.mac == mac]
        told = (
            by_address[entry.address] for entry in own if entry.address in by_address and owners[entry.address] == 1
        )
        name = by_mac.get(mac) or next(told, "")
        if name or not is_software_chosen(mac):
            address = ", ".join(entry.address for entry in own[:MOST_SHOWN])
            fields = {"address": address, "vendor": own[0].vendor, "known_as": name}
            shown: dict[str, Value] = {key: value for key, value in fields.items() if value}
            found.append(Finding(Outcome.OK, shown, mac, "neighbour"))
    return found


def owners_of(heard: Iterable[Heard]) -> Counter[str]:
    """Address -> how many devices have it."""
    return Counter(address for address, _ in {(entry.address, entry.mac) for entry in heard})


def without_proxies(heard: Iterable[Heard]) -> list[Heard]:
    """Without what a router answers for others: only its first address is left."""
    heard = list(heard)
    many = {mac for mac, count in Counter(entry.mac for entry in heard).items() if count > ANSWERS_FOR_OTHERS}
    seen: set[str] = set()
    kept = []
    for entry in heard:
        if entry.mac not in many or entry.mac not in seen:
            kept.append(entry)
        seen.add(entry.mac)
    return kept
