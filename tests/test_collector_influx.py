"""The InfluxDB store over a real influxd: what goes wrong, what survives it, and who may only read."""

import dataclasses
import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.store.influx import MARKS_FILE, InfluxStore
from collector.store.influx_marks import Mark
from collector.store.influx_rollup import HOLE, MOST_SLICES, QUERIES_PER_CALL, Span, spans
from collector.store.open import open_store
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Retention, StoredMeasurement, StoreUnavailable
from collector.store.settings import InfluxSettings, StoreSettings
from collector.store.state_protocol import Refused
from tests.cuttable import CuttableLine
from tests.influxd import PASSWORD, Influxd, running_influxd
from tests.measurements import SITE, START, measured, ping
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.web_server import make_certificate

FOR_EVER = 10**15


@pytest.fixture
def settings(influxd: Influxd, tmp_path: Path) -> InfluxSettings:
    return influxd.settings(tmp_path)


@pytest.fixture
def parked() -> list[Refused]:
    return []


@pytest.fixture
def store(settings: InfluxSettings, tmp_path: Path, parked: list[Refused]) -> Iterator[InfluxStore]:
    opened = InfluxStore(settings, tmp_path, park=parked.extend).open()
    yield opened
    opened.close()


def processor(at: int, percent: float = 10.0) -> StoredMeasurement:
    return measured("pc-1", "host", at, {"cpu_percent": percent})


def stored_at(store: InfluxStore, since: int = START, until: int = START + DAY_MS) -> list[int]:
    return [point.at for point in store.series(SITE, "pc-1", "host", "", "cpu_percent", since, until, 1)]


def test_a_type_that_conflicts_is_parked_and_all_else_is_stored(
    influxd: Influxd, settings: InfluxSettings, store: InfluxStore, parked: list[Refused]
) -> None:
    store.write([measured("pc-1", "dns", 0, target="dns/system")])  # makes the database
    influxd.ask('SELECT * INTO "host" FROM (SELECT "outcome" AS "cpu_percent" FROM "dns")', settings.database)
    entries = [processor(at) for at in range(20)]
    entries[7] = measured("pc-1", "host", 7, {"memory_used_percent": 40.0})
    store.write([*entries, ping("pc-1", 0, "internet/a")])
    assert [entry.taken_at for entry in store.latest(SITE) if entry.probe == "ping"] == [START]
    assert store.reach(SITE, START, START + SLICE_MS)[0].measured == 3
    lines = [entry.payload.decode() for entry in parked]
    assert len(lines) == 19
    assert all(line.startswith("host,device=pc-1,site=hoa-mai ok=1i") and "cpu_percent=10.0" in line for line in lines)
    assert {entry.reason for entry in parked} == {"store_refused"}
    assert 'field type conflict: input field "cpu_percent" on measurement "host" is type float' in parked[0].detail


