"""The plan: what holds for every school and every amount of money."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.asset import Asset
from inventory.plan import exact
from inventory.plan.candidates import Candidate, Offer, candidates_of
from inventory.plan.explain import warnings
from inventory.plan.make import Method, make_plan
from inventory.plan.options import Action, Option
from inventory.plan.prices import shipped_prices
from inventory.plan.request import Pin, PlanRequest, PlanTrouble, Pot
from inventory.plan.result import Plan
from inventory.plan.rules import shipped_rules
from tests.equipped_school import MILLION, TODAY, candidates, equipped, request

YEARS = 3
ACTIONS: tuple[Action, ...] = ("repair", "replace")


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    covered = draw(st.lists(st.integers(0, 50), min_size=YEARS, max_size=YEARS))
    gains = tuple(sum(covered[year:]) for year in range(YEARS))
    first = next((year for year, points in enumerate(covered) if points), YEARS)
    action, price = draw(st.sampled_from(ACTIONS)), draw(st.integers(0, 30))
    over = draw(st.sampled_from((0, 0, 1, 7))) if action == "replace" else 0
    return Offer(Option(action, price, over_ceiling=over), gains, first)


@st.composite
def devices(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for place in range(draw(st.integers(0, 9))):
        options = tuple(offer for offer in draw(st.lists(offers(), min_size=1, max_size=3)) if offer.gains[0])
        needs = (150,) * YEARS
        found.append(
            Candidate(Asset(f"a-{place}", "computer", "PC", room=f"r-{place % 3}"), (), None, needs, options, 1)
        )
    return found


METHODS: tuple[Method, ...] = ("greedy", "exact")
Pots = list[tuple[int, int, tuple[Action, ...]]]  # year, amount, what it pays for
POTS = st.lists(
    st.tuples(st.integers(0, YEARS - 1), st.integers(0, 60), st.sampled_from(((), ("repair",), ("replace",)))),
    min_size=1,
    max_size=4,
)


def asked(pots: Pots, **more: Any) -> PlanRequest:
    money = tuple(Pot(2027 + year, amount, f"s-{place}", pays) for place, (year, amount, pays) in enumerate(pots))
    return PlanRequest(TODAY, 2027, YEARS, money, **more)


def check_plan(plan: Plan) -> None:
    """What every plan promises."""
    for pot in plan.request.pots:
        assert plan.left(pot) >= 0
        paid = [action for action in plan.actions if (action.year, action.source) == (pot.year, pot.source)]
        assert all(pot.pays(action.option.action) for action in paid)
    assert len({action.tag for action in plan.actions}) == len(plan.actions)
    dear = [action for action in plan.actions if action.option.over_ceiling]
    assert all(action.pinned for action in dear)
    assert [tag for tag, _ in warnings(plan)] == [action.tag for action in dear]
    assert 0 <= plan.covered <= (plan.covered if plan.bound is None else plan.bound)
    assert not plan.request.excluded & {action.tag for action in plan.actions}


@settings(max_examples=40, deadline=None)
@given(devices(), POTS)
def test_no_pot_is_overspent_and_no_device_gets_two_actions(found: list[Candidate], pots: Pots) -> None:
    check_plan(make_plan(found, asked(pots), method="greedy"))


@settings(max_examples=250, deadline=None)
@given(devices(), POTS, st.data())
def test_more_money_never_covers_less(found: list[Candidate], pots: Pots, data: st.DataObject) -> None:
    more = [(year, amount + data.draw(st.integers(0, 20)), pays) for year, amount, pays in pots]
    plans = [make_plan(found, asked(money), method="greedy") for money in (pots, more)]
    assert plans[0].covered <= plans[1].covered


@settings(max_examples=20, deadline=None)
@given(devices(), POTS)
def test_the_solver_is_never_worse_and_its_bound_holds(found: list[Candidate], pots: Pots) -> None:
    greedy, best = (make_plan(found, asked(pots), method=method) for method in METHODS)
    check_plan(best)
    assert greedy.covered <= best.covered
    assert best.bound is not None
    assert greedy.bound is not None
    assert best.covered <= greedy.bound
    assert greedy.covered <= best.bound


@settings(max_examples=40, deadline=None)
@given(devices().filter(lambda found: any(entry.offers for entry in found)), POTS, st.data())
def test_a_pinned_action_stays(found: list[Candidate], pots: Pots, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from([entry for entry in found if entry.offers]))
    action = data.draw(st.sampled_from(chosen.offers)).option.action
    year = data.draw(st.integers(2027, 2026 + YEARS))
    pots = [*pots, (year - 2027, 30, ())]
    pin = Pin(chosen.tag, year, action, f"s-{len(pots) - 1}")
    plan = make_plan(found, asked(pots, pins=(pin,)), method="greedy")
    check_plan(plan)
    kept = plan.of(chosen.tag)
    assert kept is not None
    assert (kept.year, kept.option.action, kept.pinned) == (year, action, True)


@settings(max_examples=30, deadline=None)
@given(devices(), POTS, st.integers(0, 8))
def test_what_is_excluded_stays_out(found: list[Candidate], pots: Pots, place: int) -> None:
    tags = frozenset(entry.tag for entry in found[place : place + 1])
    check_plan(make_plan(found, asked(pots, excluded=tags), method="greedy"))


def test_a_room_that_goes_first_is_covered_better() -> None:
    found = candidates(100)
    plain, first = (make_plan(found, request(20, rooms_first=rooms), method="greedy") for rooms in ((), ("room-3",)))
    rooms = {entry.tag: entry.asset.room for entry in found}
    before, after = (
        sum(action.points for action in plan.actions if rooms[action.tag] == "room-3") for plan in (plain, first)
    )
    assert after > before
    check_plan(first)
    assert (first.gap, make_plan(found, first.request, method="exact").method) == (None, "greedy")


def test_what_a_room_that_goes_first_leaves_is_spent_on_the_others() -> None:
    found = candidates(60)
    plain, first = (make_plan(found, request(20, rooms_first=rooms), method="greedy") for rooms in ((), ("room-3",)))
    assert first.cost > 0.9 * plain.cost
    assert first.covered > 0.7 * plain.covered


def test_a_solver_without_time_leaves_the_greedy_plan() -> None:
    greedy, hurried = (make_plan(candidates(60), request(50), method=method, seconds=0) for method in METHODS)
    check_plan(hurried)
    assert hurried.covered >= greedy.covered


@pytest.mark.parametrize("method", ["greedy", "exact"])
@pytest.mark.parametrize(("count", "millions"), [(60, 50), (200, 150)])
def test_a_school_is_planned_close_to_the_best_that_is_possible(count: int, millions: int, method: Method) -> None:
    plan = make_plan(candidates(count), request(millions), method=method, seconds=300)
    check_plan(plan)
    assert plan.method == method
    assert plan.gap is not None
    assert plan.gap < (0.01 if method == "exact" else 0.25)  # the greedy rule's own bound is a rough one
    assert {action.option.action for action in plan.actions} >= {"repair", "replace"}


def test_the_greedy_plan_of_a_school_is_close_to_the_solvers() -> None:
    greedy, best = (make_plan(candidates(60), request(50), method=method, seconds=300) for method in METHODS)
    assert greedy.covered >= 0.96 * best.covered


def test_money_grows_and_so_does_what_is_covered() -> None:
    found = candidates(60)
    covered = [make_plan(found, request(millions), method="greedy").covered for millions in (0, 5, 10, 20, 40, 80, 400)]
    assert all(less <= more for less, more in pairwise(covered))
    assert covered[0] < covered[-1]


def test_without_money_only_what_is_free_is_done() -> None:
    plan = make_plan(candidates(60), request(0))
    assert {action.option.action for action in plan.actions} <= {"move", "dispose"}
    assert plan.cost == 0


def test_what_is_dearer_than_its_ceiling_is_only_done_when_it_is_pinned() -> None:
    prices = shipped_prices()
    dear = replace(
        prices,
        replacements={**prices.replacements, "computer": replace(prices.ceilings["computer"], amount=16 * MILLION)},
    )
    assets, evidence = equipped(60)
    found = candidates_of(assets, evidence, shipped_rules(), dear, request(200))
    plan = make_plan(found, request(200), method="greedy")
    assert not any(action.option.over_ceiling for action in plan.actions)
    assert warnings(plan) == []
    tag = next(entry.tag for entry in found if any(offer.option.over_ceiling for offer in entry.offers))
    pinned = make_plan(found, request(200, pins=(Pin(tag, 2027, "replace"),)), method="greedy")
    assert [(name, remark.values) for name, remark in warnings(pinned)] == [(tag, {"amount": MILLION})]


def test_without_the_solver_the_greedy_rule_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "available", lambda: False)
    assert make_plan(candidates(10), request(20)).method == "greedy"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"pins": (Pin("nobody", 2027, "replace"),)}, "nobody is pinned, but is not a device of the plan"),
        ({"excluded": frozenset({"nobody"})}, "nobody is excluded, but is not a device of the plan"),
        ({"pins": (Pin("TS-0000", 2035, "replace"),)}, "TS-0000 is pinned to 2035, which is not a year of the plan"),
        ({"pins": (Pin("TS-0000", 2027, "move"),)}, "TS-0000 cannot be pinned to move"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(wish: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PlanTrouble) as refusal:
        make_plan(candidates(5), request(50, **wish), method="greedy")
    assert refusal.value.sentence == sentence
    assert refusal.value.hint


def test_pins_that_cost_more_than_there_is_are_refused() -> None:
    found = candidates(20)
    dear = [entry.tag for entry in found if any(offer.option.action == "replace" for offer in entry.offers)][:2]
    pins = tuple(Pin(tag, 2027, "replace") for tag in dear)
    with pytest.raises(PlanTrouble, match=f"what is pinned to 2027 \\({dear[0]}, {dear[1]}\\) costs .* VND more"):
        make_plan(found, request(5, pins=pins), method="greedy")


@pytest.mark.parametrize(
    ("years", "pots", "sentence"),
    [
        (2, (), "a plan over 2 years"),
        (6, (), "a plan over 6 years"),
        (3, (Pot(2031, 5),), "there is money for 2031, which is not a year of the plan"),
        (3, (Pot(2027, -1),), "the money of 2027 is less than nothing"),
        (3, (Pot(2027, 1), Pot(2027, 2)), "the money of 2027 from one source is given twice"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(years: int, pots: tuple[Pot, ...], sentence: str) -> None:
    with pytest.raises(PlanTrouble) as refusal:
        PlanRequest(TODAY, 2027, years, pots)
    assert refusal.value.sentence == sentence
