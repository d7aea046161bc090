"""How fast assets wear by the books: a dated table with its sources, which a school may replace by its own."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, get_args

from contract.settings_file import read_settings
from contract.shapes import BadShape, Between, check_distinct
from inventory.asset import Asset, AssetKind
from inventory.end_of_support import Filled, check_source
from inventory.school import Date

SHIPPED = Path(__file__).parent / "wear_rules.yaml"
Source = Annotated[str, check_source]


@dataclass(frozen=True)
class Threshold:
    """The cost from which on an item is a fixed asset."""

    vnd: Annotated[int, Between(0, 10**12)]
    source: Source
    verified: bool


@dataclass(frozen=True)
class Category:
    """Kinds of assets that wear alike; `name` is the title of their group in the books."""

    name: Filled
    kinds: tuple[AssetKind, ...]
    years: Annotated[int, Between(1, 50)]
    source: Source
    verified: bool


@dataclass(frozen=True)
class WearRules:
    """All categories, each kind of asset in exactly one, and the day on which they were looked up."""

    as_of: Date
    threshold: Threshold
    categories: tuple[Category, ...]

    @cached_property
    def _of_kind(self) -> dict[AssetKind, Category]:
        return {kind: category for category in self.categories for kind in category.kinds}

    def category(self, asset: Asset) -> Category:
        return self._of_kind[asset.kind]

    def years(self, asset: Asset) -> int:
        """The useful life of an asset: its own where somebody wrote one down."""
        return asset.useful_life_years or self.category(asset).years


def read_wear_rules(path: Path) -> WearRules:
    """The rules at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, WearRules, _check)


@cache
def shipped_wear_rules() -> WearRules:
    """The rules that come with SonCa."""
    return read_wear_rules(SHIPPED)


def _check(rules: WearRules) -> None:
    check_distinct(
        (f"categories[{index}].kinds[{position}]", kind)
        for index, category in enumerate(rules.categories)
        for position, kind in enumerate(category.kinds)
    )
    missing = [kind for kind in get_args(AssetKind) if all(kind not in entry.kinds for entry in rules.categories)]
    if missing:
        raise BadShape("categories", f"has no category for {', '.join(missing)}", hint="add each kind to one of them")
