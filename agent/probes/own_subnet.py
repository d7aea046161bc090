"""Which network segment this machine stands in, and by which of its network cards."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path

import psutil

from agent.network_settings import Segment
from agent.probes.finding import Task
from agent.probes.gateway import default_gateway
from agent.probes.outcomes import Unsupported
from contract.mac import canonical_mac

LARGEST = 22  # a /22 has 1022 addresses
ARP_TABLE = Path("/proc/net/arp")
_COMPLETE = 0x2
SWITCH_ON = "the network is not watched: agent.yaml has no `network` (docs/settings.md); write `network: {}` to do so"


@dataclass(frozen=True, slots=True)
class OwnSubnet:
    """`address` holds the mask too. `gateway` is that of the machine, where it stands in this subnet."""

    interface: str
    mac: str
    address: IPv4Interface
    gateway: str | None

    def swept(self) -> IPv4Network:
        """What is asked: the subnet, or the /22 of it that this machine is in."""
        network = self.address.network
        return network if network.prefixlen >= LARGEST else IPv4Interface(f"{self.address.ip}/{LARGEST}").network


def watched(task: Task) -> tuple[Segment, OwnSubnet]:
    """The segment and where this machine is in it. Raises Unsupported, OSError."""
    if task.segment is None:
        raise Unsupported(SWITCH_ON)
    found = own_subnet(task.segment.settings.interface, default_gateway())
    task.step(f"{found.interface} has {found.address}; the default gateway here is {found.gateway or 'unknown'}")
    return task.segment, found


def own_subnet(interface: str | None, gateway: str | None) -> OwnSubnet:
    """Of the named interface, else of the one whose subnet holds the gateway. Raises Unsupported."""
    subnets = [subnet for subnet in _subnets(gateway) if interface in (None, subnet.interface)]
    if interface is None:
        subnets = [subnet for subnet in subnets if subnet.gateway]
    if not subnets:
        what = f"the interface {interface}" if interface else "the interface of the default gateway"
        raise Unsupported(f"{what} is not there, or has no IPv4 address: name one as `network: {{interface: ...}}`")
    if not subnets[0].address.network.is_private:
        raise Unsupported(f"{subnets[0].address.network} is not a private network: only the school's own is watched")
    return subnets[0]


def hardware_address(address: str, interface: str, table: str) -> str:
    """What the system's table of neighbours (the text of /proc/net/arp) has for an address; empty: nothing sure."""
    for line in table.splitlines()[1:]:
        words = line.split()
        if len(words) == 6 and (words[0], words[5]) == (address, interface) and int(words[2], 16) & _COMPLETE:
            return canonical_mac(words[3])
    return ""


def _subnets(gateway: str | None) -> list[OwnSubnet]:
    found = []
    for name, entries in psutil.net_if_addrs().items():
        macs = [canonical_mac(entry.address) for entry in entries if entry.family == psutil.AF_LINK]
        for entry in entries:
            if entry.family == socket.AF_INET and entry.netmask and macs and macs[0]:
                address = IPv4Interface(f"{entry.address}/{entry.netmask}")
                inside = gateway is not None and ":" not in gateway and IPv4Address(gateway) in address.network
                found.append(OwnSubnet(name, macs[0], address, gateway if inside else None))
    return found
