"""One asset as it was typed: what becomes of it, and which field is refused with which sentence."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.asset import MOVES, Asset, Status
from inventory.editing import Edited, edited, stamp_of
from tests.registered import PC, PROJECTOR

TODAY = date(2026, 11, 25)
ROOMS = ("mam-1", "choi-1")


def typed(before: Asset | None = PC, /, **values: Any) -> Edited:
    return edited(before, values, (PC, PROJECTOR), ROOMS, TODAY)


def test_text_is_read_as_in_a_list_that_is_imported() -> None:
    asset = typed(
        purchase_cost="14.500.000 đ", in_use_since="05/10/2023", warranty_months="36 tháng", room="choi-1"
    ).asset
    assert asset is not None
    assert (asset.purchase_cost, asset.in_use_since, asset.warranty_months) == (14_500_000, date(2023, 10, 5), 36)
    assert (asset.room, asset.serial) == ("choi-1", PC.serial)


def test_what_is_emptied_is_taken_away() -> None:
    asset = typed(purchase_cost="", serial="  ", in_use_since=None, room="").asset
    assert asset is not None
    assert (asset.purchase_cost, asset.serial, asset.in_use_since, asset.room) == (None, "", None, "")


@pytest.mark.parametrize(
    ("values", "field", "sentence", "hint"),
    [
        ({"purchase_cost": "rẻ"}, "purchase_cost", "«rẻ» không phải là số tiền", "13.500.000"),
        ({"in_use_since": "13/25/2023"}, "in_use_since", "không có ngày 13/25/2023", "lịch"),
        ({"room": "kho"}, "room", "trường không có phòng «kho»", "mam-1, choi-1"),
        ({"name": " "}, "name", "thiếu tên tài sản", "ghi tên"),
        ({"kind": ""}, "kind", "cần cột Loại", "điền"),
        ({"kind": "xe"}, "kind", "không hiểu «xe»", "Máy chiếu"),
        ({"status": "planned"}, "status", "không thể đổi từ đang dùng sang dự kiến", "trong kho"),
        ({"status": "transferred"}, "disposal_date", "phải có chứng từ", "ba cột"),
        (
            {"serial": "abc", "purchase_date": "01/01/2027"},
            "purchase_date",
            "ngày 01/01/2027 nằm ngoài khoảng 01/01/1975",
            "sửa ngày",
        ),
    ],
)
def test_a_refused_field_says_why_and_what_to_do(values: dict[str, str], field: str, sentence: str, hint: str) -> None:
    result = typed(**values)
    assert result.asset is None
    assert sentence in result.refused[field].sentence("vi")
    assert hint in result.refused[field].hint("vi")


def test_tags_and_serials_belong_to_one_asset() -> None:
    assert typed(PROJECTOR, serial=PC.serial).refused["serial"].values["tag"] == "TS-001"
    assert typed(None, tag="TS-001", kind="tv", name="Ti vi").refused["tag"].word == "tag_taken"
    assert set(typed(None).refused) == {"tag", "kind", "name"}
    new = typed(None, tag="TS-009", kind="tv", name="Ti vi").asset
    assert new == Asset("TS-009", "tv", "Ti vi")


@given(st.sampled_from(list(MOVES)), st.sampled_from(list(MOVES)))
def test_the_status_moves_by_the_table_only(before: Status, after: Status) -> None:
    paper = {"disposal_document": "12/QĐ", "disposal_date": "01/11/2026", "disposal_reason": "hỏng"}
    asset = Asset("TS-1", "tv", "Ti vi", status=before)
    result = edited(asset, {"status": after, **paper}, [asset], ROOMS, TODAY)
    assert (result.asset is not None) == (before == after or after in MOVES[before])


@given(st.sampled_from([field.name for field in fields(Asset)]), st.text(max_size=20))
def test_whatever_is_typed_is_taken_or_refused_by_name(field: str, text: str) -> None:
    result = typed(**{field: text})
    assert (result.asset is None) == bool(result.refused)


def test_a_stamp_changes_with_any_field() -> None:
    assert stamp_of(PC) == stamp_of(Asset(**vars(PC)))
    assert stamp_of(PC) != stamp_of(Asset(**{**vars(PC), "note": "x"}))
