"""What an agent costs a classroom PC: the real process with the default schedule, everything it asks on loopback.

Beside it runs a second one that asks six services too, four of them over TLS.
"""

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import yaml

from scripts.benchmarks.loopback import NAME, Loopback, running_loopback
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.processes import Stopwatch, resident_mebibytes
from scripts.benchmarks.server import Server, running_server
from sonca.data_folder import plain
from sonca.simulate.school_day import school_file
from sonca.up import sonca

WARM_UP_SECONDS, SECONDS = 30.0, 60.0
PLAIN, SERVING = "hoa-mai.pc-1", "hoa-mai.pc-2"
INTERVALS = {"services": 30}  # not 300, so that they were asked several times
PEERS = "node_exporter 20, zabbix_agent2 17, Telegraf 84 MiB (read, not measured here)"


def measure(_options: Options, tell: Tell) -> list[Measured]:
    with tempfile.TemporaryDirectory() as name, running_loopback(Path(name)) as world:
        folder = Path(name)
        with running_server(folder, school_file(1, site="sim-benchmark"), PLAIN, SERVING) as server:
            server.start_collector()
            pids = [
                _start(server, PLAIN, _settings(world)),
                _start(server, SERVING, {**_settings(world), "services": _services(world)}, world.certificate),
            ]
            tell(f"agent: {WARM_UP_SECONDS + SECONDS:.0f} s of the default schedule, without and with services")
            time.sleep(WARM_UP_SECONDS)
            watches = [Stopwatch(pid) for pid in pids]
            time.sleep(SECONDS)
            percents = [100 * watch.seconds() / SECONDS for watch in watches]
            plain, serving = (resident_mebibytes(pid) for pid in pids)
    with_services = f"with six services {percents[1]:.2f} %; {os.cpu_count()} cores here"
    return [
        Measured("agent, resident", plain, "MiB", PEERS, 28),
        Measured("agent with six services, resident", serving, "MiB", "four over TLS, as in examples/school.yaml"),
        Measured("agent, processor", percents[0], "% of a core", with_services, 0.3, 2),
    ]


def _start(server: Server, account: str, asked: Mapping[str, object], certificate: Path | None = None) -> int:
    """The process id of an agent with these targets, which trusts this certificate."""
    site, _, agent = account.partition(".")
    broker = plain(server.broker.connection(account))
    settings = {
        "site": site,
        "agent": agent,
        "data": f"data-{agent}",
        "broker": broker,
        "interval_seconds": INTERVALS,
        **asked,
    }
    file = server.folder / f"{agent}.yaml"
    file.write_text(yaml.safe_dump(settings))
    environment = {"MALLOC_ARENA_MAX": "1"} | ({} if certificate is None else {"SSL_CERT_FILE": str(certificate)})
    return server.start(agent, sonca("agent", "--settings", str(file)), environment)


def _settings(world: Loopback) -> dict[str, object]:
    """As many targets as contract/defaults.py has, asked in the same ways."""
    port = world.web.rpartition(":")[2]
    page, text = f"http://localhost:{port}/generate_204", f"http://localhost:{port}/success.txt"
    internet: list[dict[str, object]] = [{"name": f"host-{last}", "ping": f"127.0.0.{last}"} for last in (2, 3, 4)]
    internet += [{"name": "page-1", "web": page, "expect_status": 204}]
    internet += [{"name": f"page-{number}", "web": text, "expect_text": "success"} for number in (2, 3)]
    return {
        "internet": internet,
        "dns": [
            {"name": "system", "dns": "localhost"},
            {"name": "given", "dns": NAME, "server": world.resolver},
        ],
    }


def _services(world: Loopback) -> list[dict[str, object]]:
    """As many as in examples/school.yaml."""
    services: list[dict[str, object]] = []
    services += [{"name": f"secure-{number}", "web": f"https://{world.secure_web}/"} for number in range(4)]
    services += [{"name": f"port-{number}", "tcp": world.secure_web} for number in range(2)]
    return services
