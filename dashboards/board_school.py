"""The first board of a Monday morning: are the classrooms connected, and where should I look?"""

from dashboards.board import Board, Section
from dashboards.charts import chart
from dashboards.panel import MOMENT, Column, Panel, head_of
from dashboards.queries import AT_SITE, INTERNET, NOW, Query, lesson_share, newest, sum_now
from dashboards.text import Text, same
from dashboards.variables import CLASSROOMS, DETAIL, SITE
from dashboards.words import (
    ALL_WORDS,
    CAUSES,
    GOAL,
    GREY,
    LOSS,
    REACHED,
    ROOM_REASONS,
    ROOM_STATES,
    ROUND_TRIP,
    Word,
)

TO_ROOM = "/d/sonca-room-LANGUAGE?var-site=${site}&var-room=${__data.fields.room}"
TO_ROOM_NAMED = "/d/sonca-room-LANGUAGE?var-site=${site}&var-room=${__value.raw}"
RECENT = "time > now() - 35m"  # services are asked every five minutes; judged slices follow six minutes later
LAST_DAY = "24h"

CONNECTED_NOW = Panel(
    "gauge",
    Text("Lớp học có kết nối lúc này", "Classrooms connected now"),
    [
        Query(
            'SELECT 100 * sum("reached") / sum("classroom") FROM (SELECT last("reached") AS "reached", '
            f'last("classroom") AS "classroom" FROM "room_now" WHERE {AT_SITE} AND {NOW} GROUP BY "room")'
        )
    ],
    6,
    7,
    Text(
        "Tỷ lệ lớp học có ít nhất một máy ra được Internet trong 2 phút qua. Mục tiêu là 100 %.",
        "Share of classrooms in which a device reached the internet in the last 2 minutes. The goal is 100 %.",
    ),
    unit="percent",
    decimals=0,
    least=0,
    most=100,
    steps=GOAL,
)


def _share(title: Text, since: str, about: Text) -> Panel:
    return Panel(
        "gauge", title, [lesson_share()], 6, 7, about, unit="percent", decimals=1, least=0, most=100, steps=GOAL,
        since=since, nothing=Text("chưa có giờ học", "no lessons yet"),
    )  # fmt: skip


