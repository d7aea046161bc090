"""What the documents of a thousand assets cost: the real command, over a store that is sealed.

It judges a month of lessons and two of disks, plans, and writes two PDFs, their twins to edit and the annex.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from collector.store.protocol import (
    DAY_MS,
    HOUR_MS,
    SLICE_MS,
    Rollup,
    RoomReason,
    RoomSlice,
    RoomState,
    StoredMeasurement,
)
from collector.store.sqlite import SqliteStore
from collector.store.sqlite_schema import columns_of
from collector.store.state import State
from contract.messages import Outcome
from contract.week import LessonHours
from inventory.lesson_time import lesson_spans, midnight
from inventory.register import Act, Register
from inventory.register_links import Link
from inventory.school import Device, Room, School
from scripts.benchmarks.measured import Measured, Options, Tell
from sonca.simulate.school import school_text
from sonca.up import sonca
from tests.equipped_school import equipped
from tests.raw_rows import sealed_windows
from tests.tree import ROOT

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound

ASSETS, ROOMS, SITE, BUDGET = 1_000, 100, "bench", "600000000"
LESSONS = LessonHours(("mon", "tue", "wed", "thu", "fri"), "07:30", "16:30")


def measure(_options: Options, tell: Tell) -> list[Measured]:
    tell(f"documents: a month of {ASSETS} PCs in {ROOMS} rooms")
    last = date.today().replace(day=1) - timedelta(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sealed = _make_school(folder, last)
        tell(f"documents: sonca report equipment, over {sealed} blocks of five-minute rollups")
        seconds, written = _report(folder, f"{last:%Y-%m}")
    return [Measured("sonca report equipment, 1,000 assets, processor time", seconds, "s", written, 5)]


def _report(folder: Path, period: str) -> tuple[float, str]:
    """Processor time of the whole command, its start included, and what it made."""
    arguments = ["report", "equipment", "--period", period, "--out", "out", "--budget", BUDGET]
    before = os.times()
    subprocess.run(sonca(*arguments), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    written = list((folder / "out").iterdir())
    size = sum(path.stat().st_size for path in written) // 1000
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, f"evidence, plan, and {len(written)} files of {size} kB together"


def _make_school(folder: Path, last: date) -> int:
    """A folder with all that `sonca report` reads; the number of its blocks of five-minute rollups."""
    school = _school()
    until = midnight(last + timedelta(1), school.zone)
    (folder / "school.yaml").write_text(school_text(school), encoding="utf-8")
    (folder / "sonca.yaml").write_text(
        "data: .\nbroker: {host: 127.0.0.1, username: nobody, password_file: none}\n", encoding="utf-8"
    )
    shutil.copy(ROOT / "examples" / "report.yaml", folder)
    url = f"sqlite:///{folder}/state.db"
    with (
        closing(SqliteStore(folder / "series.db").open()) as store,
        closing(State(url).open()),
        closing(Register(url).open()) as register,
    ):
        _fill(store, register, school, until)
        return len(sealed_windows(store.path, "five_minutes"))


def _school() -> School:
    rooms = tuple(
        Room(f"room-{place}", devices=tuple(Device(f"pc-{number}") for number in range(place, ASSETS, ROOMS)))
        for place in range(ROOMS)
    )
    return School(SITE, "Bench", rooms, lesson_hours=(LESSONS,))


def _fill(store: SqliteStore, register: Register, school: School, until: int) -> None:
    assets = [replace(asset, room=f"room-{number % ROOMS}") for number, asset in enumerate(equipped(ASSETS)[0])]
    register.save(SITE, assets, Act("bench", until))
    register.links.put(SITE, [Link(f"pc-{number}", asset.tag, 60, ()) for number, asset in enumerate(assets)], until)
    spans = lesson_spans(school, until - 30 * DAY_MS, until)
    slices = [at for since, end in spans for at in range(since, end, SLICE_MS)]
    store.write_rollups(list(_measured("pc-0", slices, until)))
    # A series is sealed once it has gone on, beginning with its raw rows.
    series, times = (("host", ""), ("disk", "C:"), ("smart", "sda")), (until - DAY_MS, until, until + DAY_MS)
    store.write([StoredMeasurement(SITE, "pc-0", *key, at, Outcome.OK, 1.0) for key in series for at in times])
    while store.roll_up(until + 2 * DAY_MS):
        pass
    _seal(store)
    _copy_first_device(store.path)
    for room in school.rooms:
        store.write_rooms(
            [
                RoomSlice(SITE, room.id, at, _STATES[(at // SLICE_MS + len(room.id)) % 9], RoomReason.SLOW, True, 9, 9)
                for at in slices
            ]
        )


def _seal(store: SqliteStore) -> None:
    while store.seal(10):
        pass


def _copy_first_device(path: Path) -> None:
    """Its series, blocks and rows under all other names: to write them one by one would take minutes."""
    connection = sqlite3.connect(path)
    first = connection.execute("SELECT id, probe, target FROM series").fetchall()
    for number in range(1, ASSETS):
        for old, probe, target in first:
            key = (SITE, f"pc-{number}", probe, target)
            insert = "INSERT INTO series (site, device, probe, target, target_group) VALUES (?, ?, ?, ?, '')"
            new = connection.execute(insert, key).lastrowid
            for level in ("five_minutes", "hours"):
                copied = f"SELECT ?, start, count, block FROM sealed_{level} WHERE series = ?"
                connection.execute(f"INSERT INTO sealed_{level} {copied}", (new, old))
                columns = ", ".join(columns_of(connection, f"{level}_{probe}")[1:])
                rows = f"SELECT ?, {columns} FROM {level}_{probe} WHERE series = ?"
                connection.execute(f"INSERT INTO {level}_{probe} (series, {columns}) {rows}", (new, old))
    connection.commit()
    connection.close()


_STATES = [RoomState.CONNECTED] * 8 + [RoomState.DEGRADED]


def _measured(device: str, slices: list[int], until: int) -> Iterator[Rollup]:
    for at in slices:
        percent = float(at // SLICE_MS % 100)
        yield _rollup(device, "host", "", SLICE_MS, at, memory_used_percent=percent, memory_total_bytes=8e9)
    for at in range(until - 60 * DAY_MS, until, HOUR_MS):
        if 7 <= at // HOUR_MS % 24 < 17:
            free = 1e11 - (at - until) / DAY_MS * 1e8
            yield _rollup(device, "host", "", HOUR_MS, at, memory_used_percent=50.0, memory_total_bytes=8e9)
            yield _rollup(device, "disk", "C:", HOUR_MS, at, disk_free_bytes=free, disk_used_percent=60.0)
            yield _rollup(device, "smart", "sda", HOUR_MS, at, healthy=1.0, reallocated_sectors=0.0, wear_percent=9.0)


def _rollup(device: str, probe: str, target: str, length: int, at: int, **values: float) -> Rollup:
    counts = (SITE, device, probe, target, length, at, 10, 10, 0)
    return Rollup(*counts, {name: (value, value, value) for name, value in values.items()})
