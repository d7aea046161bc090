"""The records that a school's documents are made of, from its register and its stores."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from collector.store.evidence import Sources
from collector.store.evidence_faults import causes_of, shares_of
from collector.store.protocol import Share
from collector.store.school_plan import plan_of
from inventory.lesson_time import midnight
from inventory.plan.prices import PriceList
from inventory.plan.request import PlanRequest
from inventory.plan.result import Plan
from inventory.plan.rules import Rules
from inventory.report.data import DayConnection, ReportData, RoomConnection
from inventory.report.period import Period, PeriodTrouble
from inventory.school import Room, School
from inventory.text import NO_TEXT, Text

Tell = Callable[[Text], None]

READING_ROOMS = Text("đang đọc kết nối của các phòng ...", "reading how rooms were connected ...")
READING_ASSETS = Text("đang đọc số đo của thiết bị và lập kế hoạch ...", "reading what was measured, and planning ...")


@dataclass(frozen=True)
class Asked:
    """What a report is about: its period, the plan that it ends with (whose `today` is the day in its head), and the
    rules and prices of that."""

    period: Period
    request: PlanRequest
    rules: Rules
    prices: PriceList

    @property
    def as_of(self) -> date:
        """The day whose evidence counts."""
        return min(self.request.today, self.period.last)


@dataclass(frozen=True)
class Connections:
    """How a school was connected in a period: all of it, each room, each day, week or month; see ReportData."""

    percent: float | None
    rooms: tuple[RoomConnection, ...]
    days: tuple[DayConnection, ...]


def connections_of(sources: Sources, period: Period, now: int) -> Connections:
    """Nothing later than `now` counts. Raises PeriodTrouble for a period that has not begun, and StoreUnavailable."""
    school = sources.school
    since, until = _range(school, period, now)
    classrooms = [room.id for room in school.rooms if room.classroom]
    whole = sources.store.share_connected(school.site, since, until, classrooms)
    rooms, days = tuple(_rooms(sources, since, until)), tuple(_days(sources, period, classrooms, until))
    return Connections(whole.connected_percent, rooms, days)


def report_data(sources: Sources, asked: Asked, now: int, tell: Tell = lambda _: None) -> ReportData:
    """All records; `tell` hears what is being done. Nothing later than `now` counts.

    Raises PeriodTrouble for a period that has not begun, PlanTrouble and StoreUnavailable.
    """
    tell(READING_ROOMS)
    connections = connections_of(sources, asked.period, now)
    tell(READING_ASSETS)
    plan = plan_of(sources, asked.request, now, rules=asked.rules, prices=asked.prices, as_of=asked.as_of)
    return report_from(sources.school, asked, connections, plan)


def report_from(school: School, asked: Asked, connections: Connections, plan: Plan) -> ReportData:
    """The records of a report whose parts are known already."""
    return ReportData(
        school.name,
        asked.period,
        asked.request.today,
        connections.percent,
        connections.rooms,
        connections.days,
        plan,
        asked.rules,
        asked.prices,
        school.simulated,
    )


def _range(school: School, period: Period, now: int) -> tuple[int, int]:
    """The period in the server's time, as far as it has come."""
    since, until = midnight(period.first, school.zone), midnight(period.last + timedelta(1), school.zone)
    if since >= now:
        raise PeriodTrouble(f"{period.written} has not begun yet", "report on a period that has")
    return since, min(until, now)


def _rooms(sources: Sources, since: int, until: int) -> Iterator[RoomConnection]:
    site = sources.school.site
    times = sources.store.room_times(site, since, until)
    shares, causes = shares_of(times), causes_of(times)
    for room in sources.school.rooms:
        yield _room(room, shares.get(room.id, Share()), causes.get(room.id, NO_TEXT))


def _room(room: Room, share: Share, cause: Text) -> RoomConnection:
    was_on = share.total > share.dark
    dark = 100 * share.dark / share.total if share.total else 0.0
    return RoomConnection(room.id, room.name, room.classroom, share.connected_percent if was_on else None, dark, cause)


def _days(sources: Sources, period: Period, classrooms: list[str], until: int) -> Iterator[DayConnection]:
    """Those in which there were lessons: days of a month, weeks of a term, months of a school year."""
    zone = sources.school.zone
    starts = [*_starts(period), period.last + timedelta(1)]
    for first, following in itertools.pairwise(starts):
        begins, ends = midnight(first, zone), min(midnight(following, zone), until)
        if begins < ends:
            share = sources.store.share_connected(sources.school.site, begins, ends, classrooms)
            if share.connected_percent is not None:
                yield DayConnection(first, share.connected_percent)


def _starts(period: Period) -> list[date]:
    days = [period.first + timedelta(number) for number in range((period.last - period.first).days + 1)]
    if period.kind == "month":
        return days
    return [
        day for day in days if day == period.first or (day.weekday() == 0 if period.kind == "term" else day.day == 1)
    ]
