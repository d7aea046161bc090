"""The principal's page: five numbers, three lists, two charts. Pure: of the records that the report is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from api.say import Say
from api.text import Text
from api.view.bars import Bar, Bars, bars
from api.view.plan import budget_of
from inventory.plan.candidates import Candidate
from inventory.plan.explain import school_year
from inventory.plan.lists import new_but_failing
from inventory.plan.make import make_plan
from inventory.plan.reasons import Reason
from inventory.plan.request import Pot, year_ends
from inventory.plan.result import Planned
from inventory.plan.words import because, said, sentence
from inventory.report.connectivity import GOAL_PERCENT, failing_rooms, measured_classrooms
from inventory.report.data import ReportData
from inventory.report.items import first_year
from inventory.report.period import parse_period
from inventory.report.worn import present, worn_out
from inventory.text import capital

ENOUGH = 10**12  # VND: more than any school needs

ROOM_POOR = Text("Có kết nối {percent} % thời gian học", "Connected in {percent}% of lesson time")
DAYS_CHART = Text("Tỷ lệ phòng học có kết nối trong giờ học", "Share of classrooms connected in lesson time")
DAYS_SUMMARY: Mapping[str, Text] = {
    "month": Text(
        "{count} ngày học, thấp nhất {low} %, cao nhất {high} %",
        "{count} school days, lowest {low}%, highest {high}%",
        "{count} school day, {low}%",
    ),
    "term": Text(
        "{count} tuần học, thấp nhất {low} %, cao nhất {high} %",
        "{count} school weeks, lowest {low}%, highest {high}%",
        "{count} school week, {low}%",
    ),
    "year": Text(
        "{count} tháng học, thấp nhất {low} %, cao nhất {high} %",
        "{count} school months, lowest {low}%, highest {high}%",
        "{count} school month, {low}%",
    ),
}
DAY_SAID = Text("{percent} %", "{percent}%")
DAY_LOW = Text("{percent} %, dưới mục tiêu", "{percent}%, below the goal")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The five. `connected`: percent of lesson time, None: nothing was measured. Money in VND, `value` of what has a
    price; `needed`: what the first year of the plan would cost if there were enough money."""

    connected: float | None
    rooms_good: int
    rooms_measured: int
    assets: int
    value: int
    without_price: int
    attention: int
    past_life: int
    wearing_out: int
    year: int
    needed: int
    budget: int
    planned: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: a room (`href` is its page) or an asset, and what is said about it. `new`: younger than half
    of its useful life, and failing."""

    id: str
    name: str
    room: str
    told: str
    href: str = ""
    new: bool = False
    price: int | None = None


@dataclass(frozen=True, slots=True)
class YearMoney:
    """VND of one school year: what there is, and what the plan spends."""

    year: int
    budget: int
    planned: int

    @property
    def name(self) -> str:
        return school_year(self.year)


def numbers(data: ReportData) -> Numbers:
    """All five."""
    plan, assets = data.plan, [entry.asset for entry in data.plan.candidates.values()]
    costs = [asset.purchase_cost for asset in assets if asset.purchase_cost is not None]
    ages = [reason.begins for entry in plan.candidates.values() for reason in entry.reasons if reason.code == "age"]
    rooms, year = measured_classrooms(data), plan.request.first_year
    return Numbers(
        data.connected_percent,
        len(rooms) - len(failing_rooms(data)),
        len(rooms),
        len(assets),
        sum(costs),
        len(assets) - len(costs),
        len(worn_out(data)),
        sum(begins <= data.issued for begins in ages),
        len(list(_wearing_out(data))),
        year,
        needed(data),
        budget_of(plan, year),
        plan.spent(year),
    )


def needed(data: ReportData) -> int:
    """VND that the first year would take if there were enough for all that needs something already."""
    plan, year = data.plan, data.plan.request.first_year
    asked = replace(plan.request, pots=(Pot(year, ENOUGH),), rooms_first=(), pins=(), excluded=frozenset())
    return make_plan(worn_out(data), asked, method="greedy").spent(year)


def lists(data: ReportData, site: str, say: Say) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """What works poorly, what wears out next, what to buy."""
    return poor_now(data, site, say), wearing_out(data, say), to_buy(data, say)


def poor_now(data: ReportData, site: str, say: Say) -> list[Entry]:
    """What works poorly: classrooms, then devices, the worst first."""
    new = {entry.tag for entry in new_but_failing(data.plan.candidates.values(), data.rules)}
    rooms = [
        Entry(room.id, room.name or room.id, "", _of_room(room.connected_percent, room.cause, say),
              f"/rooms/{site}/{room.id}")
        for room in failing_rooms(data)
    ]  # fmt: skip
    needy = worn_out(data)
    listed = {entry.tag for entry in needy}
    extra = [data.plan.candidates[tag] for tag in sorted(new - listed)]
    return rooms + [
        _entry(entry, data, because(present(entry, data), say, data.issued), new=entry.tag in new)
        for entry in [*needy, *extra]
    ]


def _of_room(percent: float | None, cause: Text, say: Say) -> str:
    told = say(ROOM_POOR, percent=round(percent or 0.0, 1))
    return f"{told}; {say(cause)}" if cause.vi else told


def wearing_out(data: ReportData, say: Say) -> list[Entry]:
    """What reaches its end until the first year of the plan is over, the soonest first."""
    found = sorted(_wearing_out(data), key=lambda pair: (min(reason.begins for reason in pair[1]), pair[0].tag))
    return [
        _entry(entry, data, "; ".join(sentence(reason, say, data.issued) for reason in ahead)) for entry, ahead in found
    ]


def _wearing_out(data: ReportData) -> Iterator[tuple[Candidate, list[Reason]]]:
    until = year_ends(data.plan.request)[0]
    for entry in data.plan.candidates.values():
        ahead = [
            reason for reason in entry.reasons if data.issued < reason.begins <= until and reason.code != "warranty"
        ]
        if ahead:
            yield entry, ahead


def to_buy(data: ReportData, say: Say) -> list[Entry]:
    """What the plan does in its first year, the dearest first, with why."""
    planned = sorted(first_year(data), key=lambda action: (-action.option.price, action.tag))
    return [_bought(action, data, say) for action in planned]


def _bought(action: Planned, data: ReportData, say: Say) -> Entry:
    """With the reasons, foreseen ones too, that hold until its year ends."""
    entry, request = data.plan.candidates[action.tag], data.plan.request
    reasons = because(present(entry, data, year_ends(request)[action.year - request.first_year]), say, data.issued)
    told = f"{said(action.option, say)}: {reasons}" if reasons else said(action.option, say)
    return replace(_entry(entry, data, told), price=action.option.price)


def _entry(entry: Candidate, data: ReportData, told: str, *, new: bool = False) -> Entry:
    asset, names = entry.asset, data.room_names
    return Entry(entry.tag, capital(asset.name), names.get(asset.room, asset.room), capital(told), new=new)


def days_chart(data: ReportData, say: Say) -> Bars | None:
    """How many classrooms were connected, by day (week, month) of the period."""
    percents = [day.percent for day in data.days]
    if not percents:
        return None
    shown = [Bar(f"{day.day:%d/%m}", day.percent, _day_said(day.percent, say), low=day.percent < GOAL_PERCENT)
             for day in data.days]  # fmt: skip
    low, high = round(min(percents), 1), round(max(percents), 1)
    summary = say(DAYS_SUMMARY[data.period.kind], count=len(percents), low=low, high=high)
    labels = [say.with_unit(percent, "%") for percent in (100, 50, 0)]
    return bars(say(DAYS_CHART), summary, shown, 100.0, labels, GOAL_PERCENT)


def _day_said(percent: float, say: Say) -> str:
    return say(DAY_LOW if percent < GOAL_PERCENT else DAY_SAID, percent=round(percent, 1))


def years_money(data: ReportData) -> list[YearMoney]:
    """The plan's money by year."""
    request = data.plan.request
    return [
        YearMoney(year, budget_of(data.plan, year), data.plan.spent(year))
        for year in range(request.first_year, request.first_year + request.years)
    ]


def periods(today: date) -> Mapping[str, Text]:
    """The periods that a report is usually about: how each is written, and its name."""
    first = today.replace(day=1)
    last_month = (first - timedelta(1)).replace(day=1)
    started = today.year - (today.month < 9)
    term = 1 if today < date(started + 1, 1, 16) else 2
    written = (f"{first:%Y-%m}", f"{last_month:%Y-%m}", f"{started}-{started + 1}-{term}", f"{started}-{started + 1}")
    return {period.written: period.name for period in map(parse_period, written)}
