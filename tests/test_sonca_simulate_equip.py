"""A simulated school is equipped once: register, money, signer; whatever a person makes of it stays."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.asset_rules import refusals
from inventory.plan.settings import read_plan_settings
from inventory.register import Act, Register
from inventory.report.settings import read_report_settings
from sonca.simulate.assets import as_of, assets_of
from sonca.simulate.equip import equip
from sonca.simulate.school_day import simulated_day

SITE, NOW = "sim-hoa-mai", 1_795_658_481_000


def registered(url: str) -> list[tuple[str, str]]:
    register = Register(url).open()
    try:
        return [(asset.tag, asset.name) for asset in register.assets(SITE)]
    finally:
        register.close()


def test_it_is_equipped_once_and_keeps_what_people_change(tmp_path: Path) -> None:
    url, day = f"sqlite:///{tmp_path}/state.db", simulated_day(12, site=SITE)
    equip(tmp_path, url, day, now=NOW)
    assert len(registered(url)) == 60
    assert read_plan_settings(tmp_path / f"plan-{SITE}.yaml").request(date(2026, 11, 25)).pots
    wording = read_report_settings(tmp_path / f"report-{SITE}.yaml")
    assert wording.vietnamese.issuer == day.school.name
    assert wording.english is not None

    register = Register(url).open()
    first = register.assets(SITE)[0]
    register.save(SITE, [replace(first, name="Máy của tôi")], Act("a person", NOW + 1))
    register.close()
    (tmp_path / f"plan-{SITE}.yaml").write_text("budgets: [{amount: 1}]", encoding="utf-8")
    equip(tmp_path, url, day, now=NOW + 2)
    assert (first.tag, "Máy của tôi") in registered(url)
    assert (tmp_path / f"plan-{SITE}.yaml").read_text() == "budgets: [{amount: 1}]"


@pytest.mark.parametrize("clock", ["1970-01-01", "1980-01-01", "2000-02-29", "2019-05-20", "2025-06-29", "2099-12-31"])
def test_it_is_equipped_on_any_clock(tmp_path: Path, clock: str) -> None:
    now = int(datetime.fromisoformat(f"{clock}T09:00:00+07:00").timestamp() * 1000)
    equip(tmp_path, f"sqlite:///{tmp_path}/state.db", simulated_day(4, site=SITE), max(now, 0))
    assert len(registered(f"sqlite:///{tmp_path}/state.db")) > 15


ASSETS = assets_of(simulated_day(12, site=SITE))


@given(st.dates(date(1970, 1, 1), date(2300, 12, 31)))
@example(date(2024, 2, 29))
@example(date(2025, 6, 30))
def test_by_no_clock_an_asset_is_of_the_future(today: date) -> None:
    found = as_of(ASSETS, today)
    assert [refusal for asset in found for refusal in refusals(asset, None, today)] == []
    assert len(found) >= len(ASSETS) - 1
    newest = max(asset.disposal_date for asset in ASSETS if asset.disposal_date)
    assert (found == ASSETS) == (today >= newest)
    if today.year >= 1990:  # before, the oldest would be older than registers take
        [years] = {
            before.purchase_date.year - after.purchase_date.year
            for before, after in zip(ASSETS, found, strict=True)
            if before.purchase_date and after.purchase_date
        }
        assert years == 0 or newest.replace(year=newest.year - years + 1) > today


@pytest.mark.parametrize("rooms", [1, 2, 3, 5, 40])
def test_a_school_of_any_size_has_assets_in_its_own_rooms(rooms: int) -> None:
    day = simulated_day(rooms, site=SITE)
    assets = assets_of(day)
    assert {asset.room for asset in assets} - {""} <= {room.id for room in day.school.rooms}
    assert len({asset.tag for asset in assets}) == len(assets)
    assert len([asset for asset in assets if asset.kind in ("computer", "laptop") and asset.serial]) >= rooms
