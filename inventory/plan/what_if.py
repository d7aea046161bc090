"""What would change: a little less or more money, a room first, an action settled, a device left out. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from inventory.plan.candidates import Candidate
from inventory.plan.make import Method, make_plan
from inventory.plan.options import Action
from inventory.plan.request import Pin, PlanRequest
from inventory.plan.result import Plan, Planned

LESS_PERCENT, MORE_PERCENT = 90, 110
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True)
class Difference:
    """From one plan to another. `moved`: the same action in another year, as (before, after)."""

    added: tuple[Planned, ...]
    dropped: tuple[Planned, ...]
    moved: tuple[tuple[Planned, Planned], ...]
    covered: int  # points more, or less
    cost: int  # VND more, or less


def budget_steps(
    candidates: Sequence[Candidate], request: PlanRequest, *, method: Method = "greedy"
) -> tuple[Plan, Plan]:
    """The plans of a tenth less and a tenth more money. By the greedy rule, so that more never covers less."""
    less, more = (
        make_plan(candidates, request.with_budget(percent), method=method) for percent in (LESS_PERCENT, MORE_PERCENT)
    )
    return less, more


def room_first(request: PlanRequest, room: str) -> PlanRequest:
    return replace(request, rooms_first=(*request.rooms_first, room))


def pinned(request: PlanRequest, pin: Pin) -> PlanRequest:
    """The request with this pin, in place of an earlier one of the same device."""
    others = tuple(other for other in request.pins if other.tag != pin.tag)
    return replace(request, pins=(*others, pin))


def read_pin(written: str) -> Pin | None:
    """TAG=ACTION@YEAR as a person writes it, with :SOURCE behind it where several may pay; None for anything else."""
    found = re.fullmatch(r"(.+)=(\w+)@(\d{4})(?::(.+))?", written)
    action = next((action for action in ACTIONS if found and action == found[2]), None)
    return Pin(found[1], int(found[3]), action, found[4] or "") if found and action else None


def excluded(request: PlanRequest, tag: str) -> PlanRequest:
    """The request without this device; its pin goes too."""
    return replace(
        request,
        excluded=request.excluded | {tag},
        pins=tuple(pin for pin in request.pins if pin.tag != tag),
    )


def difference(before: Plan, after: Plan) -> Difference:
    """What the second plan does otherwise than the first."""
    old = {(action.tag, action.option.id): action for action in before.actions}
    new = {(action.tag, action.option.id): action for action in after.actions}
    return Difference(
        tuple(action for key, action in new.items() if key not in old),
        tuple(action for key, action in old.items() if key not in new),
        tuple((old[key], action) for key, action in new.items() if key in old and old[key].year != action.year),
        after.covered - before.covered,
        after.cost - before.cost,
    )
