"""The register of each day, written for boards into a real InfluxDB: once a day, after a change, and never twice."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collector.equipment import Equipment
from collector.store.influx import InfluxStore
from collector.store.influx_check import check
from collector.store.protocol import DAY_MS, HOUR_MS, Retention, StoreUnavailable
from collector.store.settings import InfluxSettings
from collector.store.state import State
from inventory.asset import Asset
from inventory.linking import renew_links
from inventory.register import Act, Register
from inventory.schools import Schools
from tests.equipment_reports import pc_report
from tests.influxd import Influxd, running_influxd
from tests.registered import ACT, NOW, PC, PROJECTOR, SITE, saved

SCHOOL = """\
site: hoa-mai
name: Trường Mầm non Hoa Mai
rooms: [{id: mam-1, name: Lớp Mầm 1}, {id: choi-1}]
"""
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MIDNIGHT = int(datetime(2026, 11, 18, tzinfo=ZONE).timestamp() * 1000)
ODD = Asset("Máy/7-b.ü", "other", 'Loa "kéo", 2', note="a=b, c", funding_source="Hội phụ huynh, 2024")


@dataclasses.dataclass
class Bench:
    influxd: Influxd
    settings: InfluxSettings
    store: InfluxStore
    state: State
    register: Register
    file: Path
    schools: Schools
    equipment: Equipment

    def again(self) -> Equipment:
        """As after a restart of the collector."""
        assert self.store.boards is not None
        return Equipment(self.store.boards, self.state, self.register, self.schools)

    def ask(self, query: str) -> list[dict[str, Any]]:
        return [
            {**one.get("tags", {}), **dict(zip(one["columns"], values, strict=True))}
            for one in self.influxd.ask(query, self.settings.database)
            for values in one["values"]
        ]

    def everything(self) -> list[list[dict[str, Any]]]:
        return [self.ask(f'SELECT * FROM "{name}"') for name in ("asset", "equipment", "upgrade_reason")]

    def told(self) -> list[int]:
        return sorted({row["time"] for row in self.ask('SELECT "counted" FROM "asset"')})


@pytest.fixture
def bench(influxd: Influxd, tmp_path: Path) -> Iterator[Bench]:
    settings, file = influxd.settings(tmp_path), tmp_path / "school.yaml"
    file.write_text(SCHOOL, encoding="utf-8")
    schools = Schools([file])
    schools.load()
    url = f"sqlite:///{tmp_path}/state.db"
    store, state, register = InfluxStore(settings, tmp_path).open(), State(url).open(), Register(url).open()
    assert store.boards is not None
    equipment = Equipment(store.boards, state, register, schools)
    yield Bench(influxd, settings, store, state, saved(register, [PC, PROJECTOR, ODD]), file, schools, equipment)
    register.close()
    store.close()
    state.close()


def test_an_asset_is_told_with_all_that_boards_ask(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    rows = {row["asset"]: row for row in bench.ask('SELECT * FROM "asset"')}
    pc = rows["TS-001"]
    assert pc["time"] == MIDNIGHT
    assert {"name": "Máy tính lớp Mầm 1", "kind": "computer", "room": "mam-1", "room_name": "Lớp Mầm 1",
            "status": "in_use", "condition": "good", "funding_source": "Ngân sách", "purchase_cost": 13_500_000,
            "age_years": 3.2, "years_left": 1.8, "past_life": 0, "counted": 1, "reasons": 0,
            "main_reason": "-", "warranty_ending": 0}.items() <= pc.items()  # fmt: skip
    assert (rows["TS-002"]["room_name"], rows["TS-002"]["age_years"]) == ("choi-1", None)
    odd = rows["Máy/7-b.ü"]
    assert (odd["name"], odd["room"], odd["funding_source"]) == (ODD.name, "-", ODD.funding_source)


def test_kinds_are_summed_and_those_of_which_there_are_none_are_told_as_none(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    rows = {row["kind"]: row for row in bench.ask('SELECT * FROM "equipment"')}
    assert len(rows) == 10
    assert (rows["computer"]["devices"], rows["computer"]["age_years"], rows["computer"]["good"]) == (1, 3.2, 1)
    assert (rows["ups"]["devices"], rows["ups"]["age_years"]) == (0, None)


def test_a_day_told_again_is_the_same_points(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    before = bench.everything()
    bench.equipment.tell(NOW + HOUR_MS)
    bench.again().tell(NOW + 2 * HOUR_MS)
    assert bench.everything() == before


def test_each_day_of_the_school_is_told_once(bench: Bench) -> None:
    for at in (NOW, NOW + 5_000, MIDNIGHT + DAY_MS - 1, MIDNIGHT + DAY_MS, MIDNIGHT + DAY_MS + 5_000):
        bench.equipment.tell(at)
    assert bench.told() == [MIDNIGHT, MIDNIGHT + DAY_MS]


def test_a_change_replaces_what_was_told_of_the_day_and_leaves_nothing_behind(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    moved = replace(PC, kind="laptop", room="choi-1", condition="damaged")
    bench.register.save(SITE, [moved], Act("kế toán", NOW + 1_000))
    bench.equipment.tell(NOW + 5_000)
    rows = [row for row in bench.ask('SELECT * FROM "asset"') if row["asset"] == PC.tag]
    assert [(row["room"], row["kind"], row["main_reason"]) for row in rows] == [("choi-1", "laptop", "condition")]
    kinds = {row["kind"]: row["devices"] for row in bench.ask('SELECT "devices", "kind" FROM "equipment"')}
    assert (kinds["computer"], kinds["laptop"]) == (0, 1)
    [reason] = bench.ask('SELECT "devices" FROM "upgrade_reason" WHERE "reason" = \'condition\'')
    assert reason["devices"] == 1


def test_a_room_that_was_renamed_is_told_again(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    bench.file.write_text(SCHOOL.replace("Lớp Mầm 1", "Lớp Sao Mai"), encoding="utf-8")
    assert bench.schools.reload()
    bench.equipment.tell(NOW + 5_000)
    assert bench.ask('SELECT "room_name" FROM "asset" WHERE "room" = \'mam-1\'')[0]["room_name"] == "Lớp Sao Mai"


def test_nothing_is_read_or_written_while_nothing_changed(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    bench.influxd.ask('DROP MEASUREMENT "asset"', bench.settings.database)
    bench.equipment.tell(NOW + 5_000)
    assert bench.told() == []


def test_a_change_that_the_store_missed_is_told_when_it_is_back(bench: Bench, tmp_path: Path) -> None:
    with running_influxd(tmp_path / "influxd") as influxd:
        settings = influxd.settings(tmp_path)
        store = InfluxStore(settings, tmp_path).open()
        assert store.boards is not None
        equipment = Equipment(store.boards, bench.state, bench.register, bench.schools)
        equipment.tell(NOW)
        bench.register.save(SITE, [replace(PC, condition="unusable")], ACT)
        influxd.kill()
        with pytest.raises(StoreUnavailable):
            equipment.tell(NOW + 5_000)
        influxd.start()
        equipment.tell(NOW + 10_000)
        [found] = influxd.ask('SELECT "condition" FROM "asset" WHERE "asset" = \'TS-001\'', settings.database)
        assert [condition for _, condition in found["values"]] == ["unusable"]
        store.close()


def test_what_the_linked_pc_reported_gives_reasons(bench: Bench) -> None:
    report = pc_report("pc-mam-1", 1, serial=PC.serial)
    report.content["operatingsystem"] = {"full_name": "Microsoft Windows 10 Pro", "version": "10.0.19045"}
    bench.state.put_equipment(SITE, report)
    renew_links(bench.register, SITE, bench.schools.of(SITE), bench.state.equipment_history(SITE), ["pc-mam-1"], NOW)
    bench.equipment.tell(NOW)
    [row] = bench.ask('SELECT "reasons", "main_reason", "needy" FROM "asset" WHERE "asset" = \'TS-001\'')
    assert row["main_reason"] in ("support", "no_successor")
    assert (row["reasons"], row["needy"]) == (1, 1)


def test_series_grow_with_assets_only_and_all_tags_are_ours(bench: Bench) -> None:
    for day in range(3):
        moved = replace(PC, room=("mam-1", "choi-1")[day % 2], name=f"Máy {day}", condition="worn")
        bench.register.save(SITE, [moved], Act("kế toán", NOW + day))
        bench.equipment.tell(NOW + day * DAY_MS)
    found = check(bench.settings, bench.file.parent, Retention())
    assert found.series == 3 + 10 + 17 + 1  # assets, kinds, reasons, the witness
    assert not [problem for problem in found.problems if "tags" in str(problem)]
    tags = {tag for one in bench.influxd.ask("SHOW TAG KEYS", bench.settings.database) for [tag] in one["values"]}
    assert tags == {"site", "asset", "kind", "reason"}


def test_days_of_assets_are_forgotten_and_sums_are_kept(bench: Bench) -> None:
    bench.equipment.tell(NOW)
    assert bench.store.forget(NOW + 800 * DAY_MS, Retention()) == 3
    assert bench.told() == []
    assert len(bench.ask('SELECT "devices" FROM "equipment"')) == 10


def test_a_warranty_ends_on_the_same_day_in_every_zone_of_the_country(bench: Bench) -> None:
    bench.register.save(SITE, [replace(PC, warranty_months=40)], ACT)
    bench.equipment.tell(NOW)
    [row] = bench.ask('SELECT "warranty_ends", "warranty_ending" FROM "asset" WHERE "asset" = \'TS-001\'')
    ends = datetime.fromtimestamp(row["warranty_ends"] / 1000, UTC)
    assert {ends.astimezone(zone).date() for zone in (UTC, ZONE, ZoneInfo("America/Lima"))} == {date(2026, 12, 15)}
    assert row["warranty_ending"] == 1
