"""How worn batteries are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.battery import battery_wear


@pytest.mark.parametrize(
    ("battery", "wear"),
    [
        ({"capacity": 42_000, "real_capacity": 31_500}, 25.0),
        ({"capacity": 42_000, "real_capacity": 43_100}, 0.0),
        ({"capacity": 42_000, "real_capacity": 0}, 100.0),
        ({"capacity": 0, "real_capacity": 10}, None),
        ({"capacity": 42_000}, None),
        ({}, None),
    ],
)
def test_wear_is_what_is_gone_of_the_design(battery: dict[str, int], wear: float | None) -> None:
    assert battery_wear({"batteries": [battery]}) == [wear]


def test_a_pc_without_batteries_has_none() -> None:
    assert battery_wear({}) == []


JUNK = st.none() | st.integers() | st.floats() | st.text(max_size=3) | st.booleans()
ROWS = st.dictionaries(st.sampled_from(["capacity", "real_capacity"]), JUNK)


@given(st.lists(ROWS | JUNK, max_size=3) | JUNK)
def test_no_report_breaks_it(batteries: Any) -> None:
    assert all(wear is None or 0 <= wear <= 100 for wear in battery_wear({"batteries": batteries}))
