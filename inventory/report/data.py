"""What a report is made of: pure records, whoever filled them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from inventory.plan.prices import PriceList
from inventory.plan.result import Plan
from inventory.plan.rules import Rules
from inventory.report.period import Period
from inventory.text import NO_TEXT, Text


@dataclass(frozen=True)
class RoomConnection:
    """A room over the period. Shares are of its lesson minutes in percent; None: it was never on in a lesson.

    `cause`: where its faults mostly lay, empty when there were none.
    """

    id: str
    name: str
    classroom: bool
    connected_percent: float | None
    dark_percent: float = 0.0
    cause: Text = NO_TEXT


@dataclass(frozen=True)
class DayConnection:
    """The share of classrooms connected in lessons, in percent, of a day, or of the week or month that begins then."""

    day: date
    percent: float


@dataclass(frozen=True)
class ReportData:
    """All of it. `issued`: the day in the document's head; `connected_percent`: over the whole period, as the pages
    count it. The plan brings the assets with their reasons."""

    school: str
    period: Period
    issued: date
    connected_percent: float | None
    rooms: tuple[RoomConnection, ...]
    days: tuple[DayConnection, ...]
    plan: Plan
    rules: Rules
    prices: PriceList
    simulated: bool = False

    @property
    def room_names(self) -> Mapping[str, str]:
        return {room.id: room.name or room.id for room in self.rooms}
