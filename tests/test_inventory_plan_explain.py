"""The plan answers for itself, and says what would change."""

from dataclasses import replace
from typing import Any

import pytest

from inventory.phrase import Phrase
from inventory.plan.explain import NEXT_MONEY, school_year, why, why_not, would_buy
from inventory.plan.make import make_plan
from inventory.plan.request import Pin, Pot, year_ends
from inventory.plan.result import Plan
from inventory.plan.rules import shipped_rules
from inventory.plan.told import told
from inventory.plan.what_if import budget_steps, difference, excluded, pinned, room_first
from inventory.plan.words import NO_NEED, PINNED
from inventory.text import Language
from tests.equipped_school import MILLION, candidates, request

FOUND = candidates(60)
EN = Phrase(Language.EN)


def planned(millions: int = 20, **wishes: Any) -> Plan:
    return make_plan(FOUND, request(millions, **wishes), method="greedy")


def test_every_device_of_the_plan_says_why_and_every_other_why_not() -> None:
    plan = planned()
    for action in plan.actions:
        assert "% of its need" in why(plan, action).said(EN).replace("\N{NO-BREAK SPACE}", " ")
        assert why_not(plan, action.tag).said(EN) == f"is in the plan for {school_year(action.year)}"
    others = [entry.tag for entry in FOUND if plan.of(entry.tag) is None]
    said = {why_not(plan, tag).said(EN) for tag in others}
    assert others
    assert all(said)


def test_why_not_names_the_money_that_is_missing() -> None:
    plan = planned(1)
    dear = next(e for e in FOUND if e.offers and min(offer.option.price for offer in e.offers) > 10 * MILLION)
    cheapest = min(offer.option.price for offer in dear.offers)
    assert why_not(plan, dear.tag).said(EN) == f"needs {cheapest:,} VND, more than any year has"
    poor = planned(12)
    waiting = [entry.tag for entry in FOUND if poor.of(entry.tag) is None]
    assert any("points here, and at least" in why_not(poor, tag).said(EN) for tag in waiting)


def test_why_not_names_what_a_year_has_left() -> None:
    one = next(e for e in FOUND if e.offers and min(offer.option.price for offer in e.offers) > 10 * MILLION)
    twin = replace(one, asset=replace(one.asset, tag="twin"))
    plan = make_plan([one, twin], replace(request(), pots=(Pot(2027, 20 * MILLION),)), method="greedy")
    [waiting] = {one.tag, "twin"} - {action.tag for action in plan.actions}
    price = min(offer.option.price for offer in one.offers)
    assert why_not(plan, waiting).said(EN) == (
        f"needs {price:,} VND, and the most that a year has left is {20 * MILLION - price:,}"
    )


def test_why_not_tells_what_has_no_need_from_what_was_left_out() -> None:
    plan = planned(excluded=frozenset({FOUND[0].tag}))
    assert why_not(plan, FOUND[0].tag).said(EN) == "the school took it out of the plan"
    well = replace(FOUND[1], needs=(0, 0, 0, 0), offers=())
    assert why_not(make_plan([well], request(), method="greedy"), well.tag).text is NO_NEED


def test_what_is_pinned_says_so() -> None:
    tag = next(entry.tag for entry in FOUND if any(offer.option.action == "replace" for offer in entry.offers))
    plan = planned(pins=(Pin(tag, 2028, "replace"),))
    action = plan.of(tag)
    assert action is not None
    assert why(plan, action).text is PINNED


def test_the_next_ten_million_buy_what_is_not_planned_and_what_they_can_pay() -> None:
    plan = planned(10)
    bought = would_buy(plan, 2027)
    assert bought
    assert sum(action.option.price for action in bought) <= NEXT_MONEY + plan.left(plan.request.pots[0])
    assert not {action.tag for action in bought} & {action.tag for action in plan.actions}
    assert len({action.tag for action in bought}) == len(bought)
    more = make_plan(
        FOUND, replace(plan.request, pots=(Pot(2027, 20 * MILLION), *plan.request.pots[1:])), method="greedy"
    )
    assert more.covered > plan.covered


def test_a_tenth_more_covers_no_less_and_a_tenth_less_no_more() -> None:
    plan = planned(30)
    less, more = budget_steps(FOUND, plan.request)
    assert less.covered <= plan.covered <= more.covered
    assert [pot.amount for pot in more.request.pots] == [33 * MILLION] * 4


def test_a_difference_names_what_comes_what_goes_and_what_moves() -> None:
    before = planned(30)
    tag = before.actions[0].tag
    after = make_plan(FOUND, excluded(before.request, tag), method="greedy")
    changed = difference(before, after)
    assert tag in {action.tag for action in changed.dropped}
    assert changed.covered == after.covered - before.covered < 0
    assert len(after.actions) == len(before.actions) + len(changed.added) - len(changed.dropped)
    assert difference(before, before) == replace(changed, added=(), dropped=(), moved=(), covered=0, cost=0)


def test_wishes_are_added_to_a_request() -> None:
    wished = pinned(pinned(request(), Pin("a", 2027, "replace")), Pin("a", 2028, "repair"))
    assert wished.pins == (Pin("a", 2028, "repair"),)
    assert excluded(wished, "a").pins == ()
    assert room_first(wished, "la-1").rooms_first == ("la-1",)


@pytest.mark.parametrize("years", [3, 5])
def test_school_years_end_in_august(years: int) -> None:
    ends = year_ends(request(years=years))
    assert [str(end) for end in ends] == [f"{2028 + year}-08-31" for year in range(years)]


def test_the_bound_is_always_told_and_a_rough_one_is_called_so() -> None:
    plan = planned()
    for bound, words in (
        (plan.covered, "more than 0% beyond this."),
        (2 * plan.covered, "50% beyond this, by a rough bound."),
    ):
        lines = told(replace(plan, bound=bound), (plan, plan), shipped_rules(), EN)
        assert any(words in line for line in lines)
    assert not any("beyond this" in line for line in told(replace(plan, bound=None), (plan, plan), shipped_rules(), EN))
