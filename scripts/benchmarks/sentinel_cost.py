"""What a sentinel costs: one round with 50 SNMP devices and 30 projectors, and its memory while it polls them."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from agent.jobs import MACHINE_PROBES
from contract.connection import BrokerConnection
from contract.trouble import Trouble
from scripts.benchmarks.measured import Measured, Options, Tell
from scripts.benchmarks.polled_school import SENTINEL, SITE, PolledSchool, running_polled_school
from scripts.benchmarks.processes import Stopwatch, resident_mebibytes
from scripts.benchmarks.server import running_server
from sonca.data_folder import plain
from sonca.up import sonca
from tests.snmp_peers import COMMUNITY

# The equipment of each device is asked within the first minute and a half, one a second; then it only polls.
WARM_UP_SECONDS, SECONDS = 110.0, 60.0
MIB_2, IF, IFX = "1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
TWENTY = [f"{MIB_2}.{number}.0" for number in (1, 2, 3, 5)]
TWENTY += [f"{IF}.{column}.{port}" for port in (1, 2) for column in (5, 7, 8, 13, 14, 19)]
TWENTY += [f"{IFX}.{column}.{port}" for port in (1, 2) for column in (6, 10)]


def measure(_options: Options, tell: Tell) -> list[Measured]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_polled_school(folder) as polled:
            tell("sentinel: one round with all devices, and the same with other programs")
            rows = [*_snmp_round(folder, polled), *_projector_round(folder, polled)]
            return rows + _at_rest(folder, polled, tell)


def _snmp_round(folder: Path, polled: PolledSchool) -> list[Measured]:
    ours = _one_round(folder, polled.snmp)
    processor, clock = _snmpget(polled)
    what = f"{len(polled.snmp)} SNMP devices, one round of {ours['values'] / len(polled.snmp):.0f} values each"
    compared = f"snmpget (net-snmp), {len(TWENTY)} values each, a process a device"
    return [
        Measured(f"{what}, processor", ours["processor_ms"], "ms", f"{processor:.0f} ms: {compared}", digits=0),
        Measured(f"{what}, wall", ours["wall_ms"], "ms", f"{clock:.0f} ms, one after the other", digits=0),
    ]


def _projector_round(folder: Path, polled: PolledSchool) -> list[Measured]:
    ours = _one_round(folder, polled.projectors)
    ports = [int(entry["pjlink"]["port"]) for entry in polled.projectors]  # type: ignore[index] # as it was built
    processor, clock = _aiopjlink(ports)
    what = f"{len(ports)} projectors, one round of {ours['values'] / len(ports):.0f} values each"
    return [
        Measured(f"{what}, processor", ours["processor_ms"], "ms", f"{processor:.0f} ms: aiopjlink2", digits=0),
        Measured(f"{what}, wall", ours["wall_ms"], "ms", f"{clock:.0f} ms: aiopjlink2, all at once", digits=0),
    ]


def _at_rest(folder: Path, polled: PolledSchool, tell: Tell) -> list[Measured]:
    account = f"{SITE}.{SENTINEL}"
    with running_server(folder, polled.school(), account) as server:
        server.start_collector()
        settings = _settings(server.broker.connection(account), [*polled.snmp, *polled.projectors])
        (folder / "agent.yaml").write_text(yaml.safe_dump(settings))
        command = sonca("agent", "--settings", str(folder / "agent.yaml"))
        pid = server.start("agent", command, {"MALLOC_ARENA_MAX": "1"})
        tell(f"sentinel: {WARM_UP_SECONDS + SECONDS:.0f} s of the default schedule")
        time.sleep(WARM_UP_SECONDS)
        watch = Stopwatch(pid)
        time.sleep(SECONDS)
        percent = 100 * watch.seconds() / SECONDS
        compared = "an agent that polls nothing: the row `agent`"
        return [
            Measured("sentinel with all of them, resident", resident_mebibytes(pid), "MiB", compared, 40),
            Measured("sentinel, processor", percent, "% of a core", f"{os.cpu_count()} cores here", digits=2),
        ]


def _settings(broker: BrokerConnection, devices: list[dict[str, object]]) -> dict[str, object]:
    return {"site": SITE, "agent": SENTINEL, "broker": plain(broker), "internet": [], "dns": [], "devices": devices}


def _one_round(folder: Path, devices: list[dict[str, object]]) -> dict[str, float]:
    """In a process of its own. Raises Trouble unless every device answered."""
    path = folder / "round.yaml"
    settings = _settings(BrokerConnection("127.0.0.1", "nobody", "nowhere"), devices)
    path.write_text(yaml.safe_dump({**settings, "without": [*MACHINE_PROBES, "ping"]}))
    command = [sys.executable, "-m", "scripts.benchmarks.one_round", str(path)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if told["answered"] != len(devices):
        raise Trouble(f"{told['answered']} of {len(devices)} devices answered", "is this machine very busy?")
    return told


def _snmpget(polled: PolledSchool) -> tuple[float, float]:
    """Processor and wall time (ms) of Debian's own program asking each device."""
    before, began = os.times(), time.perf_counter()
    for entry in polled.snmp:
        command = ["snmpget", "-v2c", "-c", COMMUNITY, f"{entry['address']}:{polled.snmp_port}", *TWENTY]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "MIBS": ""})
    after, clock = os.times(), time.perf_counter() - began
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return 1000 * used, 1000 * clock


def _aiopjlink(ports: list[int]) -> tuple[float, float]:
    """The same questions by the client that opens a connection for each of them."""
    from aiopjlink import PJLink

    async def ask(port: int) -> None:
        link: Any = PJLink("127.0.0.1", port, None)
        for group, question in (
            ("power", "get"),
            ("info", "pjlink_class"),
            ("errors", "query"),
            ("lamps", "status"),
            ("sources", "get"),
            ("mute", "status"),
            ("filter", "hours"),
            ("sources", "resolution"),
            ("freeze", "get"),
        ):
            await getattr(getattr(link, group), question)()

    async def ask_all() -> None:
        await asyncio.gather(*map(ask, ports))

    asyncio.run(ask(ports[0]))
    processor, clock = time.process_time(), time.perf_counter()
    asyncio.run(ask_all())
    return 1000 * (time.process_time() - processor), 1000 * (time.perf_counter() - clock)
