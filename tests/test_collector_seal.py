"""What is sealed when, that it is opened again for what comes late, and that it goes when its time is over."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Retention, StoredMeasurement, StoreUnavailable
from collector.store.sqlite import SqliteStore
from tests.measurements import SITE, START, measured
from tests.raw_rows import raw_rows, sealed_windows

MIDNIGHT = START - START % DAY_MS
WINDOW = 3 * HOUR_MS
RECORDED = Path(__file__).parent / "recorded"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "series.db").open()
    yield store
    store.close()


def of_hours(first: float, last: float, device: str = "pc-1", every_minutes: int = 10) -> list[StoredMeasurement]:
    """Measurements of these hours after midnight."""
    times = range(int(first * HOUR_MS), int(last * HOUR_MS), every_minutes * 60_000)
    return [measured(device, "host", MIDNIGHT - START + at, {"cpu_percent": at / HOUR_MS}) for at in times]


def keep(store: SqliteStore, measurements: list[StoredMeasurement]) -> None:
    store.write(measurements)
    while store.roll_up(MIDNIGHT + 400 * DAY_MS):
        pass


def windows(store: SqliteStore, level: str = "raw") -> list[tuple[str, float, int]]:
    """Device, hours after midnight and number of rows of each block."""
    return [
        (device, (start - MIDNIGHT) / HOUR_MS, count) for device, _, start, count in sealed_windows(store.path, level)
    ]


def test_a_window_is_sealed_when_its_series_went_on_for_two_hours(store: SqliteStore) -> None:
    keep(store, of_hours(0, 8))
    assert not store.seal(60)
    assert windows(store) == [("pc-1", 0, 18)]  # 3 to 6 o'clock waits: the newest is of ten to eight
    keep(store, of_hours(8, 8.1))
    store.seal(60)
    assert windows(store) == [("pc-1", 0, 18), ("pc-1", 3, 18)]


def test_what_waited_in_an_outbox_over_night_is_in_its_window_before_it_is_sealed(store: SqliteStore) -> None:
    keep(store, of_hours(9, 10))
    keep(store, of_hours(31, 32.9))  # the next morning
    store.seal(60)
    assert windows(store) == []
    keep(store, [*of_hours(10, 10.5), *of_hours(32.9, 33.2)])
    store.seal(60)
    assert windows(store) == [("pc-1", 9, 9)]


def test_the_newest_of_a_device_that_is_gone_stays_at_hand(store: SqliteStore) -> None:
    keep(store, [*of_hours(0, 9, "pc-1"), *of_hours(0, 200, "pc-2")])
    store.seal(60)
    assert windows(store, "five_minutes")[0] == ("pc-2", 0, 144)
    assert ("pc-1", 6, 18) not in windows(store)
    assert [entry.device for entry in store.latest(SITE)] == ["pc-1", "pc-2"]


def test_nothing_is_sealed_before_it_is_rolled_up(store: SqliteStore) -> None:
    keep(store, of_hours(0, 4))
    store.write(of_hours(4, 20))
    store.seal(60)
    assert windows(store) == [("pc-1", 0, 18)]


def test_what_comes_late_or_again_opens_its_window_and_is_there_once(store: SqliteStore) -> None:
    keep(store, of_hours(0, 30))
    store.seal(60)
    assert windows(store, "five_minutes") == [("pc-1", 0, 144)]
    before = raw_rows(store.path)
    late = measured("pc-1", "host", MIDNIGHT - START + 1, {"cpu_percent": 100.0})
    keep(store, [*of_hours(0, 3), late])
    assert windows(store)[0] == ("pc-1", 3, 18)
    assert windows(store, "five_minutes") == []
    hours = store.series(SITE, "pc-1", "host", "", "cpu_percent", MIDNIGHT, MIDNIGHT + DAY_MS, HOUR_MS)
    assert [(point.at - MIDNIGHT) / HOUR_MS for point in hours] == list(range(24))
    assert [point.count for point in hours] == [7] + [6] * 23
    store.seal(60)
    assert windows(store)[:2] == [("pc-1", 0, 19), ("pc-1", 3, 18)]
    assert windows(store, "five_minutes") == [("pc-1", 0, 144)]
    assert len(raw_rows(store.path)) == len(before) + 1
    [first, *_] = store.series(SITE, "pc-1", "host", "", "cpu_percent", MIDNIGHT, MIDNIGHT + 2 * DAY_MS, 1)
    assert (first.mean, first.maximum, first.count) == (50.0, 100.0, 2)


def test_the_first_of_two_that_differ_stays_as_with_rows(store: SqliteStore) -> None:
    keep(store, of_hours(0, 12))
    store.seal(60)
    before = raw_rows(store.path)
    store.write([measured("pc-1", "host", MIDNIGHT - START, {"cpu_percent": 77.0})])
    assert raw_rows(store.path) == before


def test_it_goes_on_where_it_stopped_and_with_the_rest_after_a_restart(store: SqliteStore) -> None:
    for device in ("pc-1", "pc-2", "pc-3"):
        keep(store, of_hours(0, 30, device))
    calls = 1
    while store.seal(0):
        calls += 1
        if calls == 4:
            store.close()
            store.open()
    assert calls > 30  # one for each window
    assert [count for _, _, count in windows(store)] == [18] * 27
    assert [count for _, _, count in windows(store, "five_minutes")] == [144] * 3


def test_whole_windows_are_forgotten_with_what_is_sealed_of_them(store: SqliteStore) -> None:
    keep(store, of_hours(0, 80, every_minutes=60))
    store.seal(60)
    assert store.forget(MIDNIGHT + 2 * DAY_MS + 4 * HOUR_MS, Retention(raw_days=1, five_minute_days=2)) == 27 + 0
    assert min(start for _, start, _ in windows(store)) == 27
    assert store.forget(MIDNIGHT + 400 * DAY_MS, Retention(raw_days=1, five_minute_days=1)) == 80 - 27 + 80
    assert (raw_rows(store.path), windows(store, "five_minutes")) == ([], [])


def test_a_file_from_before_blocks_is_sealed_bit_by_bit_and_answers_the_same(tmp_path: Path) -> None:
    path = tmp_path / "series.db"
    connection = sqlite3.connect(path)
    connection.executescript(f"BEGIN; {(RECORDED / 'series-before-blocks.sql').read_text(encoding='utf-8')} COMMIT;")
    connection.close()
    store = SqliteStore(path).open()
    before, rows = answers(store), raw_rows(path)
    assert len(rows) == 49
    while store.seal(0):
        assert answers(store) == before
    assert len(windows(store)) == 6
    assert (answers(store), raw_rows(path)) == (before, rows)
    store.close()


def answers(store: SqliteStore) -> object:
    end = START + DAY_MS
    return [
        store.latest(SITE),
        store.gaps(SITE, START, end),
        *(store.reach(SITE, since, since + SLICE_MS) for since in range(START, START + 3 * HOUR_MS, SLICE_MS)),
        store.series(SITE, "pc-1", "host", "", "cpu_percent", START, end, 1),
        store.series(SITE, "pc-1", "ping", "internet/a", "round_trip_ms", START, end, HOUR_MS),
        store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 2 * DAY_MS, 1),
    ]


def test_blocks_from_before_a_field_was_added_are_read_and_opened(store: SqliteStore) -> None:
    keep(store, of_hours(0, 12))
    store.seal(60)
    store.close()
    connection = sqlite3.connect(store.path)
    for table, column in (("raw_host", "new_field"), ("five_minutes_host", "new_field_mean")):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER")
    connection.close()
    store.open()
    rows = raw_rows(store.path)
    assert {row[-1] for row in rows} == {None}
    keep(store, of_hours(0, 3))
    assert windows(store)[0] == ("pc-1", 3, 18)
    assert raw_rows(store.path) == rows


def test_rows_that_an_older_program_wrote_beside_a_block_join_it(store: SqliteStore) -> None:
    keep(store, of_hours(0, 12))
    store.seal(60)
    connection = sqlite3.connect(store.path)
    insert = "INSERT INTO raw_host (series, taken_at, outcome, flags, duration) VALUES (1, ?, 0, 0, 0)"
    connection.executemany(insert, [(MIDNIGHT,), (MIDNIGHT + 1,)])
    connection.commit()
    connection.close()
    store.seal(60)
    assert windows(store)[0] == ("pc-1", 0, 19)


def test_a_damaged_block_is_said_to_be_one(store: SqliteStore) -> None:
    keep(store, of_hours(0, 12))
    store.seal(60)
    connection = sqlite3.connect(store.path)
    connection.execute("UPDATE sealed_raw SET block = substr(block, 1, 20)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreUnavailable, match="a sealed block cannot be read"):
        store.series(SITE, "pc-1", "host", "", "cpu_percent", MIDNIGHT, MIDNIGHT + HOUR_MS, 1)


def test_a_reader_sees_every_measurement_once_while_it_is_sealed(store: SqliteStore) -> None:
    keep(store, of_hours(0, 48, every_minutes=5))
    reader = SqliteStore(store.path, read_only=True).open()
    counts = {reader.reach(SITE, MIDNIGHT, MIDNIGHT + 2 * DAY_MS)[0].measured}

    def seal() -> None:
        for _ in range(3):
            while store.seal(0):
                pass
            keep(store, of_hours(0, 45))

    sealing = threading.Thread(target=seal)
    sealing.start()
    while sealing.is_alive():
        counts.add(reader.reach(SITE, MIDNIGHT, MIDNIGHT + 2 * DAY_MS)[0].measured)
    sealing.join()
    reader.close()
    assert counts == {576}
