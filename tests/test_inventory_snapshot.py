"""The register on one day: ages, lives, warranties, reasons, plan years, and sums by kind."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.asset import Asset, AssetKind, Status
from inventory.evidence import Evidence
from inventory.plan.rules import CODES, shipped_rules
from inventory.report.worn import worn_out
from inventory.snapshot import AssetToday, by_kind, by_reason, snapshot
from tests.equipped_school import TODAY, equipped
from tests.report_record import record

RULES = shipped_rules()
PC = Asset("a-1", "computer", "PC", purchase_date=date(2019, 11, 25), in_use_since=date(2020, 11, 25),
           purchase_cost=9_000_000, warranty_months=24)  # fmt: skip


def today(asset: Asset = PC, planned: Iterable[str] = (), evidence: Evidence | None = None) -> AssetToday:
    [entry] = snapshot([asset], set(planned), {} if evidence is None else {asset.tag: evidence}, RULES, TODAY)
    return entry


def test_age_and_life_count_from_the_day_it_was_put_to_use() -> None:
    entry = today()
    assert (entry.age_years, entry.years_left, entry.past_life) == (6.0, -1.0, True)
    entry = today(replace(PC, useful_life_years=8))
    assert (entry.years_left, entry.past_life) == (2.0, False)
    entry = today(Asset("a-2", "tv", "Tivi"))
    assert (entry.age_years, entry.years_left, entry.past_life, entry.warranty_ends) == (None, None, False, None)


@pytest.mark.parametrize(
    ("bought", "ending"),
    [(date(2024, 11, 24), False), (date(2024, 11, 25), True), (date(2025, 11, 25), True), (date(2025, 11, 26), False)],
)
def test_a_warranty_ends_soon_within_twelve_months_and_not_when_it_is_over(bought: date, ending: bool) -> None:
    entry = today(replace(PC, purchase_date=bought, in_use_since=None))
    assert entry.warranty_ends == bought.replace(year=bought.year + 2)
    assert entry.warranty_ending is ending


@pytest.mark.parametrize("status", get_args(Status))
def test_only_what_the_school_has_is_counted(status: Status) -> None:
    entry = today(replace(PC, status=status))
    assert entry.counted is (status in {"in_stock", "in_use", "in_repair", "loaned", "idle", "proposed_disposal"})
    assert bool(entry.reasons) is entry.needy is entry.past_life is entry.counted
    [of_kind] = [kind for kind in by_kind([entry]) if kind.kind == "computer"]
    assert of_kind.devices == of_kind.past_life == of_kind.conditions["good"] == entry.counted


def test_reasons_hold_today_and_an_old_device_needs_no_warranty_said() -> None:
    assert today().reasons == ("age",)
    assert today(replace(PC, useful_life_years=20)).reasons == ("warranty",)
    windows = Evidence(TODAY, system="Windows 10 Pro", support_ends_on=date(2025, 10, 14))
    assert today(evidence=windows).reasons == ("support", "age")
    later = Evidence(TODAY, system="Windows 11 Pro", support_ends_on=date(2027, 10, 12))
    assert today(evidence=later).reasons == ("age",)


def equipped_in_use(count: int) -> tuple[list[Asset], set[str], Mapping[str, Evidence]]:
    assets, evidence = equipped(count)
    return [asset for asset in assets if asset.status == "in_use"], set(), evidence


def test_what_the_board_calls_needy_is_what_the_report_calls_worn_out() -> None:
    # The report is of a later day, so it is judged on the board's day. What the plan moves from idleness has no need.
    data = replace(record(200), issued=TODAY)
    entries = snapshot(*equipped_in_use(200), rules=RULES, today=TODAY)
    worn = {entry.tag for entry in worn_out(data) if entry.asset.status == "in_use"}
    assert {entry.asset.tag for entry in entries if entry.needy} == worn
    assert 20 < len(worn) < 180


@pytest.mark.parametrize(
    ("changes", "planned", "year"),
    [
        ({"status": "planned", "purchase_date": date(2027, 9, 1)}, (), "2027-2028"),
        ({"status": "ordered", "purchase_date": None, "in_use_since": date(2027, 8, 31)}, (), "2026-2027"),
        ({"status": "planned", "purchase_date": None, "in_use_since": None}, (), "?"),
        ({"status": "in_use"}, ("a-1",), "2019-2020"),
        ({"status": "in_use"}, (), ""),
    ],
)
def test_what_was_planned_belongs_to_a_school_year(changes: dict[str, Any], planned: tuple[str], year: str) -> None:
    assert today(replace(PC, **changes), planned).plan_year == year


@given(st.integers(0, 60), st.integers(0, 9))
def test_sums_of_kinds_and_reasons_are_those_of_the_assets(count: int, seed: int) -> None:
    assets, evidence = equipped(count, seed)
    entries = snapshot(assets, set(), evidence, RULES, TODAY + timedelta(seed * 30))
    kinds, reasons = by_kind(entries), by_reason(entries)
    assert [kind.kind for kind in kinds] == list(get_args(AssetKind))
    assert list(reasons) == list(CODES)
    for kind in kinds:
        assert kind.devices == sum(kind.conditions.values())
        assert (kind.age_years is None) is (kind.devices == 0)
        assert kind.needy + kind.past_life + kind.warranty_ending <= 3 * kind.devices
    counted = [entry for entry in entries if entry.counted]
    assert sum(kind.devices for kind in kinds) == len(counted)
    assert sum(kind.purchase_cost for kind in kinds) == sum(entry.asset.purchase_cost or 0 for entry in counted)
    assert sum(reasons.values()) == sum(len(entry.reasons) for entry in entries)
