"""Vietnamese order, and how people search without tone marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.collation import folded, vietnamese_order


def in_order(*texts: str) -> list[str]:
    return sorted(texts, key=vietnamese_order)


@pytest.mark.parametrize(
    "texts",
    [
        tuple("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
        ("ma", "mà", "mả", "mã", "má", "mạ"),
        ("Dừa", "Đào", "Đu đủ", "Em"),
        ("An", "Ăn", "Ân"),
        ("Lớp Lá 2", "Lớp Lá 10", "Lớp Lá 11"),
        ("Máy", "Máy chiếu", "Máy in", "Máy tính"),
        ("hoa", "hòa", "Hoàng", "hồ", "hổ", "hộp", "hờ"),  # letters of the whole word before any tone
        ("TS-2", "TS-10", "TS-A"),
    ],
)
def test_words_come_in_the_order_of_a_vietnamese_dictionary(texts: tuple[str, ...]) -> None:
    assert in_order(*reversed(texts)) == list(texts)


@given(st.text(alphabet="aăâáạẩớuưđd 012Z-", max_size=8))
def test_the_spelling_of_a_letter_never_counts(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert vietnamese_order(composed)[:2] == vietnamese_order(apart)[:2]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_texts_can_be_sorted_and_only_equal_ones_are_equal(texts: list[str]) -> None:
    assert in_order(*texts) == in_order(*reversed(texts))
    assert len({vietnamese_order(text) for text in texts}) == len(set(texts))


def test_a_search_needs_no_marks_and_no_case() -> None:
    assert folded("  Máy CHIẾU  Đặng ") == "may chieu dang"
    assert folded("Lớp Lá (cũ)") == "lop la (cu)"
