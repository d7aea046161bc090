"""History: every measurement of the days before once, in order; and the line that tells how far it is."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import Measurement
from sonca.simulate.clock import SimulatedClock
from sonca.simulate.history import REPORT_MS, parcels_of
from sonca.simulate.progress import Progress
from sonca.simulate.school_time import HOUR_MS, MINUTE_MS
from sonca.simulate.voice import Voice
from tests.simulated import monday, school

DAY = school("wrong-clock:mam-1-giao-vien", rooms=3, devices=5)


@settings(max_examples=20, deadline=None)
@given(st.integers(monday("06:30"), monday("17:30")), st.integers(1, 100 * MINUTE_MS))
def test_it_holds_every_measurement_once_and_in_the_order_of_sending(since: int, length: int) -> None:
    until = since + length
    voice = Voice(DAY, SimulatedClock(until, until), REPORT_MS, since, until, history=True)
    parcels = list(parcels_of(voice))
    ends = [voice.span(parcel.run, parcel.sequence)[1] for parcel in parcels]
    assert ends == sorted(ends)
    assert all(since < end <= until for end in ends)
    told: dict[str, list[Measurement]] = {name: [] for name in DAY.pcs}
    for parcel in parcels:
        batch = voice.batch(parcel.pc, parcel.run, parcel.sequence)
        assert batch.boot.endswith("-history")
        told[batch.agent] += batch.measurements
    for name, found in told.items():
        expected = DAY.measurements(name, since, until)
        assert [(entry.probe, entry.target, entry.fields) for entry in found] == [
            (entry.probe, entry.target, entry.fields) for entry in expected
        ]


def test_a_batch_of_history_covers_five_minutes() -> None:
    since, until = monday("09:00"), monday("10:00")
    voice = Voice(DAY, SimulatedClock(until, until), REPORT_MS, since, until, history=True)
    on = sum(DAY.state(name, since).run is not None for name in DAY.pcs)
    assert 12 * on <= len(list(parcels_of(voice))) <= 14 * on


def test_the_line_says_how_far_how_fast_and_how_long() -> None:
    progress = Progress(monday("08:00"), monday("10:00"), io.StringIO(), 100.0)
    assert progress.line(monday("08:30"), 50_000, 110.0) == (
        "history:  25 %, until 2026-11-23 08:30, 5,000 measurements/s, about 30 s left"
    )
    assert progress.line(monday("08:00") + MINUTE_MS, 600, 110.0).endswith("about 20 min left")
    assert progress.line(monday("10:00"), 200_000, 140.0) == (
        "history: 100 %, until 2026-11-23 10:00, 5,000 measurements/s"
    )


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("out", "lines"), [(io.StringIO(), 4), (Screen(), 1)])
def test_a_log_gets_few_lines_and_a_screen_one_that_changes(out: io.StringIO, lines: int) -> None:
    progress = Progress(monday("08:00"), monday("08:00") + HOUR_MS, out, 0.0)
    for second in range(46):
        progress.show(monday("08:00") + second * MINUTE_MS, second * 100, float(second))
    assert out.getvalue().count("\n") == (4 if lines == 4 else 0)
    progress.end(monday("09:00"), 6_000, 60.0)
    assert out.getvalue().endswith("\n")
    assert "100 %" in out.getvalue()
    assert out.getvalue().count("\r") == (0 if lines == 4 else 47)
