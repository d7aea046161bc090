"""Identifiers that prove nothing: makers' placeholders, shared by thousands of machines.

The known ones are those that GLPI's register and UNICEF's school agent met in the field (one UUID on 689 schools).
They are reported as found and only marked, so that the register can see them and not match by them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any


def _listed(text: str) -> frozenset[str]:
    return frozenset(entry.strip() for entry in text.split("|"))


_PLACEHOLDERS = _listed(
    "asset tag|base board serial number|chassis serial number|default string|empty|eval|filled by oem|iatpass|invalid|"
    "mb-1234567890|n/a|na|none|not applicable|not available|not specified|null|(null string)|o.e.m.|oem|oem_serial|"
    "serial number xxxxxx|sn-12345|sn-123456fvgv3i0b8o5n6n7k|sn-1234567890|sys-1234567890|sys-9876543210|"
    "system serial number|systemserialnumb|to be filled|to be filled by o.e.m|to be filled by o.e.m.|tulip computers|"
    "type2 - board serial number|undefined|unknow|unknown|123456789000|12345678901234567"
)
_MODEL_PLACEHOLDERS = _listed(
    "*|all series|computer|product name|system manufacturer|system name|system product name|system version"
)
_UUIDS = _listed(
    "03000200-0400-0500-0006-000700080009|6ab5b300-538d-1014-9fb5-b0684d007b53|12345678-1234-5678-90ab-cddeefaabbcc|"
    "00020003-0004-0005-0006-000700080009"  # the first one again, from firmware of the other byte order
)
_MACS = _listed(
    "20:41:53:59:4e:ff|00:a0:c6:00:00:00|24:b6:20:52:41:53|00:0b:ca:fe:00:00|50:50:54:50:30:30|00:00:00:00:00:00"
)
_SHARED_MAC_STARTS = ("00:50:56:c0:", "0a:00:27:")  # host-only networks of VMware and VirtualBox
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ASCENDING = "01234567890" * 3
SHORTEST_SERIAL = 3


def junk_paths(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths in an equipment report's content whose identifier is junk (`bios.ssn`, `networks[0].mac`)."""
    return tuple(path for path, kind, value in _identifiers(content) if _JUDGES[kind](value))


def is_junk_serial(value: str) -> bool:
    """Placeholders, one character repeated, zeros and ones, counting up, or too short to tell machines apart."""
    text = value.strip().lower()
    letters = re.sub(r"[\s.:_-]", "", text)
    if text in _PLACEHOLDERS or len(letters) < SHORTEST_SERIAL or len(set(letters)) == 1 or set(letters) <= {"0", "1"}:
        return True
    return letters.isdigit() and len(letters) >= 5 and letters in _ASCENDING


def is_junk_uuid(value: str) -> bool:
    """Known shared ones, malformed ones, and those made of one or two repeated bytes (all zeros, all FF, all 01)."""
    text = value.strip().lower().strip("{}")
    if not _UUID.fullmatch(text) or text in _UUIDS:
        return True
    return len(set(bytes.fromhex(text.replace("-", "")))) <= 2


def is_junk_mac(value: str) -> bool:
    """Known shared ones, group addresses, and those that software chose (the local bit): random Wi-Fi, tunnels, VMs."""
    text = value.strip().lower().replace("-", ":")
    if not re.fullmatch(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", text) or text in _MACS:
        return True
    return bool(int(text[:2], 16) & 0b11) or text.startswith(_SHARED_MAC_STARTS)


def is_junk_name(value: str) -> bool:
    """Manufacturers and models that say nothing."""
    text = value.strip().lower()
    return text in _PLACEHOLDERS or text in _MODEL_PLACEHOLDERS or not re.search(r"[^\W_]", text)


_JUDGES = {"serial": is_junk_serial, "uuid": is_junk_uuid, "mac": is_junk_mac, "name": is_junk_name}
_SINGLE = {
    "bios.ssn": "serial",
    "bios.msn": "serial",
    "bios.enclosureserial": "serial",
    "bios.assettag": "serial",
    "bios.smanufacturer": "name",
    "bios.smodel": "name",
    "bios.mmanufacturer": "name",
    "bios.mmodel": "name",
    "hardware.uuid": "uuid",
    "network_device.serial": "serial",
    "network_device.mac": "mac",
    "network_device.manufacturer": "name",
    "network_device.model": "name",
}
_LISTED = {
    "networks": ("mac", "mac"),
    "storages": ("serial", "serial"),
    "memories": ("serialnumber", "serial"),
    "batteries": ("serial", "serial"),
    "monitors": ("serial", "serial"),
    "network_components": ("serial", "serial"),
}


def _identifiers(content: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(path, kind, value) of every identifier in the content."""
    for path, kind in _SINGLE.items():
        section, _, key = path.partition(".")
        value = content.get(section, {}).get(key)
        if isinstance(value, str):
            yield path, kind, value
    for section, (key, kind) in _LISTED.items():
        for index, entry in enumerate(content.get(section, [])):
            if isinstance(entry.get(key), str):
                yield f"{section}[{index}].{key}", kind, entry[key]
