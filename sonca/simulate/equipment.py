"""What a simulated PC is made of, as its agent would report it.

The mark stands first in the content: `"simulated": true`. Serials begin with SIM unless they are a maker's junk,
hardware addresses lie in the range that IANA keeps for itself (00:00:5e), UUIDs begin with the letters "sim" in ASCII.
"""

from typing import Any

from agent.equipment_junk import junk_paths
from contract.messages import EquipmentReport
from sonca.simulate.chance import Chance
from sonca.simulate.machines import WINDOWS_7, Cpu, Machine
from sonca.simulate.pc_probes import volumes_of
from sonca.simulate.school import Pc, Role
from sonca.simulate.watched import serial_of
from sonca.simulate.wifi_probe import card_of

UUID_PREFIX = "0073696d"
JUNK_UUID = "03000200-0400-0500-0006-000700080009"

_MEMORY_SPEEDS = {"DDR3": 1333, "DDR4": 2400, "DDR5": 4800}
_MEMORY_MAKERS = ("Kingston", "Samsung", "SK Hynix", "Crucial")
_MODULE_MB = 4096
_TPM_UNTOLD = 0.12  # share of PCs whose agent may not ask for it
_RESTART_PENDING = 0.15
_MONITORS = (("DEL", "DELL E2216H"), ("SAM", "S22F350"), ("AOC", "22B2HM"), ("LEN", "LEN S22e-19"))
_PANELS = (("AUO", "38ED"), ("BOE", "07A8"), ("LGD", "0555"))
_TPM_2_YEAR = 2018  # from then on the PCs that schools bought had one, switched on


def equipment_of(pc: Pc, taken_at: int) -> EquipmentReport:
    """The report of one device, the same at every time but for `taken_at`."""
    machine, chance = pc.machine, pc.chance.named("equipment")
    content: dict[str, Any] = {
        "simulated": True,
        "bios": _bios(machine, chance),
        "hardware": {
            "uuid": JUNK_UUID if machine.junk_serial else _uuid(chance),
            "chassis_type": machine.chassis,
            "memory": pc.memory_bytes // 2**20,
            "vmsystem": "Physical",
            "secure_boot": _secure_boot(machine),
        },
        "cpus": [_processor(machine.processor)],
        "memories": _memories(pc, chance),
        "storages": [_storage(machine, chance)],
        "drives": [_drive(machine, name, gigabytes) for name, gigabytes in volumes_of(machine)],
        "networks": [_network(pc)],
        "operatingsystem": _system(machine, chance),
    }
    if not chance.named("tpm is told").happens(_TPM_UNTOLD):
        content["hardware"]["tpm_version"] = "2.0" if machine.year >= _TPM_2_YEAR else "none"
    if pc.role is not Role.PROJECTOR:
        content["monitors"] = [_monitor(pc, chance)]
    if pc.kind == "laptop":
        content["batteries"] = [_battery(machine, chance)]
    return EquipmentReport(pc.id, pc.id, taken_at, pc.kind, content, junk_paths(content))


def _bios(machine: Machine, chance: Chance) -> dict[str, Any]:
    month = chance.named("firmware").whole(1, 12)
    return {
        "smanufacturer": machine.maker,
        "smodel": machine.model,
        "ssn": machine.junk_serial or serial_of(chance, "serial"),
        "mmanufacturer": machine.maker,
        "msn": machine.junk_serial or serial_of(chance, "board"),
        "bmanufacturer": "American Megatrends Inc." if machine.junk_serial else machine.maker,
        "bversion": f"{chance.named('version').whole(1, 9)}.{month:02}",
        "bdate": f"{machine.year}-{month:02}-{chance.named('day').whole(1, 28):02}",
    }


def _secure_boot(machine: Machine) -> str:
    if machine.system is WINDOWS_7:
        return "legacy"
    return "on" if machine.year >= _TPM_2_YEAR else "off"


def _uuid(chance: Chance) -> str:
    text = f"{chance.named('uuid').word():016x}{chance.named('more uuid').word():016x}"
    return f"{UUID_PREFIX}-{text[:4]}-4{text[4:7]}-a{text[7:10]}-{text[10:22]}"


