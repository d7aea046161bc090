"""Words of SMBIOS and of hypervisors, shared by what Linux and Windows tell."""

from collections.abc import Mapping
from typing import Any

# SMBIOS specification, table "System Enclosure or Chassis Types"; the words are dmidecode's, as GLPI stores them.
CHASSIS = {
    1: "Other",
    3: "Desktop",
    4: "Low Profile Desktop",
    5: "Pizza Box",
    6: "Mini Tower",
    7: "Tower",
    8: "Portable",
    9: "Laptop",
    10: "Notebook",
    11: "Hand Held",
    13: "All In One",
    14: "Sub Notebook",
    15: "Space-saving",
    16: "Lunch Box",
    17: "Main Server Chassis",
    23: "Rack Mount Chassis",
    30: "Tablet",
    31: "Convertible",
    32: "Detachable",
    35: "Mini PC",
    36: "Stick PC",
}
PORTABLE = frozenset({"Portable", "Laptop", "Notebook", "Sub Notebook", "Tablet", "Convertible", "Detachable"})
MEMORY_TYPES = {20: "DDR", 21: "DDR2", 24: "DDR3", 26: "DDR4", 29: "LPDDR3", 30: "LPDDR4", 34: "DDR5", 35: "LPDDR5"}

_HYPERVISORS = (
    ("vmware", "VMware"),
    ("virtualbox", "VirtualBox"),
    ("innotek", "VirtualBox"),
    ("qemu", "QEMU"),
    ("kvm", "KVM"),
    ("bochs", "QEMU"),
    ("xen", "Xen"),
    ("parallels", "Parallels"),
    ("amazon ec2", "KVM"),
    ("google compute engine", "KVM"),
    ("openstack", "KVM"),
)
PHYSICAL = "Physical"
UNKNOWN_HYPERVISOR = "Virtual Machine"


def virtual_system(manufacturer: str, model: str, hypervisor_present: bool) -> str:
    """GLPI's `vmsystem`: the hypervisor this machine runs on, or "Physical".

    `hypervisor_present` is what the processor says; a Windows PC with Hyper-V switched on says so of itself too, hence
    it counts only where the caller knows that it does not lie.
    """
    text = f"{manufacturer} {model}".lower()
    for word, name in _HYPERVISORS:
        if word in text:
            return name
    if "microsoft" in text and "virtual machine" in text:
        return "Hyper-V"
    return UNKNOWN_HYPERVISOR if hypervisor_present else PHYSICAL


def without_empty(section: Mapping[str, Any]) -> dict[str, Any]:
    """The section without what is not known: absent, not empty."""
    return {key: value for key, value in section.items() if value not in (None, "", [], {})}


def megabytes(count: int) -> int:
    """Bytes as GLPI's MB (2^20)."""
    return count // 2**20
