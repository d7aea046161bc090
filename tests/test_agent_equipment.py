"""The equipment report: of this machine, and of a laptop whose files are written after the kernel documentation."""

import dataclasses
import getpass
import json
import socket
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.equipment import equipment_report, stable_hash
from agent.equipment_firmware import platform_field, secure_boot, tpm_version
from agent.equipment_linux import linux_content, processors_of, storages, system_of
from agent.equipment_memories import read_dmidecode
from agent.equipment_names import virtual_system
from agent.equipment_restart import restart_pending
from contract.messages import EquipmentReport, decode, encode

RECORDED = Path(__file__).parent / "recorded"

SECURE_BOOT = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
LAPTOP = {
    "sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
    "sys/class/dmi/id/product_name": "Latitude 3410\n",
    "sys/class/dmi/id/product_serial": "7XK2J53\n",
    "sys/class/dmi/id/product_uuid": "4c4c4544-0058-4b10-8032-b7c04f4a3533\n",
    "sys/class/dmi/id/board_serial": "/7XK2J53/CNWSC0001/\n",
    "sys/class/dmi/id/chassis_type": "10\n",
    "sys/class/dmi/id/bios_date": "03/14/2022\n",
    "sys/class/dmi/id/bios_version": "1.16.0\n",
    "proc/meminfo": "MemTotal:        7990272 kB\nMemFree: 1 kB\n",
    "proc/cpuinfo": (
        "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 142\nmodel name\t: Intel(R) i3-10110U\n"
        "stepping\t: 12\nphysical id\t: 0\ncpu cores\t: 1\nflags\t\t: fpu lm vme\n\n"
        "processor\t: 1\nphysical id\t: 0\ncpu cores\t: 1\n"
    ),
    "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "4100000\n",
    "sys/devices/system/cpu/cpu0/microcode/processor_flags": "0x80\n",
    "sys/class/tpm/tpm0/tpm_version_major": "2\n",
    f"sys/firmware/efi/efivars/{SECURE_BOOT}": "\6\0\0\0\1",
    "etc/os-release": 'NAME="Ubuntu"\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04.1 LTS"\n',
    "sys/block/sda/size": "500118192\n",
    "sys/block/sda/dev": "8:0\n",
    "sys/block/sda/removable": "0\n",
    "sys/block/sda/queue/rotational": "1\n",
    "sys/block/sda/device/model": "TOSHIBA MQ01ABF0\n",
    "sys/block/sda/device/vendor": "ATA     \n",
    "sys/block/sdb/size": "60000000\n",
    "sys/block/sdb/removable": "1\n",
    "sys/block/loop0/size": "100\n",
    "run/udev/data/b8:0": "S:disk/by-id/ata-x\nE:ID_BUS=ata\nE:ID_SERIAL_SHORT=Y7E5P0XYT\n",
    "sys/class/power_supply/BAT0/type": "Battery\n",
    "sys/class/power_supply/BAT0/charge_full_design": "3500000\n",
    "sys/class/power_supply/BAT0/charge_full": "2100000\n",
    "sys/class/power_supply/BAT0/voltage_min_design": "11400000\n",
    "sys/class/power_supply/hidpp_battery_0/type": "Battery\n",
    "sys/class/power_supply/hidpp_battery_0/scope": "Device\n",
    "sys/class/power_supply/AC/type": "Mains\n",
}

DMIDECODE = """# dmidecode 3.4
Handle 0x0040, DMI type 17, 84 bytes
Memory Device
\tSize: 8 GB
\tForm Factor: SODIMM
\tLocator: DIMM A
\tType: DDR4
\tSpeed: 2667 MT/s
\tManufacturer: Samsung
\tSerial Number: 3A1B2C4D
\tPart Number: M471A1K43DB1-CTD

Handle 0x0041, DMI type 17, 84 bytes
Memory Device
\tSize: No Module Installed
\tLocator: DIMM B
"""


def laptop(root: Path) -> dict[str, Any]:
    for name, text in LAPTOP.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return linux_content(root)


def test_it_reads_a_laptop_by_glpis_names(tmp_path: Path) -> None:
    content = laptop(tmp_path)
    assert content["bios"] == {
        "smanufacturer": "Dell Inc.",
        "smodel": "Latitude 3410",
        "ssn": "7XK2J53",
        "msn": "/7XK2J53/CNWSC0001/",
        "bversion": "1.16.0",
        "bdate": "2022-03-14",
    }
    assert content["hardware"] == {
        "uuid": "4c4c4544-0058-4b10-8032-b7c04f4a3533",
        "chassis_type": "Notebook",
        "memory": 7803,
        "vmsystem": "Physical",
        "tpm_version": "2.0",
        "secure_boot": "on",
    }
    assert content["operatingsystem"] == {"full_name": "Ubuntu 24.04.1 LTS", "name": "Ubuntu", "version": "24.04"}


