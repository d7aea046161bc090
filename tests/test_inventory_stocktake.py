"""What a stocktake comes to, with what agents saw filled in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from contract.trouble import Trouble
from inventory.asset import Asset
from inventory.exporting.workbook import Sheet, write_workbook
from inventory.forms import Unit
from inventory.register import Register
from inventory.register_links import Link
from inventory.register_stocktakes import AGENT, NOT_THERE, Sighting
from inventory.stocktake import SEEN_WITHIN_MS, Heard, findings, sightings_by_agents
from inventory.stocktake_sheet import Member, difference_sheet
from inventory.wear import books_of
from inventory.wear_rules import shipped_wear_rules
from tests.registered import NOW, PC, PROJECTOR, SITE

GONE = replace(PC, tag="TS-003", status="disposed", disposal_date=date(2026, 3, 1))
LOST = replace(PC, tag="TS-004", status="lost", room="")
ROOMS = {"mam-1": "Lớp Mầm 1", "choi-1": "Lớp Chồi 1"}
LINKS = {"pc-1": Link("pc-1", "TS-001", 90, ()), "projector-1": Link("projector-1", "TS-002", 70, ())}


def scan(tag: str, room: str = "mam-1", by: str = "cô Lan", at: int = NOW) -> Sighting:
    return Sighting(tag, room, at, by)


def words(*sightings: Sighting, assets: tuple[Asset, ...] = (PC, PROJECTOR, GONE)) -> dict[str, str]:
    return {line.tag: line.finding for line in findings(assets, sightings)}


def test_agents_fill_in_what_they_saw_lately() -> None:
    heard = {"pc-1": Heard(NOW - 1_000, "mam-1"), "projector-1": Heard(NOW - SEEN_WITHIN_MS, "choi-1")}
    assert sightings_by_agents(LINKS, heard, NOW) == [Sighting("TS-001", "mam-1", NOW - 1_000, AGENT)]
    assert sightings_by_agents(LINKS, {}, NOW) == []


def test_it_tells_found_moved_missing_and_unexpected_apart() -> None:
    assert words() == {"TS-001": "missing", "TS-002": "missing"}
    assert words(scan("TS-001"), scan("TS-002"), scan("TS-003"), scan("TS-999")) == {
        "TS-001": "found",
        "TS-002": "moved",
        "TS-003": "unexpected",
        "TS-999": "unexpected",
    }
    assert words(scan("TS-001", room="")) == {"TS-001": "found", "TS-002": "missing"}


def test_what_was_looked_for_in_vain_is_missing_though_an_agent_saw_it() -> None:
    by_agent, in_vain = scan("TS-001", by=AGENT), scan("TS-001", NOT_THERE)
    assert words(by_agent, in_vain)["TS-001"] == "missing"
    assert words(in_vain, scan("TS-001"))["TS-001"] == "found"
    assert set(words(scan("TS-999"), scan("TS-999", NOT_THERE))) == {"TS-001", "TS-002"}


def test_a_person_goes_before_an_agent_and_the_newest_scan_before_others() -> None:
    assert words(scan("TS-001", "choi-1"), scan("TS-001", "mam-1", AGENT, NOW + 9))["TS-001"] == "moved"
    assert words(scan("TS-001", "choi-1"), scan("TS-001", "mam-1"))["TS-001"] == "found"


def test_what_was_lost_is_expected_until_it_leaves_the_books() -> None:
    assert words(assets=(LOST,)) == {"TS-004": "missing"}
    assert words(scan("TS-004"), assets=(LOST,)) == {"TS-004": "moved"}


@settings(deadline=None)
@given(
    st.lists(st.builds(scan, st.sampled_from(["TS-001", "TS-002", "TS-003", "TS-9"]), st.sampled_from([*ROOMS, ""])))
)
def test_the_sheet_always_balances(sightings: list[Sighting]) -> None:
    sheet = sheet_of(sightings)
    for row in sheet.rows:
        for place in range(3):
            assert row[4 + place] + row[10 + place] == row[7 + place]
    for column in range(4, 13):
        assert sum(row[column] for row in sheet.rows[:-1]) == sheet.rows[-1][column]


def sheet_of(sightings: list[Sighting]) -> Sheet:
    assets = [PC, PROJECTOR, GONE]
    books = books_of(assets, shipped_wear_rules(), 2026)
    unit, member = Unit("Trường Mầm non Hoa Mai", "1099999"), Member("Nguyễn Thị Ví Dụ", "Hiệu trưởng", "Nhà trường")
    return difference_sheet(findings(assets, sightings), books, ROOMS, unit, "31/12/2026", [member])


def test_the_sheet_says_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    write_workbook(tmp_path / "c53.xlsx", [sheet_of([scan("TS-001"), scan("TS-003", "choi-1")])])
    rows = list(load_workbook(tmp_path / "c53.xlsx")["C53-HD"].iter_rows(values_only=True))
    text = [row[0] for row in rows]
    assert "BIÊN BẢN KIỂM KÊ TÀI SẢN CỐ ĐỊNH" in text
    assert "Ông/Bà: Nguyễn Thị Ví Dụ — Hiệu trưởng — Nhà trường" in text
    by_tag = {row[2]: row for row in rows}
    # books: one, its cost, what 4 of 5 years left; the same is there; no difference
    assert by_tag["TS-001"][3:14] == ("Lớp Mầm 1", 1, 13_500_000, 2_700_000, 1, 13_500_000, 2_700_000, 0, 0, 0, None)
    assert by_tag["TS-002"][4:] == (1, 14_200_000, 0, 0, 0, 0, -1, -14_200_000, 0, "không tìm thấy")
    assert by_tag["TS-003"][4:] == (0, 0, 0, 1, 13_500_000, 0, 1, 13_500_000, 0, "thừa so với sổ, thấy ở Lớp Chồi 1")
    assert any("Trưởng ban kiểm kê" in str(line) for line in text)


def test_what_is_known_to_be_elsewhere_says_so() -> None:
    away = replace(PROJECTOR, status="in_repair")
    unit = Unit("Trường Mầm non Hoa Mai", "1099999")
    books = books_of([away], shipped_wear_rules(), 2026)
    sheet = difference_sheet(findings([away], []), books, ROOMS, unit, "31/12/2026")
    assert sheet.rows[0][-1] == "không tìm thấy; theo sổ: đang sửa"


@pytest.fixture
def register(state_url: str) -> Iterator[Register]:
    opened = Register(state_url).open()
    yield opened
    opened.close()


def test_a_session_keeps_every_sighting_until_it_is_closed(register: Register) -> None:
    stocktakes = register.stocktakes
    by_agent = Sighting("TS-001", "mam-1", NOW, AGENT)
    session = stocktakes.start(SITE, "cô Lan", NOW, [by_agent])
    stocktakes.add(session, [scan("TS-002")])
    assert stocktakes.sightings(session) == [by_agent, scan("TS-002")]
    with pytest.raises(Trouble, match=f"stocktake {session.id} is still open"):
        stocktakes.start(SITE, "cô Lan", NOW, [])
    stocktakes.close(session, NOW + 5)
    with pytest.raises(Trouble, match=f"stocktake {session.id} is closed"):
        stocktakes.add(session, [scan("TS-002")])
    again = stocktakes.start(SITE, "cô Lan", NOW + 9, [])
    assert [(one.id, one.closed_at) for one in stocktakes.all(SITE)] == [(again.id, None), (session.id, NOW + 5)]
    assert stocktakes.all("other") == []
