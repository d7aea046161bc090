"""The health of PCs as signs: disks, memory, Windows 11, end of support, batteries."""

from datetime import date
from typing import Any

import pytest

from api.view.health import health
from api.view.health_upkeep import readiness_of, support_of
from api.view.known import Known
from api.view.sign import Tone
from contract.messages import EquipmentReport, Value
from inventory.windows11 import State
from tests.known_devices import BAD, GOOD, MINUTE, PLAIN, WATCH, known, lines, one, told
from tests.measurements import START
from tests.test_api_say import EN, VI, plain


@pytest.mark.parametrize(
    ("fields", "tone", "value", "note"),
    [
        ({"healthy": True, "power_on_hours": 4_648}, GOOD, "ổ tự báo còn tốt", "đã chạy 4.648 giờ"),
        ({"healthy": True, "reallocated_sectors": 3, "pending_sectors": 1}, WATCH, "ổ tự báo còn tốt", "4 cung từ"),
        ({"healthy": True, "wear_percent": 101.0}, BAD, "ổ tự báo còn tốt", "đã mòn 101 %"),
        ({"healthy": True, "spare_percent": 4.0, "wear_percent": 3.0}, WATCH, "ổ tự báo còn tốt", "đã mòn 3 %"),
        ({"healthy": False, "wear_percent": 3.0}, BAD, "ổ tự báo sắp hỏng: sao lưu và thay ngay", "đã mòn 3 %"),
    ],
)
def test_a_disk_tells_how_long_it_may_last(fields: dict[str, Value], tone: Tone, value: str, note: str) -> None:
    sign = one(known(told("smart", fields, "sda", ago=90 * MINUTE), kind="computer"), "disk")
    assert (sign.tone, sign.value, sign.label) == (tone, value, "Sức khỏe ổ sda")
    assert plain(sign.note).startswith(note)


def test_a_pc_tells_of_room_memory_and_its_last_restart() -> None:
    pc = known(
        told("disk", {"disk_used_percent": 96.0, "disk_free_bytes": 4 * 2**30}, "C:"),
        told("host", {"memory_used_percent": 91.0, "memory_total_bytes": 2**32, "uptime_seconds": 20 * 86_400}),
        kind="computer",
    )
    assert lines(pc, "space", "memory", "restart") == [
        ("space", WATCH, "đã dùng 96 %"),
        ("memory", WATCH, "đã dùng 91 %"),
        ("restart", WATCH, "20 ngày trước"),
    ]
    assert [plain(one(pc, name).note) for name in ("space", "memory")] == ["còn 4 GB", "trong 4 GB"]


SYSTEM = {"full_name": "Microsoft Windows 10 Pro", "version": "10.0.19045", "kernel_name": "windows"}
NEW_CPU = {"name": "i3", "manufacturer": "Intel", "arch": "x86_64", "familynumber": "6", "model": "165",
           "stepping": 3, "speed": 3_600, "core": 4, "thread": 2}  # fmt: skip
ABLE = {
    "operatingsystem": SYSTEM,
    "cpus": [NEW_CPU],
    "memories": [{"capacity": 8_192}],
    "drives": [{"systemdrive": True, "total": 200_000}],
    "hardware": {"tpm_version": "2.0", "secure_boot": "on"},
}


def reported(content: dict[str, Any], kind: str = "computer") -> Known:
    return known(kind="computer", report=EquipmentReport("thing", "thing", START, kind, content))


@pytest.mark.parametrize(
    ("change", "state", "tone", "words"),
    [
        ({}, State.CAPABLE, GOOD, "máy chạy được"),
        (
            {"cpus": [{**NEW_CPU, "model": "58", "name": "Core i3-3220"}]},
            State.NOT_CAPABLE,
            WATCH,
            "máy không chạy được: bộ xử lý (Core i3-3220)",
        ),
        (
            {"hardware": {}},
            State.UNDETERMINED,
            PLAIN,
            "chưa rõ, bản kê thiếu: chip TPM 2.0, khởi động an toàn",
        ),
    ],
)
def test_a_pc_tells_whether_it_can_run_windows_11_and_why_not(
    change: dict[str, Any], state: State, tone: Tone, words: str
) -> None:
    pc = reported({**ABLE, **change})
    readiness = readiness_of(pc)
    assert readiness is not None
    assert readiness.state is state
    assert lines(pc, "windows_11") == [("windows_11", tone, words)]


@pytest.mark.parametrize(
    ("name", "version", "tone", "words", "note"),
    [
        (
            SYSTEM["full_name"],
            "10.0.19045",
            WATCH,
            "Windows 10 22H2, hết hỗ trợ từ 14/10/2025",
            "gia hạn ESU 3 đến 10/10",
        ),
        ("Microsoft Windows 7 Professional", "6.1.7601", BAD, "Windows 7, hết hỗ trợ từ 14/01/2020", ""),
        ("Microsoft Windows 11 Pro", "10.0.26100", WATCH, "Windows 11 24H2, hết hỗ trợ từ 13/10/2026", ""),
        ("Ubuntu 24.04.1 LTS", "24.04", GOOD, "Ubuntu 24.04 LTS, hỗ trợ đến 31/05/2029", ""),
        ("TempleOS", "5.03", PLAIN, "TempleOS, chưa có trong bảng hỗ trợ", ""),
    ],
)
def test_a_pc_tells_until_when_its_system_is_supported(
    name: str, version: str, tone: Tone, words: str, note: str
) -> None:
    pc = reported({"cpus": [], "operatingsystem": {"full_name": name, "version": version}})
    sign = one(pc, "support")
    assert (sign.tone, sign.value) == (tone, words)
    assert sign.note.startswith(note)
    row = support_of(pc)
    assert row is None or date.fromisoformat(row.ends)


def test_a_laptop_tells_of_its_battery_and_of_updates_that_wait() -> None:
    content = {
        "cpus": [],
        "batteries": [{"capacity": 40_000, "real_capacity": 18_000}, {"capacity": 40_000}],
        "operatingsystem": {"restart_pending": True},
    }
    assert lines(reported(content, "laptop"), "battery_wear", "updates") == [
        ("battery_wear", WATCH, "đã chai 55 %"),
        ("updates", WATCH, "chờ khởi động lại"),
    ]


def test_a_router_is_no_pc_whatever_its_report_says() -> None:
    router = reported({"operatingsystem": {"full_name": "OpenWrt 24.10", "version": "24.10"}, "cpus": [{}]}, "router")
    assert health(router, VI).signs == ()
    assert health(router, VI).tone is PLAIN
    assert health(router, EN).word == "Not judged"
