"""Evidence from real stores: what was written is what the plan is told, asset by asset."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from collector.store.evidence import Sources, StoredEvidence, system_volume
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, RoomReason, RoomSlice, RoomState, StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from contract.messages import EquipmentReport, Outcome, Value
from contract.week import LessonHours
from inventory.asset import Asset
from inventory.evidence import Evidence
from inventory.lesson_time import lesson_spans, midnight
from inventory.register import Act, Register
from inventory.register_links import Link
from inventory.school import Device, Room, School
from inventory.windows11 import State as Windows11

SITE = "hoa-mai"
LESSONS = LessonHours(("mon", "tue", "wed", "thu", "fri"), "08:00", "10:00")
ROOM = Room("lop-1", "Lớp 1", (Device("pc-1"), Device("projector", kind="projector", lamp_hours=1_000)))
SCHOOL = School(SITE, "Hoa Mai", (ROOM, Room("lop-2", "Lớp 2")), lesson_hours=(LESSONS,))
AS_OF = date(2026, 11, 30)  # a Monday
UNTIL = midnight(date(2026, 12, 1), SCHOOL.zone)
ASSETS = [
    Asset("TS-1", "computer", "Máy 1", room="lop-1"),
    Asset("TS-2", "projector", "Máy chiếu", room="lop-1"),
    Asset("TS-3", "switch", "Bộ chuyển mạch", room="lop-1"),
    Asset("TS-4", "tv", "Tivi", room="lop-1"),
]
WINDOWS_10 = {
    "operatingsystem": {"full_name": "Microsoft Windows 10 Pro", "version": "10.0.19045"},
    "hardware": {"tpm_version": "none"},
    "drives": [{"letter": "C:", "systemdrive": True}, {"letter": "D:"}],
}


class Kept:
    """Stores of one school, and what is written into them."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.entries: list[StoredMeasurement] = []

    def measure(self, device: str, probe: str, at: int, target: str = "", **fields: Value) -> None:
        self.entries.append(StoredMeasurement(SITE, device, probe, target, at, Outcome.OK, 1.0, fields))

    def evidence(self, as_of: date = AS_OF, now: int = UNTIL) -> dict[str, Evidence]:
        self.sources.store.write(self.entries)
        while self.sources.store.roll_up(UNTIL + DAY_MS):
            pass
        source = StoredEvidence(self.sources, now)
        return {asset.tag: found for asset in ASSETS if (found := source.evidence(asset, as_of)) is not None}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    register = Register(f"sqlite:///{tmp_path}/state.db").open()
    register.save(SITE, ASSETS, Act("test", UNTIL))
    register.links.put(SITE, [Link("pc-1", "TS-1", 60, ()), Link("projector", "TS-2", 60, ())], UNTIL)
    state = State(f"sqlite:///{tmp_path}/state.db").open()
    store = SqliteStore(tmp_path / "series.db").open()  # the questions themselves have a suite over all engines
    yield Kept(Sources(SCHOOL, store, state, register))
    store.close()
    state.close()
    register.close()


def lessons(days: int) -> list[int]:
    """The starts of all slices in the lessons of the last so many days."""
    spans = lesson_spans(SCHOOL, UNTIL - days * DAY_MS, UNTIL)
    return [at for since, until in spans for at in range(since, until, SLICE_MS)]


