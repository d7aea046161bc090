"""Devices that cannot run an agent: a sentinel asks them over the network and reports them under their own names.

An agent is a sentinel when its settings name such devices. Each protocol is one key of PolledDevice and one line of
PROBES_OF; what it needs to know (passwords in files of their own, ports) stands in a dataclass of its own.
"""

import dataclasses
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from agent.snmp_settings import SnmpSettings
from agent.ubus_settings import UbusSettings
from contract.connection import Port
from contract.shapes import BadValue
from contract.topics import Slug

# The probes that each protocol brings: what a device is asked follows from the keys that it has.
PROBES_OF: Mapping[str, tuple[str, ...]] = {
    "pjlink": ("projector",),
    "snmp": ("snmp_system", "interface", "snmp_host", "printer", "ups"),
    "ubus": ("host", "wan", "wifi_network"),
}
# protocol -> the module whose `report(agent, device, now_ms)` asks a device what it is made of; the first one counts.
EQUIPMENT_OF: Mapping[str, str] = {
    "pjlink": "agent.equipment_projector",
    "snmp": "agent.equipment_snmp",
    "ubus": "agent.equipment_router",
}
# Those that no agent measures of its own machine; `host` is asked of both.
DEVICE_PROBES = frozenset(probe for probes in PROBES_OF.values() for probe in probes) - {"host"}


@dataclass(frozen=True)
class PjlinkSettings:
    """How a projector is asked. Its password, if it wants one, stands in a file of its own (0600)."""

    port: Port = 4352
    password_file: str | None = None

    def anchored(self, folder: Path) -> "PjlinkSettings":
        """The same with its file's path made absolute; a relative one starts from `folder`."""
        file = self.password_file
        return dataclasses.replace(self, password_file=None if file is None else str(folder / file))


def check_own_address(text: str) -> None:
    """Refuses what is no IPv4 address of one machine."""
    try:
        first = socket.inet_pton(socket.AF_INET, text)[0]
    except (OSError, ValueError):
        first = 0
    if not 0 < first < 224:
        raise BadValue(f"{text[:60]!r} is not an IPv4 address of one machine", "write this one's own: 192.168.1.20")


@dataclass(frozen=True)
class NoticeSettings:
    """Where projectors of PJLink class 2 tell this agent that something changed; they are set up to send it there."""

    address: Annotated[str, check_own_address]
    port: Port = 4352


@dataclass(frozen=True)
class PolledDevice:
    """One device; `id` is its name in the school's register, which must let this agent speak for it."""

    id: Slug
    address: str  # host name or IP address
    pjlink: PjlinkSettings | None = None
    snmp: SnmpSettings | None = None
    ubus: UbusSettings | None = None

    def probes(self) -> Iterator[str]:
        """The probes of the protocols that are set up for it."""
        for protocol, probes in PROBES_OF.items():
            if getattr(self, protocol) is not None:
                yield from probes

    def equipment_module(self) -> str | None:
        """The module of EQUIPMENT_OF that can ask this device, if any."""
        return next((module for protocol, module in EQUIPMENT_OF.items() if getattr(self, protocol) is not None), None)

    def anchored(self, folder: Path) -> "PolledDevice":
        """The same with its files' paths made absolute; relative ones start from `folder`."""
        settings: dict[str, Any] = {
            protocol: found.anchored(folder) for protocol in PROBES_OF if (found := getattr(self, protocol)) is not None
        }
        return dataclasses.replace(self, **settings)
