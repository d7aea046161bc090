"""The named services: who reaches them, how quickly, and when their certificates end."""

from dashboards.board import Board, Section
from dashboards.board_school import SERVICES_BY_ROOM
from dashboards.charts import bars, title_of
from dashboards.panel import Panel
from dashboards.queries import AT_SITE, SERVICES, Query
from dashboards.text import Text, same
from dashboards.variables import DETAIL, SITE
from dashboards.words import CERTIFICATE, REACHED

# A blind try tells nothing about the service: the device's own way out was gone.
_REACHED = '100 * sum("reached") / (sum("tried") - sum("blind"))'
_OF_SERVICES = f'FROM "service_5m" WHERE {AT_SITE} AND $timeFilter GROUP BY'
_SEEN = _OF_SERVICES.replace(" GROUP", ' AND "tried" > "blind" GROUP')

REACH = Panel(
    "bargauge",
    Text("Vào được dịch vụ, trong khoảng đã chọn", "Reached, over the chosen range"),
    [Query(f'SELECT {_REACHED} {_SEEN} "target"', same("$tag_target"))],
    12,
    9,
    Text(
        "Phần trăm lần thử thành công của mọi phòng. Không tính khi chính phòng mất mạng.",
        "Share of tries of all rooms that worked. Tries without a network of their own do not count.",
    ),
    unit="percent",
    decimals=1,
    least=0,
    most=100,
    steps=REACHED,
)
OVER_TIME = Panel(
    "timeseries",
    Text("Vào được dịch vụ, theo thời gian", "Reached, over time"),
    [Query(f'SELECT {_REACHED} {_SEEN} time($__interval), "target" fill(none)', same("$tag_target"))],
    12,
    9,
    Text("Phần trăm lần thử thành công của mọi phòng.", "Share of tries of all rooms that worked."),
    unit="percent",
    least=0,
    most=100,
    steps=REACHED,
)
# Of whichever way a service is asked: a school may have none that is asked by TCP, or none by web.
RESPONSE_TIMES = Panel(
    "timeseries",
    Text("Thời gian phản hồi", "Response times"),
    [Query(f'SELECT mean("answer_ms") {_OF_SERVICES} time($__interval), "target" fill(none)', same("$tag_target"))],
    24,
    9,
    Text("Trung bình của mọi máy, theo dịch vụ.", "Mean of all devices, by service."),
    unit="ms",
    least=0,
)
CERTIFICATES = bars(
    "school_web",
    "certificate_days",
    SERVICES,
    Text("Số ngày còn lại. Dưới 30 ngày: nhắc người quản lý dịch vụ.", "Days left. Below 30: remind whoever runs it."),
    by="target",
    how="min",
    width=24,
    steps=CERTIFICATE,
    title=title_of("school_web", "certificate_days"),
    decimals=0,
)

BOARD = Board(
    "services",
    Text("SonCa · Dịch vụ", "SonCa · Services"),
    Text(
        "Phòng nào vào được dịch vụ nào, nhanh hay chậm, chứng chỉ còn hạn bao lâu.",
        "Which room reaches which service, how quickly, and how long certificates last.",
    ),
    [SITE, DETAIL],
    [
        Section(Text("Lúc này", "Now"), [SERVICES_BY_ROOM]),
        Section(Text("Tin cậy", "Reliability"), [REACH, OVER_TIME]),
        Section(Text("Thời gian phản hồi", "Response times"), [RESPONSE_TIMES]),
        Section(Text("Chứng chỉ", "Certificates"), [CERTIFICATES]),
    ],
)
