"""What pages show, from rows made by hand: freshness, services, sentences, changes, equipment."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.view.cause import cause_of, likely
from api.view.changes import change_lines
from api.view.device import latest_rows
from api.view.equipment import equipment
from api.view.freshness import Freshness, hearing
from api.view.sentences import hearing_sentence, presence_word, why
from api.view.services import Cell, ServiceReach, services_table
from api.view.site import DeviceNow, RoomView, day_start
from api.view.targets import target_label
from collector.cause import Verdict, causes
from collector.store.protocol import HOUR_MS, RoomReason, RoomState, StoredMeasurement
from collector.store.state_protocol import AgentNow, Change, Presence, RoomNow
from contract.messages import EquipmentReport, Outcome
from contract.targets import TargetEntry
from inventory.school import Device, Limits, Room, School
from tests.measurements import SITE, START, measured
from tests.test_api_say import EN, VI, plain
from tests.test_collector_cause import VERDICTS

MINUTE = 60_000
PC = AgentNow(SITE, "pc-1", Presence.ONLINE, START, START)
ROOM = RoomNow(SITE, "lop-1", RoomState.CONNECTED, RoomReason.REACHED, START, START, 2, 1)
SCHOOL = School(
    SITE,
    "Hoa Mai",
    (Room("lop-1", "Lớp 1", (Device("pc-1", "Máy 1"), Device("pc-2"))), Room("lop-2", "", (Device("pc-3"),))),
    services=(TargetEntry("e-office", "Văn phòng số", web="https://x/", ping="x"), TargetEntry("pay", tcp="y:443")),
)


@pytest.mark.parametrize(
    ("agents", "rooms", "own_at", "ago", "expected"),
    [
        ([], [], None, 0, Freshness.WAITING),
        ([PC], [ROOM], None, 0, Freshness.FRESH),
        ([PC], [ROOM], None, 91_000, Freshness.COLLECTOR_AWAY),
        ([PC], [], 60_000, 91_000, Freshness.FRESH),
        ([PC], [replace(ROOM, checked_at=START + 200_000)], None, 200_000, Freshness.STALE),
        (
            [replace(PC, presence=Presence.LOST)],
            [replace(ROOM, checked_at=START + HOUR_MS)],
            None,
            HOUR_MS,
            Freshness.FRESH,
        ),
        ([], [replace(ROOM, checked_at=START + HOUR_MS)], None, HOUR_MS, Freshness.FRESH),
    ],
)
def test_a_page_knows_whether_it_can_be_believed(
    agents: list[AgentNow], rooms: list[RoomNow], own_at: int | None, ago: int, expected: Freshness
) -> None:
    own = [] if own_at is None else [measured("collector", "collector", own_at)]
    assert hearing(agents, rooms, own, START + ago).freshness is expected


def test_a_stopped_collector_is_said_with_when_and_for_how_long() -> None:
    heard = hearing([PC], [ROOM], [], START + 125 * MINUTE)
    assert plain(hearing_sentence(heard, START + 125 * MINUTE, EN)).startswith("The collector stopped at ")
    assert "2 hr 5 min ago" in plain(hearing_sentence(heard, START + 125 * MINUTE, EN))
    assert "2 giờ 5 phút trước" in plain(hearing_sentence(heard, START + 125 * MINUTE, VI))


def tried(device: str, at: int, outcome: Outcome, *, probe: str = "web", blind: bool = False) -> StoredMeasurement:
    return measured(device, probe, at, target="services/e-office", outcome=outcome, blind=blind)


OK, TIMEOUT = Outcome.OK, Outcome.TIMEOUT
CELLS = {
    "nobody tried": ([], ServiceReach.NOT_TRIED, None),
    "one got through": ([tried("pc-1", 0, TIMEOUT), tried("pc-2", 1, OK)], ServiceReach.OK, 1),
    "all failed": ([tried("pc-1", 0, TIMEOUT), tried("pc-2", 1, Outcome.REFUSED)], ServiceReach.DOWN, 1),
    "blind is not down": ([tried("pc-1", 0, TIMEOUT, blind=True)], ServiceReach.BLIND, 0),
    "one who sees decides": (
        [tried("pc-1", 9, TIMEOUT, blind=True), tried("pc-2", 1, TIMEOUT)],
        ServiceReach.DOWN,
        1,
    ),
    "long ago": ([tried("pc-1", -901_000, OK)], ServiceReach.NOT_TRIED, -901_000),
    "the web page counts, not the ping": (
        [tried("pc-1", 5, OK, probe="ping"), tried("pc-1", 0, TIMEOUT)],
        ServiceReach.DOWN,
        0,
    ),
    "could not ask": ([tried("pc-1", 0, Outcome.NO_PERMISSION)], ServiceReach.NOT_TRIED, None),
    "an unanswerable web leaves the ping": (
        [tried("pc-1", 0, Outcome.UNSUPPORTED), tried("pc-1", 1, OK, probe="ping")],
        ServiceReach.OK,
        1,
    ),
    "someone else's device": ([tried("pc-9", 0, OK)], ServiceReach.NOT_TRIED, None),
    "another room's": ([tried("pc-3", 0, OK)], ServiceReach.NOT_TRIED, None),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_room_reaches_a_service_by_what_its_devices_tried(case: str) -> None:
    tries, reach, at = CELLS[case]
    cell = services_table(SCHOOL, tries, START).cells["lop-1"][0]
    assert (cell.reach, cell.at) == (reach, None if at is None else START + at)


def test_a_login_page_in_the_way_is_told_apart() -> None:
    captive = replace(tried("pc-1", 0, Outcome.BAD_ANSWER), fields={"captive": True})
    assert services_table(SCHOOL, [captive], START).cells["lop-1"][0].captive


def test_a_service_that_no_room_reaches_is_not_the_rooms_fault() -> None:
    down, blind = tried("pc-1", 0, TIMEOUT), tried("pc-3", 0, TIMEOUT, blind=True)
    assert [entry.name for entry in services_table(SCHOOL, [down, blind], START).down()] == ["e-office"]
    assert services_table(SCHOOL, [down, tried("pc-3", 0, OK)], START).down() == []
    assert services_table(SCHOOL, [blind], START).down() == []
    assert services_table(School(SITE, "x"), [], START).down() == []
    assert services_table(SCHOOL, [], START).cells["lop-2"] == (Cell(ServiceReach.NOT_TRIED),) * 2


def view_of(state: RoomState, reason: RoomReason, **evidence: object) -> RoomView:
    devices = tuple(DeviceNow(device, SCHOOL.rooms[0], None) for device in SCHOOL.rooms[0].devices)
    return RoomView(SCHOOL.rooms[0], replace(ROOM, state=state, reason=reason, evidence=evidence), devices, ())


@pytest.mark.parametrize(
    ("view", "vietnamese", "english"),
    [
        (
            view_of(RoomState.DEGRADED, RoomReason.LOSS_HIGH, loss_percent=12.0),
            "Mất gói 12 % (giới hạn 5 %)",
            "12% of packets lost (limit 5%)",
        ),
        (
            view_of(RoomState.DEGRADED, RoomReason.SLOW, round_trip_ms=350.5),
            "Độ trễ 350,5 ms (giới hạn 200 ms)",
            "Round trip 350.5 ms (limit 200 ms)",
        ),
        (
            view_of(RoomState.CONNECTED, RoomReason.REACHED),
            "1/2 máy đang bật ra được internet",
            "1 of 2 powered-on devices reach the internet",
        ),
        (
            view_of(RoomState.DARK, RoomReason.SILENT, silent=["pc-1", "pc-2"]),
            "Im lặng không báo trước: Máy 1, pc-2",
            "Gone silent without a goodbye: Máy 1, pc-2",
        ),
        (
            view_of(RoomState.DARK, RoomReason.SILENT, silent=["a", "b", "c", "d", "e"]),
            "Im lặng không báo trước: a, b, c và 2 máy khác",
            "Gone silent without a goodbye: a, b, c and 2 others",
        ),
        (
            RoomView(SCHOOL.rooms[0], None, (), ()),
            "Bộ thu thập chưa xét phòng này",
            "The collector has not judged this room yet",
        ),
    ],
)
def test_a_room_says_why_with_its_numbers(view: RoomView, vietnamese: str, english: str) -> None:
    assert (plain(why(view, Limits(), VI)), plain(why(view, Limits(), EN))) == (vietnamese, english)


def test_trouble_is_sorted_by_urgency_and_a_room_switched_off_is_none() -> None:
    states = [(RoomState.DISCONNECTED, RoomReason.NOT_TRIED), (RoomState.DEGRADED, RoomReason.SLOW),
              (RoomState.DARK, RoomReason.SILENT), (RoomState.DARK, RoomReason.ALL_OFF),
              (RoomState.CONNECTED, RoomReason.REACHED)]  # fmt: skip
    assert [view_of(state, reason).trouble for state, reason in states] == [3, 2, 1, 0, 0]


def test_presence_tells_the_reason_and_a_watched_device_whether_it_is_measured() -> None:
    off = replace(PC, presence=Presence.OFFLINE, reason="sleep")
    assert presence_word(DeviceNow(Device("pc-1"), None, off), VI) == "đã tắt (máy ngủ)"
    assert presence_word(DeviceNow(Device("pc-1"), None, None), EN) == "never seen"
    printer = Device("printer", reported_by=("pc-1",))
    assert [presence_word(DeviceNow(printer, None, None, on), EN) for on in (True, False)] == ["watched", "no data"]


def test_changes_name_rooms_and_devices_as_people_do() -> None:
    changes = [
        Change(START, SITE, "room", "lop-1", "connected", "dark", "silent"),
        Change(START, SITE, "agent", "pc-1", "", "offline", "shutdown"),
        Change(START, SITE, "agent", "gone-pc", "online", "lost", "silence"),
        Change(START, SITE, "room", "gone-room", "connected", "degraded", "slow"),
    ]
    lines = change_lines(changes, SCHOOL, VI)
    assert [(line.name, line.old, line.new) for line in lines] == [
        ("Lớp 1", "Kết nối tốt", "Đang tắt"),
        ("Máy 1 · Lớp 1", "lần đầu", "đã tắt (tắt máy)"),
        ("gone-pc", "đang bật", "mất liên lạc (im lặng)"),
        ("gone-room", "Kết nối tốt", "Chập chờn"),
    ]
    assert lines[0].href == "/rooms/hoa-mai/lop-1"


def test_equipment_speaks_in_words_and_keeps_what_it_does_not_know() -> None:
    content = {
        "quantum": {"qubits": 3},
        "batteries": [{"capacity": 40_000}],
        "hardware": {"memory": 8_192},
        "operatingsystem": {"restart_pending": True},
        "memories": [{"capacity": 4_096, "speed": "2400 MT/s"}, {"capacity": 4_096, "speed": "2400"}],
        "bios": {"ssn": "Default string"},
        "odd": ["a", 1],
    }
    told = equipment(EquipmentReport("pc-1", "pc-1", START, "computer", content, ("bios.ssn",)), VI)
    rows = {
        section.title: [[(row.name, plain(row.value)) for row in part] for part in section.parts]
        for section in told.sections
    }
    assert list(rows)[:2] == ["Máy và bo mạch", "Tổng quát"]
    assert rows["Tổng quát"] == [[("Bộ nhớ", "8 GB")]]
    assert rows["Thanh bộ nhớ"] == [
        [("Dung lượng", "4 GB"), ("Tốc độ", "2400 MT/s")],
        [("Dung lượng", "4 GB"), ("Tốc độ", "2400 MHz")],
    ]
    assert rows["Pin"] == [[("Dung lượng", "40000 mWh")]]
    assert rows["Hệ điều hành"] == [[("Đang chờ khởi động lại", "có")]]
    assert rows["quantum"] == [[("qubits", "3")]]
    assert rows["odd"] == [[("", "a")], [("", "1")]]
    assert told.sections[0].parts[0][0].junk


@pytest.mark.parametrize(
    ("target", "label"),
    [
        ("gateway/default", "Cổng mạng"),
        ("internet/cloudflare", "Cloudflare"),
        ("dns/system", "DNS của mạng trường"),
        ("services/e-office", "Văn phòng số"),
        ("services/pay", "pay"),
        ("services/gone", "gone"),
        ("lan/server", "Tới máy chủ của trường"),
        ("wan/server", "Ra Internet"),
        ("C:", "C:"),
        ("/", "/"),
        ("/home", "/home"),
        ("", ""),
    ],
)
def test_targets_are_called_as_the_school_calls_them(target: str, label: str) -> None:
    assert target_label(target, SCHOOL, VI) == label


def test_a_day_starts_at_the_schools_midnight() -> None:
    noon = START - START % (24 * HOUR_MS) + 5 * HOUR_MS  # 12:00 in Vietnam
    assert day_start(SCHOOL, noon) == noon - 12 * HOUR_MS


def test_what_a_machine_does_not_have_is_no_fault_and_blind_is_not_down() -> None:
    entries = [
        measured("pc-1", "wifi", 0, outcome=Outcome.UNSUPPORTED),
        measured("pc-1", "web", 0, target="services/e-office", outcome=Outcome.TIMEOUT, blind=True),
        measured("pc-1", "tcp", 0, target="services/pay", outcome=Outcome.REFUSED),
    ]
    rows = {entry.outcome: entry.tone for entry in latest_rows(entries, SCHOOL, VI)}
    assert [rows[word] for word in ("máy không hỗ trợ", "không rõ: máy đang mất mạng")] == ["not_tried", "blind"]
    assert "down" in rows.values()


@given(st.dictionaries(st.sampled_from("123456"), st.lists(VERDICTS, max_size=4), max_size=6))
def test_every_cause_that_the_collector_finds_has_its_sentence_in_both_languages(
    rooms: dict[str, list[Verdict]],
) -> None:
    for cause in causes(rooms).values():
        now = replace(ROOM, evidence={"cause": asdict(cause)})
        view = RoomView(SCHOOL.rooms[0], now, (), ())
        assert cause_of(view) == cause
        assert likely(view, VI).startswith("Nhiều khả năng: ")
        assert likely(view, EN).startswith("Most likely: ")


def test_a_room_without_a_fault_has_no_cause() -> None:
    assert (
        likely(RoomView(SCHOOL.rooms[0], ROOM, (), ()), VI) == likely(RoomView(SCHOOL.rooms[0], None, (), ()), VI) == ""
    )
