"""plan.yaml: the money of the coming school years and what the school wishes of its plan."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

from contract.settings_file import read_settings
from contract.shapes import BadShape, Between
from contract.topics import Slug
from inventory.end_of_support import Filled
from inventory.plan.options import Action
from inventory.plan.prices import Money, PriceList, read_prices, shipped_prices
from inventory.plan.request import FEWEST_YEARS, FIRST_MONTH, MOST_YEARS, Pin, PlanRequest, Pot
from inventory.plan.rules import Rules, read_rules, shipped_rules

SchoolYear = Annotated[int, Between(2000, 2200)]


@dataclass(frozen=True)
class Budget:
    """Money from one source: of one school year, or of each year of the plan where `year` is not given."""

    amount: Money
    year: SchoolYear | None = None
    source: str = ""
    pays_for: tuple[Action, ...] = ()


@dataclass(frozen=True)
class PinEntry:
    """What is settled already, whatever else is planned."""

    tag: Filled
    year: SchoolYear
    action: Action
    source: str = ""


@dataclass(frozen=True)
class PlanSettings:
    """plan.yaml. `rules` and `prices` are files of the school's own, in place of those that come with SonCa."""

    budgets: tuple[Budget, ...]
    years: Annotated[int, Between(FEWEST_YEARS, MOST_YEARS)] = FEWEST_YEARS
    first_year: SchoolYear | None = None
    rooms_first: tuple[Slug, ...] = ()
    pins: tuple[PinEntry, ...] = ()
    excluded: tuple[Filled, ...] = ()
    rules: str = ""
    prices: str = ""

    def request(self, today: date) -> PlanRequest:
        """What the plan is asked for on that day. Raises PlanTrouble for money outside of the plan's years."""
        first = self.first_year or next_school_year(today)
        pots = [
            Pot(year, budget.amount, budget.source, budget.pays_for)
            for budget in self.budgets
            for year in ([budget.year] if budget.year else range(first, first + self.years))
        ]
        pins = tuple(Pin(pin.tag, pin.year, pin.action, pin.source) for pin in self.pins)
        return PlanRequest(today, first, self.years, tuple(pots), self.rooms_first, pins, frozenset(self.excluded))

    def own_rules(self) -> Rules:
        """The school's rules, else those that come with SonCa. Raises SettingsError."""
        return read_rules(Path(self.rules)) if self.rules else shipped_rules()

    def own_prices(self) -> PriceList:
        """The school's price list, else the example that comes with SonCa. Raises SettingsError."""
        return read_prices(Path(self.prices)) if self.prices else shipped_prices()


def next_school_year(today: date) -> int:
    """The one that begins next: 2027 for 2027-2028. Money is asked for before it begins."""
    return today.year + (today.month >= FIRST_MONTH)


def read_plan_settings(path: Path) -> PlanSettings:
    """The file at `path`, checked, its paths made absolute. Raises SettingsError with file, line, key and hint."""
    settings, folder = read_settings(path, PlanSettings, _check), path.resolve().parent
    rules, prices = (str(folder / name) if name else "" for name in (settings.rules, settings.prices))
    return replace(settings, rules=rules, prices=prices)


def _check(settings: PlanSettings) -> None:
    if not settings.budgets:
        raise BadShape("budgets", "names no money", hint="write 0 as the amount where there is none yet")
