"""What a device that speaks SNMP is made of, in GLPI's names: itself, its ports with what hangs on them, its parts.

Its name, place and contact are left out: they hold the names and telephone numbers of people.
"""

from collections.abc import Mapping
from typing import Any

from agent.equipment_junk import junk_paths
from agent.equipment_names import without_empty
from agent.polled import PolledDevice
from agent.probes.finding import Task
from agent.probes.interface import DESCRIPTION, NAME, TYPE, UP, link_speeds, link_states, ports_of
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.snmp_session import SnmpSession, SnmpValue, snmp_session
from agent.probes.snmp_values import count_of, mac, text, whole
from agent.snmp_neighbours import BRIDGE_PORTS, addresses_by_port, neighbours_by_port
from contract.messages import EquipmentReport, Target

DEADLINE_SECONDS = 60.0

SYSTEM, OBJECT_ID, SERVICES = (f"1.3.6.1.2.1.1.{part}.0" for part in (1, 2, 7))
HARDWARE_ADDRESS = "1.3.6.1.2.1.2.2.1.6"
BRIDGE_ADDRESS = "1.3.6.1.2.1.17.1.1.0"
MEMORY = "1.3.6.1.2.1.25.2.2.0"  # kilobytes
DEVICE_TYPES, DEVICE_DESCRIPTIONS = "1.3.6.1.2.1.25.3.2.1.2", "1.3.6.1.2.1.25.3.2.1.3"
PRINTER_TYPE, PRINTER_SERIAL = "1.3.6.1.2.1.25.3.1.5", "1.3.6.1.2.1.43.5.1.1.17.1"
UPS_MANUFACTURER, UPS_MODEL, UPS_FIRMWARE = (f"1.3.6.1.2.1.33.1.1.{part}.0" for part in (1, 2, 3))

ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
ENTITY_COLUMNS = {
    "description": 2,
    "containedinindex": 4,
    "type": 5,
    "name": 7,
    "firmware": 10,
    "serial": 11,
    "manufacturer": 12,
    "model": 13,
}
CLASSES = {
    3: "chassis",
    4: "backplane",
    5: "container",
    6: "powerSupply",
    7: "fan",
    8: "sensor",
    9: "module",
    10: "port",
}
CLASSES |= {11: "stack", 12: "cpu"}
MOST_COMPONENTS = 64
WIFI_PORT = 71
BRIDGES, ROUTES = 0b10, 0b100  # sysServices, by layer
GLPI_TYPES = {"printer": "Printer", "ups": "Unmanaged"}

# Private enterprise numbers (IANA): the makers that schools have, for devices that do not name theirs.
MAKERS = {
    2: "IBM",
    9: "Cisco",
    11: "HP",
    171: "D-Link",
    236: "Samsung",
    253: "Xerox",
    318: "APC",
    367: "Ricoh",
    534: "Eaton",
    641: "Lexmark",
    890: "Zyxel",
    1248: "Epson",
    1347: "Kyocera",
    1602: "Canon",
    2001: "OKI",
    2011: "Huawei",
    2435: "Brother",
    2636: "Juniper",
    3902: "ZTE",
    3955: "Linksys",
    4526: "Netgear",
    4881: "Ruijie",
    6574: "Synology",
    7367: "DrayTek",
    11863: "TP-Link",
    14823: "Aruba",
    14988: "MikroTik",
    18334: "Konica Minolta",
    25506: "H3C",
    30065: "Arista",
    41112: "Ubiquiti",
}


def report(agent: str, device: PolledDevice, now_ms: int) -> EquipmentReport:
    """The report of a polled device. Raises OSError and BadAnswer when it does not tell all: try again later."""
    try:
        kind, content = snmp_equipment(Task(Target("", "", "snmp", device.address), DEADLINE_SECONDS, device=device))
    except Unsupported as error:
        raise BadAnswer(str(error)) from error
    return EquipmentReport(agent, device.id, now_ms, kind, content, junk_paths(content))


def snmp_equipment(task: Task) -> tuple[str, dict[str, Any]]:
    """The kind, in the words of school.yaml, and the content of the device's EquipmentReport.

    Raises what the probes raise (OSError, BadAnswer, Unsupported) when the device did not tell all: half of it would
    look like a change of the equipment.
    """
    with snmp_session(task) as session:
        system = session.get(SYSTEM, OBJECT_ID, SERVICES, MEMORY)
        parts = entities(session)
        kind, own = identity(session, system)
        ports = _ports(session)
        bridge = mac(session.get(BRIDGE_ADDRESS).get(BRIDGE_ADDRESS))
        if session.trouble is not None:
            raise session.trouble
    if not system:
        raise Unsupported("this device has no system group")
    bridge = bridge or next((port["mac"] for port in ports if "mac" in port), "")
    device = {**described(kind, system), "mac": bridge, **main_part(parts), **own}
    content = {"network_device": without_empty(device), "network_ports": ports, "network_components": _listed(parts)}
    return kind, without_empty(content)


