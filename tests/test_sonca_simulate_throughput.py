"""Throughput in the simulated school: tested when lessons are over, as fast as the narrowest part of the way."""

from contract.messages import Measurement, Outcome
from sonca.simulate.school_day import SchoolDay
from sonca.simulate.school_time import LESSON_END, minute_of, minutes
from tests.simulated import monday, school


def throughput_of(day: SchoolDay) -> dict[str, list[Measurement]]:
    """By device, from an hour before the end of a Monday's lessons to an hour after."""
    found = {pc: day.measurements(pc, monday("15:30"), monday("17:30")) for pc in day.pcs}
    return {pc: [entry for entry in measured if entry.probe == "throughput"] for pc, measured in found.items()}


def test_both_legs_are_tested_once_a_day_and_never_in_lessons() -> None:
    found = throughput_of(school(rooms=12, devices=24))
    tested = [entries for entries in found.values() if entries]
    assert len(tested) >= 3  # the others are off by then
    for entries in tested:
        assert [entry.target for entry in entries] in (["lan/server"], ["lan/server", "wan/server"])
        assert all(minute_of(entry.taken_at) > minutes(LESSON_END) for entry in entries)


def test_the_numbers_fit_each_other() -> None:
    for entries in throughput_of(school(rooms=12, devices=24)).values():
        for entry in entries:
            samples = sorted(map(float, str(entry.fields["download_samples_mbps"]).split()))
            assert entry.fields["download_mbps"] == samples[len(samples) // 2]
            assert int(entry.fields["budget_used_bytes"]) >= int(entry.fields["transferred_bytes"]) > 1_000_000


def test_without_a_line_only_the_school_itself_is_tested() -> None:
    found = throughput_of(school("line-outage@16:20+60m", rooms=12, devices=24))
    outcomes = {(entry.target, entry.outcome) for entries in found.values() for entry in entries}
    assert outcomes == {("lan/server", Outcome.OK), ("wan/server", Outcome.TIMEOUT)}
