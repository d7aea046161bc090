"""plan.yaml: money and wishes become the request of a plan."""

from datetime import date
from pathlib import Path

import pytest

from inventory.plan.prices import SHIPPED as PRICES
from inventory.plan.prices import shipped_prices
from inventory.plan.request import Pin, PlanTrouble, Pot
from inventory.plan.rules import shipped_rules
from inventory.plan.settings import Budget, PlanSettings, next_school_year, read_plan_settings
from tests.tree import ROOT

TODAY = date(2026, 11, 25)


def test_money_without_a_year_is_of_every_year() -> None:
    asked = PlanSettings((Budget(5), Budget(3, 2028, "quỹ", ("repair",))), years=4).request(TODAY)
    assert [(pot.year, pot.amount) for pot in asked.pots] == [(2027, 5), (2028, 5), (2029, 5), (2030, 5), (2028, 3)]
    assert asked.pots[-1] == Pot(2028, 3, "quỹ", ("repair",))
    assert (asked.today, asked.first_year, asked.years) == (TODAY, 2027, 4)


def test_the_plan_begins_with_the_school_year_that_begins_next() -> None:
    days = (date(2027, 8, 31), date(2027, 9, 1), date(2027, 12, 31))
    assert [next_school_year(day) for day in days] == [2027, 2028, 2028]
    assert PlanSettings((Budget(5),), first_year=2031).request(TODAY).first_year == 2031


def test_money_outside_of_the_plan_is_refused() -> None:
    with pytest.raises(PlanTrouble, match="there is money for 2026"):
        PlanSettings((Budget(5, 2026),)).request(TODAY)


def test_the_example_is_a_plan_by_the_rules_and_prices_of_sonca() -> None:
    settings = read_plan_settings(ROOT / "examples" / "plan.yaml")
    assert sum(pot.amount for pot in settings.request(TODAY).pots) == 3 * 60_000_000 + 15_000_000
    assert (settings.own_rules(), settings.own_prices()) == (shipped_rules(), shipped_prices())


def test_wishes_and_files_of_the_schools_own_are_taken(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(
        "budgets: [{amount: 0}]\nrooms_first: [la-1]\nexcluded: [TS-1]\nprices: mine.yaml\n"
        "pins: [{tag: TS-2, year: 2028, action: keep}]\n"
    )
    (tmp_path / "mine.yaml").write_text(PRICES.read_text("utf-8").replace("2026-11-25", "2027-01-02"), "utf-8")
    settings = read_plan_settings(tmp_path / "plan.yaml")
    assert settings.own_prices().as_of == "2027-01-02"
    asked = settings.request(TODAY)
    assert (asked.rooms_first, asked.excluded) == (("la-1",), frozenset({"TS-1"}))
    assert asked.pins == (Pin("TS-2", 2028, "keep"),)
