"""What assets are worth by the books on the 31 December of any year, past or future. Pure; whole VND.

Wear is straight-line and computed once a year, in December, for what is then in the books: the year in which an asset
was put to use counts whole, the year in which it left the books does not count. The last year takes what rounding left.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from inventory.asset import NOT_YET, Asset
from inventory.asset_rules import EARLIEST
from inventory.plan.reasons import years_later
from inventory.saying import Said
from inventory.wear_rules import Category, WearRules

LAST_YEAR = 2200


class NoBook(Exception):
    """There is no book of a year; `said` says why, and which years there are."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.sentence("en"))
        self.said = said


@dataclass(frozen=True)
class Worth:
    """One fixed asset in one year. `gone`: it left the books in this year, and wears no more.

    cost = worn + left, at all times; `worn_this_year` is a part of `worn`.
    """

    asset: Asset
    category: Category
    cost: int
    percent: float
    worn_this_year: int
    worn: int
    left: int
    gone: bool


@dataclass(frozen=True)
class Life:
    """How long an asset lasts by the books: `percent` of its cost wears a year. `ends`: None where no day is known."""

    years: int
    percent: float
    ends: date | None


@dataclass
class Books:
    """The assets of one year: fixed assets, tools below the threshold, and those of which too little is known."""

    year: int
    fixed: list[Worth] = field(default_factory=list)
    tools: list[Asset] = field(default_factory=list)
    incomplete: list[Asset] = field(default_factory=list)


def books_of(assets: Iterable[Asset], rules: WearRules, year: int) -> Books:
    """As of 31 December of `year`, in the order of the categories, then of the tags."""
    books = Books(year)
    for asset in sorted(assets, key=lambda asset: (rules.categories.index(rules.category(asset)), asset.tag)):
        since = put_to_use(asset)
        if asset.status in NOT_YET or (since and since.year > year) or _left(asset, year - 1):
            continue
        if asset.purchase_cost is None or since is None:
            books.incomplete.append(asset)
        elif asset.purchase_cost < rules.threshold.vnd:
            books.tools.append(asset)
        else:
            books.fixed.append(_worth(asset, asset.purchase_cost, since, rules, year))
    return books


def first_year(assets: Iterable[Asset]) -> int | None:
    """The year of the first book: that in which the oldest asset was put to use. None where no day is known."""
    days = (put_to_use(asset) for asset in assets if asset.status not in NOT_YET)
    return min((day.year for day in days if day), default=None)


def check_year(assets: Iterable[Asset], year: int) -> None:
    """Raises NoBook for a year before the first book, and for one past all use."""
    first = first_year(assets) or EARLIEST.year
    if not first <= year <= LAST_YEAR:
        raise NoBook(Said("no_book", year=str(year), first=first, last=LAST_YEAR))


def put_to_use(asset: Asset) -> date | None:
    """The day from whose year on it wears: when it was put to use, else when it was bought."""
    return asset.in_use_since or asset.purchase_date


def life_of(asset: Asset, rules: WearRules) -> Life:
    """Its own useful life where somebody wrote one down, else that of its kind, from the day it was put to use."""
    since, years = put_to_use(asset), rules.years(asset)
    return Life(years, 100 / years, years_later(since, years) if since else None)


def _left(asset: Asset, year: int) -> bool:
    """Whether it left the books in this year or before."""
    return asset.disposal_date is not None and asset.disposal_date.year <= year


def _worth(asset: Asset, cost: int, since: date, rules: WearRules, year: int) -> Worth:
    years = rules.years(asset)
    gone = _left(asset, year)
    worn = _worn(cost, years, year - since.year + (0 if gone else 1))
    before = _worn(cost, years, year - since.year)
    return Worth(asset, rules.category(asset), cost, 100 / years, worn - before, worn, cost - worn, gone)


def _worn(cost: int, years: int, passed: int) -> int:
    """Of `cost`, after so many whole years."""
    return cost if passed >= years else cost * max(0, passed) // years
