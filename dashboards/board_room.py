"""One room: which layer fails, which device, and how its lessons went."""

from dashboards.board import Board, Section
from dashboards.charts import chart, success_chart, worked
from dashboards.panel import MOMENT, Column, Panel
from dashboards.queries import (
    AT_SITE,
    GATEWAY,
    IN_ROOM,
    INTERNET,
    LESSONS,
    NOW,
    OF_ROOMS_DEVICES,
    SERVICES,
    Query,
    best_of_each,
    lesson_share,
    newest,
    over_time,
)
from dashboards.text import Text, same
from dashboards.units import field_of, unit_of
from dashboards.variables import DETAIL, DEVICES, ROOM, SITE
from dashboards.words import CAUSES, GOAL, KINDS, LOSS, PRESENCES, ROOM_REASONS, ROOM_STATES, ROUND_TRIP

TO_DEVICE = "/d/sonca-device-LANGUAGE?var-site=${site}&var-room=${room}&var-device=${__data.fields.device}"
_HERE = f"{AT_SITE} AND {IN_ROOM}"

STATE = Panel(
    "stat",
    Text("Lúc này", "Now"),
    [Query(f'SELECT last("state") FROM "room_now" WHERE {_HERE} AND {NOW}', same("state"))],
    4,
    5,
    Text("Tình trạng của phòng theo 2 phút qua.", "State of the room by the last 2 minutes."),
    words=ROOM_STATES,
)
REASON = Panel(
    "stat",
    Text("Vì sao", "Why"),
    [Query(f'SELECT last("reason") FROM "room_now" WHERE {_HERE} AND {NOW}', same("reason"))],
    5,
    5,
    Text("Điều quyết định tình trạng đó.", "What decided the state."),
    words=ROOM_REASONS,
)


CAUSE = Panel(
    "stat",
    Text("Nhiều khả năng lỗi ở", "Most likely at fault"),
    [Query(f'SELECT last("cause") FROM "room_now" WHERE {_HERE} AND {NOW}', same("cause"))],
    5,
    5,
    Text(
        "So với các máy và các phòng khác. Trang phòng của SonCa nói rõ hơn.",
        "Compared with other devices and rooms. SonCa's page of the room says more.",
    ),
    words=CAUSES,
    nothing=Text("không thấy lỗi", "no fault found"),
)


def _lessons(title: Text, since: str) -> Panel:
    about = Text("Tỷ lệ giờ học mà phòng ra được Internet.", "Share of lesson time in which the room was connected.")
    return Panel(
        "stat", title, [lesson_share(IN_ROOM)], 5, 5, about, unit="percent", decimals=1, steps=GOAL, since=since,
        nothing=Text("chưa có giờ học", "no lessons yet"),
    )  # fmt: skip