def described(kind: str, system: Mapping[str, SnmpValue]) -> dict[str, Any]:
    """What the system group says of the device."""
    memory = count_of(system.get(MEMORY))
    return {
        "type": GLPI_TYPES.get(kind, "Networking"),
        "manufacturer": maker_of(system.get(OBJECT_ID)),
        "description": text(system.get(SYSTEM)),
        "ram": memory // 1024 if memory else None,
    }


def main_part(parts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Who made the chassis, its model and serial, as far as it says; a stack's first one speaks for it."""
    names = ("manufacturer", "model", "serial", "firmware")
    chassis = (part for part in parts.values() if part["type"] in ("chassis", "stack") and "serial" in part)
    return {name: part[name] for part in list(chassis)[:1] for name in names if name in part}


def identity(session: SnmpSession, system: Mapping[str, SnmpValue]) -> tuple[str, dict[str, Any]]:
    """The kind of device, and what printers and UPS say of themselves in tables of their own."""
    ups = session.get(UPS_MANUFACTURER, UPS_MODEL, UPS_FIRMWARE)
    if ups:
        names = (("manufacturer", UPS_MANUFACTURER), ("model", UPS_MODEL), ("firmware", UPS_FIRMWARE))
        return "ups", without_empty({name: text(ups.get(oid)) for name, oid in names})
    printers = [index for index, kind in session.column(DEVICE_TYPES).items() if kind == PRINTER_TYPE]
    serial = text(session.get(PRINTER_SERIAL).get(PRINTER_SERIAL))
    if printers and (serial or not session.column(BRIDGE_PORTS)):
        model = text(session.column(DEVICE_DESCRIPTIONS).get(printers[0]))
        return "printer", without_empty({"model": model, "serial": serial})
    return _network_kind(session, count_of(system.get(SERVICES)) or 0), {}


def maker_of(object_id: SnmpValue | None) -> str:
    """The maker by the private enterprise number in sysObjectID (`1.3.6.1.4.1.171...`); empty for an unknown one."""
    parts = object_id.split(".") if isinstance(object_id, str) else []
    return MAKERS.get(int(parts[6]), "") if parts[:6] == ["1", "3", "6", "1", "4", "1"] and len(parts) > 6 else ""


def entities(session: SnmpSession) -> dict[str, dict[str, Any]]:
    """entPhysicalTable by index, in GLPI's names, without what is empty."""
    columns = {name: session.column(f"{ENTITY}.{column}") for name, column in ENTITY_COLUMNS.items()}
    found: dict[str, dict[str, Any]] = {}
    for index, kind in columns["type"].items():
        part: dict[str, Any] = {name: text(column.get(index)) for name, column in columns.items()}
        part["type"] = CLASSES.get(whole(kind) or 0, "other")
        part["containedinindex"] = whole(columns["containedinindex"].get(index))
        found[index] = without_empty(part)
    return found


def _listed(parts: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts that can be told from others: an empty slot has neither model nor serial."""
    told = [{"index": int(index), **part} for index, part in parts.items() if {"serial", "model"} & part.keys()]
    return told[:MOST_COMPONENTS]


def _network_kind(session: SnmpSession, services: int) -> str:
    if WIFI_PORT in session.column(TYPE).values():
        return "access_point"
    if services & ROUTES and not services & BRIDGES:
        return "router"
    return "switch" if session.column(BRIDGE_PORTS) or services & BRIDGES else "other"


def _ports(session: SnmpSession) -> list[dict[str, Any]]:
    targets, states, speeds = ports_of(session), link_states(session), link_speeds(session)
    names, descriptions = session.column(NAME), session.column(DESCRIPTION)
    kinds, addresses = session.column(TYPE), session.column(HARDWARE_ADDRESS)
    shown = {port: text(names.get(port)) or text(descriptions.get(port)) for port in targets}
    heard, neighbours = addresses_by_port(session), neighbours_by_port(session, shown)
    ports = []
    for port in targets:
        connections = neighbours.get(port) or [{"mac": address} for address in heard.get(port, [])]
        up = states.get(port, {}).get("link_up")
        entry = {
            "ifnumber": int(port),
            "ifname": shown[port],
            "ifdescr": text(descriptions.get(port)),
            "iftype": str(kinds.get(port, "")),
            "ifspeed": speeds.get(port, 0) * 1_000_000 if up else None,
            "ifstatus": None if up is None else str(UP if up else UP + 1),
            "mac": mac(addresses.get(port)),
            "lldp": True if neighbours.get(port) else None,
            "connections": connections,
        }
        ports.append(without_empty(entry))
    return ports
