"""What the collector costs for each report: the whole process, behind a real mosquitto, against a bare receive loop."""

import contextlib
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from broker_config.accounts import COLLECTOR
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS
from collector.store.settings import StoreSettings
from contract.topics import Channel, access, pattern
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.processes import Stopwatch
from scripts.benchmarks.receive_loop import READY
from scripts.benchmarks.reports import Devices
from scripts.benchmarks.sender import Sender
from scripts.benchmarks.server import COLLECTOR_OF_THE_PAST, running_server
from sonca.simulate.school_day import school_file
from tests.waiting import now_ms, wait_until

DEVICES, MESSAGES = 100, 40_000
ROLLED_UP_SECONDS = 60.0
SCHOOL = school_file(50, devices=DEVICES, site="sim-benchmark")
PCS = [device.id for device in SCHOOL.devices.values() if not device.reported_by]
LIMITS = {1: 60.0, 10: 25.0}


def measure(_options: Options, tell: Tell) -> list[Measured]:
    loop = _receive_loop(tell)
    rows = []
    for in_each, limit in LIMITS.items():
        cost = _collector(in_each, tell)
        times = cost * in_each / loop
        compared = f"{times:.2f} times a bare paho receive loop, which takes {loop:.0f} us a message here"
        rows.append(Measured(f"collector + SQLite, {in_each} a message", cost, "us a report", compared, limit))
    return rows


def _collector(in_each: int, tell: Tell) -> float:
    """Microseconds of processor time for a report: receipts, rollups and rooms included, until all is rolled up.

    The collector's clock follows the reports, so that they come as on a real day: live, and each slice closes once.
    """
    rounds = MESSAGES // DEVICES // (1 if in_each == 1 else 4)
    devices = Devices(PCS, now_ms() - 6 * DAY_MS)
    with tempfile.TemporaryDirectory() as name, running_server(Path(name), SCHOOL) as server:
        pid = server.start_collector([*COLLECTOR_OF_THE_PAST, str(devices.newest)])
        with Sender(server.broker, SCHOOL.site) as sender:
            sender.send_all(devices.reports(5, in_each))
            tell(f"collector: {rounds * DEVICES} messages with {in_each} reports each")
            watch = Stopwatch(pid)
            sender.send_all(devices.reports(rounds, in_each))
            _wait_until_rolled_up(Path(name) / StoreSettings().path, devices.newest)
            return 1e6 * watch.seconds() / (rounds * DEVICES * in_each)


def _wait_until_rolled_up(path: Path, now: int) -> None:
    wait_for_rollups(
        path,
        "SELECT count(*) FROM (SELECT start FROM dirty_five_minutes WHERE start <= ? UNION ALL"
        " SELECT start FROM dirty_hours WHERE start <= ?)",
        now,
    )


def wait_for_rollups(path: Path, closed_marks: str, now: int) -> None:
    """The collector rolls up every ten seconds: what it does meanwhile for nobody counts too."""
    closed = (now - SLICE_MS, now - HOUR_MS)
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        wait_until(lambda: connection.execute(closed_marks, closed).fetchone() == (0,), ROLLED_UP_SECONDS, 0.2)


def _receive_loop(tell: Tell) -> float:
    """Microseconds for a message that is received and acknowledged, and nothing else."""
    with tempfile.TemporaryDirectory() as name, running_server(Path(name), SCHOOL) as server:
        broker = server.broker
        topics = pattern(access(Channel.MEASUREMENTS), SCHOOL.site)
        arguments = (broker.host, str(broker.port), str(broker.accounts.password_file(COLLECTOR)), topics)
        pid = server.start("loop", [sys.executable, "-m", "scripts.benchmarks.receive_loop", *arguments])
        server.wait_for("loop", READY)
        tell("collector: a bare receive loop, to compare with")
        with Sender(broker, SCHOOL.site) as sender:
            watch = Stopwatch(pid)
            messages = list(Devices(PCS, now_ms()).reports(MESSAGES // DEVICES // 4, 1))
            for number, message in enumerate(messages):
                sender.send(message)
                if number % 100 == 0:
                    time.sleep(0.02)  # nobody sends receipts here, so nothing else sets the pace
            time.sleep(2)
            return 1e6 * watch.seconds() / len(messages)
