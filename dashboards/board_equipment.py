"""The equipment as the register has it: how old it is, what wants to be replaced and why, and how the plan goes.

The collector tells the register to the InfluxDB once a day and after each change, so trends are made of days.
"""

from collections.abc import Sequence

from dashboards.board import Board, Section
from dashboards.panel import Column, Panel, sum_of
from dashboards.queries import AT_SITE, TODAY, Query
from dashboards.text import Text, same
from dashboards.units import MONEY
from dashboards.variables import SITE
from dashboards.words import BLUE, CONDITIONS, GREEN, KINDS, ORANGE, PLAIN, RED, UPGRADE_REASONS, Steps

DAY = "time:DD/MM/YYYY"
_TODAY = f"{AT_SITE} AND {TODAY}"
_OWNED = '"devices" > 0'  # kinds of which the school has none are told as 0
_KINDS_TODAY = f'FROM "equipment" WHERE {_TODAY} AND {_OWNED} GROUP BY "kind"'
_OF_KIND = same("$tag_kind")
_SOME_ARE_FINE = Steps(GREEN, ((1.0, ORANGE),))
NEED = Steps(GREEN, ((15.0, ORANGE), (35.0, RED)))  # the rules' limits of what is fine and what is failing
_ASSET = Column("asset", Text("Mã tài sản", "Asset tag"), page="/register/${site}/asset/${__data.fields.asset}")
_NAME = Column("name", Text("Tên tài sản", "Name"))
_PLACE = Column("room_name", Text("Phòng", "Room"))


def _sum(field: str, title: Text, about: Text, *, unit: str = "none", steps: Steps = PLAIN, width: int = 5) -> Panel:
    """The sum over all kinds today."""
    query = Query(f'SELECT sum("{field}") FROM "equipment" WHERE {_TODAY}')
    return Panel("stat", title, [query], width, 5, about, unit=unit, steps=steps)


def _bars(pick: str, title: Text, about: Text, *, decimals: int, unit: str = "none") -> Panel:
    return Panel(
        "bargauge", title, [Query(f"SELECT {pick} {_KINDS_TODAY}", _OF_KIND)], 8, 9, about, series=KINDS, least=0,
        decimals=decimals, unit=unit,
    )  # fmt: skip


def _trend(field: str, title: Text, about: Text) -> Panel:
    query = Query(
        f'SELECT mean("{field}") FROM "equipment" WHERE {AT_SITE} AND {_OWNED} AND $timeFilter '
        'GROUP BY time($__interval), "kind" fill(none)',
        _OF_KIND,
    )
    return Panel("timeseries", title, [query], 12, 8, about, series=KINDS, least=0, interval="1d", decimals=1)


def _assets(
    title: Text, where: str, columns: Sequence[Column], about: Text, *, by: str, width: int, least_first: bool = False
) -> Panel:
    """A table of today's assets that are so, sorted by one of its columns."""
    fields = [column.name for column in columns]
    picked = ", ".join(f'"{field}"' for field in ("asset", "name", "room_name", *fields))
    query = Query(f'SELECT {picked} FROM "asset" WHERE {_TODAY} AND {where}', table=True)
    return Panel(
        "table", title, [query], width, 9, about, columns=[_ASSET, _NAME, _PLACE, *columns],
        nothing=Text("Không có tài sản nào", "None"), sorted_by=by, least_first=least_first,
    )  # fmt: skip


