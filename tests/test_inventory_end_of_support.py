"""The end of support of operating systems: what is looked up, and what the shipped table promises."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.end_of_support import EndOfSupport, SupportTable, end_of_support, shipped_table
from sonca.simulate.equipment import equipment_of
from tests.simulated import school

TABLE = shipped_table()
NAMES = [(row, name) for row in TABLE.systems for name in row.full_names]


@pytest.mark.parametrize(
    ("full_name", "version", "ends"),
    [
        ("Microsoft Windows 7 Professional", "6.1.7601", "2020-01-14"),
        ("Microsoft Windows 8.1", "6.3.9600", "2023-01-10"),
        ("Microsoft Windows 10 Pro", "10.0.19045", "2025-10-14"),
        ("Microsoft Windows 10 Education", "10.0.19045", "2025-10-14"),
        ("Microsoft Windows 10 Enterprise LTSC", "10.0.19044", "2027-01-12"),
        ("Microsoft Windows 10 IoT Enterprise LTSC", "10.0.19044", "2032-01-13"),
        ("Microsoft Windows 11 Home Single Language", "10.0.22631", "2025-11-11"),
        ("Microsoft Windows 11 Education", "10.0.22631", "2026-11-10"),
        ("Microsoft Windows 11 Pro Education", "10.0.22631", "2025-11-11"),
        ("Microsoft Windows 11 Pro", "10.0.26200", "2027-10-12"),
        ("Debian GNU/Linux 12 (bookworm)", "12", "2026-07-11"),
        ("Ubuntu 24.04.1 LTS", "24.04", "2029-05-31"),
    ],
)
def test_a_system_is_known_by_its_own_name_and_version(full_name: str, version: str, ends: str) -> None:
    row = end_of_support(full_name, version)
    assert row is not None
    assert row.ends == ends


@pytest.mark.parametrize(
    ("full_name", "version"),
    [
        ("Microsoft Windows 11 Pro", "10.0.99999"),
        ("Microsoft Windows 10 Pro", "10.0.190451"),
        ("Microsoft Windows Server 2019 Standard", "10.0.17763"),
        ("Debian GNU/Linux 1 (buzz)", "1"),
        ("Ubuntu 23.10", "23.10"),
        ("Haiku", ""),
        ("", ""),
    ],
)
def test_what_the_table_does_not_have_is_unknown(full_name: str, version: str) -> None:
    assert end_of_support(full_name, version) is None


def test_windows_10_can_be_prolonged_for_three_years() -> None:
    row = end_of_support("Microsoft Windows 10 Pro", "10.0.19045")
    assert row is not None
    assert [(step.ends[:7], step.dollars) for step in row.extended] == [("2026-10", 1), ("2027-10", 2), ("2028-10", 4)]


def test_every_day_of_windows_is_a_second_tuesday() -> None:
    """Microsoft ends support with the updates of a month: a slip of the pen would fall on another day."""
    for row in TABLE.systems:
        if row.source.startswith("https://learn.microsoft.com/"):
            for text in (row.ends, *(step.ends for step in row.extended)):
                day = date.fromisoformat(text)
                assert (day.weekday(), (day - timedelta(days=day.day - 1)).month) == (1, day.month), row.name
                assert 8 <= day.day <= 14, row.name


def test_the_table_says_how_sure_it_is_of_each_day() -> None:
    assert {row.verified for row in TABLE.systems} == {True, False}
    assert len({row.name for row in TABLE.systems}) == len(TABLE.systems)


def test_every_row_is_found_by_its_own_name_and_version() -> None:
    for row, name in NAMES:
        assert end_of_support(f"Microsoft {name}", row.version) is row
        assert end_of_support(name.upper(), f"{row.version}.1") is row


def test_every_system_of_a_simulated_school_is_known() -> None:
    for pc in school().pcs.values():
        system = equipment_of(pc, 0).content["operatingsystem"]
        assert end_of_support(system["full_name"], system["version"]), system


@given(st.permutations(TABLE.systems), st.sampled_from(TABLE.systems))
def test_the_order_of_the_rows_does_not_matter(rows: list[EndOfSupport], row: EndOfSupport) -> None:
    table = SupportTable(TABLE.as_of, tuple(rows))
    assert end_of_support(row.full_names[0], row.version, table) is row


WORDS = [*(name for _, name in NAMES), "Pro", "Server", "LTSC", ""]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=4), st.text("0123456789.", max_size=10))
def test_no_name_breaks_it_and_what_is_found_fits(words: list[str], version: str) -> None:
    full_name = " ".join(words)
    row = end_of_support(full_name, version)
    assert row is None or (
        version.startswith(row.version) and any(n.casefold() in full_name.casefold() for n in row.full_names)
    )
