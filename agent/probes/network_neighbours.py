"""network_neighbours: who is on the segment, by ARP; each device that has a name of its own becomes a `neighbour`.

Telephones make themselves a hardware address for each network: such ones are counted and never listed. Names of
devices are not asked for at all. Whether a device is unknown is judged by the server (inventory/known_devices.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.network_settings import Segment
from agent.probes.finding import Finding, Task
from agent.probes.own_subnet import OwnSubnet, watched
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
    names = names_of(segment, subnet)
    listed = neighbours(heard, names, {canonical_mac(mac) for mac in segment.settings.known})
    task.step(f"{len({entry.mac for entry in heard})} devices answered, {len(listed)} of them are listed")
    return [Finding(Outcome.OK, summary(heard, own, len(listed))), *listed]


def names_of(segment: Segment, subnet: OwnSubnet) -> dict[str, str]:
    """Address -> what the agent knows it as: the device that it polls there, or the gateway."""
    names = {subnet.gateway: GATEWAY} if subnet.gateway else {}
    return {**names, **dict(segment.polled)}


def summary(heard: Iterable[Heard], own: str, listed: int) -> dict[str, Value]:
    """The fields of the segment. An address is a duplicate where two have it, or another one has this machine's."""
    heard = without_proxies(heard)
    owners = Counter(address for address, _ in {(entry.address, entry.mac) for entry in heard})
    twice = sorted(address for address, count in owners.items() if count > 1 or address == own)
    hosts = {entry.mac for entry in heard}
    fields: dict[str, Value] = {"hosts": len(hosts), "unlisted": len(hosts) - listed, "duplicates": len(twice)}
    return {**fields, "duplicate_addresses": ", ".join(twice[:MOST_SHOWN])} if twice else fields


def neighbours(heard: Iterable[Heard], names: Mapping[str, str], known: set[str]) -> list[Finding]:
    """One finding a hardware address that a maker gave, or that the agent knows."""
    addresses: dict[str, list[str]] = defaultdict(list)
    vendors: dict[str, str] = {}
    for entry in without_proxies(heard):
        addresses[entry.mac].append(entry.address)
        vendors[entry.mac] = entry.vendor
    found = []
    for mac, own in addresses.items():
        name = next((names[address] for address in own if address in names), LISTED if mac in known else "")
        if name or not is_software_chosen(mac):
            fields = {"address": ", ".join(own[:MOST_SHOWN]), "vendor": vendors[mac], "known_as": name}
            shown: dict[str, Value] = {key: value for key, value in fields.items() if value}
            found.append(Finding(Outcome.OK, shown, mac, "neighbour"))
    return found


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