TODAY = _share(
    Text("Hôm nay, trong giờ học", "Today, in lesson time"),
    "now/d",
    Text(
        "Tỷ lệ các khoảng 5 phút giờ học hôm nay mà lớp học ra được Internet. Phòng tắt máy không tính là có kết nối.",
        "Share of today's five-minute slices of lessons in which classrooms reached the internet; dark ones did not.",
    ),
)
MONTH = _share(
    Text("Tháng này, trong giờ học", "This month, in lesson time"),
    "now/M",
    Text("Như trên, từ đầu tháng.", "The same, since the first of the month."),
)
STATES = Panel(
    "bargauge",
    Text("Lớp học theo tình trạng", "Classrooms by state"),
    sum_now("room_now", [(state, word.text) for state, word in ROOM_STATES.items()], '"classroom" = 1'),
    6,
    7,
    Text("Số lớp học ở mỗi tình trạng lúc này.", "How many classrooms are in each state now."),
    named=ROOM_STATES,
    least=0,
    decimals=0,
)
ROOMS = Panel(
    "table",
    Text("Các phòng lúc này", "Rooms now"),
    [newest("room_now", ["name", "state", "reason", "cause", "devices_on", "devices", "since"], NOW, ["room"])],
    15,
    10,
    Text(
        "Phòng có sự cố đứng trước. Bấm vào tên phòng để xem chi tiết.",
        "Rooms with trouble stand first. Click on a room's name to look closer.",
    ),
    columns=[
        Column("name", Text("Phòng", "Room"), link=TO_ROOM),
        Column("state", Text("Tình trạng", "State"), words=ROOM_STATES),
        Column("reason", Text("Vì sao", "Why"), words=ROOM_REASONS),
        Column("cause", Text("Nhiều khả năng lỗi ở", "Most likely at fault"), words=CAUSES),
        Column("devices_on", Text("Máy đang bật", "Devices on")),
        Column("devices", Text("Tổng số máy", "Devices")),
        Column("since", Text("Từ lúc", "Since"), unit=MOMENT),
        Column("room", Text("Mã", "Id"), hidden=True),
    ],
    sorted_by="state",  # Grafana sorts by the states' own names: disconnected, degraded, dark, connected
)
CHANGES = Panel(
    "table",
    Text("Thay đổi trong một giờ qua", "Changes of the last hour"),
    [
        Query(
            f'SELECT "name", "old", "new", "reason" FROM "change" WHERE {AT_SITE} AND time > now() - 1h '
            "ORDER BY time DESC LIMIT 50",
            table=True,
        )
    ],
    9,
    10,
    Text("Phòng và máy vừa đổi tình trạng.", "Rooms and devices whose state just changed."),
    columns=[
        Column("Time", Text("Lúc", "At"), unit="time:HH:mm:ss"),
        Column("name", Text("Phòng hoặc máy", "Room or device")),
        Column("old", Text("Trước", "Before"), words=ALL_WORDS),
        Column("new", Text("Sau", "After"), words=ALL_WORDS),
        Column("reason", Text("Vì sao", "Why"), words=ALL_WORDS),
    ],
    nothing=Text("Không có thay đổi nào", "Nothing has changed"),
)
DAY_OF_ROOMS = Panel(
    "state-timeline",
    Text("Các lớp học trong 24 giờ qua", "Classrooms over the last 24 hours"),
    [
        Query(
            f'SELECT "state" FROM "room_5m" WHERE {AT_SITE} AND "room" =~ /^$classrooms$/ AND $timeFilter '
            'GROUP BY "room"',
            same("$tag_room"),
        )
    ],
    24,
    10,
    Text("Mỗi dòng là một lớp học, mỗi ô là 5 phút.", "Each line is a classroom, each step five minutes."),
    words=ROOM_STATES,
    since=LAST_DAY,
)
BY_TARGET = Text("Trung bình của mọi máy, theo đích.", "Mean of all devices, by target.")
ROUND_TRIPS = chart("school_ping", "round_trip_ms", INTERNET, BY_TARGET, by="target", steps=ROUND_TRIP)
LOSSES = chart("school_ping", "loss_percent", INTERNET, BY_TARGET, by="target", steps=LOSS)
# Tries of devices that saw the internet. InfluxQL takes a division by 0 for 0, so a room where none did comes to -1.
_SEEING = '(sum("tried") - sum("blind"))'
SERVICES_BY_ROOM = Panel(
    "table",
    Text("Phòng nào vào được dịch vụ nào", "Which room reaches which service"),
    [
        Query(
            f'SELECT 100 * sum("reached") / {_SEEING} + {_SEEING} / {_SEEING} - 1 AS "share" '
            f'FROM "room_service_5m" WHERE {AT_SITE} AND {RECENT} GROUP BY "room", "target"',
            table=True,
        )
    ],
    24,
    9,
    Text(
        "Phần trăm lần thử thành công trong nửa giờ qua. Ô xám: không ai thử, hoặc chính phòng mất mạng.",
        "Share of tries that worked in the last half hour. Grey: nobody tried, or the room's own network was gone.",
    ),
    unit="percent",
    decimals=0,
    steps=REACHED,
    matrix=("target", "room", "share"),
    words={"-1": Word(Text("mất mạng", "no network"), GREY)},
    columns=[Column(head_of("target", "room"), Text("Phòng", "Room"), link=TO_ROOM_NAMED)],
    nothing=Text("Không có máy nào thử trong nửa giờ qua", "No device tried in the last half hour"),
)
BOARD = Board(
    "school",
    Text("SonCa · Trường", "SonCa · School"),
    Text("Các lớp học có kết nối không, và cần xem ở đâu.", "Are the classrooms connected, and where to look."),
    [SITE, CLASSROOMS, DETAIL],
    [
        Section(Text("Lớp học", "Classrooms"), [CONNECTED_NOW, TODAY, MONTH, STATES, ROOMS, CHANGES, DAY_OF_ROOMS]),
        Section(Text("Đường truyền", "The line"), [ROUND_TRIPS, LOSSES]),
        Section(Text("Dịch vụ", "Services"), [SERVICES_BY_ROOM]),
    ],
    refresh="30s",
)