def test_a_wrong_password_is_said_with_the_settings_to_look_at(settings: InfluxSettings, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("wrong")
    store = InfluxStore(dataclasses.replace(settings, password_file="wrong"), tmp_path).open()
    for question in (lambda: store.write([processor(0)]), lambda: store.latest(SITE)):
        with pytest.raises(StoreUnavailable, match=r"refuses the login \(401: authorization failed\); check store\."):
            question()
    store.close()


def test_a_user_without_rights_is_told_so_and_a_reader_needs_only_to_read(
    influxd: Influxd, settings: InfluxSettings, store: InfluxStore, tmp_path: Path
) -> None:
    store.write([processor(0)])
    name = f"reader-{settings.database}"
    influxd.ask(f"CREATE USER \"{name}\" WITH PASSWORD '{PASSWORD}'")
    as_reader = StoreSettings("influx", influx=dataclasses.replace(settings, username=name))
    reader = open_store(as_reader, tmp_path, read_only=True)
    with pytest.raises(StoreUnavailable, match="not authorized"):
        reader.latest(SITE)
    influxd.ask(f'GRANT READ ON "{settings.database}" TO "{name}"')
    assert [entry.taken_at for entry in reader.latest(SITE)] == [START]
    with pytest.raises(StoreUnavailable, match="open for reading only"):
        reader.write([processor(1)])
    reader.close()
    writer = open_store(as_reader, tmp_path)
    with pytest.raises(StoreUnavailable, match="not authorized to write"):
        writer.write([processor(1)])
    writer.close()


def test_a_reader_beside_the_writer_sees_what_was_written(
    settings: InfluxSettings, store: InfluxStore, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "another machine"
    elsewhere.mkdir()
    (elsewhere / "influx-password").write_text(PASSWORD, encoding="utf-8")
    reader = open_store(StoreSettings("influx", influx=settings), elsewhere, read_only=True)
    with pytest.raises(StoreUnavailable, match=f"no database or bucket '{settings.database}': the collector makes it"):
        reader.latest(SITE)
    for at in (0, 1):
        store.write([processor(at)])
        assert [entry.taken_at for entry in reader.latest(SITE)] == [START + at]
    assert [file.name for file in elsewhere.iterdir()] == ["influx-password"]
    reader.close()


def test_questions_before_the_first_measurement_find_nothing_and_make_the_database(store: InfluxStore) -> None:
    assert store.latest(SITE) == []
    assert store.reach(SITE, START, START + SLICE_MS) == []
    assert store.rooms(SITE, START, START + SLICE_MS) == []
    assert store.gaps(SITE, START, START + SLICE_MS) == []
    assert list(store.roll_up(FOR_EVER)) == []
    assert store.forget(START, Retention()) == 0


def test_it_writes_and_reads_over_tls_and_refuses_a_stranger(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, 30)
    with running_influxd(tmp_path / "influxd", certificate) as influxd:
        settings = influxd.settings(tmp_path, tls_ca_file=certificate.certificate.name)
        store = InfluxStore(settings, tmp_path).open()
        store.write([processor(0)])
        assert stored_at(store) == [START]
        store.close()
        stranger = InfluxStore(dataclasses.replace(settings, tls_ca_file=None), tmp_path).open()
        with pytest.raises(StoreUnavailable, match=r"certificate verify failed.*; check store\.influx\.tls_ca_file"):
            stranger.latest(SITE)
        stranger.close()


def test_an_answer_that_the_server_cuts_short_is_none(tmp_path: Path) -> None:
    with running_influxd(tmp_path / "influxd", http="max-row-limit = 3\n") as influxd:
        store = InfluxStore(influxd.settings(tmp_path), tmp_path).open()
        store.write([processor(at) for at in range(3)])
        assert len(stored_at(store)) == 3
        store.write([processor(3)])
        with pytest.raises(StoreUnavailable, match="the answer was cut short: raise max-row-limit"):
            stored_at(store)
        store.close()


def _write_on(store: InfluxStore, acknowledged: list[int], refused: threading.Event, stop: threading.Event) -> None:
    """Writes ten measurements after the other, each until it is acknowledged."""
    while not stop.is_set():
        numbers = range(len(acknowledged), len(acknowledged) + 10)
        try:
            store.write([processor(number) for number in numbers])
            acknowledged.extend(numbers)
        except StoreUnavailable:
            refused.set()
            stop.wait(0.01)


def test_a_server_killed_while_writing_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with running_influxd(tmp_path / "influxd") as influxd:
        store = InfluxStore(influxd.settings(tmp_path), tmp_path).open()
        acknowledged, refused, stop = list[int](), threading.Event(), threading.Event()
        writer = threading.Thread(target=_write_on, args=(store, acknowledged, refused, stop))
        writer.start()
        try:
            for pause in (0.05, 0.1, 0.17):
                enough = len(acknowledged) + 50
                wait_until(lambda: len(acknowledged) > enough)  # noqa: B023 - called at once
                stop.wait(pause)
                influxd.kill()
                refused.clear()
                assert refused.wait(PATIENCE_SECONDS)
                influxd.start()
        finally:
            stop.set()
            writer.join()
        assert stored_at(store)[: len(acknowledged)] == [START + at for at in acknowledged]
        store.close()


def test_a_cut_line_stores_nothing_and_the_same_call_succeeds_later(
    influxd: Influxd, settings: InfluxSettings, tmp_path: Path
) -> None:
    with CuttableLine(influxd.port) as line:
        url = f"http://127.0.0.1:{line.port}"
        store = InfluxStore(dataclasses.replace(settings, url=url), tmp_path).open()
        store.write([processor(0)])
        line.cut()
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="cannot be reached"):
                store.write([processor(1)])
        with pytest.raises(StoreUnavailable):
            store.roll_up(FOR_EVER)
        line.mend()
        store.write([processor(1)])
        assert list(store.roll_up(FOR_EVER)) == [(SITE, START)]
        assert stored_at(store) == [START, START + 1]
        store.close()


def _write_and_die(settings: InfluxSettings, folder: Path) -> None:
    store = InfluxStore(settings, folder).open()
    store.write([processor(-10 * DAY_MS), processor(0)])
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_collector_killed_before_the_rollup_makes_it_after_its_restart(
    settings: InfluxSettings, tmp_path: Path
) -> None:
    victim = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(settings, tmp_path))
    victim.start()
    victim.join(PATIENCE_SECONDS)
    assert victim.exitcode == -signal.SIGKILL
    store = InfluxStore(settings, tmp_path).open()
    assert list(store.roll_up(START + HOUR_MS)) == [(SITE, START - 10 * DAY_MS), (SITE, START)]
    assert list(store.roll_up(START + HOUR_MS)) == []
    assert len(stored_at(store, START - 30 * DAY_MS, START + DAY_MS)) == 2
    store.close()


