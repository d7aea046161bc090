"""What PowerShell tells of a Windows PC. No Windows machine was at hand: the JSON is written from Microsoft's
documentation of the CIM classes, not recorded. docs/platforms.md lists this as not yet seen to work."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.equipment_junk import junk_paths
from agent.equipment_windows import SCRIPT, read_cim
from agent.probes.outcomes import BadAnswer
from inventory.windows11 import Rule, Shortfall, windows11_readiness

WRITTEN = Path(__file__).parent / "recorded" / "written-from-documentation-windows-cim.json"


def told() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(WRITTEN.read_text(encoding="utf-8"))
    return loaded


def test_it_reads_a_pc_by_glpis_names() -> None:
    content = read_cim(WRITTEN.read_text(encoding="utf-8"))
    assert content["bios"]["smanufacturer"] == "Gigabyte Technology Co., Ltd."
    assert content["bios"]["bdate"] == "2017-03-08"
    assert content["hardware"] == {
        "uuid": "03000200-0400-0500-0006-000700080009",
        "chassis_type": "Desktop",
        "memory": 8073,
        "vmsystem": "Physical",
        "tpm_version": "2.0",
        "secure_boot": "off",
    }
    assert content["cpus"] == [
        {
            "name": "Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz",
            "manufacturer": "Intel",
            "description": "Intel64 Family 6 Model 158 Stepping 9",
            "core": 2,
            "thread": 2,
            "speed": 3912,
            "familynumber": "6",
            "model": "158",
            "stepping": 9,
            "arch": "x86_64",
            "platform_field": 2,
        }
    ]
    assert content["operatingsystem"] == {
        "full_name": "Microsoft Windows 10 Pro",
        "name": "Windows",
        "version": "10.0.19045",
        "install_date": "2021-08-20 00:00:00",
        "restart_pending": True,
    }


def test_modules_disks_and_batteries_are_listed_one_by_one() -> None:
    content = read_cim(WRITTEN.read_text(encoding="utf-8"))
    assert [(module["capacity"], module["type"], module["speed"]) for module in content["memories"]] == [
        (4096, "DDR4", "2400 MT/s"),
        (4096, "DDR4", "2400 MT/s"),
    ]
    assert [disk["model"] for disk in content["storages"]] == ["KINGSTON SA400S37240G"], "the memory stick is left out"
    assert content["batteries"] == []


def test_its_placeholders_are_marked_as_junk() -> None:
    assert set(junk_paths(read_cim(WRITTEN.read_text(encoding="utf-8")))) == {
        "bios.ssn",
        "bios.msn",
        "bios.enclosureserial",
        "bios.assettag",
        "hardware.uuid",
        "memories[1].serialnumber",
    }


def test_complaints_around_the_json_are_passed_over() -> None:
    noisy = "WARNING: x\r\n" + WRITTEN.read_text(encoding="utf-8") + "\r\n#< CLIXML <Objs></Objs>"
    assert read_cim(noisy) == read_cim(WRITTEN.read_text(encoding="utf-8"))


def test_a_battery_has_its_wear() -> None:
    data = told()
    data["batteries"] = {"DeviceName": "DELL 7WNW1", "SerialNumber": "1234", "DesignedCapacity": 42000}
    data["capacities"] = [{"FullChargedCapacity": 31500}]
    (battery,) = read_cim(json.dumps(data))["batteries"]
    assert (battery["capacity"], battery["real_capacity"]) == (42000, 31500)


def test_a_monitor_is_read_from_its_character_codes() -> None:
    assert read_cim(WRITTEN.read_text(encoding="utf-8"))["monitors"] == [
        {"manufacturer": "DEL", "caption": "DELL E1920H", "serial": "7HXT2W2", "description": "32/2020"}
    ]


def test_the_script_asks_for_every_section_and_for_no_person() -> None:
    for section in told():
        assert re.search(rf"\n  {section} = (Ask|Look|Any) ", SCRIPT)
    assert not any(word in SCRIPT for word in ("UserName", "RegisteredUser", "Owner", "CSName", "HostName"))


SECURITY = "security"
PLUTON = {"HardwareID": ["PCI\\\\VEN_1022&DEV_15C7"], "CompatibleID": None}


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({"tpm": {"SpecVersion": "2.0, 0, 1.38"}, SECURITY: None}, "2.0"),
        ({"tpm": {"SpecVersion": "1.2, 2, 3"}, SECURITY: None}, "1.2"),
        ({SECURITY: {"HardwareID": ["ACPI\\\\ATM1200", "ACPI\\\\PNP0C31"]}}, "1.2"),
        ({SECURITY: [PLUTON, {"HardwareID": ["acpi\\\\msft0101"]}]}, "2.0"),
        ({SECURITY: PLUTON}, None),  # AMD's security processor is there, its TPM may be hidden behind it
        ({SECURITY: None}, "none"),
    ],
)
def test_the_tpm_is_told_by_its_device_where_only_administrators_may_ask_it(
    changes: dict[str, Any], version: str | None
) -> None:
    assert read_cim(json.dumps(told() | changes))["hardware"].get("tpm_version") == version


@pytest.mark.parametrize(
    ("enabled", "kind", "state"), [(1, 2, "on"), (0, 2, "off"), (None, 1, "legacy"), (None, 2, None)]
)
def test_secure_boot_is_told_by_the_registry(enabled: int | None, kind: int, state: str | None) -> None:
    changes = {"secure_boot": {"UEFISecureBootEnabled": enabled}, "firmware": {"PEFirmwareType": kind}}
    assert read_cim(json.dumps(told() | changes))["hardware"].get("secure_boot") == state


def test_its_report_decides_about_windows_11() -> None:
    content = read_cim(WRITTEN.read_text(encoding="utf-8"))
    content["drives"] = [{"letter": "C:", "total": 228_000, "systemdrive": True}]
    found = windows11_readiness(content)
    assert found.failing == (Shortfall(Rule.PROCESSOR, "Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz"),)
    assert found.missing == ()


@pytest.mark.parametrize("output", ["", "'powershell' is not recognized", "{", "[1]", "{]"])
def test_what_is_no_json_is_a_bad_answer(output: str) -> None:
    with pytest.raises(BadAnswer):
        read_cim(output)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
ROWS = st.dictionaries(
    st.sampled_from(["Manufacturer", "Model", "Capacity", "Speed", "Description", "ChassisTypes", "Size", "MediaType"]),
    VALUES,
)


@given(st.dictionaries(st.sampled_from(sorted(told())), ROWS | st.lists(ROWS | VALUES, max_size=3) | VALUES))
def test_no_json_breaks_the_reader(data: dict[str, Any]) -> None:
    junk_paths(read_cim(json.dumps(data)))
