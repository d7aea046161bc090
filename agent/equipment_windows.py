"""What a Windows machine is made of: one PowerShell call that asks the CIM classes, and the reader of its JSON."""

from typing import Any

from agent.equipment_names import CHASSIS, MEMORY_TYPES, megabytes, virtual_system, without_empty
from agent.probes.program import json_in, output_of

POWERSHELL_SECONDS = 60.0  # a cold start on an old disk takes 20 s and more

# PowerShell writes a list of one as the thing itself, and an empty one as null; the reader takes all three forms.
# No user, owner or folder is asked for.
SCRIPT = r"""
$ErrorActionPreference = $ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
function Day($when) { if ($when) { $when.ToString('yyyy-MM-dd') } }
function Ask($class, $names, $space = 'root/cimv2') {
  Get-CimInstance -Namespace $space $class | Select-Object $names
}
@{
  system = Ask Win32_ComputerSystem @('Manufacturer', 'Model', 'TotalPhysicalMemory')
  product = Ask Win32_ComputerSystemProduct @('UUID', 'IdentifyingNumber', 'SKUNumber')
  bios = Ask Win32_BIOS @('Manufacturer', 'SMBIOSBIOSVersion', 'SerialNumber', @{n='Date'; e={Day $_.ReleaseDate}})
  board = Ask Win32_BaseBoard @('Manufacturer', 'Product', 'SerialNumber')
  chassis = Ask Win32_SystemEnclosure @('ChassisTypes', 'SerialNumber', 'SMBIOSAssetTag')
  os = Ask Win32_OperatingSystem @('Caption', 'Version', 'OSArchitecture', @{n='Date'; e={Day $_.InstallDate}})
  processors = Ask Win32_Processor @('Name', 'Manufacturer', 'Description', 'NumberOfCores',
    'NumberOfLogicalProcessors', 'MaxClockSpeed')
  memories = Ask Win32_PhysicalMemory @('Capacity', 'Speed', 'Manufacturer', 'PartNumber', 'SerialNumber',
    'SMBIOSMemoryType', 'DeviceLocator')
  disks = Ask Win32_DiskDrive @('Model', 'SerialNumber', 'Size', 'FirmwareRevision', 'InterfaceType', 'MediaType')
  batteries = Ask BatteryStaticData @('DeviceName', 'ManufactureName', 'SerialNumber', 'DesignedCapacity') 'root/wmi'
  capacities = Ask BatteryFullChargedCapacity @('FullChargedCapacity') 'root/wmi'
} | ConvertTo-Json -Depth 4 -Compress
"""


def windows_content() -> dict[str, Any]:
    """The sections of an equipment report that Windows tells. Raises TimeoutError, OSError, BadAnswer."""
    import base64

    encoded = base64.b64encode(SCRIPT.encode("utf-16-le")).decode("ascii")
    command = ["powershell.exe", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]
    output, _ = output_of(command, POWERSHELL_SECONDS)
    return read_cim(output)


def read_cim(output: str) -> dict[str, Any]:
    """The sections in the JSON that SCRIPT writes. Raises BadAnswer when it is none."""
    told = json_in(output, "PowerShell")
    return {
        "bios": _bios(told),
        "hardware": _hardware(told),
        "cpus": [_processor(row) for row in _rows(told, "processors")],
        "memories": [_memory(row, slot) for slot, row in enumerate(_rows(told, "memories"), 1)],
        "storages": [_disk(row) for row in _rows(told, "disks") if _is_built_in(row)],
        "batteries": _batteries(told),
        "operatingsystem": _system(_first(told, "os")),
    }


def _bios(told: dict[str, Any]) -> dict[str, Any]:
    system, product, bios = _first(told, "system"), _first(told, "product"), _first(told, "bios")
    board, chassis = _first(told, "board"), _first(told, "chassis")
    return without_empty(
        {
            "smanufacturer": _text(system, "Manufacturer"),
            "smodel": _text(system, "Model"),
            "ssn": _text(bios, "SerialNumber") or _text(product, "IdentifyingNumber"),
            "skunumber": _text(product, "SKUNumber"),
            "mmanufacturer": _text(board, "Manufacturer"),
            "mmodel": _text(board, "Product"),
            "msn": _text(board, "SerialNumber"),
            "enclosureserial": _text(chassis, "SerialNumber"),
            "assettag": _text(chassis, "SMBIOSAssetTag"),
            "bmanufacturer": _text(bios, "Manufacturer"),
            "bversion": _text(bios, "SMBIOSBIOSVersion"),
            "bdate": _text(bios, "Date"),
        }
    )


