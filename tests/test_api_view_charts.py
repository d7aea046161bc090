"""Charts and strips: axes, gaps, bands, readings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.view.charts import HEIGHT, WIDTH, Chart, Span, chart, day_until, nice, runs, scale
from api.view.device import sections
from api.view.timeline import timeline
from collector.store.protocol import HOUR_MS, SLICE_MS, Point, RoomReason, RoomSlice, RoomState
from contract.metrics import PROBES, Field
from inventory.school import School
from tests.measurements import SITE, START
from tests.test_api_say import EN, VI, plain

TRIP, CPU = PROBES["ping"].fields["round_trip_ms"], PROBES["host"].fields["cpu_percent"]
SIGNAL, LOSS = PROBES["wifi"].fields["signal_dbm"], PROBES["ping"].fields["loss_percent"]
SPAN = Span(START, START + 24 * HOUR_MS, 600_000, START + 24 * HOUR_MS)


def point(step: int, mean: float, low: float | None = None, high: float | None = None) -> Point:
    return Point(START + step * 600_000, mean, mean if low is None else low, mean if high is None else high, 20)


def drawn(field: Field, *points: Point, limit: float | None = None, now: int | None = None) -> Chart:
    span = Span(SPAN.since, SPAN.until, SPAN.step_ms, SPAN.now if now is None else now)
    made = chart("Cloudflare", field, points, span, VI, limit=limit)
    assert made is not None
    return made


def test_a_gap_is_a_gap_and_a_lonely_point_a_dot() -> None:
    made = drawn(TRIP, point(0, 10), point(1, 20), point(10, 30), point(20, 40), point(21, 50))
    assert made.line.count("M") == 2
    assert made.band.count("z") == 2
    assert made.dots.count("M") == 1


def test_the_band_runs_from_lowest_to_highest() -> None:
    made = drawn(TRIP, point(0, 10, 5, 40), point(1, 20, 10, 40))
    assert made.y_labels == ("40\u00a0ms", "20\u00a0ms", "0\u00a0ms")
    assert made.band == "M1.7 0L5 0L5 75L1.7 87.5z"
    assert made.summary == "5\u00a0ms – 40\u00a0ms, trung bình 15\u00a0ms"


def test_a_percentage_has_the_whole_axis_and_a_loss_one_that_shows_its_limit() -> None:
    assert drawn(CPU, point(0, 3.0)).y_labels == ("100\u00a0%", "50\u00a0%", "0\u00a0%")
    lossy = drawn(LOSS, point(0, 12.0), limit=5.0)
    assert lossy.y_labels[0] == "15\u00a0%"
    assert lossy.limit == pytest.approx(66.7)


def test_a_limit_far_above_everything_does_not_flatten_the_line() -> None:
    assert drawn(TRIP, point(0, 20.0), limit=200.0).limit is None
    assert drawn(TRIP, point(0, 120.0), limit=200.0).limit == 0


def test_signal_strength_hangs_below_zero() -> None:
    made = drawn(SIGNAL, point(0, -61.0), point(1, -58.0))
    assert made.y_labels[0] == "0\u00a0dBm"
    assert made.y_labels[-1].startswith("-")


def test_the_newest_number_is_a_dash_when_measuring_stopped() -> None:
    assert plain(drawn(TRIP, point(143, 12.0)).newest) == "12 ms"
    assert drawn(TRIP, point(100, 12.0)).newest == "–"


def test_a_reading_tells_time_mean_and_range_at_its_place() -> None:
    made = drawn(TRIP, point(0, 12.0, 8.0, 20.0), point(72, 5.0))
    (first, words), (_, flat) = made.readings
    assert first == pytest.approx(300_000 / (24 * HOUR_MS) * WIDTH, abs=0.1)
    assert re.fullmatch(r"\d\d:\d\d: 12 ms \(8 ms – 20 ms\)", plain(words))
    assert "(" not in flat


def test_nothing_measured_is_no_chart() -> None:
    assert chart("x", TRIP, [], SPAN, EN) is None
    assert chart("x", TRIP, [Point(START, None, None, None, 0)], SPAN, EN) is None


def test_a_day_ends_with_the_running_hour_and_has_six_labels() -> None:
    span = day_until(START + 1)
    assert (span.until - START, span.until - span.since) == (HOUR_MS, 24 * HOUR_MS)
    assert len(drawn(TRIP, point(0, 1.0)).x_labels) == 6


@given(st.lists(st.tuples(st.integers(0, 143), st.floats(-150, 10_000_000)), min_size=1, max_size=40))
def test_whatever_is_measured_stays_inside_the_plot(values: list[tuple[int, float]]) -> None:
    points = [point(step, value) for step, value in dict(values).items()]
    points.sort(key=lambda entry: entry.at)
    made = drawn(TRIP, *points, limit=200.0)
    for x, y in re.findall(r"[ML]([-\d.e+]+) ([-\d.e+]+)", made.line + made.band + made.dots):
        assert -0.1 <= float(x) <= WIDTH + 0.1
        assert -0.1 <= float(y) <= HEIGHT + 0.1
    low, high, ticks = scale(TRIP, points, None)
    assert ticks[0] == pytest.approx(low)
    assert ticks[-1] == pytest.approx(high)
    assert len(ticks) <= 6
    assert sum(map(len, runs(points, SPAN.step_ms))) == len(points)


@given(st.floats(1e-9, 1e12))
def test_a_nice_step_is_round_and_not_much_larger_than_asked(rough: float) -> None:
    step = nice(rough)
    assert rough * 0.999 <= step <= rough * 2.6
    assert float(f"{step:.0e}") == pytest.approx(step, rel=0.26)


def _slice(number: int, state: RoomState, *, lesson: bool = False) -> RoomSlice:
    return RoomSlice(SITE, "lop-1", START + number * SLICE_MS, state, RoomReason.REACHED, lesson, 1, 1)


def test_a_strip_shows_each_state_at_its_own_height_and_says_it() -> None:
    slices = [_slice(0, RoomState.CONNECTED, lesson=True), _slice(1, RoomState.CONNECTED), _slice(3, RoomState.DARK)]
    line = timeline([*slices, _slice(12, RoomState.DEGRADED)], START, START + HOUR_MS, EN)
    assert line.width == 72
    assert dict(line.paths) == {
        RoomState.CONNECTED: "M0 24v-24h5v24zM6 24v-24h5v24z",
        RoomState.DARK: "M18 24v-2h5v2z",
    }
    assert line.lessons == "M0 27h6"
    assert plain(line.label) == "Last 1 hr: connected 67%, dark 33%"
    assert plain(timeline([], START, START + HOUR_MS, VI).label) == "1 giờ qua: chưa có số liệu"


def test_targets_that_lose_nothing_share_a_sentence_but_not_those_that_fell_silent() -> None:
    newest, old = [point(143, 0.0)], [point(100, 0.0)]
    series = {
        ("ping", "gateway/default", "loss_percent"): newest,
        ("ping", "internet/quad9", "loss_percent"): newest,
        ("ping", "internet/cloudflare", "loss_percent"): old,
        ("ping", "internet/google-dns", "loss_percent"): [point(143, 4.0)],
        ("ping", "internet/quad9", "round_trip_ms"): [],
    }
    [section] = sections(series, SPAN, School(SITE, "Hoa Mai"), VI)
    assert [figure.title for figure in section.charts] == ["Cloudflare · Tỷ lệ mất gói", "Google DNS · Tỷ lệ mất gói"]
    assert section.note == "Không mất gói nào tới: Cổng mạng, Quad9."
