"""How a sentinel watches the network segment that it stands in."""

import ipaddress
from dataclasses import dataclass, field
from typing import Annotated

from contract.mac import Mac, canonical_mac
from contract.shapes import BadValue


def check_server(text: str) -> None:
    """Raises BadValue for what is neither an IPv4 address nor a hardware address."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError as error:
        if not canonical_mac(text):
            hint = 'write it in quotes, like "192.168.1.1" or "00:1b:a9:11:22:33"'
            raise BadValue(f"{text[:60]!r} is neither an IPv4 address nor a hardware address", hint) from error


DhcpServer = Annotated[str, check_server]


@dataclass(frozen=True)
class NetworkSettings:
    """The key `network` in agent.yaml, even an empty one (`network: {}`), switches the watch on; nothing else does."""

    interface: str | None = None  # none: the one that leads to the default gateway
    known: tuple[Mac, ...] = ()  # listed even where software chose the address
    allowed_dhcp: tuple[DhcpServer, ...] = ()  # empty: the default gateway only
    gateway_mac: Mac | None = None  # none: as it was first seen


@dataclass(frozen=True)
class Segment:
    """What the probes of the network are told: the settings, and whom the agent polls at which address."""

    settings: NetworkSettings = field(default_factory=NetworkSettings)
    polled: tuple[tuple[str, str], ...] = ()  # (address as in the settings, device id)


SEGMENT_PROBES = ("network_neighbours", "dhcp_servers", "gateway_arp")
TRACEROUTE = "traceroute"