DEVICE_TABLE = Panel(
    "table",
    Text("Thiết bị của phòng", "Devices of the room"),
    [newest("device_now", ["name", "kind", "presence", "last_seen", "software"], f"{IN_ROOM} AND {NOW}", ["device"])],
    24,
    6,
    Text("Bấm vào tên thiết bị để xem chi tiết.", "Click on a device's name to look closer."),
    columns=[
        Column("name", Text("Thiết bị", "Device"), link=TO_DEVICE),
        Column("kind", Text("Loại", "Kind"), words=KINDS),
        Column("presence", Text("Tình trạng", "State"), words=PRESENCES),
        Column("last_seen", Text("Lần cuối báo về", "Last heard"), unit=MOMENT),
        Column("software", Text("Phiên bản", "Version")),
        Column("device", Text("Mã", "Id")),
    ],
)
LAYERS = success_chart(
    Text("Kết nối theo từng lớp", "Connectivity by layer"),
    [
        worked("agent", OF_ROOMS_DEVICES, Text("1. máy", "1. device")),  # host is asked of access points too
        best_of_each("network_card", "link_up", OF_ROOMS_DEVICES, alias=Text("2. cáp hoặc Wi-Fi", "2. cable or Wi-Fi")),
        worked("ping", f"{OF_ROOMS_DEVICES} AND {GATEWAY}", Text("3. bộ định tuyến", "3. router")),
        worked("ping", f"{OF_ROOMS_DEVICES} AND {INTERNET}", Text("4. đường truyền", "4. line")),
        worked("dns", OF_ROOMS_DEVICES, same("5. DNS")),
        worked("web", f"{OF_ROOMS_DEVICES} AND {SERVICES}", Text("6. dịch vụ", "6. services")),
    ],
    Text(
        "Phần trăm lần đo thành công. Lớp thấp nhất bị tụt là nơi có sự cố.",
        "Share of measurements that worked. The lowest layer that falls is where the fault is.",
    ),
    width=24,
    height=9,
)
ROUND_TRIPS = chart(
    "ping",
    "round_trip_ms",
    f"{OF_ROOMS_DEVICES} AND {INTERNET}",
    Text("Tới Internet, theo máy.", "To the internet, by device."),
    steps=ROUND_TRIP,
)
LOSSES = chart(
    "ping",
    "loss_percent",
    f"{OF_ROOMS_DEVICES} AND {INTERNET}",
    Text("Tới Internet, theo máy.", "To the internet, by device."),
    steps=LOSS,
)
_LINK = field_of("network_card", "link_speed_mbps")
LINKS = Panel(
    "timeseries",
    Text("Tốc độ cáp và Wi-Fi", "Speed of cable and Wi-Fi"),
    [
        over_time("network_card", "link_speed_mbps", OF_ROOMS_DEVICES, by=["device"],
                  alias=Text("$tag_device cạc mạng", "$tag_device card")),
        over_time("wifi", "send_rate_mbps", OF_ROOMS_DEVICES, by=["device"], alias=same("$tag_device Wi-Fi")),
    ],
    12,
    8,
    Text("Tốc độ thương lượng, theo máy.", "Negotiated speed, by device."),
    unit=unit_of(_LINK),
    least=0,
)  # fmt: skip
SERVICE_TIMES = Panel(
    "timeseries",
    Text("Thời gian phản hồi của dịch vụ", "Response times of services"),
    [
        Query(
            f'SELECT mean("answer_ms") FROM "room_service_5m" WHERE {_HERE} AND $timeFilter '
            'GROUP BY time($__interval), "target" fill(none)',
            same("$tag_target"),
        )
    ],
    12,
    8,
    Text("Trung bình của các máy trong phòng.", "Mean of the room's devices."),
    unit="ms",
    least=0,
)
WEEK = Panel(
    "state-timeline",
    Text("Giờ học của 7 ngày qua", "Lesson time of the last 7 days"),
    [Query(f'SELECT "state" FROM "room_5m" WHERE {_HERE} AND {LESSONS} AND $timeFilter', same("$tag_room"))],
    24,
    5,
    Text("Chỉ trong giờ học.", "Lesson time only."),
    words=ROOM_STATES,
    since="7d",
    nothing=Text("chưa có giờ học", "no lessons yet"),
)

BOARD = Board(
    "room",
    Text("SonCa · Phòng", "SonCa · Room"),
    Text("Một phòng: lớp nào hỏng, máy nào hỏng.", "One room: which layer fails, and which device."),
    [SITE, ROOM, DEVICES, DETAIL],
    [
        Section(
            Text("Phòng lúc này", "The room now"),
            [
                STATE,
                REASON,
                CAUSE,
                _lessons(Text("Hôm nay, trong giờ học", "Today, in lesson time"), "now/d"),
                _lessons(Text("30 ngày, trong giờ học", "30 days, in lesson time"), "30d"),
                DEVICE_TABLE,
            ],
        ),
        Section(Text("Từ máy ra Internet", "From device to internet"), [LAYERS, ROUND_TRIPS, LOSSES]),
        Section(Text("Mạng trong phòng và dịch vụ", "The room's network and services"), [LINKS, SERVICE_TIMES]),
        Section(Text("Giờ học", "Lesson time"), [WEEK]),
    ],
    page="/rooms/${site}/${room}",
)
