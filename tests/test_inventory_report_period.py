"""The time that a report is about, as people write it."""

import pytest

from inventory.report.period import PeriodTrouble, parse_period
from tests.report_record import EN, VI


@pytest.mark.parametrize(
    ("written", "first", "last", "vi", "en"),
    [
        ("2026-11", "2026-11-01", "2026-11-30", "tháng 11 năm 2026", "November 2026"),
        ("2026-12", "2026-12-01", "2026-12-31", "tháng 12 năm 2026", "December 2026"),
        ("2028-02", "2028-02-01", "2028-02-29", "tháng 2 năm 2028", "February 2028"),
        ("2026-2027", "2026-09-01", "2027-08-31", "năm học 2026-2027", "the school year 2026-2027"),
        ("2026-2027-1", "2026-09-01", "2027-01-15", "học kỳ I năm học 2026-2027", "the first term of 2026-2027"),
        ("2026-2027-2", "2027-01-16", "2027-08-31", "học kỳ II năm học 2026-2027", "the second term of 2026-2027"),
    ],
)
def test_a_period_is_a_month_a_term_or_a_school_year(written: str, first: str, last: str, vi: str, en: str) -> None:
    period = parse_period(written)
    assert (str(period.first), str(period.last)) == (first, last)
    assert (VI(period.name), EN(period.name)) == (vi, en)
    assert period.written == written


@pytest.mark.parametrize(
    "written",
    ["", "2026", "2026-13", "2026-00", "2026-2028", "2026-2027-3", "11-2026", "2026-1", "../2026-11", "0000-01"],
)
def test_what_is_no_period_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(PeriodTrouble) as refusal:
        parse_period(written)
    assert refusal.value.sentence == f"{written!r} is not a period"
    assert "2026-11" in refusal.value.hint
