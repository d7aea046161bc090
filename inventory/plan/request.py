"""What a plan is asked for: the years, the money of each, and what people wish."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from contract.trouble import Trouble
from inventory.plan.options import Action

FEWEST_YEARS, MOST_YEARS = 3, 5
FIRST_MONTH = 9  # a school year begins in September


class PlanTrouble(Trouble):
    """A plan that cannot be made as asked."""


@dataclass(frozen=True)
class Pot:
    """Money of one school year from one source. `pays_for`: the actions that it may pay; empty means all."""

    year: int  # 2027 is the school year 2027-2028
    amount: int  # VND
    source: str = ""
    pays_for: tuple[Action, ...] = ()

    def pays(self, action: Action) -> bool:
        return not self.pays_for or action in self.pays_for


@dataclass(frozen=True)
class Pin:
    """This action on this device in this year, whatever else is planned. `source`: which pot, where several fit."""

    tag: str
    year: int
    action: Action
    source: str = ""


@dataclass(frozen=True)
class PlanRequest:
    """`today` is the day on which reasons are judged. Pots stand in the order in which they are spent."""

    today: date
    first_year: int
    years: int
    pots: tuple[Pot, ...]
    rooms_first: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    excluded: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not FEWEST_YEARS <= self.years <= MOST_YEARS:
            raise PlanTrouble(
                f"a plan over {self.years} years", f"plan {FEWEST_YEARS} to {MOST_YEARS} school years ahead"
            )
        seen = set()
        for pot in self.pots:
            if not 0 <= self.index_of(pot.year) < self.years:
                raise PlanTrouble(f"there is money for {pot.year}, which is not a year of the plan", self.span)
            if pot.amount < 0:
                raise PlanTrouble(f"the money of {pot.year} is less than nothing", "write 0 for a year without money")
            if (pot.year, pot.source) in seen:
                raise PlanTrouble(
                    f"the money of {pot.year} from {pot.source or 'one source'} is given twice", "add the amounts up"
                )
            seen.add((pot.year, pot.source))

    def index_of(self, year: int) -> int:
        return year - self.first_year

    @property
    def span(self) -> str:
        return f"the plan has {self.first_year} to {self.first_year + self.years - 1}"

    def stages(self) -> list[Pot]:
        """The pots in the order in which they are spent: by year, then as they stand."""
        return sorted(self.pots, key=lambda pot: pot.year)

    def with_budget(self, percent: int) -> "PlanRequest":
        """The same with so much of every pot, rounded down to whole VND: 110 is 10 % more."""
        return replace(self, pots=tuple(replace(pot, amount=pot.amount * percent // 100) for pot in self.pots))


def year_ends(request: PlanRequest) -> list[date]:
    """The last day of each school year: a need that begins within a year counts in it."""
    return [date(request.first_year + index + 1, FIRST_MONTH, 1) - timedelta(1) for index in range(request.years)]
