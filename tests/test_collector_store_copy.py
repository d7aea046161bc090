"""Everything from one store into the other, in both directions, interrupted and again."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.copy import copy
from collector.store.influx import InfluxStore
from collector.store.protocol import (
    DAY_MS,
    HOUR_MS,
    SLICE_MS,
    Retention,
    Rollup,
    RoomReason,
    RoomSlice,
    RoomState,
    SeriesStore,
    StoredMeasurement,
    StoreUnavailable,
)
from collector.store.sqlite import SqliteStore
from contract.messages import Outcome
from contract.trouble import Trouble
from tests.influxd import Influxd
from tests.measurements import SITE, START, measured, ping
from tests.stores import ENGINES, opened

NOW, RAW_DAYS = START + 40 * DAY_MS, 60
WITH_ALL = [
    measured("pc-1", "host", 0, {"cpu_percent": 12.3, "uptime_seconds": 5, "battery_plugged": True}),
    measured("pc-1", "host", 3 * DAY_MS, {"cpu_percent": 40.0, "memory_total_bytes": 2**40}),
    measured("pc-1", "disk", 60_000, {"disk_used_percent": 71.0}, target="C:\\"),
    measured("pc-1", "wifi", 1, {"network_name": 'Lớp "Chồi", 1 = \\ tốt', "signal_dbm": -61.0}, target="wlan 0,=x"),
    measured("pc-2", "web", 2, {}, target="services/e-office", outcome=Outcome.TIMEOUT, blind=True),
    measured("pc-2", "host", 7, {"cpu_percent": 99.0}, uncertain=True),
    *(ping("pc-2", DAY_MS + at, "internet/a", trip=float(at % 7 + 1)) for at in range(0, 2 * HOUR_MS, 30_000)),
]
ROOMS = [
    RoomSlice(SITE, "mam-1", START + number * DAY_MS, RoomState.DARK, RoomReason.ALL_OFF, number > 1, 2, 1)
    for number in range(3)
]


@pytest.fixture(params=[ENGINES, ENGINES[::-1]], ids=["sqlite-to-influx", "influx-to-sqlite"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[SeriesStore, SeriesStore]]:
    """A filled store, and an empty one of the other engine."""
    source, target = request.param
    (tmp_path / "from").mkdir()
    (tmp_path / "to").mkdir()

    def influxd() -> object:
        return request.getfixturevalue("influxd")

    with (
        opened(source, tmp_path / "from", influxd) as filled,  # type: ignore[arg-type]
        opened(target, tmp_path / "to", influxd) as empty,  # type: ignore[arg-type]
    ):
        filled.write(WITH_ALL)
        while filled.roll_up(NOW):
            pass
        filled.write_rooms(ROOMS)
        yield filled, empty


def silent(_done: int, _parts: int) -> None:
    return


def raw(store: SeriesStore) -> list[StoredMeasurement]:
    found = [entry for device in store.devices()[SITE] for entry in store.measurements(SITE, device, 0, NOW)]
    return sorted(found, key=lambda entry: (entry.device, entry.probe, entry.target, entry.taken_at))


def rollups(store: SeriesStore) -> list[Rollup]:
    found = [
        entry
        for device in store.devices()[SITE]
        for length in (SLICE_MS, HOUR_MS)
        for entry in store.rollups(SITE, device, length, 0, NOW)
    ]
    return sorted(found, key=lambda entry: (entry.device, entry.probe, entry.target, entry.length, entry.start))


def test_everything_arrives_as_it_was(pair: tuple[SeriesStore, SeriesStore]) -> None:
    source, target = pair
    shown: list[tuple[int, int]] = []
    copied = copy(source, target, NOW, RAW_DAYS, lambda done, parts: shown.append((done, parts)))
    assert (
        raw(target)
        == raw(source)
        == sorted(WITH_ALL, key=lambda entry: (entry.device, entry.probe, entry.target, entry.taken_at))
    )
    assert rollups(target) == rollups(source)
    assert target.rooms(SITE, 0, NOW) == source.rooms(SITE, 0, NOW) == ROOMS
    assert target.latest(SITE) == source.latest(SITE)
    assert (copied.measurements, copied.rooms, copied.there) == (len(WITH_ALL), len(ROOMS), 0)
    assert copied.rollups == len(rollups(source))
    assert shown[0][0] == 0
    assert shown[-1][0] == shown[-1][1]
    assert [done for done, _ in shown] == sorted(done for done, _ in shown)


def test_what_boards_read_of_each_slice_is_there_afterwards(influxd: Influxd, tmp_path: Path) -> None:
    settings = influxd.settings(tmp_path)
    filled, empty = SqliteStore(tmp_path / "series.db").open(), InfluxStore(settings, tmp_path).open()
    filled.write([*WITH_ALL, measured("pc-1", "web", 0, {"total_ms": 50.0}, target="services/e-office")])
    filled.roll_up(NOW)
    filled.write_rooms(ROOMS)
    copy(filled, empty, NOW, RAW_DAYS, silent, {SITE: {"mam-1": ["pc-1"]}})
    filled.close()
    empty.close()
    [slices] = influxd.ask('SELECT "count", "round_trip_ms" FROM "school_ping_5m" GROUP BY "target"', settings.database)
    assert (slices["tags"], len(slices["values"])) == ({"target": "internet/a"}, 24)
    [rooms] = influxd.ask('SELECT "room", "tried", "reached" FROM "room_service_5m"', settings.database)
    assert [row[1:] for row in rooms["values"]] == [["mam-1", 1, 1]]
    [judged] = influxd.ask('SELECT "dark", "connected" FROM "school_rooms_5m"', settings.database)
    assert [row[1:] for row in judged["values"]] == [[1, 0]] * len(ROOMS)
    [school] = influxd.ask('SELECT "tried", "reached", "blind" FROM "service_5m"', settings.database)
    assert [row[1:] for row in school["values"]] == [[2, 1, 1]]


def test_a_second_copy_takes_only_what_came_since(pair: tuple[SeriesStore, SeriesStore]) -> None:
    source, target = pair
    copy(source, target, NOW, RAW_DAYS, silent)
    late = measured("pc-3", "host", 5 * HOUR_MS, {"cpu_percent": 1.0})
    source.write([late])
    again = copy(source, target, NOW, RAW_DAYS, silent)
    assert (again.measurements, again.rollups, again.rooms) == (1, 0, 0)
    assert again.there == len(WITH_ALL) + len(ROOMS) + len(rollups(target)) - 2  # those of the late one are its own
    assert raw(target) == raw(source)


class Breaking:
    """A store that goes away after some writes."""

    def __init__(self, store: SeriesStore, writes: int) -> None:
        self._store, self._left = store, writes

    def write(self, measurements: list[StoredMeasurement]) -> None:
        self._left -= 1
        if self._left < 0:
            raise StoreUnavailable("gone")
        self._store.write(measurements)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_a_copy_that_was_interrupted_goes_on(pair: tuple[SeriesStore, SeriesStore]) -> None:
    source, target = pair
    with pytest.raises(StoreUnavailable):
        copy(source, Breaking(target, 3), NOW, RAW_DAYS, silent)  # type: ignore[arg-type]
    assert 0 < len(raw(target)) < len(WITH_ALL)
    rest = copy(source, target, NOW, RAW_DAYS, silent)
    assert 0 < rest.measurements < len(WITH_ALL)
    assert raw(target) == raw(source)
    assert rollups(target) == rollups(source)


class Forgetful(Breaking):
    """Says that it wrote, and did not."""

    def write(self, measurements: list[StoredMeasurement]) -> None:
        self._store.write(measurements[1:])


def test_what_did_not_arrive_is_said(pair: tuple[SeriesStore, SeriesStore]) -> None:
    source, target = pair
    with pytest.raises(Trouble, match=r"1 rows of hoa-mai/pc-1 on day \d+ did not arrive"):
        copy(source, Forgetful(target, 0), NOW, RAW_DAYS, silent)  # type: ignore[arg-type]


def test_rollups_whose_measurements_are_gone_are_taken_along(pair: tuple[SeriesStore, SeriesStore]) -> None:
    source, target = pair
    source.forget(NOW, Retention(raw_days=30))
    assert all(entry.taken_at >= NOW - 31 * DAY_MS for entry in raw(source))
    before = rollups(source)
    copy(source, target, NOW, RAW_DAYS, silent)
    assert rollups(target) == before
    [point] = target.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + HOUR_MS, SLICE_MS)
    assert (point.mean, point.count) == (12.3, 1)


def test_a_rollup_of_more_measurements_stays(pair: tuple[SeriesStore, SeriesStore]) -> None:
    source, _ = pair
    [known] = [entry for entry in rollups(source) if entry.probe == "wifi" and entry.length == SLICE_MS]
    fuller = dataclasses.replace(known, count=9, ok_count=8)
    source.write_rollups([fuller])
    source.write_rollups([known, dataclasses.replace(known, count=2)])
    assert [entry for entry in rollups(source) if entry.probe == "wifi" and entry.length == SLICE_MS] == [fuller]


def test_what_is_sealed_is_copied_and_a_rollup_goes_into_a_sealed_window(influxd: Influxd, tmp_path: Path) -> None:
    settings = influxd.settings(tmp_path)
    filled, empty = SqliteStore(tmp_path / "series.db").open(), InfluxStore(settings, tmp_path).open()
    filled.write([ping("pc-2", at, "internet/a", trip=float(at % 7 + 1)) for at in range(0, 13 * DAY_MS, 600_000)])
    while filled.roll_up(NOW):
        pass
    before = raw(filled), rollups(filled), filled.begins(SITE)
    while filled.seal(1.0):
        pass
    with sqlite3.connect(tmp_path / "series.db") as connection:
        for level in ("raw", "five_minutes", "hours"):
            assert connection.execute(f"SELECT count(*) FROM sealed_{level}").fetchone()[0] > 0
    connection.close()
    assert (raw(filled), rollups(filled)) == before[:2]
    assert 0 <= (before[2] or 0) - (filled.begins(SITE) or 0) < 10 * DAY_MS  # where its window begins
    copy(filled, empty, NOW, RAW_DAYS, silent)
    assert (raw(empty), rollups(empty)) == before[:2]
    fuller = dataclasses.replace(rollups(filled)[0], count=99)
    filled.write_rollups([fuller])
    assert fuller in rollups(filled)
    assert len(rollups(filled)) == len(before[1])
    filled.close()
    empty.close()


def test_an_empty_store_has_nothing_to_copy(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    def none() -> object:
        raise AssertionError("nobody asks for it")

    with opened("sqlite", tmp_path / "a", none) as one, opened("sqlite", tmp_path / "b", none) as other:  # type: ignore[arg-type]
        assert (one.devices(), one.begins(SITE)) == ({}, None)
        assert copy(one, other, NOW, RAW_DAYS, silent).measurements == 0