def _processor(processor: Cpu) -> dict[str, Any]:
    family, model, stepping = processor.family, processor.model, processor.stepping
    return {
        "name": processor.name,
        "manufacturer": "Intel",
        "description": f"Intel64 Family {family} Model {model} Stepping {stepping}",
        "core": processor.cores,
        "thread": processor.threads // processor.cores,
        "speed": processor.speed,
        "familynumber": str(family),
        "model": str(model),
        "stepping": stepping,
        "arch": "x86_64",
        "platform_field": processor.platform_field,
    }


def _memories(pc: Pc, chance: Chance) -> list[dict[str, Any]]:
    installed = round(pc.memory_bytes / 2**30) * 1024
    sizes = [_MODULE_MB] * (installed // _MODULE_MB) or [installed]
    return [
        {
            "capacity": size,
            "caption": f"DIMM{slot}",
            "type": pc.machine.memory_type,
            "speed": f"{_MEMORY_SPEEDS[pc.machine.memory_type]} MT/s",
            "manufacturer": chance.named("memory").one_of(_MEMORY_MAKERS),
            "serialnumber": serial_of(chance, f"memory {slot}", 5),
            "numslots": slot,
        }
        for slot, size in enumerate(sizes, 1)
    ]


def _storage(machine: Machine, chance: Chance) -> dict[str, Any]:
    disk = machine.storage
    return {
        "model": disk.model,
        "serial": serial_of(chance, "disk", 12),
        "interface": disk.interface,
        "disksize": disk.size * 10**9 // 2**20,
    }


def _drive(machine: Machine, name: str, gigabytes: float) -> dict[str, Any]:
    windows = {"letter": name} | ({"systemdrive": True} if name == "C:" else {})
    where = {"type": name, "volumn": "/dev/sda2"} if machine.is_linux else windows  # GLPI's spelling
    return {**where, "filesystem": "ext4" if machine.is_linux else "NTFS", "total": int(gigabytes * 1024)}


def _network(pc: Pc) -> dict[str, Any]:
    wired = "enp1s0" if pc.machine.is_linux else "Ethernet"
    return {
        "description": card_of(pc) if pc.wifi else wired,
        "mac": pc.mac,
        "ipaddress": str(pc.address.ip),
        "ipmask": str(pc.address.netmask),
        "type": "wifi" if pc.wifi else "ethernet",
        "status": "up",
    }


def _monitor(pc: Pc, chance: Chance) -> dict[str, Any]:
    """What its EDID says; the panel of a laptop has no serial."""
    laptop = pc.kind == "laptop"
    maker, caption = chance.named("monitor").one_of(_PANELS if laptop else _MONITORS)
    made = f"{chance.named('week').whole(1, 52)}/{pc.machine.year}"
    serial = {} if laptop else {"serial": serial_of(chance, "monitor serial")}
    return {"manufacturer": maker, "caption": caption, **serial, "description": made}


def _battery(machine: Machine, chance: Chance) -> dict[str, Any]:
    worn = min(0.6, (2026 - machine.year) * chance.named("wear").between(0.03, 0.09))
    return {"name": "Primary", "capacity": 41_000, "real_capacity": int(41_000 * (1 - worn)), "chemistry": "LION"}


def _system(machine: Machine, chance: Chance) -> dict[str, Any]:
    system, linux = machine.system, machine.is_linux
    year, month = chance.named("year").whole(max(machine.year, 2022), 2025), chance.named("month").whole(1, 12)
    if system is WINDOWS_7:
        year = machine.year
    return {
        "full_name": system.full_name,
        "name": system.name,
        "version": system.version,
        "install_date": f"{year}-{month:02}-10 00:00:00",
        "arch": "x86_64",
        "kernel_name": "linux" if linux else "windows",
        "restart_pending": chance.named("restart").happens(_RESTART_PENDING),
        "kernel_version": "6.8.0-49-generic" if linux else "7" if system is WINDOWS_7 else "10",
    }
