"""The health of devices as signs, from measurements and reports made by hand; and the words that devices use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.view.health import health
from api.view.health_projector import lamps_of
from api.view.sign import Tone
from api.view.targets import natural
from api.words_devices import (
    PARTS,
)
from collector.store.protocol import DAY_MS, Point, StoredMeasurement
from contract.messages import Outcome, Value
from contract.metrics import PROBES
from tests.known_devices import BAD, GOOD, MINUTE, PLAIN, WATCH, known, lines, one, told
from tests.measurements import START, measured
from tests.test_api_say import EN, VI, plain

FINE = {f"{part}_state": "ok" for part in PARTS}


@pytest.mark.parametrize(
    ("fields", "expected", "tone"),
    [
        ({"power": "on", "input": "digital 1", **FINE}, [("power", GOOD, "đang chiếu, đầu vào cổng HDMI 1")], GOOD),
        ({"power": "standby", "input": "digital 1"}, [("power", PLAIN, "chế độ chờ")], PLAIN),
        ({"power": "cooling"}, [("power", PLAIN, "đang làm nguội")], PLAIN),
        ({"power": "warming"}, [("power", PLAIN, "đang khởi động đèn")], PLAIN),
        ({"power": "dreaming"}, [("power", PLAIN, "dreaming")], PLAIN),
        (
            {"power": "standby", "fan_state": "error", "filter_state": "warning", "lamp_state": "ok"},
            [("power", PLAIN, "chế độ chờ"), ("fan", BAD, "hỏng"), ("filter", WATCH, "có cảnh báo")],
            BAD,
        ),
    ],
)
def test_a_projector_tells_its_power_and_the_parts_that_complain(
    fields: dict[str, Value], expected: list[tuple[str, Tone, str]], tone: Tone
) -> None:
    thing = known(told("projector", fields))
    assert lines(thing, "power", *PARTS) == expected
    assert health(thing, VI).tone is tone


def test_a_projector_that_does_not_answer_is_no_fault_and_an_old_answer_is_no_present() -> None:
    silent = known(measured("thing", "projector", 0, outcome=Outcome.TIMEOUT))
    assert one(silent, "power").value == "không trả lời (quá thời gian chờ)"
    assert health(silent, VI).tone is PLAIN
    old = known(told("projector", {"power": "on"}, ago=17 * MINUTE))
    assert (one(old, "power").tone, one(old, "power").note[:12]) == (PLAIN, "số liệu lúc ")


def days_of_use(hours: float, a_day: float, days: int = 20) -> list[Point]:
    """The hours of a lamp that burned so long each day until now."""
    return [
        Point(START - ago * DAY_MS, hours - ago * a_day, hours - ago * a_day, hours - ago * a_day, 1)
        for ago in range(days)
    ]


@pytest.mark.parametrize(
    ("hours", "points", "tone", "value", "note"),
    [
        (1_000, days_of_use(1_000, 3), GOOD, "1.000/4.000 giờ", "bóng đèn đến 10/2029"),
        (3_300, days_of_use(3_300, 10), WATCH, "3.300/4.000 giờ", "bóng đèn đến 03/2027"),
        (3_700, days_of_use(3_700, 0.5), WATCH, "3.700/4.000 giờ", "bóng đèn đến 09/2028"),
        (4_200, days_of_use(4_200, 3), BAD, "4.200/4.000 giờ", "đã hết tuổi thọ"),
        (1_000, days_of_use(1_000, 3, days=5), GOOD, "1.000/4.000 giờ", "chưa dự báo được: cần theo dõi ít nhất 7"),
        (0, [], PLAIN, "máy không đếm giờ", ""),
    ],
)
def test_a_lamp_tells_how_far_it_is_and_until_when_it_lasts(
    hours: int, points: list[Point], tone: Tone, value: str, note: str
) -> None:
    lamp = known(told("lamp", {"hours": hours, "lit": True}, "lamp-1"), lamps={"lamp-1": points})
    sign = one(lamp, "lamp_hours")
    assert (sign.tone, sign.value) == (tone, value)
    assert sign.note.startswith(note)
    assert sign.share is None or 0 <= sign.share <= 100


def test_lamps_have_numbers_where_there_are_several_and_the_life_of_their_projector() -> None:
    two = known(told("lamp", {"hours": 10}, "lamp-1"), told("lamp", {"hours": 20}, "lamp-2"), lamp_hours=2_000)
    assert [sign.label for sign in health(two, EN).signs] == ["Hours of lamp 1", "Hours of lamp 2"]
    assert [(lamp.hours, lamp.expected, lamp.ends) for lamp in lamps_of(two)] == [(10, 2_000, None), (20, 2_000, None)]


def test_a_printer_tells_its_state_alerts_and_supplies() -> None:
    office = known(
        told("printer", {"state": "other", "health": "down", "alerts": "jammed, low_toner", "pages": 12_345}),
        told("supply", {"level_percent": 9.0, "description": "CF259A"}, "black-toner"),
        told("supply", {"level_percent": 80.0}, "cyan-toner"),
        told("supply", {"level": "some_remaining"}, "drum"),
        told("supply", {"level": "unknown"}, "waste-toner"),
        told("supply", {"level": "empty"}, "staples"),
        kind="printer",
    )
    assert lines(office, "state", "alerts", "pages") == [
        ("state", BAD, "ngừng hoạt động"),
        ("alerts", BAD, "kẹt giấy, sắp hết mực"),
        ("pages", PLAIN, "12.345 trang"),
    ]
    supplies_told = [(sign.label, sign.tone, plain(sign.value)) for sign in health(office, VI).signs[2:-1]]
    assert supplies_told == [
        ("Mực đen", WATCH, "còn 9 %"),
        ("Mực xanh lơ", GOOD, "còn 80 %"),
        ("Trống từ", GOOD, "còn, máy không báo bao nhiêu"),
        ("Ghim bấm", BAD, "đã hết"),
        ("Hộp mực thải", PLAIN, "máy không biết"),
    ]
    assert {sign.note for sign in health(office, VI).signs if sign.name == "supply"} == {"CF259A", ""}


def test_a_low_toner_is_no_standstill() -> None:
    fields: dict[str, Value] = {"state": "printing", "health": "warning", "alerts": "low_toner"}
    assert lines(known(told("printer", fields)), "state", "alerts") == [
        ("state", WATCH, "có cảnh báo, đang in"),
        ("alerts", WATCH, "sắp hết mực"),
    ]


@pytest.mark.parametrize(
    ("fields", "tone", "source", "charge"),
    [
        ({"on_battery": False, "output_source": "mains", "charge_percent": 100.0}, GOOD, "điện lưới", "100 %"),
        (
            {"on_battery": True, "output_source": "battery", "charge_percent": 86.0, "minutes_left": 41},
            BAD,
            "mất điện: đang chạy bằng ắc quy",
            "86 %",
        ),
        (
            {"on_battery": False, "charge_percent": 40.0, "battery_state": "low", "load_percent": 85.0},
            WATCH,
            "điện lưới",
            "40 %",
        ),
        ({"on_battery": False, "charge_percent": 90.0, "load_percent": 120.0}, BAD, "điện lưới", "90 %"),
    ],
)
def test_a_ups_tells_what_it_lives_from_and_for_how_long(
    fields: dict[str, Value], tone: Tone, source: str, charge: str
) -> None:
    thing = known(told("ups", fields), kind="ups")
    assert health(thing, VI).tone is tone
    assert [plain(one(thing, name).value) for name in ("source", "charge")] == [source, charge]
    assert one(thing, "charge").note == ("đủ chạy khoảng 41 phút" if "minutes_left" in fields else "")


def port(name: str, ago: int = 0, **fields: Value) -> StoredMeasurement:
    return told("interface", fields, name, ago)


def test_a_switch_tells_which_ports_are_up_and_which_lose_packets() -> None:
    switch = known(
        port("gi10", link_up=True, receive_errors_per_minute=0.5),
        port("gi1", link_up=True, enabled=True),
        port("gi2", link_up=True, receive_errors_per_minute=30.0, send_errors_per_minute=4.0),
        port("gi3", link_up=False, enabled=True),
        port("gi4", link_up=False, enabled=False),
        port("gi5", ago=10 * MINUTE, link_up=True),
        told("snmp_system", {"uptime_seconds": 90 * 86_400}),
        kind="switch",
    )
    judged = health(switch, VI)
    assert [(mark.name, mark.state) for mark in judged.ports] == [
        ("gi1", "up"),
        ("gi2", "errors"),
        ("gi3", "down"),
        ("gi4", "off"),
        ("gi10", "up"),
    ]
    assert judged.ports_label == "2 đang nối; 1 trống; 1 đã tắt; 1 có lỗi: gi2"
    assert lines(switch, "ports", "errors", "restart") == [
        ("ports", GOOD, "3/5 cổng đang nối"),
        ("errors", WATCH, "34 gói lỗi mỗi phút: xem dây mạng"),
        ("restart", PLAIN, "90 ngày trước"),
    ]


def test_a_router_tells_of_its_line_and_an_access_point_of_the_air() -> None:
    router = known(
        told("wan", {"connected": False}, "wan"),
        told("wifi_network", {"on_air": True, "clients": 3, "channel": 6, "frequency_mhz": 2437,
                              "channel_used_percent": 95.0}, "radio0/lop"),
        told("wifi_network", {"on_air": False, "clients": 2, "frequency_mhz": 5180}, "radio1/lop"),
        kind="router",
    )  # fmt: skip
    assert lines(router, "line", "clients", "air") == [
        ("line", BAD, "mất kết nối với nhà mạng"),
        ("clients", PLAIN, "5"),
        ("air", BAD, "kênh 6, bận 95 %"),
        ("air", WATCH, "không phát sóng"),
    ]
    up = known(told("wan", {"connected": True, "protocol": "pppoe", "connected_seconds": 7_500}, "wan"))
    assert lines(up, "line") == [("line", GOOD, "đã nối 2 giờ 5 phút (pppoe)")]


def test_network_gear_that_answers_nothing_is_a_fault() -> None:
    gone = known(measured("thing", "snmp_system", 0, outcome=Outcome.TIMEOUT), kind="switch")
    assert lines(gone, "answers") == [("answers", BAD, "không trả lời (quá thời gian chờ)")]
    forgotten = known(told("wan", {"connected": True}, "wan", ago=60 * MINUTE))
    assert [sign.name for sign in health(forgotten, VI).signs] == ["answers"]


@given(st.lists(st.sampled_from(["gi1", "gi2", "gi10", "lan", "", "C:", "gi1/0/12", "gi1/0/2"])))
def test_targets_stand_in_the_order_in_which_people_count(targets: list[str]) -> None:
    ordered = sorted(targets, key=natural)
    assert sorted(ordered, key=natural) == ordered
    places = {target: index for index, target in enumerate(ordered)}
    for first, second in (("gi2", "gi10"), ("gi1/0/2", "gi1/0/12"), ("", "C:")):
        assert first not in places or second not in places or places[first] < places[second]


FIELDS = st.fixed_dictionaries({}, optional={
    field.name: st.sampled_from(["on", "ok", "error", "down", "none", "x"])
    if field.kind.value == "text"
    else st.booleans()
    if field.kind.value == "boolean"
    else st.integers(0, 200)
    for probe in ("projector", "lamp", "printer", "supply", "ups", "wan", "wifi_network", "interface", "smart", "host")
    for field in PROBES[probe].fields.values()
})  # fmt: skip


@given(st.sampled_from(sorted(PROBES)), FIELDS, st.sampled_from(list(Outcome)), st.integers(0, 3))
def test_any_measurement_has_a_picture_in_both_languages(
    probe: str, fields: dict[str, Value], outcome: Outcome, hours: int
) -> None:
    fitting = {name: value for name, value in fields.items() if name in PROBES[probe].fields}
    thing = known(measured("thing", probe, -hours * 3_600_000, fitting, target="x-1", outcome=outcome))
    for say in (VI, EN):
        judged = health(thing, say)
        assert all(sign.label and sign.value for sign in judged.signs)
        assert all(sign.share is None or 0 <= sign.share <= 200 for sign in judged.signs)
