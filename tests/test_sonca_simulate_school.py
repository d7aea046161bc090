"""The simulated school file, the rooms and the PCs in them."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.school import read_school
from sonca.simulate.chance import Chance
from sonca.simulate.machines import DESKTOPS, LAPTOPS, PROJECTOR_PCS
from sonca.simulate.school import Role, pcs_of, rooms_of, school_text
from sonca.simulate.school_day import school_file
from tests.simulated import monday


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 200), st.integers(0, 1_000))
def test_rooms_and_devices_are_as_many_as_asked_and_every_room_has_one(rooms: int, more: int, seed: int) -> None:
    school = school_file(rooms, seed, rooms + more)
    pcs = [sum(not device.reported_by for device in room.devices) for room in school.rooms]
    assert (len(school.rooms), sum(pcs)) == (rooms, rooms + more)
    assert 1 <= min(pcs) <= max(pcs) <= min(pcs) + 1


@pytest.mark.parametrize(("rooms", "devices"), [(1, 0), (12, 30), (100, 1000)])
def test_the_school_file_reads_back_as_the_same_school(tmp_path: Path, rooms: int, devices: int) -> None:
    school = school_file(rooms, 7, devices)
    path = tmp_path / "school.yaml"
    path.write_text(school_text(school), encoding="utf-8")
    assert read_school(path) == school
    assert school.simulated


def test_it_is_a_kindergarten_as_its_people_know_it() -> None:
    school = school_file(12)
    names = [room.name for room in school.rooms]
    assert names[0] == "Lớp Mầm 1"
    assert "Lớp Chồi 2" in names
    assert "Lớp Lá 3" in names
    assert [room.name for room in school.rooms if not room.classroom] == [
        "Văn phòng",
        "Phòng Hiệu trưởng",
        "Phòng Y tế",
    ]
    assert school.name == "Trường Mầm non Hoa Mai (mô phỏng)"
    assert len(school.services) == 6
    assert school.in_lesson(monday("10:00"))
    assert not school.in_lesson(monday("17:00"))


def test_no_service_of_it_can_be_a_real_one() -> None:
    for service in school_file(4).services:
        assert ".example" in (service.web or service.tcp or "")


def test_a_small_school_has_no_office() -> None:
    assert [room.id for room in rooms_of(3)] == ["mam-1", "choi-1", "la-1"]
    assert [room.id for room in rooms_of(1)] == ["mam-1"]


def test_another_seed_is_another_school_of_the_same_rooms() -> None:
    one, other = (pcs_of(rooms_of(12), 30, Chance(seed)) for seed in ("1", "2"))
    assert [pc.id for pc in one] == [pc.id for pc in other]
    assert [pc.machine for pc in one] != [pc.machine for pc in other]


def test_all_ages_and_makers_stand_side_by_side() -> None:
    pcs = pcs_of(rooms_of(100), 1_000, Chance("many"))
    used = Counter(pc.machine.model for pc in pcs)
    assert set(used) == {machine.model for machine in (*DESKTOPS, *LAPTOPS, *PROJECTOR_PCS)}
    assert {pc.machine.year for pc in pcs} >= {2012, 2017, 2024}
    assert {pc.machine.system.name for pc in pcs} == {"Windows", "Ubuntu"}
    assert max(machine.strength for machine in DESKTOPS) > 3 * min(machine.strength for machine in DESKTOPS)


def test_laptops_use_wifi_and_a_projector_pc_on_a_cable_has_none() -> None:
    pcs = pcs_of(rooms_of(12), 36, Chance("1"), bad_wifi=["choi-1"])
    assert all(pc.wifi for pc in pcs if pc.role is Role.LAPTOP or pc.room == "choi-1")
    assert any(not pc.wifi for pc in pcs if pc.role is Role.PROJECTOR)
    assert {pc.kind for pc in pcs} == {"computer", "laptop"}


def test_a_site_of_another_name_gets_a_readable_one() -> None:
    assert school_file(1, site="sim-be-na").name == "Trường Mầm non Be Na (mô phỏng)"
    assert school_file(1, site="sim-son-ca").name == "Trường Mầm non Sơn Ca (mô phỏng)"
