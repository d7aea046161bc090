"""The list of assets: search, filters, Vietnamese order, sums; and one asset beside what was seen."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.view.asset import EVENTS, GROUPS, compared, event_lines, made_as, moves_of, seen_value
from api.view.assets import COLUMNS, Asked, Column, chosen, fundings, sums_of
from inventory.asset import MOVES, Asset
from inventory.register import FIELDS, event_of
from tests.equipment_reports import pc_report
from tests.registered import ACT, PC, PROJECTOR
from tests.test_api_say import EN, VI, plain

ROOMS = {"mam-1": "Lớp Mầm 1", "choi-1": "Lớp Chồi 1", "la-2": "Lớp Lá 2", "la-10": "Lớp Lá 10"}
TV = Asset("TS-010", "tv", "Ảnh động (cũ)", room="la-10", condition="worn", funding_source="Xã hội hóa")
STORED = Asset("TS-9", "printer", "Đầu in", status="in_stock", purchase_cost=2_000_000)
GONE = Asset("TS-3", "tv", "Ti vi", room="la-2", status="disposed")
ALL = (PC, PROJECTOR, TV, STORED, GONE)


def tags(**asked: Any) -> list[str]:
    return [asset.tag for asset in chosen(ALL, Asked(**asked), ROOMS, "vi")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["TS-001", "TS-002", "TS-9", "TS-010"]),
        ({"status": "all"}, ["TS-001", "TS-002", "TS-3", "TS-9", "TS-010"]),
        ({"status": "disposed"}, ["TS-3"]),
        ({"text": "may chieu"}, ["TS-002"]),
        ({"text": "MẦM dell"}, ["TS-001"]),
        ({"text": "cu"}, ["TS-010"]),
        ({"text": "không có"}, []),
        ({"kind": "printer"}, ["TS-9"]),
        ({"room": "la-10"}, ["TS-010"]),
        ({"room": "-"}, ["TS-9"]),
        ({"condition": "worn"}, ["TS-010"]),
        ({"funding": "Ngân sách"}, ["TS-001"]),
    ],
)
def test_it_finds_what_was_asked_for(asked: dict[str, Any], found: list[str]) -> None:
    assert tags(**asked) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("name", ["TS-010", "TS-9", "TS-002", "TS-001"]),  # Ả, Đ, Máy ch, Máy t
        ("-name", ["TS-001", "TS-002", "TS-9", "TS-010"]),
        ("room", ["TS-002", "TS-010", "TS-001", "TS-9"]),  # none is last
        ("-room", ["TS-001", "TS-010", "TS-002", "TS-9"]),
        ("purchase_cost", ["TS-9", "TS-001", "TS-002", "TS-010"]),
        ("-purchase_cost", ["TS-002", "TS-001", "TS-9", "TS-010"]),
        ("in_use_since", ["TS-001", "TS-002", "TS-9", "TS-010"]),
    ],
)
def test_it_is_sorted_as_vietnamese_is(sort: str, found: list[str]) -> None:
    assert tags(sort=sort) == found


@given(st.sampled_from(COLUMNS), st.booleans(), st.permutations(ALL))
def test_any_sorting_holds_all_and_asks_no_order_before(column: Column, down: bool, assets: list[Asset]) -> None:
    asked = Asked(sort=f"{'-' if down else ''}{column}", status="all")
    assert chosen(assets, asked, ROOMS, "vi") == chosen(ALL, asked, ROOMS, "vi")
    assert set(chosen(assets, asked, ROOMS, "vi")) == set(ALL)


def test_sums_say_what_has_no_cost() -> None:
    sums = sums_of(chosen(ALL, Asked(), ROOMS, "vi"))
    assert (sums.count, sums.value, sums.without_cost) == (4, 13_500_000 + 14_200_000 + 2_000_000, 1)
    assert fundings(ALL) == ["Ngân sách", "Xã hội hóa"]


def test_what_is_registered_stands_beside_what_was_seen() -> None:
    report = pc_report("pc-1", serial="7XK2MO3", model="Optiplex 3070", kind="laptop")
    lines = {line.field: (line.tone, line.word) for line in compared(PC, report, "choi-1", ROOMS, VI)}
    assert lines == {
        "manufacturer": ("good", "khớp"),
        "model": ("good", "khớp"),
        "serial": ("watch", "gần giống"),
        "kind": ("watch", "gần giống"),
        "room": ("watch", "khác"),
    }
    junk = pc_report("pc-1")
    assert seen_value(junk, "serial") == ""
    assert {line.word for line in compared(PC, junk, "", ROOMS, EN) if line.field in ("serial", "room")} == {
        "not known"
    }
    assert made_as(report) == "Dell Inc. Optiplex 3070"
    assert made_as(pc_report("pc-1", maker="FPT", model="FPT Elead")) == "FPT Elead"


def test_the_log_is_told_in_words() -> None:
    moved = event_of(PC, replace(PC, room="choi-1", purchase_cost=None, status="in_repair", note="gãy"), ACT)
    [line] = event_lines([moved], ROOMS, VI)
    assert (line.who, line.what) == ("kế toán", "đổi trạng thái")
    assert [tuple(map(plain, change)) for change in line.changes] == [
        ("Phòng", "Lớp Mầm 1", "Lớp Chồi 1"),
        ("Trạng thái", "đang dùng", "đang sửa"),
        ("Nguyên giá", "13.500.000 đồng", ""),
        ("Ghi chú", "", "gãy"),
    ]
    [first] = event_lines([event_of(None, PC, ACT)], ROOMS, EN)
    assert ("Room", "", "Lớp Mầm 1") in first.changes


@pytest.mark.parametrize("status", list(MOVES))
def test_the_moves_offered_are_those_of_the_table(status: Any) -> None:
    moves, with_document = moves_of(Asset("TS-1", "tv", "Ti vi", status=status))
    assert {*moves, *with_document} == MOVES[status]
    assert set(with_document) <= {"disposed", "transferred"}


def test_every_field_has_its_place_in_the_form_and_every_event_its_word() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(FIELDS)
    assert set(EVENTS) == {"registered", "moved", "status", "changed", "linked", "unlinked"}
