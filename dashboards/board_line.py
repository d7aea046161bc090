"""The school's line to the internet: how good it is, when it was gone, and what to show the provider."""

from dashboards.board import Board, Section
from dashboards.charts import chart, success_chart, worked
from dashboards.panel import MOMENT, Column, Panel
from dashboards.queries import AT_SITE, GATEWAY, INTERNET, Query, whole
from dashboards.text import Text, same
from dashboards.units import SECONDS, field_of, unit_of
from dashboards.variables import DETAIL, SITE
from dashboards.words import BLUE, GREEN, LOSS, RED, ROUND_TRIP, Steps

_ALL = Text("Trung bình của mọi máy, theo đích.", "Mean of all devices, by target.")

# Slices in which devices were on and none got out are an outage; nights, when everything is dark, are none. InfluxQL
# takes a division by 0 for 0, so a number divided by itself is 1, or 0 where nobody was connected. The steps between
# all other slices tell how long each outage lasted: a step of one slice is none.
_UP = '("connected" + "degraded")'
_SLICES = (
    f'SELECT "disconnected" * (1 - {_UP} / {_UP}) AS "gone" FROM "school_rooms_5m" WHERE {AT_SITE} AND $timeFilter'
)
_OUTAGE_SLICES = f'SELECT "gone" FROM ({_SLICES}) WHERE "gone" > 0'
_STEPS = f'SELECT elapsed("gone", 1s) AS "step" FROM ({_SLICES}) WHERE "gone" = 0'
_OUTAGES = f'SELECT "step" - 300 AS "seconds" FROM ({_STEPS}) WHERE "step" > 300'
NO_OUTAGE = Text("Không có lần nào", "None")


def _mean(title: Text, probe: str, field: str, where: str, steps: Steps, about: Text) -> Panel:
    unit = unit_of(field_of(probe, field))
    return Panel("stat", title, [whole(probe, field, where)], 5, 5, about, unit=unit, decimals=1, steps=steps)


OUTAGE_MINUTES = Panel(
    "stat",
    Text("Mất Internet, tổng cộng", "Without internet, in all"),
    [Query(f'SELECT 300 * count("gone") FROM ({_OUTAGE_SLICES})')],
    4,
    5,
    Text("Có máy bật mà không phòng nào ra được.", "Devices were on and no room got out."),
    unit=SECONDS,
    steps=Steps(GREEN, ((1.0, RED),)),
    nothing=same("0"),
    nothing_color=GREEN,
)
QUALITY = [
    _mean(
        Text("Độ trễ", "Round trip"),
        "school_ping",
        "round_trip_ms",
        INTERNET,
        ROUND_TRIP,
        Text(
            "Trung bình của mọi máy và mọi đích. Quá giới hạn thì phòng bị coi là chập chờn.",
            "Mean of all devices and targets. Past the limit a room counts as degraded.",
        ),
    ),
    _mean(
        Text("Độ biến động trễ", "Jitter"),
        "school_ping",
        "jitter_ms",
        INTERNET,
        Steps(BLUE),
        Text("Càng lớn thì học trực tuyến càng giật.", "The larger, the more online lessons stutter."),
    ),
    _mean(
        Text("Mất gói", "Loss"),
        "school_ping",
        "loss_percent",
        INTERNET,
        LOSS,
        Text(
            "Phần gói tin không có trả lời. Quá giới hạn thì phòng bị coi là chập chờn.",
            "Packets that got no answer. Past the limit a room counts as degraded.",
        ),
    ),
    _mean(
        Text("Phân giải tên miền", "DNS"),
        "school_dns",
        "lookup_ms",
        '"target" =~ /./',
        ROUND_TRIP,
        Text("Chậm thì mọi trang web mở chậm.", "Where it is slow, every web page opens slowly."),
    ),
    OUTAGE_MINUTES,
]
EVIDENCE = success_chart(
    Text("Bộ định tuyến trả lời, Internet có trả lời không?", "The router answers: does the internet?"),
    [
        worked("school_ping", GATEWAY, Text("bộ định tuyến của trường", "the school's router")),
        worked("school_ping", INTERNET, same("Internet")),
        worked("school_dns", '"target" =~ /./', same("DNS")),
    ],
    Text(
        "Bộ định tuyến 100 % mà Internet tụt: lỗi ở đường truyền của nhà cung cấp.",
        "The router at 100 % while the internet falls: the provider's line is at fault.",
    ),
    width=14,
    height=9,
)
OUTAGES = Panel(
    "table",
    Text("Các lần mất Internet", "Outages"),
    [Query(_OUTAGES, table=True)],
    10,
    9,
    Text("Lúc có lại và đã mất bao lâu, tới 5 phút.", "When it came back and how long it was gone, to 5 minutes."),
    columns=[
        Column("Time", Text("Có lại lúc", "Back at"), unit=MOMENT),
        Column("seconds", Text("Đã mất", "Was gone for"), unit=SECONDS),
    ],
    nothing=NO_OUTAGE,
)
SLOWEST = chart(
    "school_ping",
    "round_trip_ms",
    INTERNET,
    Text("Chậm nhất của mọi máy, theo đích.", "The slowest of all devices, by target."),
    by="target",
    how="max",
    part="_max",
    title=Text("Độ trễ lớn nhất", "Slowest round trip"),
    steps=ROUND_TRIP,
)
CAPTIVE = chart(
    "school_web",
    "captive",
    INTERNET,
    Text(
        "Phần trăm lần thử gặp trang đăng nhập thay vì Internet.",
        "Share of tries that met a login page instead of the internet.",
    ),
    by="target",
    title=Text("Trang đăng nhập chặn Internet", "A login page in the way"),
)

BOARD = Board(
    "line",
    Text("SonCa · Đường truyền Internet", "SonCa · Internet line"),
    Text(
        "Chất lượng đường truyền, các lần mất mạng, và bằng chứng cho nhà cung cấp.",
        "How good the line is, when it was gone, and evidence for the provider.",
    ),
    [SITE, DETAIL],
    [
        Section(Text("Trong khoảng đã chọn", "Over the chosen range"), QUALITY),
        Section(Text("Bằng chứng cho nhà cung cấp", "Evidence for the provider"), [EVIDENCE, OUTAGES]),
        Section(
            Text("Theo thời gian", "Over time"),
            [
                chart("school_ping", "round_trip_ms", INTERNET, _ALL, by="target", steps=ROUND_TRIP),
                chart("school_ping", "jitter_ms", INTERNET, _ALL, by="target"),
                chart("school_ping", "loss_percent", INTERNET, _ALL, by="target", steps=LOSS),
                SLOWEST,
                chart("school_dns", "lookup_ms", '"target" =~ /./', _ALL, by="target", steps=ROUND_TRIP),
                CAPTIVE,
            ],
        ),
    ],
)
