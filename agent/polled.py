"""Devices that cannot run an agent: a sentinel asks them over the network and reports them under their own names.

An agent is a sentinel when its settings name such devices. Each protocol is one key of PolledDevice and one line of
PROBES_OF; what it needs to know (passwords in files of their own, ports) stands in a dataclass of its own.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.snmp_settings import SnmpSettings
from agent.ubus_settings import UbusSettings
from contract.connection import Port
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
