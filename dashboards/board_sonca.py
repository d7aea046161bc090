"""SonCa itself: does it hear everybody, is anything waiting, was anything lost."""

from dashboards.board import Board, Section
from dashboards.charts import title_of
from dashboards.panel import Column, Panel
from dashboards.queries import AT_SITE, NOW, Query, newest, over_time, sum_now
from dashboards.text import Text, same
from dashboards.units import SECONDS, field_of, unit_of
from dashboards.variables import DETAIL, SITE
from dashboards.words import BLUE, NONE_IS_GOOD, ORANGE, PRESENCE_REASONS, PRESENCES, Steps

_ITSELF = "\"site\" = 'sonca'"  # under which the collector measures itself
_AGE = field_of("agent", "outbox_age_seconds")
TO_DEVICE = (
    "/d/sonca-device-LANGUAGE?var-site=${site}&var-room=${__data.fields.room}&var-device=${__data.fields.device}"
)
EVERY_DEVICE = '"device" =~ /./'

PRESENT = Panel(
    "bargauge",
    Text("Tác tử theo tình trạng", "Agents by state"),
    sum_now("device_now", [(presence, word.text) for presence, word in PRESENCES.items()]),
    8,
    9,
    Text("Số tác tử ở mỗi tình trạng lúc này.", "How many agents are in each state now."),
    named=PRESENCES,
    least=0,
    decimals=0,
)
SILENT = Panel(
    "table",
    Text("Ai im lặng lâu nhất", "Who was silent longest"),
    [newest("device_now", ["name", "presence", "reason", "silent_seconds"], NOW, ["room", "device"])],
    16,
    9,
    Text(
        "Trễ hoặc mất liên lạc: máy treo, mất điện, hoặc tác tử bị tắt.",
        "Late or lost: the PC hangs, lost power, or its agent was stopped.",
    ),
    columns=[
        Column("name", Text("Thiết bị", "Device"), link=TO_DEVICE),
        Column("room", Text("Phòng", "Room")),
        Column("presence", Text("Tình trạng", "State"), words=PRESENCES),
        Column("reason", Text("Vì sao", "Why"), words=PRESENCE_REASONS),
        Column("silent_seconds", Text("Im lặng", "Silent for"), unit=SECONDS),
        Column("device", Text("Mã", "Id"), hidden=True),
    ],
    sorted_by="silent_seconds",
)


LOSSES = {
    "gaps": Text(
        "Gói chưa tới; máy còn giữ và sẽ gửi lại. Không giảm: xem máy nào im lặng.",
        "Not arrived yet; their PC keeps them and sends again. If it stays: see who is silent.",
    ),
    "refused_payloads": Text(
        "Dữ liệu sai dạng, đã giữ lại để xem: sonca collector refused.",
        "Did not fit, and are kept for you to read: sonca collector refused.",
    ),
    "unknown_fields": Text(
        "Tác tử mới hơn máy chủ: hãy nâng cấp máy chủ.", "Agents are newer than the server: bring it up to date."
    ),
    "broker_dropped": Text(
        "Máy chủ MQTT quá tải hoặc hết chỗ. Tác tử sẽ gửi lại, không mất gì.",
        "The broker had no room for them. Agents send again, nothing is lost.",
    ),
}


def _count(field: str) -> Panel:
    """A count of the collector's that should stay 0, over all collectors."""
    # The newest value of each collector: counts begin anew when one starts.
    text = (
        f'SELECT sum("{field}") FROM (SELECT last("{field}") AS "{field}" FROM "collector" '
        f'WHERE {_ITSELF} AND time > now() - 10m GROUP BY "device")'
    )
    unit = unit_of(field_of("collector", field))
    return Panel(
        "stat", title_of("collector", field), [Query(text)], 6, 5, LOSSES[field], unit=unit, steps=NONE_IS_GOOD
    )


def _collector_chart(field: str, about: Text) -> Panel:
    found = field_of("collector", field)
    text = f'SELECT max("{field}_max") FROM "collector$detail" WHERE {_ITSELF} AND $timeFilter'
    query = Query(f'{text} GROUP BY time($__interval), "device" fill(none)', same("$tag_device"))
    return Panel("timeseries", title_of("collector", field), [query], 12, 8, about, unit=unit_of(found), least=0)


WAITING = Panel(
    "table",
    Text("Mười máy có dữ liệu chờ lâu nhất", "The ten oldest outboxes"),
    [
        Query(
            'SELECT top("age", "device", 10) FROM (SELECT last("outbox_age_seconds_max") AS "age" FROM "agent$detail" '
            f'WHERE {AT_SITE} AND $timeFilter GROUP BY "device")',
            table=True,
        )
    ],
    12,
    8,
    Text("Tuổi của dữ liệu chưa gửi được, theo lần đo cuối.", "Age of what is not yet sent, at the last measurement."),
    columns=[
        Column("device", Text("Thiết bị", "Device")),
        Column("top", Text("Chờ", "Waiting for"), unit_of(_AGE), steps=Steps(BLUE, ((3_600.0, ORANGE),))),
    ],
)

BOARD = Board(
    "itself",
    Text("SonCa · Chính SonCa", "SonCa · SonCa itself"),
    Text("SonCa có nghe được mọi máy không, có mất gì không.", "Does SonCa hear everybody, was anything lost."),
    [SITE, DETAIL],
    [
        Section(Text("Tác tử", "Agents"), [PRESENT, SILENT]),
        Section(
            Text("Đã mất gì chưa, từ khi bộ thu thập khởi động", "Was anything lost since the collector started"),
            [_count(field) for field in LOSSES],
        ),
        Section(
            Text("Dữ liệu đang chờ", "Waiting data"),
            [
                WAITING,
                Panel(
                    "timeseries",
                    Text("Dữ liệu chờ lâu nhất", "The oldest waiting data"),
                    [
                        over_time(
                            "agent", "outbox_age_seconds", EVERY_DEVICE, how="max", part="_max", alias=same("SonCa")
                        )
                    ],
                    12,
                    8,
                    Text("Của mọi máy.", "Of all devices."),
                    unit=unit_of(_AGE),
                    least=0,
                ),
            ],
        ),
        Section(
            Text("Bộ thu thập và kho dữ liệu", "Collector and store"),
            [
                _collector_chart(
                    "lag_ms",
                    Text(
                        "Từ khi nhận tới khi lưu xong. Tăng dần: kho dữ liệu chậm.",
                        "From receipt to commit. If it grows: the store is slow.",
                    ),
                ),
                _collector_chart(
                    "rollup_ms",
                    Text(
                        "Mỗi lần tổng hợp 5 phút và giờ. Tăng dần: kho dữ liệu chậm.",
                        "Of each five minutes and hour. If it grows: the store is slow.",
                    ),
                ),
            ],
        ),
    ],
)
