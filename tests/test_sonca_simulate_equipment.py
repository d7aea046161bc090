"""The equipment reports of simulated PCs: believable, of many kinds, and unmistakably simulated."""

import dataclasses
from collections import Counter
from typing import Any

from agent.equipment_junk import junk_paths
from agent.equipment_names import CHASSIS
from contract.messages import EquipmentReport, decode, encode
from sonca.simulate.equipment import UUID_PREFIX, equipment_of
from sonca.simulate.school_day import school_day
from sonca.simulate.watched import SERIAL_PREFIX
from tests.simulated import SITE, monday

DAY = school_day(SITE, 1, 40, 160, [])
REPORTS = [equipment_of(pc, monday("08:00")) for pc in DAY.pcs.values()]


def serials(content: dict[str, Any]) -> list[str]:
    entries = [*content["storages"], *content["memories"]]
    return [content["bios"]["ssn"], content["bios"]["msn"]] + [
        value for entry in entries for name, value in entry.items() if name.startswith("serial")
    ]


def test_every_report_says_first_of_all_that_it_is_simulated() -> None:
    assert all(next(iter(report.content.items())) == ("simulated", True) for report in REPORTS)


def test_serials_uuids_and_addresses_cannot_be_those_of_real_machines() -> None:
    for report in REPORTS:
        junk = {report.content["bios"][path.partition(".")[2]] for path in report.junk if path.startswith("bios.")}
        assert all(serial.startswith(SERIAL_PREFIX) or serial in junk for serial in serials(report.content))
        uuid = report.content["hardware"]["uuid"]
        assert uuid.startswith(UUID_PREFIX) or "hardware.uuid" in report.junk
        assert report.content["networks"][0]["mac"].startswith("00:00:5e:")


def test_some_makers_left_junk_and_it_is_marked_as_the_agent_marks_it() -> None:
    junk = [report for report in REPORTS if report.junk]
    assert 0.1 < len(junk) / len(REPORTS) < 0.5
    assert all(report.junk == junk_paths(report.content) for report in REPORTS)
    words = {report.content["bios"]["ssn"] for report in junk}
    assert words == {"To Be Filled By O.E.M.", "Default string"}
    assert all({"bios.ssn", "bios.msn", "hardware.uuid"} <= set(report.junk) for report in junk)


def test_what_is_not_junk_is_unique() -> None:
    known = Counter(
        serial for report in REPORTS for serial in serials(report.content) if serial.startswith(SERIAL_PREFIX)
    )
    assert [serial for serial, count in known.items() if count > 1] == []
    macs = Counter(report.content["networks"][0]["mac"] for report in REPORTS)
    assert max(macs.values()) == 1


def test_old_and_new_systems_and_processors_stand_side_by_side() -> None:
    systems = Counter(report.content["operatingsystem"]["full_name"].rpartition(" Pro")[0] for report in REPORTS)
    assert {"Microsoft Windows 10", "Microsoft Windows 11"} <= set(systems)
    assert any("Windows 7" in report.content["operatingsystem"]["full_name"] for report in REPORTS)
    assert any("Ubuntu" in report.content["operatingsystem"]["full_name"] for report in REPORTS)
    # Intel before the eighth generation (models up to 95, and 158 at stepping 9) cannot have Windows 11.
    models = [(int(cpu["model"]), cpu["stepping"]) for report in REPORTS for cpu in report.content["cpus"]]
    not_ready = sum(model <= 95 or (model, stepping) == (158, 9) for model, stepping in models) / len(models)
    assert 0.2 < not_ready < 0.7
    assert {report.content["hardware"]["memory"] < 4096 for report in REPORTS} == {True, False}


def test_sizes_agree_with_what_the_pc_measures() -> None:
    for pc, report in zip(DAY.pcs.values(), REPORTS, strict=True):
        measured = DAY.measurements(pc.id, monday("09:00"), monday("09:00") + 60_000)
        for entry in (entry for entry in measured if entry.device is None):
            if entry.probe == "host":
                assert entry.fields["memory_total_bytes"] == pc.memory_bytes
                assert report.content["hardware"]["memory"] == pc.memory_bytes // 2**20
            if entry.probe == "disk" and entry.fields:
                drive = next(d for d in report.content["drives"] if entry.target in (d.get("letter"), d.get("type")))
                assert abs(int(entry.fields["disk_total_bytes"]) // 2**20 - drive["total"]) <= 1
        drives = sum(drive["total"] for drive in report.content["drives"])
        assert drives < report.content["storages"][0]["disksize"]


def test_a_laptop_has_a_worn_battery_and_its_kind() -> None:
    laptops = [report for report in REPORTS if report.kind == "laptop"]
    assert laptops
    assert all(report.content["hardware"]["chassis_type"] == "Notebook" for report in laptops)
    for report in REPORTS:
        assert ("batteries" in report.content) == (report.kind == "laptop")
        assert report.content["hardware"]["chassis_type"] in CHASSIS.values()
    worn = [report.content["batteries"][0] for report in laptops]
    assert all(0.4 * battery["capacity"] <= battery["real_capacity"] < battery["capacity"] for battery in worn)


def test_it_travels_and_is_the_same_at_every_time() -> None:
    report = REPORTS[0]
    assert decode(encode(report), EquipmentReport) == report
    later = equipment_of(DAY.pcs[report.device], monday("15:00"))
    assert dataclasses.replace(later, taken_at=report.taken_at) == report
