"""The plan answers for itself: why this, why not that, what a little more money would buy. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inventory.phrase import Filling, Phrase
from inventory.plan.candidates import Candidate, Offer
from inventory.plan.request import Pot
from inventory.plan.result import Plan, Planned
from inventory.plan.words import (
    BEYOND_EVERY_POT,
    COVERS,
    EXCLUDED,
    FREE,
    LESS_FOR_MONEY,
    NO_MONEY_LEFT,
    NO_NEED,
    NO_OPTION,
    OVER_CEILING,
    PINNED,
    PINNED_OVER_CEILING,
    PLANNED_ALREADY,
    TOO_LITTLE_NEED,
)
from inventory.text import Text

MILLION = 1_000_000
NEXT_MONEY = 10 * MILLION  # VND


@dataclass(frozen=True)
class Remark:
    """A sentence with its numbers."""

    text: Text
    values: Mapping[str, Filling] = field(default_factory=dict)

    def said(self, phrase: Phrase) -> str:
        return phrase(self.text, **self.values)


def why(plan: Plan, action: Planned) -> Remark:
    """Why this is in the plan, beside the device's own reasons."""
    if action.pinned:
        return Remark(PINNED)
    whole = sum(plan.candidates[action.tag].needs) or 1
    percent = round(100 * action.points / whole)
    if not action.option.price:
        return Remark(FREE, {"percent": percent})
    return Remark(COVERS, {"percent": percent, "points": round(_per_million(action.points, action.option.price))})


def why_not(plan: Plan, tag: str) -> Remark:
    """Why nothing is planned for a device. Raises KeyError for a tag that the plan does not have."""
    candidate = plan.candidates[tag]
    planned = plan.of(tag)
    if planned is not None:
        return Remark(PLANNED_ALREADY, {"year": school_year(planned.year)})
    if tag in plan.request.excluded:
        return Remark(EXCLUDED)
    if not any(candidate.needs):
        return Remark(NO_NEED)
    if not candidate.offers:
        return Remark(NO_OPTION)
    offers = [offer for offer in candidate.offers if offer.option.by_itself]
    if not offers and any(offer.option.needless for offer in candidate.offers):
        return Remark(TOO_LITTLE_NEED)
    if not offers:
        least = min(offer.option.over_ceiling for offer in candidate.offers)
        return Remark(OVER_CEILING, {"amount": least})
    return _for_want_of_money(plan, candidate, min(offers, key=lambda offer: offer.option.price))


def _for_want_of_money(plan: Plan, candidate: Candidate, cheapest: Offer) -> Remark:
    price = cheapest.option.price
    pots = [pot for pot in plan.request.pots if pot.pays(cheapest.option.action)]
    if price > max((pot.amount for pot in pots), default=0):
        return Remark(BEYOND_EVERY_POT, {"amount": price})
    here, others = _compared(plan, candidate, next(pot for pot in pots if pot.amount >= price))
    if here < others:
        return Remark(LESS_FOR_MONEY, {"points": round(here), "others": round(others)})
    return Remark(NO_MONEY_LEFT, {"amount": price, "left": max(plan.left(pot) for pot in pots)})


def _compared(plan: Plan, candidate: Candidate, pot: Pot) -> tuple[float, float]:
    """What a million of this pot covers here at best, and at least where it is spent."""
    index = plan.request.index_of(pot.year)
    here = max(_per_million(offer.gains[index], offer.option.price) for offer in candidate.offers)
    taken = [
        _per_million(action.points, action.option.price)
        for action in plan.actions
        if (action.year, action.source) == (pot.year, pot.source) and action.option.price and not action.pinned
    ]
    return here, min(taken, default=0.0)


def would_buy(plan: Plan, year: int, amount: int = NEXT_MONEY) -> list[Planned]:
    """What so much more in that year would buy, with what is left of its pots, while all that is planned stays.

    `amount` 0: what the rest of that year's money still pays for.
    """
    index = plan.request.index_of(year)
    money = amount + sum(plan.left(pot) for pot in plan.request.pots if pot.year == year and not pot.pays_for)
    found: list[Planned] = []
    for rate, tag, offer in sorted(_open_offers(plan, index), key=lambda entry: (-entry[0], entry[1])):
        taken = any(action.tag == tag for action in found)
        if rate and not taken and offer.option.price <= money:
            money -= offer.option.price
            found.append(Planned(tag, year, "", offer.option, offer.gains[index]))
    return found


def _open_offers(plan: Plan, index: int) -> Iterator[tuple[float, str, Offer]]:
    planned = {action.tag for action in plan.actions}
    for tag, candidate in plan.candidates.items():
        if tag in planned or tag in plan.request.excluded:
            continue
        for offer in candidate.offers:
            if offer.first <= index and offer.option.by_itself:
                yield _per_million(offer.gains[index], offer.option.price), tag, offer


def warnings(plan: Plan) -> list[tuple[str, Remark]]:
    """What a person should know before signing: tag and sentence of each action that is dearer than may be paid."""
    return [
        (action.tag, Remark(PINNED_OVER_CEILING, {"amount": action.option.over_ceiling}))
        for action in plan.actions
        if action.option.over_ceiling
    ]


def school_year(year: int) -> str:
    """2027 is "2027-2028"."""
    return f"{year}-{year + 1}"


def _per_million(points: int, price: int) -> float:
    """Points that a million VND covers; as if it cost one VND where it is free."""
    return points * MILLION / max(1, price)
