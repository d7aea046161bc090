"""What somebody asks of a plan by the address alone: what if there were less money, or this went first?"""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.asking import bad
from api.plans import SchoolPlan
from api.problems import Problem
from api.text import Text
from inventory.plan.make import make_plan
from inventory.plan.options import Action
from inventory.plan.request import Pin, PlanRequest, PlanTrouble
from inventory.plan.result import Plan
from inventory.plan.what_if import ACTIONS, Difference, difference, excluded, pinned, read_pin, room_first

MOST_PERCENT = 1_000
MOST_MONEY = 10**12

NOT_A_ROOM = Text("trường không có phòng «{got}»", "the school has no room “{got}”")
ROOM_HINT = Text("Các phòng: {names}.", "The rooms are: {names}.")
NOT_AN_ASSET = Text("sổ tài sản không có mã «{got}»", "the register has no asset “{got}”")
ASSET_HINT = Text("Dùng mã tài sản như trong sổ, ví dụ {example}.", "Use its tag as in the register, like {example}.")
NOT_A_PIN = Text("không hiểu «{got}»", "“{got}” says nothing")
PIN_HINT = Text(
    "Viết MÃ=VIỆC@NĂM, ví dụ TS-014=replace@2027; các việc: {actions}.",
    "Write TAG=ACTION@YEAR, like TS-014=replace@2027; actions are {actions}.",
)
NOT_A_YEAR = Text("{got} không phải là năm của kế hoạch", "{got} is no year of the plan")
YEAR_HINT = Text("Kế hoạch gồm các năm học bắt đầu từ {first} đến {last}.", "The plan has {first} to {last}.")
NOT_AN_ACTION = Text("{tag} không có cách xử lý «{got}»", "{tag} has no action “{got}”")
ACTION_HINT = Text("Có thể: {actions}.", "It can be: {actions}.")
TOO_DEAR = Text(
    "Kinh phí không đủ cho những việc đã chọn trước: {detail}.", "The money does not pay for what is chosen: {detail}."
)
TOO_DEAR_HINT = Text(
    "Bỏ chọn một việc, chuyển nó sang năm khác, hoặc tăng kinh phí của năm đó.",
    "Let one of them go, move it to another year, or give that year more.",
)


@dataclass(frozen=True)
class Wishes:
    """What if. Everything of it stands in the address, and nothing is kept."""

    percent: int = 100
    budget: int | None = None  # VND of each school year, in place of plan.yaml's
    rooms_first: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def address(self) -> str:
        """The query of the address that asks for this, empty where nothing is wished."""
        pairs = [("budget_percent", str(self.percent))] if self.percent != 100 else []
        pairs += [("budget", str(self.budget))] if self.budget is not None else []
        pairs += [("room_first", room) for room in self.rooms_first]
        pairs += [("pin", pin) for pin in self.pins] + [("exclude", tag) for tag in self.excluded]
        return urlencode(pairs)

    def and_pin(self, tag: str, action: str, year: int) -> "Wishes":
        """The same with one more pin, in place of an earlier one of that asset."""
        others = tuple(pin for pin in self.pins if not pin.startswith(f"{tag}="))
        left = tuple(other for other in self.excluded if other != tag)
        return replace(self, pins=(*others, f"{tag}={action}@{year}"), excluded=left)

    def and_exclude(self, tag: str) -> "Wishes":
        """The same without that asset."""
        others = tuple(pin for pin in self.pins if not pin.startswith(f"{tag}="))
        return replace(self, pins=others, excluded=(*self.excluded, tag))

    def path(self, base: str) -> str:
        """The whole address."""
        return f"{base}?{query}" if (query := self.address()) else base


@dataclass(frozen=True)
class Asked:
    """The plan with the wishes, and what they change against the one without; None where nothing is wished."""

    wishes: Wishes
    plan: Plan
    change: Difference | None


