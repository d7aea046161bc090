"""How many bytes a measured value takes in the SQLite file, rollups included."""

import tempfile
from pathlib import Path

from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from contract.messages import Batch, Measurement, decode
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.reports import Devices
from tests.waiting import now_ms

REPORTS_A_DAY = 2_880
IN_EACH = 120  # an hour


def measure(options: Options, tell: Tell) -> list[Measured]:
    names = [f"pc-{number}" for number in range(options.devices)]
    devices = Devices(names, now_ms() - (options.days + 1) * DAY_MS)
    values = 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "series.db"
        store = SqliteStore(path).open()
        for hour, message in enumerate(devices.reports(options.days * REPORTS_A_DAY // IN_EACH, IN_EACH)):
            batch = decode(message.payload, Batch)
            store.write([_stored(message.agent, entry) for entry in batch.measurements])
            values += sum(len(entry.fields) for entry in batch.measurements)
            if hour % (24 * options.devices) == 0:
                tell(f"bytes: day {hour // (24 * options.devices) + 1} of {options.days}, {options.devices} devices")
                while store.roll_up(now_ms()):
                    pass
        while store.roll_up(now_ms()):
            pass
        store.close()
        size = path.stat().st_size
    compared = "sealed into zlib columns it would be about 0.9 (InfluxDB 1.6: 2.9)"
    what = f"SQLite, {options.devices} devices, {options.days} days"
    return [Measured(what, size / values, "bytes a value", compared, 6, 2)]


def _stored(device: str, entry: Measurement) -> StoredMeasurement:
    return StoredMeasurement(
        "sim-benchmark",
        device,
        entry.probe,
        entry.target,
        entry.taken_at,
        entry.outcome,
        entry.duration_ms,
        entry.fields,
    )
