"""Every device of the plan with its reasons, what can be done about it, and what that is worth in which year. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.asset import Asset, AssetKind, Status
from inventory.evidence import Evidence
from inventory.plan.options import KEEP, Option, options_for
from inventory.plan.prices import PriceList
from inventory.plan.reasons import Reason, need, upgrade_reasons
from inventory.plan.request import PlanRequest, year_ends
from inventory.plan.rules import ReasonCode, Rules

POINTS = 10_000  # of need: what a device that is on in every lesson and of no use any more has in one year
SPARE: frozenset[Status] = frozenset({"idle", "in_stock"})
GOOD_DONOR, WORTH_MOVING = 0.3, 0.2  # the most need of an idle device that may come, the least of one it replaces


@dataclass(frozen=True)
class Offer:
    """An option and what it is worth: `gains[year]` are the points that it covers to the end, when done in that year.

    Later is never worth more. `first`: the first year in which it covers anything at once; sooner it would lie idle.
    """

    option: Option
    gains: tuple[int, ...]
    first: int


@dataclass(frozen=True)
class Candidate:
    """A device that the plan decides about. `needs`: its points of need in each year while nothing is done."""

    asset: Asset
    reasons: tuple[Reason, ...]
    evidence: Evidence | None
    needs: tuple[int, ...]
    offers: tuple[Offer, ...]
    weight: float  # by its use, from the rules

    @property
    def tag(self) -> str:
        return self.asset.tag


def candidates_of(
    assets: Sequence[Asset],
    evidence: Mapping[str, Evidence],
    rules: Rules,
    prices: PriceList,
    request: PlanRequest,
) -> list[Candidate]:
    """All owned assets. `evidence` by tag; which idle device may go where is settled here, whatever the money is."""
    ends = year_ends(request)
    owned = [asset for asset in assets if asset.owned and asset.status != "lost"]
    reasons = {
        asset.tag: tuple(upgrade_reasons(asset, evidence.get(asset.tag), rules, request.today)) for asset in owned
    }
    weights = {asset.tag: _weight(asset, evidence.get(asset.tag), rules) for asset in owned}
    donors = _donors(owned, reasons, weights, ends)
    promised = {tag for tag, _ in donors.values()}
    return [
        _candidate(
            asset,
            () if asset.tag in promised else reasons[asset.tag],
            evidence.get(asset.tag),
            weights[asset.tag],
            donors,
            prices,
            rules,
            ends,
        )
        for asset in owned
    ]


def _candidate(
    asset: Asset,
    reasons: tuple[Reason, ...],
    evidence: Evidence | None,
    weight: float,
    donors: Mapping[str, tuple[str, frozenset[ReasonCode]]],
    prices: PriceList,
    rules: Rules,
    ends: Sequence[date],
) -> Candidate:
    options = options_for(
        asset,
        reasons,
        prices,
        unused=_is_unused(asset, evidence, rules),
        worn=need(reasons, ends[-1] if ends else date.max) >= rules.worth_replacing,
        donor=donors.get(asset.tag),
    )
    needs = tuple(_points(reasons, weight, end) for end in ends)
    offers = [_offer(option, reasons, weight, needs, ends) for option in options if option is not KEEP]
    return Candidate(
        asset, reasons, evidence, needs, tuple(offer for offer in offers if max(offer.gains, default=0) > 0), weight
    )


def _offer(
    option: Option, reasons: tuple[Reason, ...], weight: float, needs: tuple[int, ...], ends: Sequence[date]
) -> Offer:
    left = [reason for reason in reasons if reason.code not in option.covers]
    covered = [max(0, before - _points(left, weight, end)) for before, end in zip(needs, ends, strict=True)]
    gains = tuple(sum(covered[year:]) for year in range(len(covered)))
    return Offer(option, gains, next((year for year, points in enumerate(covered) if points), len(covered)))


def _points(reasons: Sequence[Reason], weight: float, by: date) -> int:
    return round(POINTS * weight * need(reasons, by))


def _weight(asset: Asset, evidence: Evidence | None, rules: Rules) -> float:
    if asset.status in SPARE:
        return rules.use.weight(0)
    return rules.use.weight(evidence.used_percent if evidence else None)


def _is_unused(asset: Asset, evidence: Evidence | None, rules: Rules) -> bool:
    if asset.status in SPARE:
        return True
    return (
        evidence is not None and evidence.used_percent is not None and evidence.used_percent <= rules.use.unused_percent
    )


def _donors(
    assets: Sequence[Asset],
    reasons: Mapping[str, tuple[Reason, ...]],
    weights: Mapping[str, float],
    ends: Sequence[date],
) -> dict[str, tuple[str, frozenset[ReasonCode]]]:
    """Which idle device may come for which: the best ones to where the need is greatest, each to one place only."""
    until = ends[0] if ends else date.max
    needs = {asset.tag: need(reasons[asset.tag], until) for asset in assets}
    idle: dict[AssetKind, list[Asset]] = {}
    for asset in sorted(assets, key=lambda asset: (needs[asset.tag], asset.tag)):
        if asset.status in SPARE and needs[asset.tag] <= GOOD_DONOR and asset.condition in ("good", "worn"):
            idle.setdefault(asset.kind, []).append(asset)
    wanting = sorted(
        (asset for asset in assets if asset.status == "in_use" and needs[asset.tag] >= WORTH_MOVING),
        key=lambda asset: (-needs[asset.tag] * weights[asset.tag], asset.tag),
    )
    found = {}
    for asset in wanting:
        if idle.get(asset.kind):
            donor = idle[asset.kind].pop(0)
            found[asset.tag] = (donor.tag, frozenset(reason.code for reason in reasons[donor.tag]))
    return found
