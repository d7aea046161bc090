"""What equipment is judged by, asked of a whole site at once: one suite over all engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.evidence_faults import shares_of
from collector.store.protocol import (
    DAY_MS,
    HOUR_MS,
    SLICE_MS,
    Beyond,
    DayOf,
    Part,
    RoomReason,
    RoomSlice,
    RoomState,
    RoomTime,
    SeriesStore,
    Share,
)
from collector.store.sqlite import SqliteStore
from tests.measurements import SITE, START, measured
from tests.raw_rows import sealed_windows
from tests.stores import ENGINES, opened

CONNECTED, DEGRADED, DISCONNECTED, DARK = RoomState
DAY = START - START % DAY_MS  # midnight before


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SeriesStore]:
    with opened(request.param, tmp_path, lambda: request.getfixturevalue("influxd")) as opened_store:
        yield opened_store


def judged(room: str, number: int, state: RoomState, *, lesson: bool = True) -> RoomSlice:
    return RoomSlice(SITE, room, START + number * SLICE_MS, state, RoomReason.SLOW, lesson, 2, 1)


def test_slices_beyond_a_limit_are_counted_in_the_stretches_that_are_asked_for(store: SeriesStore) -> None:
    memory = {"pc-1": [95.0, 91.0, 90.0, 50.0, 99.0], "pc-2": [10.0]}
    store.write(
        [
            measured(device, "host", number * SLICE_MS, {"memory_used_percent": value})
            for device, values in memory.items()
            for number, value in enumerate(values)
        ]
    )
    store.write([measured("pc-3", "host", 0, {"cpu_percent": 1.0}), measured("pc-4", "host", 9 * SLICE_MS)])
    store.roll_up(START + DAY_MS)
    spans = [(START - HOUR_MS, START), (START, START + 2 * SLICE_MS), (START + 4 * SLICE_MS, START + HOUR_MS)]
    found = store.beyond(SITE, "host", "memory_used_percent", 90, spans)
    assert found == [Beyond("pc-1", "", START, 3, 3), Beyond("pc-2", "", START, 1, 0)]
    assert store.beyond(SITE, "host", "memory_used_percent", 90, [(START, START + 4 * SLICE_MS)], below=True) == [
        Beyond("pc-1", "", START, 4, 1),
        Beyond("pc-2", "", START, 1, 1),
    ]
    assert store.beyond(SITE, "host", "memory_used_percent", 90, spans[2:]) == [
        Beyond("pc-1", "", START + 4 * SLICE_MS, 1, 1)
    ]
    assert store.beyond(SITE, "host", "memory_used_percent", 90, []) == []
    assert store.beyond("elsewhere", "host", "memory_used_percent", 90, spans) == []


def test_every_target_of_a_device_is_counted_apart_and_a_yes_no_field_by_its_share(store: SeriesStore) -> None:
    lit = [measured("projector", "lamp", at, {"lit": at == 0}, target="lamp-1") for at in (0, 1, 2)]
    store.write([*lit, measured("projector", "lamp", 3, {"lit": True}, target="lamp-2")])
    store.roll_up(START + DAY_MS)
    assert store.beyond(SITE, "lamp", "lit", 0.5, [(START, START + HOUR_MS)]) == [
        Beyond("projector", "lamp-1", START, 1, 0),
        Beyond("projector", "lamp-2", START, 1, 1),
    ]


def test_a_field_day_by_day_of_all_devices(store: SeriesStore) -> None:
    midnight = DAY - START
    store.write(
        [
            measured("pc-1", "disk", midnight + at, {"disk_free_bytes": free}, target="C:\\")
            for at, free in ((0, 100), (1, 300), (HOUR_MS, 500), (DAY_MS, 50), (3 * DAY_MS, 7))
        ]
    )
    store.write([measured("pc-2", "disk", midnight, {"disk_total_bytes": 9}, target="/")])
    store.roll_up(DAY + 9 * DAY_MS)
    for part, first in ((Part.MEAN, 350.0), (Part.LOWEST, 100.0), (Part.HIGHEST, 500.0)):
        parts = {"disk_free_bytes": part, "disk_total_bytes": Part.MEAN}
        assert store.daily(SITE, "disk", parts, DAY, DAY + 3 * DAY_MS) == {
            "disk_free_bytes": {("pc-1", "C:\\"): [DayOf(DAY, first), DayOf(DAY + DAY_MS, 50.0)]},
            "disk_total_bytes": {("pc-2", "/"): [DayOf(DAY, 9.0)]},
        }
    assert store.daily(SITE, "disk", {"disk_free_bytes": Part.MEAN}, DAY + 4 * DAY_MS, DAY + 9 * DAY_MS) == {
        "disk_free_bytes": {}
    }


def test_the_share_of_each_room_is_that_of_the_rooms_alone(store: SeriesStore) -> None:
    store.write_rooms(
        [
            judged("lop-1", 0, CONNECTED),
            judged("lop-1", 1, DEGRADED),
            judged("lop-2", 0, DISCONNECTED),
            judged("lop-2", 1, DARK),
            judged("lop-3", 0, CONNECTED, lesson=False),
        ]
    )
    found = shares_of(store.room_times(SITE, START, START + HOUR_MS))
    assert found == {"lop-1": Share(connected=1, degraded=1), "lop-2": Share(disconnected=1, dark=1)}
    for room, share in found.items():
        assert store.share_connected(SITE, START, START + HOUR_MS, [room]) == share
    assert store.room_times(SITE, START + HOUR_MS, START + 2 * HOUR_MS) == []


def test_times_of_rooms_tell_what_other_rooms_did_not_suffer(store: SeriesStore) -> None:
    states = {
        "lop-1": [DISCONNECTED, DISCONNECTED, DEGRADED, DARK],
        "lop-2": [DEGRADED, DISCONNECTED, CONNECTED, DARK],
        "lop-3": [CONNECTED, DISCONNECTED, DEGRADED, CONNECTED],
    }
    store.write_rooms([judged(room, at, state) for room, row in states.items() for at, state in enumerate(row)])
    store.write_rooms([judged("lop-1", 5, DISCONNECTED, lesson=False)])
    slow = RoomReason.SLOW
    found = store.room_times(SITE, START, START + HOUR_MS)
    assert [entry.room for entry in found] == sorted(entry.room for entry in found)
    assert set(found) == {
        RoomTime("lop-1", DARK, 1),
        RoomTime("lop-1", DISCONNECTED, 1, slow, alone=True),
        RoomTime("lop-1", DISCONNECTED, 1, slow, alone=False),
        RoomTime("lop-1", DEGRADED, 1, slow, alone=True),
        RoomTime("lop-2", CONNECTED, 1),
        RoomTime("lop-2", DARK, 1),
        RoomTime("lop-2", DEGRADED, 1, slow, alone=True),
        RoomTime("lop-2", DISCONNECTED, 1, slow, alone=False),
        RoomTime("lop-3", CONNECTED, 2),
        RoomTime("lop-3", DISCONNECTED, 1, slow, alone=False),
        RoomTime("lop-3", DEGRADED, 1, slow, alone=True),
    }


def test_what_is_sealed_answers_alike(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "series.db").open()
    store.write(
        [
            measured("pc-1", "host", at, {"memory_used_percent": 50.0 + at // HOUR_MS % 50} if at % 7 else {})
            for at in range(0, 25 * DAY_MS, 2 * HOUR_MS + SLICE_MS)
        ]
    )
    while store.roll_up(START + 30 * DAY_MS):
        pass
    spans = [(START + day * DAY_MS, START + day * DAY_MS + 9 * HOUR_MS) for day in range(25)]
    since, until = START + DAY_MS + HOUR_MS, START + 21 * DAY_MS + HOUR_MS

    def answers() -> object:
        return (
            store.beyond(SITE, "host", "memory_used_percent", 70, spans),
            store.beyond(SITE, "host", "memory_used_percent", 70, spans[3:20], below=True),
            *(store.daily(SITE, "host", {"memory_used_percent": part}, since, until) for part in Part),
        )

    before = answers()
    assert not store.seal(60)
    assert all(sealed_windows(store.path, level) for level in ("five_minutes", "hours"))
    assert answers() == before
    store.close()
