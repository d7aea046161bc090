"""How many bytes a measured value takes in the SQLite file, with everything in it: rows, blocks, rollups, free pages.

Two schools: one that reports random `host` values round the clock, which no store can pack well, and a simulated one
with all its probes. Bytes a value hardly depend on the number of devices: each has blocks of its own.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from collector.store.protocol import DAY_MS, HOUR_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from contract.messages import Batch, Measurement, decode
from contract.metrics import PROBES, Misfit, fitted
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.reports import Devices
from sonca.simulate.school_day import PCS_A_ROOM, school_day
from sonca.simulate.school_time import read_time

REPORTS_AN_HOUR = 120
SINCE = read_time("2026-10-05 00:00")  # a Monday of a month of lessons

Hours = Iterator[list[StoredMeasurement]]


def measure(options: Options, tell: Tell) -> list[Measured]:
    schools: dict[str, Callable[[Options], Hours]] = {"random host values": _random, "simulated school": _simulated}
    return [_measured(what, hours(options), options, tell) for what, hours in schools.items()]


def _measured(what: str, hours: Hours, options: Options, tell: Tell) -> Measured:
    values = 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "series.db"
        store = SqliteStore(path).open()
        for hour, measurements in enumerate(hours, 1):
            if hour % 24 == 1:
                tell(f"bytes, {what}: day {hour // 24 + 1} of {options.days}, {options.devices} devices")
            store.write(measurements)
            values += sum(len(entry.fields) for entry in measurements)
            while store.roll_up(SINCE + hour * HOUR_MS) or store.seal(1):
                pass
        store.close()
        size, (raw, rollups) = path.stat().st_size, _blocks(path)
    compared = f"{raw / values:.2f} of it blocks of raw rows, {rollups / values:.2f} of rollups (InfluxDB 1.6: 2.9)"
    return Measured(f"SQLite, {what}, {options.days} days", size / values, "bytes a value", compared, 6, 2)


def _random(options: Options) -> Hours:
    names = [f"pc-{number}" for number in range(options.devices)]
    reports = Devices(names, SINCE).reports(options.days * 24, REPORTS_AN_HOUR)
    for _ in range(options.days * 24):
        batches = [decode(next(reports).payload, Batch) for _ in names]
        yield [_stored(batch.agent, entry) for batch in batches for entry in batch.measurements]


def _simulated(options: Options) -> Hours:
    day = school_day("sim-benchmark", 1, -(-options.devices // PCS_A_ROOM), options.devices)
    for since in range(SINCE, SINCE + options.days * DAY_MS, HOUR_MS):
        yield [
            _stored(device, entry) for device in day.pcs for entry in day.measurements(device, since, since + HOUR_MS)
        ]


def _stored(device: str, entry: Measurement) -> StoredMeasurement:
    fields = fitted(PROBES[entry.probe], entry.fields)
    assert not isinstance(fields, Misfit)
    return StoredMeasurement(
        "sim-benchmark",
        device,
        entry.probe,
        entry.target,
        entry.taken_at,
        entry.outcome,
        round(entry.duration_ms, 2),
        fields[0],
        entry.blind,
    )


def _blocks(path: Path) -> tuple[int, int]:
    """Bytes in blocks of raw rows and of rollups."""
    connection = sqlite3.connect(path)
    raw, five_minutes, hours = (
        int(connection.execute(f"SELECT total(length(block)) FROM sealed_{level}").fetchone()[0])  # noqa: S608
        for level in ("raw", "five_minutes", "hours")
    )
    connection.close()
    return raw, five_minutes + hours