DEVICES = _sum(
    "devices",
    Text("Số tài sản", "Assets"),
    Text("Đang có trong sổ, không kể đã mất và đã ghi giảm.", "In the register, without those lost or disposed of."),
)
PAST_LIFE = _sum(
    "past_life",
    Text("Quá thời gian sử dụng", "Past their useful life"),
    Text("Cũ chưa chắc đã hỏng: xem lý do bên dưới.", "Old need not be bad: see the reasons below."),
    steps=_SOME_ARE_FINE,
)
NEEDY = _sum(
    "needy",
    Text("Cần sửa hoặc thay", "Want repair or replacement"),
    Text(
        "Theo sổ và cấu hình đã báo về; lý do đo nhiều tuần có trong báo cáo.",
        "By the register and what was reported; what takes weeks to measure is in the report.",
    ),
    steps=_SOME_ARE_FINE,
)
WARRANTY = _sum(
    "warranty_ending",
    Text("Sắp hết bảo hành", "Warranties that end soon"),
    Text("Trong 12 tháng tới.", "In the next 12 months."),
    steps=Steps(BLUE),
    width=4,
)
COST = _sum(
    "purchase_cost",
    Text("Tổng nguyên giá (đồng)", "Purchase cost in all (VND)"),
    Text("Của những tài sản có ghi nguyên giá.", "Of those whose cost was written down."),
    unit=MONEY,
)
AGES = _bars(
    'last("age_years")',
    Text("Tuổi trung bình theo loại (năm)", "Mean age by kind (years)"),
    Text("Từ ngày đưa vào sử dụng.", "Since they were put to use."),
    decimals=1,
)
PAST_BY_KIND = _bars(
    '100 * sum("past_life") / sum("devices")',
    Text("Quá thời gian sử dụng, phần của mỗi loại", "Past their useful life, share of each kind"),
    Text("Phần trăm tài sản của mỗi loại.", "Share of the assets of each kind."),
    decimals=0,
    unit="percent",
)
CONDITION = Panel(
    "bargauge",
    Text("Tình trạng", "Condition"),
    [
        Query(f'SELECT sum("{condition}") FROM "equipment" WHERE {_TODAY}', word.text)
        for condition, word in CONDITIONS.items()
    ],
    8,
    9,
    Text("Theo sổ tài sản.", "As the register says."),
    named=CONDITIONS,
    least=0,
    decimals=0,
)
REASONS = Panel(
    "bargauge",
    Text("Vì sao cần nâng cấp: số tài sản", "Why upgrade: number of assets"),
    [Query(
        f'SELECT sum("devices") FROM "upgrade_reason" WHERE {_TODAY} AND {_OWNED} GROUP BY "reason"',
        same("$tag_reason"),
    )],
    12,
    9,
    Text("Một tài sản có thể có nhiều lý do.", "An asset may have several reasons."),
    series=UPGRADE_REASONS,
    least=0,
    decimals=0,
    nothing=Text("Không có lý do nào", "No reason"),
)  # fmt: skip
WORST = _assets(
    Text("Cần sửa hoặc thay nhất", "Which want it most"),
    '"needy" = 1',
    [
        Column("main_reason", Text("Lý do chính", "Main reason"), words=UPGRADE_REASONS),
        Column("reasons", Text("Số lý do", "Reasons")),
        Column("need_percent", Text("Mức cần thiết", "Need"), unit="percent", steps=NEED),
    ],
    Text("Cần nhất đứng trước. Chi tiết ở trang tài sản của SonCa.", "Worst first. SonCa's page has the details."),
    by="need_percent",
    width=12,
)
WARRANTIES = _assets(
    Text("Hết bảo hành trong 12 tháng tới", "Warranties that end in the next 12 months"),
    '"warranty_ending" = 1',
    [Column("warranty_ends", Text("Hết bảo hành ngày", "Ends on"), unit=DAY)],
    Text("Báo hỏng trước ngày này thì được sửa miễn phí.", "What is reported broken before that is repaired free."),
    by="warranty_ends",
    width=9,
    least_first=True,
)
FUNDING = Panel(
    "table",
    Text("Nguyên giá theo nguồn kinh phí", "Purchase cost by funding source"),
    [
        Query(
            f'SELECT "funding_source", "counted", "purchase_cost" FROM "asset" WHERE {_TODAY} AND "counted" = 1',
            table=True,
        )
    ],
    8,
    9,
    Text("Ô có dấu gạch: không ghi nguồn.", "A dash: nobody wrote it down."),
    columns=[
        Column("funding_source", Text("Nguồn kinh phí", "Funding source")),
        Column(sum_of("counted"), Text("Số tài sản", "Assets")),
        Column(sum_of("purchase_cost"), Text("Tổng nguyên giá (đồng)", "Purchase cost (VND)"), unit=MONEY),
    ],
    sums=("funding_source", ("counted", "purchase_cost")),
    sorted_by=sum_of("purchase_cost"),
)
PLAN = Panel(
    "table",
    Text("Kế hoạch mua sắm theo năm học", "What was planned, by school year"),
    [
        Query(
            f'SELECT "plan_year", "planned", "ordered", "arrived" FROM "asset" WHERE {_TODAY} AND "in_plan" = 1',
            table=True,
        )
    ],
    7,
    9,
    Text(
        "Tài sản từng có trạng thái dự kiến hoặc đã đặt hàng. Dấu hỏi: chưa ghi ngày mua.",
        "Assets that were planned or ordered at some time. A question mark: no date of purchase yet.",
    ),
    columns=[
        Column("plan_year", Text("Năm học", "School year")),
        Column(sum_of("planned"), Text("Dự kiến", "Planned")),
        Column(sum_of("ordered"), Text("Đã đặt hàng", "Ordered")),
        Column(sum_of("arrived"), Text("Đã về", "Arrived")),
    ],
    sums=("plan_year", ("planned", "ordered", "arrived")),
    sorted_by="plan_year",
    least_first=True,
    nothing=Text("Sổ chưa có tài sản dự kiến nào", "Nothing is planned in the register"),
)

BOARD = Board(
    "equipment",
    Text("SonCa · Tài sản", "SonCa · Equipment"),
    Text("Tài sản bao nhiêu tuổi, cái nào cần thay, vì sao.", "How old the equipment is, what to replace, and why."),
    [SITE],
    [
        Section(Text("Hôm nay", "Today"), [DEVICES, PAST_LIFE, NEEDY, WARRANTY, COST]),
        Section(Text("Tuổi và tình trạng", "Age and condition"), [AGES, PAST_BY_KIND, CONDITION]),
        Section(Text("Nâng cấp", "Upgrades"), [REASONS, WORST]),
        Section(Text("Bảo hành, kinh phí, kế hoạch", "Warranties, money and plan"), [WARRANTIES, FUNDING, PLAN]),
        Section(
            Text("Theo thời gian", "Over time"),
            [
                _trend(
                    "age_years",
                    Text("Tuổi trung bình theo loại (năm)", "Mean age by kind (years)"),
                    Text("Đang trẻ ra hay già đi?", "Is it getting younger or older?"),
                ),
                _trend(
                    "past_life",
                    Text("Quá thời gian sử dụng, theo loại", "Past their useful life, by kind"),
                    Text("Số tài sản của mỗi loại.", "Number of assets of each kind."),
                ),
            ],
        ),
    ],
    since="now-365d",
    refresh="15m",
    page="/register/${site}",
)
