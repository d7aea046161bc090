"""One device: is it well, is it wearing out, was it restarted."""

from dashboards.board import Board, Section
from dashboards.charts import bars, chart
from dashboards.panel import MOMENT, Column, Panel
from dashboards.queries import AT_SITE, INTERNET_OR_GATEWAY, NOW, OF_DEVICE, Query, newest
from dashboards.text import Text, same
from dashboards.units import field_of, unit_of
from dashboards.variables import DETAIL, DEVICE, ROOM, SITE
from dashboards.words import BLUE, FULL, KINDS, LOSS, ORANGE, PRESENCES, ROUND_TRIP, Steps

_HERE = f"{AT_SITE} AND {OF_DEVICE}"
TREND = "30d"

PRESENCE = Panel(
    "stat",
    Text("Lúc này", "Now"),
    [Query(f'SELECT last("presence") FROM "device_now" WHERE {_HERE} AND {NOW}', same("presence"))],
    5,
    5,
    Text("Máy có đang báo về không.", "Whether it reports now."),
    words=PRESENCES,
    nothing=Text("không có tác tử", "no agent of its own"),
)
UPTIME = Panel(
    "stat",
    Text("Chạy từ khi bật", "Running since its start"),
    [Query(f'SELECT last("uptime_seconds") FROM "host" WHERE {_HERE} AND $timeFilter')],
    5,
    5,
    Text("Tính đến lần đo cuối.", "At its last measurement."),
    unit=unit_of(field_of("host", "uptime_seconds")),
)
# A running time that is shorter than the one before: it was started in between.
RESTARTS = Panel(
    "stat",
    Text("Số lần khởi động, 7 ngày", "Starts in 7 days"),
    [
        Query(
            'SELECT count("step") FROM (SELECT difference("uptime_seconds") AS "step" FROM "host_5m" '
            f'WHERE {_HERE} AND $timeFilter) WHERE "step" < 0'
        )
    ],
    5,
    5,
    Text("Mỗi sáng bật máy là một lần.", "Being switched on in the morning counts as one."),
    steps=Steps(BLUE, ((15.0, ORANGE),)),
    since="7d",
    nothing=same("0"),
    nothing_color=BLUE,
)
FACTS = Panel(
    "table",
    Text("Thông tin thiết bị", "Facts"),
    [newest("device_now", ["name", "kind", "software", "last_seen"], f"{OF_DEVICE} AND {NOW}", ["room"])],
    9,
    5,
    Text("Cấu hình đầy đủ ở trang thiết bị của SonCa.", "SonCa's page of the device has all of its equipment."),
    columns=[
        Column("name", Text("Thiết bị", "Device")),
        Column("kind", Text("Loại", "Kind"), words=KINDS),
        Column("room", Text("Phòng", "Room")),
        Column("software", Text("Phiên bản", "Version")),
        Column("last_seen", Text("Lần cuối báo về", "Last heard"), unit=MOMENT),
    ],
)
_OF_IT = Text("Trên 90 %: máy chạy chậm. Xem có kéo dài không.", "Above 90 % it is slow: does it last?")
PROCESSOR = chart("host", "cpu_percent", OF_DEVICE, _OF_IT, width=8, steps=FULL)
MEMORY = chart("host", "memory_used_percent", OF_DEVICE, _OF_IT, width=8, steps=FULL)
DISKS = chart(
    "disk",
    "disk_used_percent",
    OF_DEVICE,
    Text("Trên 90 %: dọn bớt. Trên 97 %: máy có thể treo.", "Above 90 %: tidy up. Above 97 % it may hang."),
    width=8,
    by="target",
    steps=FULL,
)
MEMORY_TREND = chart(
    "host",
    "memory_used_percent",
    OF_DEVICE,
    Text("Mức cao nhất trong 30 ngày: có đang đầy dần không?", "The highest of 30 days: is it filling up?"),
    how="max",
    part="_max",
    title=Text("Bộ nhớ, 30 ngày", "Memory, 30 days"),
    steps=FULL,
    since=TREND,
)
DISK_TREND = chart(
    "disk",
    "disk_free_bytes",
    OF_DEVICE,
    Text("Chỗ trống trong 30 ngày: khi nào thì hết?", "Space left over 30 days: when will it be gone?"),
    by="target",
    title=Text("Dung lượng còn trống, 30 ngày", "Space left, 30 days"),
    since=TREND,
)
UPTIMES = chart(
    "host",
    "uptime_seconds",
    OF_DEVICE,
    Text("Mỗi lần tụt xuống 0 là một lần khởi động.", "Each fall to 0 is a start."),
    title=Text("Thời gian chạy, 7 ngày", "Running time, 7 days"),
    since="7d",
    width=24,
)
ROUND_TRIPS = chart(
    "ping",
    "round_trip_ms",
    f"{OF_DEVICE} AND {INTERNET_OR_GATEWAY}",
    Text("Tới bộ định tuyến và Internet.", "To gateway and internet."),
    by="target",
    steps=ROUND_TRIP,
)
LOSSES = chart(
    "ping",
    "loss_percent",
    f"{OF_DEVICE} AND {INTERNET_OR_GATEWAY}",
    Text("Tới bộ định tuyến và Internet.", "To gateway and internet."),
    by="target",
    steps=LOSS,
)
MEMORY_SIZE = bars(
    "host", "memory_total_bytes", OF_DEVICE, Text("Bộ nhớ đã lắp.", "Memory installed."), width=6, height=4
)
DISK_SIZE = bars("disk", "disk_total_bytes", OF_DEVICE, Text("Theo ổ đĩa.", "By disk."), by="target", width=6, height=4)
LINK_SPEED = bars(
    "network_card", "link_speed_mbps", OF_DEVICE, Text("Theo cạc mạng.", "By card."), by="target", width=6, height=4
)
CARD_ERRORS = bars(
    "network_card",
    "receive_errors",
    OF_DEVICE,
    Text("Từ khi bật máy, theo cạc mạng.", "Since its start, by card."),
    by="target",
    width=6,
    height=4,
)

BOARD = Board(
    "device",
    Text("SonCa · Thiết bị", "SonCa · Device"),
    Text("Một thiết bị: khỏe không, có đang xuống cấp không.", "One device: is it well, is it wearing out."),
    [SITE, ROOM, DEVICE, DETAIL],
    [
        Section(Text("Thiết bị lúc này", "The device now"), [PRESENCE, UPTIME, RESTARTS, FACTS]),
        Section(Text("Sức khỏe", "Health"), [PROCESSOR, MEMORY, DISKS]),
        Section(Text("Xu hướng", "Trend"), [MEMORY_TREND, DISK_TREND]),
        Section(Text("Kết nối", "Connectivity"), [ROUND_TRIPS, LOSSES]),
        Section(
            Text("Cấu hình và khởi động", "Equipment and starts"),
            [MEMORY_SIZE, DISK_SIZE, LINK_SPEED, CARD_ERRORS, UPTIMES],
        ),
    ],
    page="/devices/${site}/${device}",
)
