"""What hangs on which port of a switch: by its bridge tables (BRIDGE-MIB, Q-BRIDGE-MIB), and by its neighbours (LLDP).

A port behind which many addresses stand leads to another switch, and says nothing about where a device is. Addresses
that software chose are left out: they belong to telephones and change by themselves.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agent.equipment_junk import is_junk_mac
from agent.equipment_names import without_empty
from agent.probes.snmp_session import SnmpSession, SnmpValue
from agent.probes.snmp_values import mac, text, whole

BRIDGE_PORTS = "1.3.6.1.2.1.17.1.4.1.2"  # bridge port -> port index
LEARNED, LEARNED_HOW = "1.3.6.1.2.1.17.4.3.1.2", "1.3.6.1.2.1.17.4.3.1.3"
LEARNED_BY_VLAN, LEARNED_BY_VLAN_HOW = "1.3.6.1.2.1.17.7.1.2.2.1.2", "1.3.6.1.2.1.17.7.1.2.2.1.3"
LLDP = "1.0.8802.1.1.2.1"
LOCAL_PORT_ID, LOCAL_PORT_DESCRIPTION = f"{LLDP}.3.7.1.3", f"{LLDP}.3.7.1.4"
REMOTE_CHASSIS, REMOTE_PORT_ID, REMOTE_PORT, REMOTE_SYSTEM = (f"{LLDP}.4.1.1.{column}" for column in (5, 7, 8, 10))

LEARNED_WORD = 3  # the others: invalid, the switch's own, set by hand
MOST_ON_A_PORT = 8
Column = Mapping[str, SnmpValue]


def addresses_by_port(session: SnmpSession) -> dict[str, list[str]]:
    """Port index -> the hardware addresses that were heard behind it, sorted; ports that lead to switches are left out.

    The table by VLAN is asked only where the plain one is empty: switches fill one of them, or both with the same.
    """
    ports = session.column(BRIDGE_PORTS)
    learned, how = session.column(LEARNED), session.column(LEARNED_HOW)
    if not learned:
        learned, how = session.column(LEARNED_BY_VLAN), session.column(LEARNED_BY_VLAN_HOW)
    found: dict[str, set[str]] = {}
    for address, bridge_port in heard(learned, how):
        port = whole(ports.get(str(bridge_port)))
        found.setdefault(str(bridge_port if port is None else port), set()).add(address)
    return {port: sorted(heard_here) for port, heard_here in found.items() if len(heard_here) <= MOST_ON_A_PORT}


def heard(learned: Column, how: Column) -> Iterator[tuple[str, int]]:
    """(hardware address, bridge port): the address is the end of the index, the VLAN before it does not matter."""
    for index, port in learned.items():
        parts = [int(part) for part in index.split(".")[-6:]]
        if len(parts) < 6 or max(parts) > 255 or how.get(index, LEARNED_WORD) != LEARNED_WORD:
            continue
        address = bytes(parts).hex(":")
        if type(port) is int and port > 0 and not is_junk_mac(address):
            yield address, port


def neighbours_by_port(session: SnmpSession, names: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Port index -> what the neighbours there say of themselves, in GLPI's names. `names`: port index -> name."""
    chassis, ids = session.column(REMOTE_CHASSIS), session.column(REMOTE_PORT_ID)
    ports, systems = session.column(REMOTE_PORT), session.column(REMOTE_SYSTEM)
    if not chassis:
        return {}
    local = local_ports(session.column(LOCAL_PORT_ID), session.column(LOCAL_PORT_DESCRIPTION), names)
    found: dict[str, list[dict[str, Any]]] = {}
    for index, who in chassis.items():
        number = index.split(".")[1] if index.count(".") == 2 else ""
        neighbour = without_empty(
            {
                "sysmac": mac(who),
                "ifdescr": text(ids.get(index)) if not mac(ids.get(index)) else text(ports.get(index)),
                "sysdescr": text(systems.get(index)),
            }
        )
        if number and neighbour:
            found.setdefault(local.get(number, number), []).append(neighbour)
    return found


def local_ports(ids: Column, descriptions: Column, names: Mapping[str, str]) -> dict[str, str]:
    """LLDP's own port number -> port index, by the port's name; where no name fits the numbers are the same."""
    by_name = {name: index for index, name in names.items()}
    found = {}
    for number in ids.keys() | descriptions.keys():
        index = by_name.get(text(ids.get(number))) or by_name.get(text(descriptions.get(number)))
        if index is not None:
            found[number] = index
    return found
