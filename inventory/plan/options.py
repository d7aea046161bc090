"""What can be done about a device: keep it, repair a part, bring an idle one, replace it, or give it up. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from inventory.asset import Asset
from inventory.plan.prices import Part, PriceList
from inventory.plan.reasons import Reason
from inventory.plan.rules import CODES, ReasonCode

Action = Literal["keep", "repair", "move", "replace", "dispose"]


@dataclass(frozen=True)
class Option:
    """`covers`: the reasons that it takes away. `over_ceiling`: by how much it is dearer than may be paid, else 0.
    `needless`: the need is too small to buy anything new for it.
    """

    action: Action
    price: int = 0
    covers: frozenset[ReasonCode] = frozenset()
    parts: tuple[Part, ...] = ()
    donor: str = ""  # the tag of the idle device that comes instead
    over_ceiling: int = 0
    fixed_asset: bool = False  # goes into the book of fixed assets
    needless: bool = False

    @property
    def by_itself(self) -> bool:
        """Whether the plan may choose it; a person may pin any option."""
        return not self.over_ceiling and not self.needless

    @property
    def id(self) -> str:
        """What distinguishes it among the options of one device: `repair memory ssd`."""
        return " ".join((self.action, *(part.id for part in self.parts), *([self.donor] if self.donor else ())))


KEEP = Option("keep")
EVERY_REASON = frozenset(CODES)


def options_for(
    asset: Asset,
    reasons: Sequence[Reason],
    prices: PriceList,
    *,
    unused: bool = False,
    worn: bool = True,
    donor: tuple[str, frozenset[ReasonCode]] | None = None,
) -> list[Option]:
    """All that makes sense for it, keeping first. `worn`: its need is worth a new one. `donor`: tag of an idle device
    that may come, and its own reasons.
    """
    codes = frozenset(reason.code for reason in reasons)
    found = [KEEP, *_repairs(asset, codes, prices)]
    if codes and donor is not None:
        found.append(Option("move", covers=codes - donor[1], donor=donor[0]))
    if codes and unused:
        found.append(Option("dispose", covers=EVERY_REASON))
    elif codes and asset.kind in prices.replacements:
        found.append(_replacement(asset, prices, worn=worn))
    return found


def _replacement(asset: Asset, prices: PriceList, *, worn: bool) -> Option:
    price, ceiling = prices.replacements[asset.kind].amount, prices.ceilings.get(asset.kind)
    over = max(0, price - ceiling.amount) if ceiling else 0
    fixed = price >= prices.fixed_asset_from.amount
    return Option("replace", price, EVERY_REASON, over_ceiling=over, fixed_asset=fixed, needless=not worn)


def _repairs(asset: Asset, codes: frozenset[ReasonCode], prices: PriceList) -> Iterable[Option]:
    """Each part that helps, and all of them together, as long as a repair costs clearly less than a new device."""
    helping = [part for part in prices.parts if asset.kind in part.kinds and codes & set(part.covers)]
    baskets = [(part,) for part in helping] + ([tuple(helping)] if len(helping) > 1 else [])
    new = prices.replacements.get(asset.kind)
    for parts in baskets:
        price = sum(part.amount for part in parts)
        if new is None or 100 * price <= prices.repair_at_most_percent * new.amount:
            yield Option("repair", price, codes & set(chain.from_iterable(part.covers for part in parts)), parts)
