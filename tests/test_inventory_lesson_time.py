"""Lessons as stretches of server time: exactly the slices that count as lesson time."""

import itertools
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from contract.week import WEEKDAYS, LessonHours
from inventory.lesson_time import SLICE_MS, lesson_spans, midnight, slices_in
from inventory.school import School
from tests.measurements import START

MORNING = LessonHours(("mon", "tue", "wed", "thu", "fri"), "07:30", "10:30")
DAY = 24 * 12 * SLICE_MS

clocks = st.integers(0, 287).map(lambda slot: f"{slot // 12:02}:{slot % 12 * 5:02}")
hours = st.builds(
    lambda days, pair: LessonHours(tuple(days), *sorted(pair)),
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True),
    st.lists(clocks, min_size=2, max_size=2, unique=True),
)
schools = st.builds(
    lambda zone, lessons, holiday: School("s", "S", time_zone=zone, lesson_hours=tuple(lessons), holidays=(holiday,)),
    st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns"]),  # two of them change their clocks
    st.lists(hours, max_size=3),
    st.sampled_from(["2027-01-18", "2027-03-29"]),
)


@settings(max_examples=30, deadline=None)
@given(school=schools, first=st.integers(0, 90), slices=st.integers(0, 800))
def test_the_spans_hold_exactly_the_slices_of_lesson_time(school: School, first: int, slices: int) -> None:
    since = START + first * DAY
    until = since + slices * SLICE_MS
    spans = lesson_spans(school, since, until)
    assert all(since <= start < end <= until for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    lessons = [at for at in range(since, until, SLICE_MS) if school.in_lesson(at)]
    assert [at for at in range(since, until, SLICE_MS) if any(start <= at < end for start, end in spans)] == lessons
    assert slices_in(spans, since) == len(lessons)


def test_slices_are_counted_from_the_lesson_on_in_which_something_was_first_heard() -> None:
    school = School("s", "S", lesson_hours=(MORNING,))
    since = midnight(date(2026, 11, 23), school.zone)  # a Monday
    spans = lesson_spans(school, since, since + 7 * DAY)
    assert len(spans) == 5
    assert [slices_in(spans, spans[first][0]) for first in range(5)] == [36 * days for days in (5, 4, 3, 2, 1)]
    assert lesson_spans(School("s", "S"), since, since + 7 * DAY) == []