def test_an_hour_whose_slices_are_rolled_up_waits_for_its_end_over_a_restart(
    influxd: Influxd, settings: InfluxSettings, tmp_path: Path
) -> None:
    for now, slices, hours in ((SLICE_MS, 1, 0), (HOUR_MS - 1, 0, 0), (HOUR_MS, 0, 1)):
        store = InfluxStore(settings, tmp_path).open()
        if slices:
            store.write([processor(0)])
        assert len(store.roll_up(START + now)) == slices
        assert len(influxd.ask('SELECT * FROM "host_1h"', settings.database)) == hours
        store.close()


def test_a_marks_file_that_is_broken_is_said(settings: InfluxSettings, tmp_path: Path) -> None:
    (tmp_path / MARKS_FILE).write_bytes(b"this is no database, but long enough to be looked at" * 100)
    with pytest.raises(StoreUnavailable, match=MARKS_FILE):
        InfluxStore(settings, tmp_path).open()


def test_marks_are_on_disk_before_the_points_are_sent(tmp_path: Path) -> None:
    store = InfluxStore(InfluxSettings("http://127.0.0.1:9"), tmp_path).open()
    with pytest.raises(StoreUnavailable):
        store.write([processor(0), measured("pc-1", "host", 0, uncertain=True)])
    with sqlite3.connect(tmp_path / MARKS_FILE) as connection:
        rows = connection.execute("SELECT length, site, device, probe, start FROM marks").fetchall()
    connection.close()
    assert rows == [(SLICE_MS, SITE, "pc-1", "host", START)]
    store.close()


def test_a_restarted_collector_does_not_let_late_data_replace_the_latest(
    settings: InfluxSettings, store: InfluxStore, tmp_path: Path
) -> None:
    store.write([processor(60_000)])
    later = InfluxStore(settings, tmp_path).open()
    later.write([processor(0)])
    assert [entry.taken_at for entry in later.latest(SITE)] == [START + 60_000]
    later.write([processor(90_000)])
    assert [entry.taken_at for entry in store.latest(SITE)] == [START + 90_000]
    later.close()


