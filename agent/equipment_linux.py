"""What a Linux machine is made of, from /sys, /proc and udev; every function takes the root folder of these."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agent.equipment_files import number_of, text_of
from agent.equipment_firmware import platform_field, secure_boot, tpm_version
from agent.equipment_monitors import linux_monitors
from agent.equipment_names import CHASSIS, megabytes, virtual_system, without_empty
from agent.equipment_restart import restart_pending

SECTOR_BYTES = 512  # /sys/block counts in these, whatever the disk uses
_NOT_DISKS = re.compile(r"loop|ram|zram|dm-|md|sr|fd|nbd|mtdblock")


def linux_content(root: Path) -> dict[str, Any]:
    """The sections of an equipment report that Linux tells. What this user may not read (serials) is left out."""
    bios = bios_section(root)
    cpuinfo = text_of(root / "proc/cpuinfo") or ""
    hypervisor = "hypervisor" in _flags(cpuinfo) or (root / "sys/hypervisor/type").exists()
    maker, model = bios.get("smanufacturer", ""), bios.get("smodel", "")
    return {
        "bios": bios,
        "hardware": without_empty(
            {
                "uuid": _dmi(root, "product_uuid"),
                "chassis_type": _chassis(root),
                "memory": _memory(text_of(root / "proc/meminfo") or ""),
                "vmsystem": virtual_system(maker, model, hypervisor),
                "tpm_version": tpm_version(root),
                "secure_boot": secure_boot(root),
            }
        ),
        "cpus": [_with_sysfs(root, entry) for entry in processors_of(cpuinfo)],
        "storages": storages(root),
        "batteries": batteries(root),
        "monitors": linux_monitors(root),
        "operatingsystem": without_empty(
            {**system_of(text_of(root / "etc/os-release") or ""), "restart_pending": restart_pending(root)}
        ),
    }


def bios_section(root: Path) -> dict[str, Any]:
    """Maker, model, serials and firmware; boards without DMI (ARM) name theirs in the device tree."""
    section = {
        "smanufacturer": _dmi(root, "sys_vendor"),
        "smodel": _dmi(root, "product_name") or text_of(root / "proc/device-tree/model"),
        "ssn": _dmi(root, "product_serial") or text_of(root / "proc/device-tree/serial-number"),
        "skunumber": _dmi(root, "product_sku"),
        "mmanufacturer": _dmi(root, "board_vendor"),
        "mmodel": _dmi(root, "board_name"),
        "msn": _dmi(root, "board_serial"),
        "enclosureserial": _dmi(root, "chassis_serial"),
        "assettag": _dmi(root, "chassis_asset_tag"),
        "bmanufacturer": _dmi(root, "bios_vendor"),
        "bversion": _dmi(root, "bios_version"),
        "bdate": _iso_date(_dmi(root, "bios_date") or ""),
    }
    return without_empty(section)


def processors_of(cpuinfo: str) -> list[dict[str, Any]]:
    """One entry for each processor package in the text of /proc/cpuinfo."""
    packages: dict[str, list[dict[str, str]]] = {}
    for block in cpuinfo.split("\n\n"):
        rows = (line.partition(":") for line in block.splitlines())
        thread = {name.strip(): value.strip() for name, separator, value in rows if separator}
        if "processor" in thread:
            packages.setdefault(thread.get("physical id", "0"), []).append(thread)
    return [_processor(threads) for threads in packages.values()]


def _processor(threads: list[dict[str, str]]) -> dict[str, Any]:
    first = threads[0]
    cores = number_of(first.get("cpu cores")) or len(threads)
    return without_empty(
        {
            "name": first.get("model name") or first.get("Processor"),
            "manufacturer": {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}.get(
                first.get("vendor_id", ""), first.get("vendor_id")
            ),
            "core": cores,
            "thread": max(1, len(threads) // cores),
            "familynumber": first.get("cpu family"),
            "model": first.get("model"),
            "stepping": number_of(first.get("stepping")),
            "arch": _architecture(first),
            "speed": _nominal_mhz(first.get("model name", "")),
        }
    )


def _architecture(thread: dict[str, str]) -> str | None:
    """What the processor can do, whatever system runs on it: `lm` is x86's long mode."""
    if flags := thread.get("flags"):
        return "x86_64" if "lm" in flags.split() else "i386"
    return "aarch64" if thread.get("CPU architecture") == "8" else None


def _nominal_mhz(name: str) -> int | None:
    match = re.search(r"@ (\d)\.(\d\d)GHz", name, re.ASCII)
    return int(match[1]) * 1000 + int(match[2]) * 10 if match else None