def _hardware(told: dict[str, Any]) -> dict[str, Any]:
    system, chassis = _first(told, "system"), _first(told, "chassis")
    kinds = chassis.get("ChassisTypes")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
    memory = _number(system, "TotalPhysicalMemory")
    return without_empty(
        {
            "uuid": _text(_first(told, "product"), "UUID"),
            "chassis_type": CHASSIS.get(kind) if type(kind) is int else None,
            "memory": megabytes(memory) if memory else None,
            # Win32_ComputerSystem.HypervisorPresent is true on real PCs with Hyper-V on: only names are believed.
            "vmsystem": virtual_system(_text(system, "Manufacturer") or "", _text(system, "Model") or "", False),
        }
    )


def _processor(row: dict[str, Any]) -> dict[str, Any]:
    cores, threads = _number(row, "NumberOfCores"), _number(row, "NumberOfLogicalProcessors")
    # "Intel64 Family 6 Model 142 Stepping 10" holds what decides about Windows 11.
    words = (_text(row, "Description") or "").split()
    named = {words[index].lower(): words[index + 1] for index in range(len(words) - 1)}
    stepping = named.get("stepping", "")
    maker = _text(row, "Manufacturer")
    return without_empty(
        {
            "name": _text(row, "Name"),
            "manufacturer": {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}.get(maker or "", maker),
            "description": _text(row, "Description"),
            "core": cores,
            "thread": max(1, threads // cores) if cores and threads else None,
            "speed": _number(row, "MaxClockSpeed"),
            "familynumber": named.get("family"),
            "model": named.get("model"),
            "stepping": int(stepping) if stepping.isascii() and stepping.isdigit() else None,
        }
    )


def _memory(row: dict[str, Any], slot: int) -> dict[str, Any]:
    capacity, speed, kind = _number(row, "Capacity"), _number(row, "Speed"), row.get("SMBIOSMemoryType")
    return without_empty(
        {
            "capacity": megabytes(capacity) if capacity else None,
            "caption": _text(row, "DeviceLocator"),
            "type": MEMORY_TYPES.get(kind) if type(kind) is int else None,
            "speed": f"{speed} MT/s" if speed else None,
            "manufacturer": _text(row, "Manufacturer"),
            "model": _text(row, "PartNumber"),
            "serialnumber": _text(row, "SerialNumber"),
            "numslots": slot,
        }
    )


def _is_built_in(row: dict[str, Any]) -> bool:
    return "removable" not in (_text(row, "MediaType") or "").lower() and _text(row, "InterfaceType") != "USB"


def _disk(row: dict[str, Any]) -> dict[str, Any]:
    size = _number(row, "Size")
    return without_empty(
        {
            "model": _text(row, "Model"),
            "serial": _text(row, "SerialNumber"),
            "firmware": _text(row, "FirmwareRevision"),
            "interface": _text(row, "InterfaceType"),
            "disksize": megabytes(size) if size else None,
        }
    )


def _batteries(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The two classes list the same batteries in the same order."""
    capacities = _rows(told, "capacities")
    found = []
    for index, row in enumerate(_rows(told, "batteries")):
        full = _number(capacities[index], "FullChargedCapacity") if index < len(capacities) else None
        found.append(
            without_empty(
                {
                    "name": _text(row, "DeviceName"),
                    "manufacturer": _text(row, "ManufactureName"),
                    "serial": _text(row, "SerialNumber"),
                    "capacity": _number(row, "DesignedCapacity"),
                    "real_capacity": full,
                }
            )
        )
    return found


def _system(row: dict[str, Any]) -> dict[str, Any]:
    installed = _text(row, "Date")
    return without_empty(
        {
            "full_name": _text(row, "Caption"),
            "name": "Windows",
            "version": _text(row, "Version"),
            "install_date": f"{installed} 00:00:00" if installed else None,
        }
    )


def _rows(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = told.get(name)
    rows = value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, dict)]


def _first(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(iter(_rows(told, name)), {})


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    text = "".join(letter for letter in value if letter.isprintable()).strip() if isinstance(value, str) else ""
    return text or None


def _number(row: dict[str, Any], name: str) -> int | None:
    """PowerShell writes 64-bit numbers as numbers, some classes as text."""
    value = row.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if type(value) is int and value >= 0 else None