def test_a_pc_is_judged_by_its_lesson_minutes(kept: Kept) -> None:
    slices = lessons(14)
    for number, at in enumerate(slices[: len(slices) // 2]):
        kept.measure("pc-1", "host", at, memory_used_percent=95.0 if number % 4 else 40.0, memory_total_bytes=2**32)
        kept.measure("pc-1", "host", at + 12 * HOUR_MS, memory_used_percent=99.0)  # at night nobody waits
    found = kept.evidence()["TS-1"]
    assert (found.used_percent, found.memory_pressed_percent, found.memory_bytes) == (50.0, 75.0, 2**32)
    assert found.days == 14
    assert found.judges_health
    assert (found.wifi_weak_percent, found.disk_free_percent, found.lamp_hours, found.crashes) == (None,) * 4


def test_disks_tell_of_space_errors_and_wear(kept: Kept) -> None:
    for day in range(30):
        at = UNTIL - DAY_MS * (29 - day) - HOUR_MS
        kept.measure("pc-1", "disk", at, "C:\\", disk_free_bytes=(60 - day) * 2**30, disk_used_percent=40.0 + day)
        kept.measure("pc-1", "disk", at, "D:\\", disk_free_bytes=1, disk_used_percent=99.0)
        kept.measure("pc-1", "smart", at, "sda", healthy=day < 29, reallocated_sectors=day, pending_sectors=3)
        kept.measure("pc-1", "smart", at, "nvme0", healthy=True, media_errors=2, wear_percent=float(day))
        if not day:
            kept.measure("pc-1", "smart", at, "old", healthy=False, reallocated_sectors=9_999)
    kept.sources.state.put_equipment(SITE, EquipmentReport("pc-1", "pc-1", 1, "computer", WINDOWS_10))
    found = kept.evidence()["TS-1"]
    assert (found.disk_free_percent, found.disk_errors, found.disk_failing) == (31.0, 29 + 3 + 2, True)
    assert found.disk_worn_percent == 29.0
    assert found.disk_full_on == date(2026, 12, 31)  # a gigabyte a day, 30.5 left
    assert (found.system, found.support_ends_on) == ("Windows 10 22H2", date(2025, 10, 14))
    assert found.windows11 is not None
    assert found.windows11.state is Windows11.NOT_CAPABLE


def test_a_projector_is_used_while_its_lamp_is_lit_and_its_end_is_foreseen(kept: Kept) -> None:
    slices = lessons(30)
    for number, at in enumerate(slices):
        kept.measure("projector", "lamp", at, "lamp-1", hours=500 + (at - slices[0]) // DAY_MS * 5, lit=number % 4 == 0)
    found = kept.evidence()["TS-2"]
    assert found.used_percent == 25.0
    assert (found.lamp_hours, found.lamp_expected_hours) == (500.0 + 5 * 28, 1_000.0)
    assert found.lamp_ends_on is not None
    assert date(2027, 2, 5) < found.lamp_ends_on < date(2027, 2, 20)


def test_restarts_and_stops_are_those_of_the_newest_day(kept: Kept) -> None:
    for day, stops in ((5, 1), (0, 4)):
        kept.measure("pc-1", "restarts", UNTIL - day * DAY_MS - 1, starts=22, unclean_stops=stops, days_known=20)
    found = kept.evidence()["TS-1"]
    assert (found.crashes, found.restarts, found.counted_days) == (4, 22, 20)


def test_a_rooms_faults_are_told_of_its_switch_though_nobody_polls_it(kept: Kept) -> None:
    bad = [RoomState.DISCONNECTED, *[RoomState.CONNECTED] * 3]
    slices = [
        RoomSlice(SITE, room, at, state, RoomReason.GATEWAY_UNREACHABLE, True, 1, 1)
        for number, at in enumerate(lessons(14))
        for room, state in (("lop-1", bad[number % 4]), ("lop-2", RoomState.CONNECTED))
    ]
    kept.sources.store.write_rooms(slices)
    found = kept.evidence()
    assert found["TS-3"].room_offline_percent == 25.0
    assert found["TS-1"].room_offline_percent is None
    assert "TS-4" not in found


def test_wifi_is_weak_below_the_limit_and_only_the_past_counts(kept: Kept) -> None:
    for number, at in enumerate(lessons(10)):
        kept.measure("pc-1", "wifi", at, "wlan0", signal_dbm=-80.0 if number % 2 else -60.0)
    assert kept.evidence()["TS-1"].wifi_weak_percent == 50.0
    assert kept.evidence(date(2026, 11, 1))["TS-1"].wifi_weak_percent is None
    assert kept.evidence(now=UNTIL - 20 * DAY_MS)["TS-1"].wifi_weak_percent is None


@pytest.mark.parametrize(
    ("content", "volumes", "found"),
    [
        ({"drives": [{"letter": "D:", "systemdrive": True}]}, ["C:\\", "D:\\"], "D:\\"),
        ({}, ["/boot", "/"], "/"),
        ({"drives": "?"}, ["E:", "C:"], "C:"),
        ({}, ["/data"], ""),
        ({}, [], ""),
    ],
)
def test_the_volume_of_the_system_is_told_by_the_report(
    content: dict[str, Any], volumes: list[str], found: str
) -> None:
    assert system_volume(content, volumes) == found


def test_an_asset_that_left_is_not_judged(kept: Kept) -> None:
    kept.measure("pc-1", "host", lessons(3)[0], memory_used_percent=50.0)
    assert "TS-1" in kept.evidence()
    leaving = replace(ASSETS[0], status="proposed_disposal", room="")
    told: dict[str, Any] = {"disposal_document": "QĐ 1", "disposal_date": AS_OF, "disposal_reason": "hỏng"}
    for step in (leaving, replace(leaving, status="transferred", **told)):
        kept.sources.register.save(SITE, [step], Act("test", UNTIL))
    assert "TS-1" not in kept.evidence()