def test_a_processor_says_what_decides_about_windows_11(tmp_path: Path) -> None:
    assert laptop(tmp_path)["cpus"] == [
        {
            "name": "Intel(R) i3-10110U",
            "manufacturer": "Intel",
            "core": 1,
            "thread": 2,
            "familynumber": "6",
            "model": "142",
            "stepping": 12,
            "arch": "x86_64",
            "speed": 4100,
            "platform_field": 128,
        }
    ]


def test_a_processors_clock_is_the_one_in_its_name() -> None:
    cpuinfo = "processor: 0\nmodel name: Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz\ncpu MHz: 800.1\nflags: fpu\n"
    (processor,) = processors_of(cpuinfo)
    assert (processor["speed"], processor["arch"]) == (3900, "i386")
    (board,) = processors_of("processor: 0\nCPU architecture: 8\n")
    assert board["arch"] == "aarch64"


def firmware_of(root: Path, files: dict[str, str]) -> tuple[str | None, str | None]:
    """TPM version and Secure Boot where /sys holds these files."""
    (root / "sys").mkdir()
    for name, text in files.items():
        path = root / "sys" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tpm_version(root), secure_boot(root)


EFI = "firmware/efi/efivars"


@pytest.mark.parametrize(
    ("files", "tpm", "boot"),
    [
        ({}, "none", "legacy"),
        ({"class/tpm/tpm0/tpm_version_major": "1\n", "firmware/efi/systab": ""}, "1.2", None),
        ({"class/tpm/tpm0/device": ""}, None, "legacy"),  # a kernel before 5.6
        ({f"{EFI}/{SECURE_BOOT}": "\6\0\0\0\0"}, "none", "off"),
        ({f"{EFI}/{SECURE_BOOT}": "\6\0\0\0\1"}, "none", "on"),
        ({f"{EFI}/{SECURE_BOOT}": "\6"}, "none", None),
        ({f"{EFI}/Boot0000-8be4df61": "x"}, "none", "unsupported"),
    ],
)
def test_the_firmware_says_what_it_offers_to_windows_11(
    tmp_path: Path, files: dict[str, str], tpm: str | None, boot: str | None
) -> None:
    assert firmware_of(tmp_path, files) == (tpm, boot)


def test_without_sys_nothing_is_known_of_the_firmware(tmp_path: Path) -> None:
    assert (tpm_version(tmp_path), secure_boot(tmp_path)) == (None, None)


def test_a_system_says_whether_it_waits_for_a_restart_where_it_would_know(tmp_path: Path) -> None:
    assert restart_pending(tmp_path) is None
    hook = tmp_path / "etc/kernel/postinst.d/unattended-upgrades"
    hook.parent.mkdir(parents=True)
    hook.touch()
    assert restart_pending(tmp_path) is False
    (tmp_path / "run").mkdir()
    (tmp_path / "run/reboot-required").touch()
    assert restart_pending(tmp_path) is True
    assert linux_content(tmp_path)["operatingsystem"] == {"restart_pending": True}


def test_only_built_in_disks_are_reported(tmp_path: Path) -> None:
    laptop(tmp_path)
    assert storages(tmp_path) == [
        {
            "name": "sda",
            "model": "TOSHIBA MQ01ABF0",
            "serial": "Y7E5P0XYT",
            "interface": "ATA",
            "type": "HDD",
            "disksize": 244198,
        }
    ]


def test_only_the_pcs_own_battery_is_reported_with_its_wear(tmp_path: Path) -> None:
    assert laptop(tmp_path)["batteries"] == [{"capacity": 39900, "real_capacity": 23940, "voltage": 11400}]


def test_memory_modules_are_read_from_dmidecode() -> None:  # written from dmidecode's manual, not recorded
    assert read_dmidecode(DMIDECODE) == [
        {
            "capacity": 8192,
            "caption": "DIMM A",
            "description": "SODIMM",
            "type": "DDR4",
            "speed": "2667 MT/s",
            "manufacturer": "Samsung",
            "model": "M471A1K43DB1-CTD",
            "serialnumber": "3A1B2C4D",
            "numslots": 1,
        }
    ]