def test_late_data_beyond_retention_never_lowers_what_a_rollup_knew(store: InfluxStore) -> None:
    store.write([processor(at) for at in range(0, SLICE_MS, 30_000)])
    store.roll_up(START + HOUR_MS)
    now = START + 40 * DAY_MS
    assert store.forget(now, Retention()) == 10
    store.write([processor(1, 99.0), processor(SLICE_MS, 50.0)])
    assert list(store.roll_up(now)) == [(SITE, START), (SITE, START + SLICE_MS)]
    [first, second] = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 2 * DAY_MS, 1)
    assert (first.mean, first.count, second.mean, second.count) == (10.0, 10, 50.0, 1)


def test_forgetting_takes_whole_days_once_and_with_them_the_latest(
    influxd: Influxd, settings: InfluxSettings, store: InfluxStore
) -> None:
    store.write([processor(0), ping("pc-1", 40 * DAY_MS, "internet/a"), measured("pc-1", "web", 0, uncertain=True)])
    now = START + 41 * DAY_MS
    store.roll_up(now)
    assert [entry.probe for entry in store.latest(SITE)] == ["host", "ping"]
    assert store.forget(now, Retention()) == 2
    assert store.forget(now + 1, Retention()) == 0
    assert [entry.probe for entry in store.latest(SITE)] == ["ping"]
    assert store.forget(START + 800 * DAY_MS, Retention()) == 1 + 2 + 2  # the ping, rollups and device_5m of two slices
    [found] = influxd.ask("SHOW MEASUREMENTS", settings.database)
    assert [name for [name] in found["values"]] == ["host_1h", "ping_1h"]


def slices(*numbers: int, site: str = SITE, device: str = "pc-1", probe: str = "ping") -> list[Mark]:
    return [(site, device, probe, START + number * SLICE_MS) for number in numbers]


def lengths(found: list[Span]) -> list[int]:
    return [(span.until - span.since) // SLICE_MS for span in found]


def test_slices_in_a_row_share_a_query_of_bounded_size() -> None:
    found = spans(slices(*range(MOST_SLICES + 300)), SLICE_MS)
    assert lengths(found) == [MOST_SLICES, 300]
    assert (found[0].sites, found[0].devices) == ((SITE,), ("pc-1",))
    assert lengths(spans([*slices(*range(600)), *slices(*range(600), device="pc-2")], SLICE_MS)) == [500, 100]


def test_a_small_hole_between_slices_does_not_cost_a_query_but_another_device_or_probe_does() -> None:
    assert lengths(spans(slices(0, HOLE + 1), SLICE_MS)) == [HOLE + 2]
    assert lengths(spans(slices(0, HOLE + 2), SLICE_MS)) == [1, 1]
    assert len(spans([*slices(0), *slices(1, device="pc-2"), *slices(1, probe="web")], SLICE_MS)) == 3


def test_many_schools_share_a_query_without_naming_their_devices() -> None:
    marks = [mark for school in range(50) for pc in range(30) for mark in slices(0, site=f"s-{school}", device=f"{pc}")]
    found = spans(marks, SLICE_MS)
    assert [(len(span.sites), span.devices) for span in found] == [(34, ()), (17, ())]
    assert {site for span in found for site in span.sites} == {f"s-{school}" for school in range(50)}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.just("ping"), st.integers(0, 40))))
def test_every_mark_is_in_some_query(marks: list[Mark]) -> None:
    marks = [(site, device, probe, start * SLICE_MS) for site, device, probe, start in marks]
    found = spans(marks, SLICE_MS)
    for site, device, probe, start in marks:
        assert any(
            span.probe == probe and site in span.sites and device in span.devices and span.since <= start < span.until
            for span in found
        )


def test_more_than_one_call_can_take_is_rolled_up_by_the_next_ones(store: InfluxStore) -> None:
    store.write([processor(number * HOUR_MS) for number in range(QUERIES_PER_CALL * MOST_SLICES // 12 + 5)])
    assert len(store.roll_up(FOR_EVER)) == QUERIES_PER_CALL * MOST_SLICES // 12 + 5
    assert list(store.roll_up(FOR_EVER)) == []
    year = store.series(SITE, "pc-1", "host", "", "cpu_percent", START, START + 365 * DAY_MS, HOUR_MS)
    assert len(year) == QUERIES_PER_CALL * MOST_SLICES // 12 + 5
