"""The rules and prices that come with SonCa: whole, dated, and honest about what nobody verified."""

import pytest

from inventory.plan.prices import shipped_prices
from inventory.plan.rules import CODES, KINDS, Use, shipped_rules


def test_the_shipped_rules_are_whole_and_say_what_nobody_verified() -> None:
    rules = shipped_rules()
    assert {*rules.measured, *rules.dated} == set(CODES)
    assert set(rules.life) == set(KINDS)
    assert "measured.memory" in rules.unverified
    assert "life.computer" in rules.unverified


def test_the_shipped_prices_help_with_every_reason_that_a_part_can_mend() -> None:
    prices = shipped_prices()
    covered = {code for part in prices.parts for code in part.covers}
    assert set(CODES) - covered == {"age", "no_successor", "warranty"}
    assert "ceilings.computer" in prices.unverified
    assert "fixed_asset_from" not in prices.unverified
    assert set(prices.replacements) == set(KINDS) - {"other"}


def test_every_shipped_price_keeps_its_ceiling() -> None:
    prices = shipped_prices()
    assert all(prices.replacements[kind].amount <= ceiling.amount for kind, ceiling in prices.ceilings.items())


def test_use_weighs_from_least_to_one() -> None:
    use = Use(least=0.2, unknown=0.5)
    weights = [use.weight(percent) for percent in (0, 50, 100, 300, None)]
    assert weights == pytest.approx([0.2, 0.6, 1.0, 1.0, 0.6])
