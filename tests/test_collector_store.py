"""What every series store answers: one suite over all engines, with expectations worked out by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.protocol import (
    DAY_MS,
    HOUR_MS,
    SLICE_MS,
    Gap,
    Reach,
    Retention,
    RoomReason,
    RoomSlice,
    RoomState,
    SeriesStore,
    Share,
)
from contract.messages import Outcome
from tests.measurements import SITE, START, measured, ping
from tests.stores import ENGINES, opened


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SeriesStore]:
    with opened(request.param, tmp_path, lambda: request.getfixturevalue("influxd")) as opened_store:
        yield opened_store


def test_it_gives_back_exactly_what_was_written(store: SeriesStore) -> None:
    written = [
        measured("pc-1", "host", 0, {"cpu_percent": 12.3, "uptime_seconds": 5, "battery_plugged": True}),
        measured(
            "pc-1", "wifi", 1, {"network_name": 'Lớp "Chồi", 1 = \\ tốt', "signal_dbm": -61.0}, target="wlan 0,=x"
        ),
        measured("pc-1", "web", 2, {}, target="services/e-office", outcome=Outcome.TIMEOUT, blind=True),
    ]
    store.write(written)
    assert sorted(store.latest(SITE), key=lambda entry: entry.taken_at) == written


def test_it_keeps_numbers_to_the_resolution_of_the_catalogue(store: SeriesStore) -> None:
    finer = measured("pc-1", "host", 0, {"cpu_percent": 12.3456, "load_1m": 0.128})
    finer.duration_ms = 1.2549
    store.write([finer])
    [found] = store.latest(SITE)
    assert (found.fields, found.duration_ms) == ({"cpu_percent": 12.3, "load_1m": 0.13}, 1.25)


def test_latest_is_the_newest_and_late_data_does_not_replace_it(store: SeriesStore) -> None:
    newest = measured("pc-1", "host", 60_000, {"cpu_percent": 50.0})
    store.write([newest])
    store.write([measured("pc-1", "host", 0, {"cpu_percent": 1.0})])
    assert store.latest(SITE, "pc-1") == [newest]
    assert store.latest(SITE, "pc-2") == []
    assert store.latest("elsewhere") == []


def test_writing_again_changes_nothing(store: SeriesStore) -> None:
    entries = [ping("pc-1", at, "internet/a") for at in range(0, SLICE_MS, 30_000)]
    store.write(entries)
    store.roll_up(START + HOUR_MS)
    before = store.series(SITE, "pc-1", "ping", "internet/a", "round_trip_ms", START, START + DAY_MS * 2, SLICE_MS)
    store.write(entries)
    store.roll_up(START + HOUR_MS)
    after = store.series(SITE, "pc-1", "ping", "internet/a", "round_trip_ms", START, START + DAY_MS * 2, SLICE_MS)
    assert before == after
    assert [(point.at, point.mean, point.count) for point in after] == [(START, 10.0, 10)]


def test_a_short_series_comes_from_raw_rows_in_aligned_steps(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", at, {"cpu_percent": at / 1_000}) for at in (0, 10_000, 70_000)])
    points = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + HOUR_MS, 60_000)
    assert [(p.at - START, p.mean, p.minimum, p.maximum, p.count) for p in points] == [
        (0, 5.0, 0.0, 10.0, 2),
        (60_000, 70.0, 70.0, 70.0, 1),
    ]


def test_a_yes_no_field_is_a_share_and_text_is_refused(store: SeriesStore) -> None:
    store.write([measured("pc-1", "web", at, {"captive": at == 0}, target="internet/b") for at in (0, 1_000)])
    [point] = store.series(SITE, "pc-1", "web", "internet/b", "captive", START, START + HOUR_MS, HOUR_MS)
    assert point.mean == 0.5
    with pytest.raises(KeyError, match="network_name"):
        store.series(SITE, "pc-1", "wifi", "wlan0", "network_name", START, START + 1, 1)


def test_longer_series_come_from_the_rollups(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", at, {"cpu_percent": 10.0}) for at in (0, 60_000)])
    store.write([measured("pc-1", "host", SLICE_MS, {"cpu_percent": 40.0})])
    store.roll_up(START + 2 * HOUR_MS)
    week = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 7 * DAY_MS, 1)
    assert [(p.at - START, p.mean, p.count) for p in week] == [(0, 10.0, 2), (SLICE_MS, 40.0, 1)]
    year = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 365 * DAY_MS, 1)
    assert [(p.at - START, p.mean, p.minimum, p.maximum, p.count) for p in year] == [(0, 20.0, 10.0, 40.0, 3)]


def test_rollup_waits_for_the_slice_to_close_and_late_data_reopens_it(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", 0, {"cpu_percent": 10.0})])
    assert list(store.roll_up(START + SLICE_MS - 1)) == []
    assert list(store.roll_up(START + SLICE_MS)) == [(SITE, START)]
    assert list(store.roll_up(START + SLICE_MS)) == []
    store.write([measured("pc-1", "host", 1, {"cpu_percent": 30.0})])
    assert list(store.roll_up(START + HOUR_MS)) == [(SITE, START)]
    [point] = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 2 * DAY_MS, 1)
    assert (point.mean, point.count) == (20.0, 2)


def test_uncertain_times_are_kept_but_judge_nothing(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", 0, {"cpu_percent": 99.0}, uncertain=True)])
    assert store.latest(SITE) == []
    assert store.reach(SITE, START, START + SLICE_MS) == []
    assert list(store.roll_up(START + HOUR_MS)) == []


def test_reach_counts_the_internet_group_and_the_gateway_apart(store: SeriesStore) -> None:
    store.write(
        [
            ping("pc-1", 0, "internet/a", loss=20.0, trip=100.0),
            ping("pc-1", 1, "internet/b", trip=None),
            measured("pc-1", "web", 2, target="internet/c"),
            measured("pc-1", "dns", 3, target="dns/system"),
            ping("pc-1", 4, "gateway/default"),
            ping("pc-1", 5, "services/e-office"),
            measured("pc-2", "host", 6),
            measured("pc-3", "host", SLICE_MS),
        ]
    )
    assert store.reach(SITE, START, START + SLICE_MS) == [
        Reach("pc-1", 6, 3, 2, 1, 1, loss_percent=20.0, round_trip_ms=100.0),
        Reach("pc-2", 1),
    ]


def _slice(room: str, number: int, state: RoomState, *, lesson: bool = True) -> RoomSlice:
    reason = {RoomState.CONNECTED: RoomReason.REACHED, RoomState.DARK: RoomReason.ALL_OFF}.get(state, RoomReason.SLOW)
    return RoomSlice(SITE, room, START + number * SLICE_MS, state, reason, lesson, 2, 1)


def test_the_share_of_rooms_connected_counts_lesson_slices_by_state(store: SeriesStore) -> None:
    slices = [
        _slice("lop-1", 0, RoomState.CONNECTED),
        _slice("lop-1", 1, RoomState.DEGRADED),
        _slice("lop-1", 2, RoomState.CONNECTED, lesson=False),
        _slice("lop-2", 0, RoomState.DISCONNECTED),
        _slice("lop-2", 1, RoomState.DARK),
        _slice("kho", 0, RoomState.DARK),
    ]
    store.write_rooms(slices)
    store.write_rooms(slices[:2])
    whole = store.share_connected(SITE, START, START + HOUR_MS)
    assert whole == Share(connected=1, degraded=1, disconnected=1, dark=2)
    assert whole.connected_percent == 40.0
    classrooms = store.share_connected(SITE, START, START + HOUR_MS, ["lop-1", "lop-2"])
    assert classrooms.connected_percent == 50.0
    assert store.share_connected(SITE, START, START + HOUR_MS, []).connected_percent is None
    assert store.rooms(SITE, START, START + HOUR_MS, "lop-2") == slices[3:5]
    assert len(store.rooms(SITE, START, START + SLICE_MS)) == 3


def test_a_room_slice_judged_again_is_overwritten(store: SeriesStore) -> None:
    store.write_rooms([_slice("lop-1", 0, RoomState.DARK)])
    store.write_rooms([_slice("lop-1", 0, RoomState.CONNECTED)])
    assert [entry.state for entry in store.rooms(SITE, START, START + HOUR_MS)] == [RoomState.CONNECTED]


def test_p95_is_the_nearest_rank_of_slice_means(store: SeriesStore) -> None:
    store.write([ping("pc-1", n * SLICE_MS, "internet/a", trip=float(n + 1)) for n in range(20)])
    store.write([ping("pc-1", n * SLICE_MS, "services/slow", trip=900.0) for n in range(20)])
    store.roll_up(START + DAY_MS)
    rooms = {"lop-1": ["pc-1", "pc-9"], "lop-2": ["pc-9"]}
    found = store.p95_by_room(SITE, "ping", "round_trip_ms", rooms, START, START + DAY_MS)
    assert found == {"lop-1": 19.0}


def test_gaps_are_whole_slices_between_two_measured_ones(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", n * SLICE_MS) for n in (0, 1, 4, 5)])
    store.write([measured("pc-2", "host", n * SLICE_MS) for n in (0, 1)])
    store.roll_up(START + DAY_MS)
    assert store.gaps(SITE, START, START + DAY_MS) == [Gap("pc-1", START + 2 * SLICE_MS, START + 4 * SLICE_MS)]


def test_forgetting_takes_old_raw_rows_and_leaves_the_rollups(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", at, {"cpu_percent": 10.0}) for at in (0, 40 * DAY_MS)])
    store.roll_up(START + 41 * DAY_MS)
    store.forget(START + 41 * DAY_MS, Retention(raw_days=30, five_minute_days=730))
    assert store.reach(SITE, START, START + SLICE_MS) == []
    kept = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 60 * DAY_MS, HOUR_MS)
    assert [point.at for point in kept] == [START, START + 40 * DAY_MS]


def test_an_old_day_is_answered_from_rollups_when_its_raw_rows_are_gone(store: SeriesStore) -> None:
    store.write([measured("pc-1", "host", 0, {"cpu_percent": 10.0})])
    store.roll_up(START + 41 * DAY_MS)
    store.forget(START + 41 * DAY_MS, Retention())
    [point] = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + HOUR_MS, 60_000)
    assert (point.at, point.mean) == (START, 10.0)
