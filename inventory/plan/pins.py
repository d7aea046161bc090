"""What people settled: actions that stay whatever else is planned."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from inventory.plan.candidates import Candidate, Offer
from inventory.plan.options import Option
from inventory.plan.request import Pin, PlanRequest, PlanTrouble, Pot
from inventory.plan.result import Planned


def pinned(known: Mapping[str, Candidate], pin: Pin, request: PlanRequest) -> Planned:
    candidate = known_as(known, pin.tag, "pinned")
    index = request.index_of(pin.year)
    if not 0 <= index < request.years:
        raise PlanTrouble(f"{pin.tag} is pinned to {pin.year}, which is not a year of the plan", request.span)
    if pin.action == "keep":
        return Planned(pin.tag, pin.year, pin.source, Option("keep"), 0, pinned=True)
    fitting = [offer for offer in candidate.offers if offer.option.action == pin.action]
    if not fitting:
        actions = ", ".join(sorted({offer.option.action for offer in candidate.offers} | {"keep"}))
        raise PlanTrouble(f"{pin.tag} cannot be pinned to {pin.action}", f"it can be: {actions}")
    offer: Offer = max(fitting, key=lambda offer: (offer.gains[index], -offer.option.price))
    pot = next((pot for pot in request.stages() if _fits(pot, pin)), None)
    if pot is None and offer.option.price:
        raise PlanTrouble(f"no money of {pin.year} may pay for {pin.tag}", "add a pot, or pin another action")
    return Planned(pin.tag, pin.year, pot.source if pot else "", offer.option, offer.gains[index], pinned=True)


def _fits(pot: Pot, pin: Pin) -> bool:
    return pot.year == pin.year and pot.pays(pin.action) and pin.source in ("", pot.source)


def known_as(known: Mapping[str, Candidate], tag: str, what: str) -> Candidate:
    if tag not in known:
        raise PlanTrouble(f"{tag} is {what}, but is not a device of the plan", "its asset tag, as in the register")
    return known[tag]


def without_pinned(request: PlanRequest, settled: Sequence[Planned]) -> list[Pot]:
    """The pots without what is pinned."""
    stages = []
    for pot in request.stages():
        taken = [action for action in settled if (action.year, action.source) == (pot.year, pot.source)]
        left = pot.amount - sum(action.option.price for action in taken)
        if left < 0:
            tags = ", ".join(action.tag for action in taken)
            raise PlanTrouble(
                f"what is pinned to {pot.year} ({tags}) costs {-left:,} VND more than there is",
                "unpin one of them, pin it to another year, or give that year more",
            )
        stages.append(replace(pot, amount=left))
    return stages
