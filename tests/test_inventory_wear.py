"""What assets are worth by the books, and that the books add up."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from inventory.asset import Asset, AssetKind
from inventory.books import asset_book, sums_by_category, wear_table
from inventory.exporting.workbook import write_workbook
from inventory.forms import Unit, shipped_forms
from inventory.wear import LAST_YEAR, Books, Life, NoBook, books_of, check_year, first_year, life_of
from inventory.wear_rules import shipped_wear_rules
from tests.example_workbook import example_assets
from tests.registered import PC, PROJECTOR

RULES = shipped_wear_rules()
UNIT = Unit("Trường Mầm non Hoa Mai", "1099999")
GONE = replace(
    PC,
    tag="TS-003",
    status="disposed",
    disposal_document="QĐ 07",
    disposal_date=date(2025, 6, 30),
    disposal_reason="hỏng nguồn",
)


@pytest.mark.parametrize(
    ("year", "this_year", "worn"),
    [
        (2023, 2_700_000, 2_700_000),  # put to use in September: the year counts whole
        (2024, 2_700_000, 5_400_000),
        (2027, 2_700_000, 13_500_000),
        (2028, 0, 13_500_000),
        (2040, 0, 13_500_000),
    ],
)
def test_it_wears_a_fifth_each_year_until_nothing_is_left(year: int, this_year: int, worn: int) -> None:
    [worth] = books_of([PC], RULES, year).fixed
    assert (worth.worn_this_year, worth.worn, worth.left) == (this_year, worn, 13_500_000 - worn)
    assert worth.percent == 20


def test_before_it_was_put_to_use_it_is_in_no_book() -> None:
    assert books_of([PC], RULES, 2022) == Books(2022)


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(1975, 2300)), st.integers(-3000, 3000))
def test_there_is_a_book_of_every_year_from_the_first_on(years: list[int | None], year: int) -> None:
    assets = [replace(PC, purchase_date=None, in_use_since=date(since, 1, 1) if since else None) for since in years]
    planned = replace(PC, status="planned", in_use_since=date(1975, 1, 1))
    first = first_year([*assets, planned])
    assert first == min((since for since in years if since), default=None)
    if (first or 1975) <= year <= LAST_YEAR:
        check_year(assets, year)
        assert len(books_of(assets, RULES, year).fixed) == sum(since <= year for since in years if since)
        return
    with pytest.raises(NoBook) as refused:
        check_year(assets, year)
    assert f"{first or 1975} to 2200" in refused.value.said.hint("en")
    assert str(refused.value) == f"there is no asset book of the year {year}"


@pytest.mark.parametrize("year", [2023, 2025, 2029])
def test_the_sums_are_those_of_the_table_of_wear(year: int) -> None:
    books = books_of([*example_assets(), replace(GONE, tag="TS-99")], RULES, year)
    table = wear_table(books, UNIT)
    rows = [table.rows[index] for index in sorted(table.bold)]
    assert [(sums.name, sums.cost, sums.worn_this_year, sums.worn, sums.left) for sums in sums_by_category(books)] == [
        (row[1], row[4], *row[6:]) for row in rows
    ]
    assert sums_by_category(books)[-1].count == sum(not worth.gone for worth in books.fixed)


def test_what_left_the_books_does_not_wear_in_that_year_and_is_gone_the_next() -> None:
    [before] = books_of([GONE], RULES, 2024).fixed
    [then] = books_of([GONE], RULES, 2025).fixed
    assert (before.gone, before.worn) == (False, 5_400_000)
    assert (then.gone, then.worn_this_year, then.worn, then.left) == (True, 0, 5_400_000, 8_100_000)
    assert books_of([GONE], RULES, 2026).fixed == []


def test_below_the_threshold_it_is_a_tool_and_without_cost_or_day_it_is_named() -> None:
    cheap, unknown = replace(PC, tag="TS-4", purchase_cost=9_999_999), replace(PC, tag="TS-5", purchase_cost=None)
    books = books_of([cheap, unknown, PROJECTOR, replace(PC, status="planned")], RULES, 2026)
    assert (books.fixed, books.tools) == ([], [cheap])
    assert books.incomplete == [unknown, PROJECTOR]


def test_a_life_of_its_own_goes_before_the_rule() -> None:
    [worth] = books_of([replace(PC, useful_life_years=8)], RULES, 2030).fixed
    assert (worth.percent, worth.left) == (12.5, 0)
    assert worth.worn_this_year == 13_500_000 - 13_500_000 * 7 // 8


@settings(deadline=None)
@given(
    st.integers(10_000_000, 10**11), st.integers(1, 50), st.integers(2000, 2030), st.none() | st.integers(2000, 2090)
)
def test_what_was_worn_and_what_is_left_are_always_the_cost(
    cost: int, years: int, since: int, left_in: int | None
) -> None:
    gone = None if left_in is None else date(max(since, left_in), 3, 1)
    asset = replace(
        PC,
        purchase_cost=cost,
        useful_life_years=years,
        purchase_date=None,
        in_use_since=date(since, 12, 31),
        disposal_date=gone,
    )
    before = 0
    for year in range(since, since + years + 3):
        for worth in books_of([asset], RULES, year).fixed:
            assert worth.worn + worth.left == worth.cost == cost
            assert worth.worn == before + worth.worn_this_year
            assert worth.worn_this_year >= 0
            before = worth.worn
    if gone is None:
        assert before == cost


def rows_of(sheet: Any, path: Path) -> list[tuple[Any, ...]]:
    write_workbook(path, [sheet])
    return list(load_workbook(path)[sheet.name].iter_rows(values_only=True))


@pytest.mark.parametrize("year", [2019, 2025, 2031])
def test_the_asset_book_has_its_19_columns_and_adds_up(tmp_path: Path, year: int) -> None:
    sheet = asset_book(books_of(example_assets(), RULES, year), UNIT)
    rows = rows_of(sheet, tmp_path / "book.xlsx")
    letters = rows[sheet.first_row - 1]
    assert letters == tuple(column.header for column in sheet.columns)
    assert "".join(letters) == "ABCDEFGH1234567IKL8"
    body = rows[sheet.first_row : sheet.first_row + len(sheet.rows)]
    total, lines = body[-1], [row for row in body if isinstance(row[0], int | float)]
    groups = [row for row in body[:-1] if row[0] is None]
    assert total[3] == "Tổng cộng"
    assert len(groups) >= 2
    for column in (8, 12, 13, 14, 18):
        assert sum(row[column] for row in lines) == sum(row[column] for row in groups) == total[column]
    for row in lines:
        assert row[8] == row[14] + row[18]
        assert row[13] == row[12]  # 6 = 3 + 5, and nothing is depreciated as in a business
    assert total[8] == sum(worth.cost for worth in books_of(example_assets(), RULES, year).fixed)


def test_the_asset_book_names_unit_code_form_and_what_left(tmp_path: Path) -> None:
    rows = rows_of(asset_book(books_of([PC, GONE], RULES, 2025), UNIT), tmp_path / "book.xlsx")
    text = [row[0] for row in rows[:5]]
    assert text[:2] == ["Đơn vị: Trường Mầm non Hoa Mai", "Mã QHNS: 1099999"]
    assert str(text[2]).startswith("Mẫu số S24-H")
    assert text[3:] == ["SỔ TÀI SẢN CỐ ĐỊNH", "Năm 2025"]
    [gone] = [row for row in rows if row[6] == "TS-003"]
    assert gone[15] == "QĐ 07"
    assert gone[16].date() == date(2025, 6, 30)
    assert gone[17:] == ("hỏng nguồn", 8_100_000)
    assert gone[3] == "Máy tính lớp Mầm 1, Dell, OptiPlex 3070, 7XK2M03"


def test_the_table_of_wear_adds_up_and_leaves_out_what_is_gone(tmp_path: Path) -> None:
    sheet = wear_table(books_of([*example_assets(), replace(GONE, tag="TS-99")], RULES, 2025), UNIT)
    rows = rows_of(sheet, tmp_path / "wear.xlsx")
    body = rows[sheet.first_row : sheet.first_row + len(sheet.rows)]
    lines = [row for row in body if isinstance(row[0], int | float)]
    assert "TS-99" not in [row[2] for row in lines]
    for column in (4, 6, 7, 8):
        assert sum(row[column] for row in lines) == body[-1][column]
    assert any(str(row[0]).startswith("Công cụ dụng cụ dưới ngưỡng") for row in rows)


def test_assets_of_which_too_little_is_known_are_named_below_the_book() -> None:
    sheet = asset_book(books_of([PC, PROJECTOR], RULES, 2026), UNIT)
    assert sheet.below[0] == "Chưa tính được vì thiếu nguyên giá hoặc ngày sử dụng: TS-002"
    assert sheet.below[1].split("    ")[0] == "Người lập"


def test_a_year_without_fixed_assets_is_a_book_with_a_total_of_nothing() -> None:
    sheet = wear_table(books_of([], RULES, 2026), UNIT)
    assert [row[4] for row in sheet.rows] == [0]


def test_forms_are_called_as_the_circular_calls_them() -> None:
    assert [form.code for form in shipped_forms().forms] == ["S24-H", "C55-HD", "C53-HD"]
    assert replace(UNIT, superior="UBND phường").heading("stocktake")[0] == "UBND phường"


def test_the_shipped_rules_say_what_was_not_verified() -> None:
    assert RULES.threshold.vnd == 10_000_000
    assert not any(category.verified for category in RULES.categories)


@pytest.mark.parametrize(
    ("changed", "life"),
    [
        ({}, Life(5, 20.0, date(2028, 9, 5))),
        ({"useful_life_years": 8}, Life(8, 12.5, date(2031, 9, 5))),
        ({"in_use_since": None}, Life(5, 20.0, date(2028, 8, 15))),
        ({"in_use_since": None, "purchase_date": None}, Life(5, 20.0, None)),
    ],
)
def test_a_life_ends_so_many_years_after_it_began(changed: dict[str, Any], life: Life) -> None:
    assert life_of(replace(PC, **changed), RULES) == life


def test_every_kind_of_asset_is_in_a_book() -> None:
    kinds = [
        Asset(kind, kind, kind, in_use_since=date(2024, 1, 1), purchase_cost=10**7) for kind in get_args(AssetKind)
    ]
    assert len(books_of(kinds, RULES, 2026).fixed) == len(kinds)
