"""Equipment reports of made-up PCs, for tests of who is who."""

from typing import Any

from agent.equipment_junk import junk_paths
from contract.messages import EquipmentReport

JUNK = "To Be Filled By O.E.M."
JUNK_UUID = "03000200-0400-0500-0006-000700080009"


def pc_report(
    device: str,
    at: int = 0,
    *,
    serial: str = JUNK,
    uuid: str = JUNK_UUID,
    mac: str | tuple[str, ...] = (),
    disk: str = "",
    model: str = "OptiPlex 3070",
    maker: str = "Dell Inc.",
    label: str = "",
    agent: str = "",
    kind: str = "computer",
) -> EquipmentReport:
    """What the agent of this PC, or `agent`, reported at `at`."""
    macs = (mac,) if isinstance(mac, str) else mac
    content: dict[str, Any] = {
        "bios": {"ssn": serial, "smodel": model, "smanufacturer": maker, "assettag": label},
        "hardware": {"uuid": uuid},
        "networks": [{"description": "eth0", "mac": entry} for entry in macs],
        "storages": [{"serial": disk}] if disk else [],
    }
    return EquipmentReport(agent or device, device, at, kind, content, junk_paths(content))
