"""What an agent costs a classroom PC: the real process with the default schedule, everything it asks on loopback."""

import os
import tempfile
import time
from pathlib import Path

import yaml

from contract.connection import BrokerConnection
from scripts.benchmarks.loopback import NAME, running_loopback
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.processes import Stopwatch, resident_mebibytes
from scripts.benchmarks.server import running_server
from sonca.data_folder import plain
from sonca.simulate.school_day import school_file
from sonca.up import sonca

WARM_UP_SECONDS, SECONDS = 30.0, 60.0
ACCOUNT = "hoa-mai.pc-1"
PEERS = "node_exporter 20, zabbix_agent2 17, Telegraf 84 MiB (read, not measured here)"


def measure(_options: Options, tell: Tell) -> list[Measured]:
    with tempfile.TemporaryDirectory() as name, running_loopback() as world:
        folder = Path(name)
        with running_server(folder, school_file(1, site="sim-benchmark"), ACCOUNT) as server:
            server.start_collector()
            settings = _settings(server.broker.connection(ACCOUNT), world.web, world.resolver)
            (folder / "agent.yaml").write_text(yaml.safe_dump(settings))
            command = sonca("agent", "--settings", str(folder / "agent.yaml"))
            pid = server.start("agent", command, {"MALLOC_ARENA_MAX": "1"})
            tell(f"agent: {WARM_UP_SECONDS + SECONDS:.0f} s of the default schedule")
            time.sleep(WARM_UP_SECONDS)
            watch = Stopwatch(pid)
            time.sleep(SECONDS)
            percent = 100 * watch.seconds() / SECONDS
            return [
                Measured("agent, resident", resident_mebibytes(pid), "MiB", PEERS, 28),
                Measured("agent, processor", percent, "% of a core", f"{os.cpu_count()} cores here", 0.3, 2),
            ]


def _settings(broker: BrokerConnection, web: str, resolver: str) -> dict[str, object]:
    """As many targets as contract/defaults.py has, asked in the same ways."""
    port = web.rpartition(":")[2]
    page, text = f"http://localhost:{port}/generate_204", f"http://localhost:{port}/success.txt"
    internet: list[dict[str, object]] = [{"name": f"host-{last}", "ping": f"127.0.0.{last}"} for last in (2, 3, 4)]
    internet += [{"name": "page-1", "web": page, "expect_status": 204}]
    internet += [{"name": f"page-{number}", "web": text, "expect_text": "success"} for number in (2, 3)]
    return {
        "site": "hoa-mai",
        "agent": "pc-1",
        "broker": plain(broker),
        "internet": internet,
        "dns": [
            {"name": "system", "dns": "localhost"},
            {"name": "given", "dns": NAME, "server": resolver},
        ],
    }