def _wishes(
    budget_percent: Annotated[
        int, Query(ge=0, le=MOST_PERCENT, description="what if there were so much of all money, %; 90 is a tenth less")
    ] = 100,
    budget: Annotated[
        str, Query(description="VND of each school year, in place of what plan.yaml has", pattern=r"^[\d. ]*$")
    ] = "",
    room_first: Annotated[list[str], Query(description="what if these rooms went first")] = [],  # noqa: B006
    pin: Annotated[list[str], Query(description="what if this were settled: TAG=ACTION@YEAR")] = [],  # noqa: B006
    exclude: Annotated[list[str], Query(description="what if these assets were left out")] = [],  # noqa: B006
    pin_tag: Annotated[str, Query(description="one more pin, as the page's form has it: its asset ...")] = "",
    pin_action: Annotated[str, Query(description="... its action ...")] = "",
    pin_year: Annotated[str, Query(description="... and the year in which its school year begins")] = "",
) -> Wishes:
    digits = budget.replace(".", "").replace(" ", "")
    pins = [*pin, f"{pin_tag}={pin_action}@{pin_year}"] if pin_tag else pin
    return Wishes(
        budget_percent,
        min(int(digits[:15]), MOST_MONEY) if digits else None,
        *(tuple(dict.fromkeys(filter(None, names))) for names in (room_first, pins, exclude)),
    )


AskedWishes = Annotated[Wishes, Depends(_wishes)]


def plan_with(found: SchoolPlan, wishes: Wishes) -> Asked:
    """The plan that is asked for. What-if is by the greedy rule, so that more money never covers less and an answer
    comes at once. Raises Problem (422) for a wish that cannot be met."""
    asked = _request(found, wishes)
    if asked == found.request:
        return Asked(wishes, found.plan, None)
    try:
        plan = make_plan(found.candidates, asked, method="greedy")
    except PlanTrouble as error:
        raise Problem(422, "too_dear", TOO_DEAR, TOO_DEAR_HINT, detail=error.sentence) from error
    return Asked(wishes, plan, difference(make_plan(found.candidates, found.request, method="greedy"), plan))


def _request(found: SchoolPlan, wishes: Wishes) -> PlanRequest:
    asked = _money(found.request, wishes)
    rooms = [room.id for room in found.school.rooms]
    for room in wishes.rooms_first:
        if room not in rooms:
            raise bad("room_first", NOT_A_ROOM, ROOM_HINT, got=room[:60], names=", ".join(rooms))
        asked = room_first(asked, room)
    for tag in wishes.excluded:
        _check_tag(found, "exclude", tag)
        asked = excluded(asked, tag)
    for written in wishes.pins:
        asked = pinned(asked, _pin(found, written))
    return asked


def _money(request: PlanRequest, wishes: Wishes) -> PlanRequest:
    if wishes.budget is not None:
        years = range(request.first_year, request.first_year + request.years)
        first = next(iter(request.pots), None)
        pots = tuple(replace(first, year=year, amount=wishes.budget, pays_for=()) for year in years) if first else ()
        request = replace(request, pots=pots)
    return request if wishes.percent == 100 else request.with_budget(wishes.percent)


def _pin(found: SchoolPlan, written: str) -> Pin:
    pin = read_pin(written)
    if pin is None:
        raise bad("pin", NOT_A_PIN, PIN_HINT, got=written[:60], actions=", ".join(ACTIONS))
    _check_tag(found, "pin", pin.tag)
    request, last = found.request, found.request.first_year + found.request.years - 1
    if not request.first_year <= pin.year <= last:
        raise bad("pin", NOT_A_YEAR, YEAR_HINT, got=str(pin.year), first=str(request.first_year), last=str(last))
    possible = actions_of(found, pin.tag)
    if pin.action not in possible:
        raise bad("pin", NOT_AN_ACTION, ACTION_HINT, tag=pin.tag, got=pin.action, actions=", ".join(possible))
    return pin


def actions_of(found: SchoolPlan, tag: str) -> list[Action]:
    """What can be settled for an asset."""
    offers = found.plan.candidates[tag].offers
    return [action for action in ACTIONS if action == "keep" or any(offer.option.action == action for offer in offers)]


def _check_tag(found: SchoolPlan, name: str, tag: str) -> None:
    if tag not in found.plan.candidates:
        example = next(iter(found.plan.candidates), "TS-001")
        raise bad(name, NOT_AN_ASSET, ASSET_HINT, got=tag[:60], example=example)