def _with_sysfs(root: Path, processor: dict[str, Any]) -> dict[str, Any]:
    """With what /sys knows of every processor alike: the clock where its name says none, and Intel's platform flags."""
    folder = root / "sys/devices/system/cpu/cpu0"
    fastest = (number_of(text_of(folder / "cpufreq/cpuinfo_max_freq")) or 0) // 1000
    field = platform_field(text_of(folder / "microcode/processor_flags") or "")
    return without_empty({"speed": fastest or None, **processor, "platform_field": field})


def storages(root: Path) -> list[dict[str, Any]]:
    """The built-in disks; memory sticks and virtual devices are left out."""
    folder = root / "sys/block"
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return [_storage(root, name) for name in names if not _NOT_DISKS.match(name) and _is_built_in(folder / name)]


def _is_built_in(disk: Path) -> bool:
    return text_of(disk / "removable") != "1" and (number_of(text_of(disk / "size")) or 0) > 0


def _storage(root: Path, name: str) -> dict[str, Any]:
    disk = root / "sys/block" / name
    # udev has asked SATA disks for their serial and leaves it readable for everybody.
    udev = text_of(root / "run/udev/data" / f"b{text_of(disk / 'dev')}") or ""
    told = dict(line[2:].split("=", 1) for line in udev.splitlines() if line.startswith("E:") and "=" in line)
    vendor = text_of(disk / "device/vendor") or ""
    virtual = vendor.startswith("0x")  # a virtio number instead of a name; such a disk's rotation says nothing either
    return without_empty(
        {
            "name": name,
            "model": text_of(disk / "device/model") or told.get("ID_MODEL"),
            "manufacturer": None if virtual or vendor == "ATA" else vendor,
            "serial": text_of(disk / "device/serial") or told.get("ID_SERIAL_SHORT"),
            "firmware": text_of(disk / "device/firmware_rev") or text_of(disk / "device/rev"),
            "interface": "NVME" if name.startswith("nvme") else (told.get("ID_BUS") or "").upper(),
            "type": None if virtual else {"0": "SSD", "1": "HDD"}.get(text_of(disk / "queue/rotational") or ""),
            "disksize": megabytes((number_of(text_of(disk / "size")) or 0) * SECTOR_BYTES),
        }
    )


def batteries(root: Path) -> list[dict[str, Any]]:
    """The PC's own batteries (not a mouse's), capacities in mWh."""
    folder = root / "sys/class/power_supply"
    supplies: Iterable[Path] = sorted(folder.iterdir()) if folder.is_dir() else ()
    return [
        _battery(supply)
        for supply in supplies
        if text_of(supply / "type") == "Battery" and text_of(supply / "scope") != "Device"
    ]


def _battery(supply: Path) -> dict[str, Any]:
    millivolts = (number_of(text_of(supply / "voltage_min_design")) or 0) // 1000
    return without_empty(
        {
            "name": text_of(supply / "model_name"),
            "manufacturer": text_of(supply / "manufacturer"),
            "serial": text_of(supply / "serial_number"),
            "chemistry": text_of(supply / "technology"),
            "capacity": _milliwatt_hours(supply, "full_design", millivolts),
            "real_capacity": _milliwatt_hours(supply, "full", millivolts),
            "voltage": millivolts or None,
        }
    )


def _milliwatt_hours(supply: Path, what: str, millivolts: int) -> int | None:
    """Drivers count energy in uWh, or charge in uAh at the design voltage."""
    energy, charge = number_of(text_of(supply / f"energy_{what}")), number_of(text_of(supply / f"charge_{what}"))
    if energy:
        return energy // 1000
    return charge * millivolts // 1_000_000 if charge and millivolts else None


def system_of(os_release: str) -> dict[str, Any]:
    """Name and version from the text of /etc/os-release."""
    rows = (line.partition("=") for line in os_release.splitlines())
    told = {name: value.strip().strip("\"'") for name, separator, value in rows if separator}
    return without_empty(
        {"full_name": told.get("PRETTY_NAME"), "name": told.get("NAME"), "version": told.get("VERSION_ID")}
    )


def _dmi(root: Path, name: str) -> str | None:
    return text_of(root / "sys/class/dmi/id" / name)


def _chassis(root: Path) -> str | None:
    return CHASSIS.get(number_of(_dmi(root, "chassis_type")) or 0)


def _memory(meminfo: str) -> int | None:
    match = re.search(r"^MemTotal:\s*(\d+) kB", meminfo, re.MULTILINE)
    return megabytes(int(match[1]) * 1024) if match else None


def _flags(cpuinfo: str) -> set[str]:
    match = re.search(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)
    return set(match[1].split()) if match else set()


def _iso_date(date: str) -> str | None:
    """SMBIOS writes month/day/year."""
    match = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", date)
    return f"{match[3]}-{match[1]}-{match[2]}" if match else None
