"""Blocks give back exactly what was packed, are small, and say so when they are damaged."""

import contextlib
import struct
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.store.sealed_block import BrokenBlock, Column, packed, unpacked

LOWEST, HIGHEST = -(2**63), 2**63 - 1
MOST = 40


def sometimes(values: st.SearchStrategy[int] | st.SearchStrategy[str]) -> st.SearchStrategy[int | str | None]:
    return st.none() | values


def column_of(length: int) -> st.SearchStrategy[Column]:
    kinds: list[st.SearchStrategy[int | str | None]] = [
        st.integers(LOWEST, HIGHEST),
        st.integers(-300, 300),
        sometimes(st.integers(LOWEST, HIGHEST)),
        sometimes(st.sampled_from([0, 1])),
        sometimes(st.text(max_size=5)),
        st.sampled_from(["192.168.1.1", "Lớp Chồi", ""]),
    ]
    return st.one_of([st.lists(kind, min_size=length, max_size=length) for kind in kinds])


tables = st.integers(1, MOST).flatmap(lambda length: st.lists(column_of(length), min_size=1, max_size=6))


@given(tables)
@example([[LOWEST, HIGHEST], [HIGHEST, LOWEST], [HIGHEST, HIGHEST]])
@example([[0, HIGHEST, LOWEST, HIGHEST], [None, "", None, "\0"], [None, None, None, None]])
def test_a_block_gives_back_exactly_what_was_packed(columns: list[Column]) -> None:
    found = unpacked(packed(columns))
    assert found == columns
    assert [list(map(type, column)) for column in found] == [list(map(type, column)) for column in columns]


@given(tables, st.data())
def test_single_columns_can_be_read(columns: list[Column], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(0, len(columns) + 2), max_size=4))
    nothing = [None] * len(columns[0])
    expected = [columns[number] if number < len(columns) else nothing for number in wanted]
    assert unpacked(packed(columns), wanted) == expected


@given(st.integers(0, MOST), st.integers(0, 3), st.binary(max_size=200))
def test_bytes_that_are_no_block_are_refused(rows: int, count: int, content: bytes) -> None:
    for block in (content, zlib.compress(struct.pack("<IH", rows, count) + content)):
        try:
            columns = unpacked(block)
        except BrokenBlock:
            continue
        assert all(len(column) == rows for column in columns)


@given(tables, st.data())
def test_a_damaged_block_is_never_taken_for_another(columns: list[Column], data: st.DataObject) -> None:
    block = bytearray(packed(columns))
    block[data.draw(st.integers(0, len(block) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(BrokenBlock):
        assert unpacked(bytes(block)) == columns  # a bit that means nothing


@pytest.mark.parametrize("column", [[3, 200, 7], [3, 70_000, 7], [5, 9, 4, 250]])
def test_a_column_that_ends_too_early_is_no_column(column: list[int]) -> None:
    content = zlib.decompress(packed([column]))
    with pytest.raises(BrokenBlock):
        unpacked(zlib.compress(content[:-1]))


def test_what_changes_little_takes_little() -> None:
    every_30_s = [1_800_000_000_000 + 30_000 * number for number in range(720)]
    free = [64_000_000_000 - 4_096 * (number // 7) for number in range(720)]
    assert len(packed([every_30_s, free, [0] * 720, [None] * 720, ["1.1.1.1"] * 720])) < 120
