"""Which device is behind a hardware address, by everything that the server knows today."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contract.mac import canonical_mac
from contract.messages import EquipmentReport
from inventory.school import School


class KnownDevices:
    """The register goes before what devices say of themselves, and that before what the sentinel knows it as."""

    def __init__(self, school: School, equipment: Iterable[EquipmentReport]) -> None:
        self._devices = {mac: report.device for report in equipment for mac in macs_of(report.content)}
        self._devices |= {canonical_mac(mac): device.id for device in school.devices.values() for mac in device.macs}

    def behind(self, mac: str, known_as: str = "") -> str | None:
        """The id of the device, or `gateway` or `listed`, where the sentinel knows no more; None: it is unknown."""
        return self._devices.get(mac) or known_as or None


def macs_of(content: Mapping[str, Any]) -> Iterator[str]:
    """The hardware addresses that a device has, by its equipment report; what hangs on its ports is not its own."""
    sections = [content.get("network_device"), *_listed(content, "networks"), *_listed(content, "network_ports")]
    for section in sections:
        if isinstance(section, Mapping) and isinstance(written := section.get("mac"), str):
            mac = canonical_mac(written)
            if mac:
                yield mac


def _listed(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    return found if isinstance(found, list) else []
