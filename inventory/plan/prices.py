"""What things cost and the most that may be paid: an editable, dated YAML in which every price has its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from contract.settings_file import read_settings
from contract.shapes import Between, check_distinct
from inventory.asset import AssetKind
from inventory.end_of_support import Filled
from inventory.plan.rules import ReasonCode
from inventory.school import Date
from inventory.text import Text

SHIPPED = Path(__file__).parent / "prices.yaml"

Money = Annotated[int, Between(0, 10**12)]  # whole VND


@dataclass(frozen=True)
class Price:
    """An amount with where it comes from."""

    amount: Money
    source: Filled
    verified: bool


@dataclass(frozen=True)
class Part:
    """Something that is repaired or added: it takes the reasons of `covers` away from devices of these kinds."""

    id: Filled
    vi: Filled
    en: Filled
    kinds: tuple[AssetKind, ...]
    covers: tuple[ReasonCode, ...]
    amount: Money
    source: Filled
    verified: bool

    @property
    def name(self) -> Text:
        return Text(self.vi, self.en)


@dataclass(frozen=True)
class PriceList:
    """All prices, and the day on which they were looked through. A kind without a replacement is never replaced."""

    as_of: Date
    fixed_asset_from: Price
    ceilings: Mapping[AssetKind, Price]
    replacements: Mapping[AssetKind, Price]
    parts: tuple[Part, ...]
    repair_at_most_percent: Annotated[float, Between(0, 100)] = 60.0

    @property
    def unverified(self) -> list[str]:
        """The prices that nobody has read at their source yet, as `ceilings.computer`."""
        named: dict[str, Price | Part] = {
            "fixed_asset_from": self.fixed_asset_from,
            **{f"ceilings.{kind}": price for kind, price in self.ceilings.items()},
            **{f"replacements.{kind}": price for kind, price in self.replacements.items()},
            **{f"parts.{part.id}": part for part in self.parts},
        }
        return [name for name, price in named.items() if not price.verified]


def read_prices(path: Path) -> PriceList:
    """The price list at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, PriceList, _check)


@cache
def shipped_prices() -> PriceList:
    """The price list that comes with SonCa: an example."""
    return read_prices(SHIPPED)


def _check(prices: PriceList) -> None:
    check_distinct((f"parts[{index}].id", part.id) for index, part in enumerate(prices.parts))
