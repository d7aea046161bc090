"""What can be done about a device, at which price, and what it is worth."""

from dataclasses import replace
from datetime import date

import pytest

from inventory.asset import Asset
from inventory.evidence import Evidence
from inventory.phrase import Phrase
from inventory.plan.candidates import Candidate, candidates_of
from inventory.plan.explain import why_not
from inventory.plan.make import make_plan
from inventory.plan.options import EVERY_REASON, KEEP, options_for
from inventory.plan.prices import shipped_prices
from inventory.plan.reasons import Reason
from inventory.plan.request import Pin
from inventory.plan.rules import ReasonCode, shipped_rules
from inventory.plan.words import said
from inventory.text import Language
from tests.equipped_school import MILLION, TODAY, request

PRICES = shipped_prices()
PC = Asset("pc-1", "computer", "PC", room="la-1", in_use_since=date(2025, 1, 1))


def because_of(*codes: ReasonCode) -> list[Reason]:
    return [Reason(code, TODAY, 0.5) for code in codes]


def ids(*codes: ReasonCode, asset: Asset = PC, **more: object) -> list[str]:
    return [option.id for option in options_for(asset, because_of(*codes), PRICES, **more)]  # type: ignore[arg-type]


def test_without_a_reason_a_device_is_kept() -> None:
    assert options_for(PC, [], PRICES, unused=True) == [KEEP]


def test_the_parts_that_help_are_offered_alone_and_together() -> None:
    assert ids("memory") == ["keep", "repair memory", "replace"]
    assert ids("memory", "disk_space") == ["keep", "repair memory", "repair ssd", "repair memory ssd", "replace"]
    assert ids("age") == ["keep", "replace"]
    assert ids("wifi") == ["keep", "repair access_point", "replace"]
    assert ids("room") == ["keep", "repair cable", "replace"]
    assert ids("lamp", asset=replace(PC, kind="projector")) == ["keep", "repair lamp", "replace"]


def test_nothing_new_is_bought_for_an_ended_warranty_unless_a_person_says_so() -> None:
    well = replace(PC, purchase_date=date(2024, 1, 1), warranty_months=12, useful_life_years=20)
    [ended] = candidates_of([well], {}, shipped_rules(), PRICES, request(20))
    assert [(offer.option.id, offer.option.needless) for offer in ended.offers] == [("replace", True)]
    plan = make_plan([ended], request(20), method="greedy")
    assert plan.actions == ()
    assert why_not(plan, "pc-1").said(Phrase(Language.EN)) == "its need is too small to buy anything new"
    pinned = make_plan([ended], request(20, pins=(Pin("pc-1", 2027, "replace"),)), method="greedy")
    assert [action.option.id for action in pinned.actions] == ["replace"]


def test_a_part_takes_its_reasons_away_and_a_new_device_all() -> None:
    options = options_for(PC, because_of("memory", "disk_space", "age"), PRICES)
    covered = {option.id: option.covers for option in options}
    assert covered["repair memory ssd"] == {"memory", "disk_space"}
    assert covered["replace"] == EVERY_REASON
    both = next(option for option in options if option.id == "repair memory ssd")
    assert both.price == sum(part.amount for part in both.parts)


def test_a_repair_that_costs_nearly_a_new_device_is_not_offered() -> None:
    strict = replace(PRICES, repair_at_most_percent=5)
    assert [option.id for option in options_for(PC, because_of("memory", "disk_space"), strict)] == ["keep", "replace"]


def test_a_device_that_nobody_uses_may_be_given_up_and_is_not_replaced() -> None:
    assert ids("age", unused=True) == ["keep", "dispose"]


def test_an_idle_device_takes_away_what_it_does_not_have_itself() -> None:
    options = options_for(PC, because_of("memory", "age"), PRICES, donor=("pc-9", frozenset({"age"})))
    move = next(option for option in options if option.action == "move")
    assert (move.price, move.donor) == (0, "pc-9")
    assert move.covers == {"memory"}


def test_what_is_dearer_than_its_ceiling_says_by_how_much() -> None:
    dear = replace(PRICES, replacements={"computer": replace(PRICES.ceilings["computer"], amount=17 * MILLION)})
    [new] = [option for option in options_for(PC, because_of("age"), dear) if option.action == "replace"]
    assert (new.over_ceiling, new.fixed_asset) == (2 * MILLION, True)


def test_what_costs_less_than_the_threshold_is_no_fixed_asset() -> None:
    [new] = [option for option in options_for(replace(PC, kind="switch"), because_of("room"), PRICES) if option.price]
    assert not new.fixed_asset


def test_what_has_no_price_is_never_replaced() -> None:
    assert ids("age", asset=replace(PC, kind="other")) == ["keep"]


def made(assets: list[Asset], **evidence: Evidence) -> dict[str, Candidate]:
    tags = {
        asset.tag: evidence[asset.tag.replace("-", "_")] for asset in assets if asset.tag.replace("-", "_") in evidence
    }
    return {entry.tag: entry for entry in candidates_of(assets, tags, shipped_rules(), PRICES, request(years=3))}


def test_use_weighs_need() -> None:
    busy, seldom = (
        Evidence(TODAY, used_percent=90, memory_pressed_percent=70),
        Evidence(TODAY, used_percent=5, memory_pressed_percent=70),
    )
    found = made([PC, replace(PC, tag="pc-2")], pc_1=busy, pc_2=seldom)
    assert found["pc-1"].needs[0] > 3 * found["pc-2"].needs[0]


def test_a_need_that_comes_later_is_covered_from_then_on_only() -> None:
    ends = date(2029, 5, 1)  # in the school year 2028-2029
    evidence = Evidence(TODAY, used_percent=50, system="Windows 10 Pro", support_ends_on=ends)
    found = made([replace(PC, in_use_since=None)], pc_1=evidence)["pc-1"]
    assert [points > 0 for points in found.needs] == [False, True, True]
    offer = next(offer for offer in found.offers if offer.option.id == "repair system")
    assert offer.first == 1
    assert offer.gains[0] == offer.gains[1] > offer.gains[2]


def test_an_idle_device_goes_where_the_need_is_greatest_and_to_one_place_only() -> None:
    idle = replace(PC, tag="pc-9", status="idle")
    bad = Evidence(TODAY, used_percent=80, disk_failing=True)
    worse = Evidence(TODAY, used_percent=80, disk_failing=True, memory_pressed_percent=90)
    found = made([PC, replace(PC, tag="pc-2"), idle], pc_1=bad, pc_2=worse)
    moves = {tag: [offer.option.donor for offer in entry.offers if offer.option.donor] for tag, entry in found.items()}
    assert moves == {"pc-1": [], "pc-2": ["pc-9"], "pc-9": []}
    assert found["pc-9"].offers == ()


@pytest.mark.parametrize("status", ["disposed", "transferred", "planned", "ordered", "lost"])
def test_what_the_school_does_not_have_is_not_planned(status: str) -> None:
    assert made([replace(PC, status=status)]) == {}  # type: ignore[arg-type]


def test_an_action_is_said_by_its_parts_its_donor_or_its_word() -> None:
    options = options_for(PC, because_of("memory", "disk_space"), PRICES, donor=("pc-9", frozenset()))
    vi, en = ([said(option, Phrase(language)) for option in options] for language in (Language.VI, Language.EN))
    assert vi[3:] == ["thêm bộ nhớ, thay ổ SSD", "điều chuyển pc-9 đang để không tới đây", "thay mới"]
    assert en == ["keep", "more memory", "new SSD", "more memory, new SSD", "bring pc-9, which stands idle", "replace"]
