"""What status an asset may take next."""

from typing import get_args

import pytest

from inventory.asset import GONE, MOVES, Asset, Status, may_move


def test_every_status_says_where_it_may_go() -> None:
    assert set(MOVES) == set(get_args(Status))


def test_what_left_the_books_never_comes_back() -> None:
    assert all(not MOVES[status] for status in GONE)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("in_use", "in_repair", True),
        ("in_use", "disposed", False),  # it is proposed first, and a document follows
        ("proposed_disposal", "disposed", True),
        ("lost", "in_use", True),
        ("loaned", "in_repair", False),
        ("in_use", "in_use", False),
    ],
)
def test_it_moves_by_the_table(before: Status, after: Status, allowed: bool) -> None:
    assert may_move(before, after) is allowed


def test_every_asset_can_end_up_gone() -> None:
    for status in MOVES:
        reached = {status}
        while more := {after for place in reached for after in MOVES[place]} - reached:
            reached |= more
        assert reached & GONE


def test_what_is_planned_or_disposed_is_not_owned() -> None:
    assert Asset("TS-1", "projector", "Máy chiếu").owned
    assert not Asset("TS-1", "projector", "Máy chiếu", status="planned").owned
    assert not Asset("TS-1", "projector", "Máy chiếu", status="disposed").owned