def test_the_recorded_machine_is_a_virtual_one() -> None:
    cpuinfo = (RECORDED / "debian12-vm-cpuinfo.txt").read_text()
    (processor,) = processors_of(cpuinfo)
    assert (processor["manufacturer"], processor["core"], processor["thread"]) == ("AMD", 2, 1)
    assert system_of((RECORDED / "debian12-os-release.txt").read_text())["version"] == "12"


def test_a_machine_without_names_is_known_as_virtual_by_its_processor(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "cpuinfo").write_text((RECORDED / "debian12-vm-cpuinfo.txt").read_text())
    assert linux_content(tmp_path)["hardware"]["vmsystem"] == "Virtual Machine"


def test_hypervisors_are_known_by_their_names() -> None:
    assert virtual_system("innotek GmbH", "VirtualBox", False) == "VirtualBox"
    assert virtual_system("Microsoft Corporation", "Virtual Machine", True) == "Hyper-V"
    assert virtual_system("Microsoft Corporation", "Surface Pro 7", False) == "Physical"
    assert virtual_system("QEMU", "Standard PC (Q35 + ICH9, 2009)", True) == "QEMU"


def test_what_this_user_may_not_read_is_left_out(tmp_path: Path) -> None:
    laptop(tmp_path)
    serial = tmp_path / "sys/class/dmi/id/product_serial"
    serial.unlink()
    serial.mkdir()  # reading a folder fails for everybody, root included
    content = linux_content(tmp_path)
    assert "ssn" not in content["bios"]
    assert content["bios"]["smodel"] == "Latitude 3410"


def test_a_board_without_dmi_is_named_by_its_device_tree(tmp_path: Path) -> None:
    tree = tmp_path / "proc/device-tree"
    tree.mkdir(parents=True)
    (tree / "model").write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    (tree / "serial-number").write_bytes(b"10000000abcdef01\0")
    assert linux_content(tmp_path)["bios"] == {"smodel": "Raspberry Pi 4 Model B Rev 1.4", "ssn": "10000000abcdef01"}


def test_a_disk_that_cannot_be_read_is_still_part_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise OSError("Input/output error")

    monkeypatch.setattr(psutil, "disk_usage", broken)
    for drive in equipment_report("pc-1", 0).content["drives"]:
        assert drive["volumn"]
        assert "total" not in drive


def test_a_laptop_is_told_by_its_chassis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("agent.equipment_linux.linux_content", lambda _: laptop(tmp_path))
    report = equipment_report("pc-1", 0)
    assert (report.kind, report.content["bios"]["ssn"]) == ("laptop", "7XK2J53")
    assert not {path for path in report.junk if path.startswith(("bios", "hardware"))}


def test_the_report_of_this_machine_is_whole_and_travels() -> None:
    report = equipment_report("pc-1", 1_700_000_000_000)
    assert (report.agent, report.device, report.taken_at) == ("pc-1", "pc-1", 1_700_000_000_000)
    assert report.kind in ("computer", "laptop")
    assert abs(report.content["hardware"]["memory"] - psutil.virtual_memory().total // 2**20) <= 1
    assert report.content["operatingsystem"]["full_name"]
    assert report.content["cpus"]
    assert report.content["drives"]
    assert decode(encode(report), EquipmentReport) == report


def test_the_report_holds_no_names_of_people_or_hosts() -> None:
    text = json.dumps(equipment_report("pc-1", 0).content)
    assert "/home/" not in text
    for private in {getpass.getuser(), socket.gethostname()}:
        assert f'"{private}"' not in text


def test_the_hash_changes_with_the_machine_and_not_with_the_time() -> None:
    report = equipment_report("pc-1", 0)
    report.content["batteries"] = [{"capacity": 40_000, "real_capacity": 30_000}]
    later = dataclasses.replace(report, taken_at=99, content=json.loads(json.dumps(report.content)))
    later.content["drives"][0]["free"] = 1
    later.content["batteries"][0]["real_capacity"] = 29_990
    assert stable_hash(later) == stable_hash(report)
    later.content["hardware"]["memory"] += 4096
    assert stable_hash(later) != stable_hash(report)
    assert report.content["drives"][0]["free"] != 1, "hashing must leave the report as it is"


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers(text: str) -> None:
    processors_of(f"processor: 0\n{text}")
    system_of(text)
    assert platform_field(text) is None or text.startswith("0x")
    assert isinstance(read_dmidecode("Memory Device\n" + text), list)
