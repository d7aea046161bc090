"""What a Windows machine is made of: one PowerShell call that asks the CIM classes, and the reader of its JSON."""

import json
import re
from typing import Any

from agent.equipment_firmware import NO_TPM, SecureBoot
from agent.equipment_monitors import made
from agent.equipment_names import CHASSIS, MEMORY_TYPES, megabytes, virtual_system, without_empty
from agent.probes.program import json_in, output_of

POWERSHELL_SECONDS = 60.0  # a cold start on an old disk takes 20 s and more
_TPM_2, _TPM_1 = "MSFT0101", "PNP0C31"  # among the ids that Windows gives to every TPM of that version

# PowerShell writes a list of one as the thing itself, and an empty one as null; the reader takes all three forms.
# No user, owner or folder is asked for.
SCRIPT = r"""
$ErrorActionPreference = $ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
function Day($when) { if ($when) { $when.ToString('yyyy-MM-dd') } }
function Ask($class, $names, $space = 'root/cimv2') {
  Get-CimInstance -Namespace $space $class | Select-Object $names
}
function Look($key, $names) { Get-ItemProperty -LiteralPath "HKLM:\$key" | Select-Object $names }
function Any($keys) { @{ Found = [bool]($keys | Where-Object { Test-Path -LiteralPath "HKLM:\$_" }) } }
$securityDevices = '{d94ee5d8-d189-4994-83d2-f68d7d41b0e6}'
@{
  system = Ask Win32_ComputerSystem @('Manufacturer', 'Model', 'TotalPhysicalMemory')
  product = Ask Win32_ComputerSystemProduct @('UUID', 'IdentifyingNumber', 'SKUNumber')
  bios = Ask Win32_BIOS @('Manufacturer', 'SMBIOSBIOSVersion', 'SerialNumber', @{n='Date'; e={Day $_.ReleaseDate}})
  board = Ask Win32_BaseBoard @('Manufacturer', 'Product', 'SerialNumber')
  chassis = Ask Win32_SystemEnclosure @('ChassisTypes', 'SerialNumber', 'SMBIOSAssetTag')
  os = Ask Win32_OperatingSystem @('Caption', 'Version', 'OSArchitecture', @{n='Date'; e={Day $_.InstallDate}})
  processors = Ask Win32_Processor @('Name', 'Manufacturer', 'Description', 'NumberOfCores',
    'NumberOfLogicalProcessors', 'MaxClockSpeed', 'DataWidth')
  memories = Ask Win32_PhysicalMemory @('Capacity', 'Speed', 'Manufacturer', 'PartNumber', 'SerialNumber',
    'SMBIOSMemoryType', 'DeviceLocator')
  disks = Ask Win32_DiskDrive @('Model', 'SerialNumber', 'Size', 'FirmwareRevision', 'InterfaceType', 'MediaType')
  batteries = Ask BatteryStaticData @('DeviceName', 'ManufactureName', 'SerialNumber', 'DesignedCapacity') 'root/wmi'
  capacities = Ask BatteryFullChargedCapacity @('FullChargedCapacity') 'root/wmi'
  tpm = Ask Win32_Tpm @('SpecVersion') 'root/cimv2/Security/MicrosoftTpm'
  security = Ask Win32_PnPEntity @('HardwareID', 'CompatibleID', 'ClassGuid') |
    Where-Object { $_.ClassGuid -eq $securityDevices }
  firmware = Look 'SYSTEM\CurrentControlSet\Control' @('PEFirmwareType')
  secure_boot = Look 'SYSTEM\CurrentControlSet\Control\SecureBoot\State' @('UEFISecureBootEnabled')
  platform = Look 'HARDWARE\DESCRIPTION\System\CentralProcessor\0' @('Platform Specific Field 1')
  monitors = Ask WmiMonitorID @('ManufacturerName', 'ProductCodeID', 'SerialNumberID', 'UserFriendlyName',
    'WeekOfManufacture', 'YearOfManufacture') 'root/wmi'
  restart = Any @('SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired',
    'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending')
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
        "cpus": [_processor(row, _first(told, "platform")) for row in _rows(told, "processors")],
        "memories": [_memory(row, slot) for slot, row in enumerate(_rows(told, "memories"), 1)],
        "storages": [_disk(row) for row in _rows(told, "disks") if _is_built_in(row)],
        "batteries": _batteries(told),
        "monitors": [_monitor(row) for row in _rows(told, "monitors")],
        "operatingsystem": _system(_first(told, "os"), _first(told, "restart")),
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
            "tpm_version": _tpm_version(told),
            "secure_boot": _secure_boot(told),
        }
    )


def _tpm_version(told: dict[str, Any]) -> str | None:
    """Win32_Tpm answers administrators only; everybody sees the device, whose id names the version."""
    said = (_text(_first(told, "tpm"), "SpecVersion") or "").partition(",")[0].strip()
    if re.fullmatch(r"[12]\.\d", said, re.ASCII):
        return said
    ids = json.dumps(_rows(told, "security")).upper()
    if _TPM_2 in ids or _TPM_1 in ids:
        return "2.0" if _TPM_2 in ids else "1.2"
    # AMD's security processor is a device of the same class: with others there, nothing is sure.
    return NO_TPM if "security" in told and not _rows(told, "security") else None


def _secure_boot(told: dict[str, Any]) -> SecureBoot | None:
    """The key exists where UEFI knows Secure Boot; firmware of type 1 was started the old way."""
    enabled = _number(_first(told, "secure_boot"), "UEFISecureBootEnabled")
    if enabled is not None:
        return "on" if enabled else "off"
    return "legacy" if _number(_first(told, "firmware"), "PEFirmwareType") == 1 else None


def _processor(row: dict[str, Any], platform: dict[str, Any]) -> dict[str, Any]:
    cores, threads = _number(row, "NumberOfCores"), _number(row, "NumberOfLogicalProcessors")
    # "Intel64 Family 6 Model 142 Stepping 10" holds what decides about Windows 11.
    words = (_text(row, "Description") or "").split()
    named = {words[index].lower(): words[index + 1] for index in range(len(words) - 1)}
    family, stepping = named.get("family"), named.get("stepping", "")
    maker = _text(row, "Manufacturer")
    return without_empty(
        {
            "name": _text(row, "Name"),
            "manufacturer": {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}.get(maker or "", maker),
            "description": _text(row, "Description"),
            "core": cores,
            "thread": max(1, threads // cores) if cores and threads else None,
            "speed": _number(row, "MaxClockSpeed"),
            "familynumber": family,
            "model": named.get("model"),
            "stepping": int(stepping) if stepping.isascii() and stepping.isdigit() else None,
            # The width of the processor, not of the Windows on it.
            "arch": {32: "i386", 64: "x86_64"}.get(_number(row, "DataWidth") or 0) if family else None,
            "platform_field": _number(platform, "Platform Specific Field 1"),
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


def _monitor(row: dict[str, Any]) -> dict[str, Any]:
    """Windows hands out the EDID's texts as lists of character codes, filled up with zeros."""
    return without_empty(
        {
            "manufacturer": _codes(row, "ManufacturerName"),
            "caption": _codes(row, "UserFriendlyName") or _codes(row, "ProductCodeID"),
            "serial": _codes(row, "SerialNumberID"),
            "description": made(_number(row, "WeekOfManufacture") or 0, _number(row, "YearOfManufacture") or 0),
        }
    )


def _system(row: dict[str, Any], restart: dict[str, Any]) -> dict[str, Any]:
    installed, pending = _text(row, "Date"), restart.get("Found")
    return without_empty(
        {
            "full_name": _text(row, "Caption"),
            "name": "Windows",
            "version": _text(row, "Version"),
            "install_date": f"{installed} 00:00:00" if installed else None,
            "restart_pending": pending if type(pending) is bool else None,
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


def _codes(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    codes = value if isinstance(value, list) else []
    return _text({name: "".join(chr(code) for code in codes if type(code) is int and 31 < code < 127)}, name)


def _number(row: dict[str, Any], name: str) -> int | None:
    """PowerShell writes 64-bit numbers as numbers, some classes as text."""
    value = row.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if type(value) is int and value >= 0 else None
