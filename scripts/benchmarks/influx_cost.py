"""What the collector costs for each report before an InfluxDB, and how soon it has caught up after an outage."""

import contextlib
import dataclasses
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from collector.store.influx import MARKS_FILE
from collector.store.protocol import DAY_MS, SLICE_MS
from scripts.benchmarks.collector_cost import DEVICES, MESSAGES, PCS, SCHOOL, wait_for_rollups
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.processes import Stopwatch
from scripts.benchmarks.reports import Devices
from scripts.benchmarks.sender import Sender
from scripts.benchmarks.server import COLLECTOR_OF_THE_PAST, Server, running_server
from tests.influxd import Influxd, running_influxd
from tests.waiting import now_ms, wait_until

_CLOSED_MARKS = f"SELECT count(*) FROM marks WHERE start <= iif(length = {SLICE_MS}, ?, ?)"  # noqa: S608 - a number
LIMITS = {1: 65.0, 10: 28.0}
OUTAGE_BATCHES, IN_EACH = 2_000, 20


def measure(_options: Options, tell: Tell) -> list[Measured]:
    return [*(_cost(in_each, limit, tell) for in_each, limit in LIMITS.items()), _catching_up(tell)]


@contextlib.contextmanager
def _both() -> Iterator[tuple[Server, Influxd]]:
    """An InfluxDB, and a server whose collector will write into it."""
    with tempfile.TemporaryDirectory() as name, running_influxd(Path(name) / "influxd") as influxd:
        influxd.ask("CREATE DATABASE sonca")
        told = dataclasses.asdict(influxd.settings(Path(name), database="sonca"))
        store = {"kind": "influx", "influx": {key: value for key, value in told.items() if value not in (None, "")}}
        with running_server(Path(name), SCHOOL, store=store) as server:
            yield server, influxd


def _cost(in_each: int, limit: float, tell: Tell) -> Measured:
    """Microseconds of processor time for a report, as of the collector before SQLite, and of the InfluxDB beside it."""
    rounds = MESSAGES // DEVICES // (1 if in_each == 1 else 4)
    with _both() as (server, influxd):
        devices = Devices(PCS, now_ms() - 6 * DAY_MS)
        pid = server.start_collector([*COLLECTOR_OF_THE_PAST, str(devices.newest)])
        with Sender(server.broker, SCHOOL.site) as sender:
            sender.send_all(devices.reports(5, in_each))
            tell(f"influx: {rounds * DEVICES} messages with {in_each} reports each")
            collector, engine = Stopwatch(pid), Stopwatch(influxd.pid)
            sender.send_all(devices.reports(rounds, in_each))
            wait_for_rollups(server.folder / MARKS_FILE, _CLOSED_MARKS, devices.newest)
            each = 1e6 / (rounds * DEVICES * in_each)
            cost, beside = each * collector.seconds(), each * engine.seconds()
    compared = f"influxd itself takes {beside:.1f} us"
    return Measured(f"collector + InfluxDB, {in_each} a message", cost, "us a report", compared, limit)


def _catching_up(tell: Tell) -> Measured:
    """Reports a second that are stored after an outage, until all are there."""
    with _both() as (server, influxd):
        server.start_collector()
        devices = Devices(PCS, now_ms() - 24 * 3_600_000)
        with Sender(server.broker, SCHOOL.site) as sender:
            sender.send_all(devices.reports(1, 1))
            influxd.kill()
            for message in devices.reports(OUTAGE_BATCHES // DEVICES, IN_EACH):
                sender.send(message)
            tell(f"influx: {OUTAGE_BATCHES * IN_EACH} reports came while InfluxDB was away")
            wait_until(lambda: "until it is back" in server.log("collector"))
            influxd.start()
            wait_until(lambda: "the store is back" in server.log("collector"), seconds=30)
            began, before = time.monotonic(), _stored(influxd)
            expected = DEVICES + OUTAGE_BATCHES * IN_EACH
            wait_until(lambda: _stored(influxd) >= expected, seconds=120, every=0.1)
            rate = (expected - before) / (time.monotonic() - began)
    compared = "1,000 PCs make 33 a second"
    return Measured("catching up after an outage", rate, "reports/s", compared, digits=0)


def _stored(influxd: Influxd) -> int:
    found = influxd.ask('SELECT count("ok") FROM "host"', "sonca")
    return int(found[0]["values"][0][1]) if found else 0
