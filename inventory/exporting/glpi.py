"""What agents saw of an asset as GLPI takes it in: one inventory file for each device.

Only what GLPI's inventory format names is in it, in the types it wants; what is registered goes before what was seen.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from contract import VERSION
from contract.messages import EquipmentReport
from inventory.asset import Asset, AssetKind

_ITEMTYPES: Mapping[AssetKind, str] = {
    "computer": "Computer",
    "laptop": "Computer",
    "printer": "Printer",
    "router": "NetworkEquipment",
    "switch": "NetworkEquipment",
    "access_point": "NetworkEquipment",
}  # GLPI knows no projectors, UPS and TVs: they go as Unmanaged
_NETWORK_TYPES: Mapping[AssetKind, str] = {"printer": "Printer", "projector": "Video", "tv": "Video", "ups": "Power"}

Read = Callable[[Any], Any]


def _words(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return int(value) if re.fullmatch("[0-9]{1,18}", str(value)) else None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _of_pattern(pattern: str) -> Read:
    return lambda value: value if isinstance(value, str) and re.fullmatch(pattern, value) else None


def _port_status(value: Any) -> int | None:
    return found if (found := _whole(value)) in (1, 2) else None  # up, down


def _all(names: str, read: Read = _words) -> dict[str, Read]:
    return dict.fromkeys(names.split(), read)


# section -> key -> how its value is read; sections that are lists first
_LISTS: Mapping[str, Mapping[str, Read]] = {
    "batteries": _all("chemistry manufacturer name serial") | _all("capacity real_capacity", _whole),
    "cpus": _all("description familynumber manufacturer model name")
    | _all("core speed thread stepping", _whole)
    | {"arch": _of_pattern("i386|x86_64|arm.*|aarch64|mips|mips64|powerpc|powerpc64")},
    "drives": _all("description filesystem label letter serial type volumn")
    | _all("free total", _whole)
    | _all("systemdrive", _truth),
    "firmwares": _all("description manufacturer name type version"),
    "memories": _all("caption description manufacturer model serialnumber speed type")
    | _all("capacity numslots", _whole),
    "monitors": _all("caption description manufacturer name serial"),
    "network_components": _all("description firmware manufacturer model name serial") | _all("index", _whole),
    "network_ports": _all("ifdescr ifname mac") | _all("ifnumber ifspeed iftype", _whole) | {"ifstatus": _port_status},
    "networks": _all("description ipaddress ipmask mac speed")
    | {"status": _of_pattern("up|down"), "type": _of_pattern("ethernet|wifi|bluetooth|bridge|loopback")},
    "storages": _all("description firmware manufacturer model name serial type")
    | _all("disksize", _whole)
    | {"interface": _of_pattern("SCSI|HDC|IDE|USB|1394|SATA|SAS|ATAPI")},
}
_SECTIONS: Mapping[str, Mapping[str, Read]] = {
    "bios": _all("assettag bmanufacturer bversion enclosureserial mmanufacturer mmodel msn smanufacturer smodel ssn"),
    "hardware": _all("chassis_type description name uuid vmsystem") | _all("memory", _whole),
    "network_device": _all("description firmware mac manufacturer model name serial type") | _all("ram", _whole),
    "operatingsystem": _all("arch full_name kernel_name kernel_version name service_pack version"),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {"networks": ("description", "status")}


def glpi_inventory(asset: Asset, report: EquipmentReport) -> dict[str, Any]:
    """The inventory file of an asset by a report about it. Junk identifiers are left out."""
    content: dict[str, Any] = {}
    for name, keys in _SECTIONS.items():
        if section := _section(report.content.get(name), keys, name, report.junk):
            content[name] = section
    for name, keys in _LISTS.items():
        entries = report.content.get(name)
        found = [
            _section(entry, keys, f"{name}[{index}]", report.junk)
            for index, entry in enumerate(entries if isinstance(entries, list) else [])
        ]
        kept = [entry for entry in found if entry and all(key in entry for key in _NEEDED.get(name, ()))]
        if kept:
            content[name] = kept
    _registered(content, asset)
    return {
        "action": "inventory",
        "deviceid": report.device,
        "itemtype": _ITEMTYPES.get(asset.kind, "Unmanaged"),
        "tag": asset.tag,
        "content": {"versionclient": f"SonCa_v{VERSION}", **content},
    }


def _section(values: Any, keys: Mapping[str, Read], path: str, junk: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        return {}
    read = {key: take(values[key]) for key, take in keys.items() if key in values and f"{path}.{key}" not in junk}
    return {key: value for key, value in read.items() if value is not None}


def _registered(content: dict[str, Any], asset: Asset) -> None:
    """What a person wrote down: the tag, and serial, maker and model where the device did not tell them."""
    if asset.kind in ("computer", "laptop"):
        bios = content.setdefault("bios", {})
        bios["assettag"] = asset.tag
        told = {"ssn": asset.serial, "smanufacturer": asset.manufacturer, "smodel": asset.model}
    else:
        bios = content.setdefault("network_device", {})
        bios["type"] = _NETWORK_TYPES.get(asset.kind, "Networking")
        told = {"serial": asset.serial, "manufacturer": asset.manufacturer, "model": asset.model, "name": asset.name}
    for key, value in told.items():
        if value:
            bios.setdefault(key, value)
