"""Everything on one machine: the processes of production, started and supervised."""

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from broker_config.accounts import COLLECTOR, SIMULATOR, Accounts
from broker_config.embedded import EmbeddedBroker
from broker_config.listener import Listener
from contract import VERSION
from contract.connection import BrokerConnection
from contract.trouble import Trouble
from sonca.data_folder import THIS_MACHINE, DataFolder
from sonca.elsewhere import listen_at, public_listener
from sonca.leftovers import ProcessList, end_all
from sonca.supervise import IsRunning, Service, Supervisor

if TYPE_CHECKING:
    from sonca.simulate.school_day import SchoolDay

BROKER_SECONDS, PAGES_SECONDS = 60.0, 60.0  # of an old PC that has just been switched on
LOOK_SECONDS = 0.5
SIMULATED_SITE = "sim-hoa-mai"
PAST_DAYS = 0.05  # more than an hour: what is asked so seldom, a disk's health, is there from the beginning
Tell = Callable[[str], None]


@dataclass(frozen=True)
class UpOptions:
    """What the command line said. `simulate` is a number of rooms, 0 for none."""

    data: Path
    port: int = 8480
    simulate: int = 0
    broker: Literal["auto", "mosquitto", "nats"] = "auto"
    listen: str = ""  # an address of this machine at which other PCs reach the broker, with TLS


def up(options: UpOptions, stop: threading.Event, tell: Tell) -> None:
    """Starts all, keeps all running until `stop` is set, stops all in reverse. Raises Trouble when it cannot start."""
    folder = DataFolder(options.data.resolve())
    folder.prepare()
    processes = ProcessList(folder.processes_file)
    _make_way(processes, options.port, tell)
    tell(f"SonCa {VERSION}, {folder.path}")
    with _supervised(folder, processes, tell) as supervisor:
        for service in _services(options, folder):
            if stop.is_set():
                return
            tell(f"  {service.name:<10} {service.meaning}")
            supervisor.start(service)
            processes.write({"up": os.getpid(), **supervisor.processes()})
        tell(_welcome(options))
        while not stop.wait(LOOK_SECONDS):
            if supervisor.watch(time.monotonic()):
                processes.write({"up": os.getpid(), **supervisor.processes()})


@contextmanager
def _supervised(folder: DataFolder, processes: ProcessList, tell: Tell) -> Iterator[Supervisor]:
    """A supervisor whose services are all stopped afterwards."""
    supervisor = Supervisor(folder.logs, tell)
    try:
        yield supervisor
    finally:
        tell("Đang dừng / stopping ...")
        supervisor.stop()
        processes.clear()
        tell("Đã dừng / stopped.")


def _make_way(processes: ProcessList, port: int, tell: Tell) -> None:
    """Ends what a killed `sonca up` left running. Raises Trouble when one still runs, or the port is somebody's."""
    left = processes.running()
    if "up" in left:
        raise Trouble(f"SonCa already runs on this data (process {left['up'].pid})", "use that one, or stop it first")
    if left:
        tell(f"ending what an earlier run left behind: {', '.join(left)}")
        end_all(left)
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise Trouble(f"port {port} is used by another program", f"choose another one: --port {port + 1}") from error


@dataclass(frozen=True)
class _Prepared:
    """The broker, its listener for other PCs where there is one, and how the simulator reaches it."""

    broker: EmbeddedBroker
    public: Listener | None
    simulator: BrokerConnection


def _prepare(options: UpOptions, folder: DataFolder) -> _Prepared:
    """Accounts, the broker's configuration, and the settings of all, which name its port."""
    school = folder.prepare()
    accounts, agent, simulator = (
        Accounts(folder.accounts),
        f"{school.site}.{THIS_MACHINE}",
        f"{SIMULATED_SITE}.{SIMULATOR}",
    )
    for name in (COLLECTOR, agent, *([simulator] if options.simulate else [])):
        accounts.add(name)
    listen_at(folder, options.listen)
    public = public_listener(folder, school.name)
    broker = EmbeddedBroker(folder.broker, kind=options.broker, public=public, log_file=folder.logs / "broker.log")
    broker.prepare(accounts)

    def connection(name: str) -> BrokerConnection:
        file = str(accounts.password_file(name))
        return BrokerConnection(broker.host, name, file, port=broker.port, mqtt_version=broker.mqtt_version)

    schools, simulated = [folder.school_file], _simulated(options)
    if simulated:
        schools.append(folder.write_simulated_school(simulated.school))
    folder.write_server_settings(connection(COLLECTOR), schools, options.port, options.listen)
    folder.write_agent_settings(connection(agent), school.site)
    if simulated:
        folder.equip_simulated_school(simulated, time.time_ns() // 1_000_000)
    return _Prepared(broker, public, connection(simulator))


def _simulated(options: UpOptions) -> "SchoolDay | None":
    if not options.simulate:
        return None
    from sonca.simulate.school_day import simulated_day

    return simulated_day(options.simulate, site=SIMULATED_SITE)


def _services(options: UpOptions, folder: DataFolder) -> Iterator[Service]:
    """In the order in which they start."""
    made = _prepare(options, folder)
    server = ("--settings", str(folder.server_settings))
    yield _broker(made)
    yield Service("collector", sonca("collector", *server), "takes and stores what agents send")
    yield Service("api", sonca("api", *server), f"the pages, {address(options.port)}", _pages_answer(options.port))
    agent = sonca("agent", "--settings", str(folder.agent_settings))
    # glibc would give each of the agent's short-lived threads a memory pool of its own.
    yield Service("agent", agent, "measures this machine", environment={"MALLOC_ARENA_MAX": "1"})
    if options.listen:
        meaning = f"what other PCs test the network with, {options.listen}"
        yield Service("throughput", sonca("throughput", *server), meaning)
    if options.simulate:
        meaning = f"a simulated school of {options.simulate} rooms"
        yield Service("simulator", _simulate(options, made.simulator), meaning)


def _broker(made: _Prepared) -> Service:
    broker, public = made.broker, made.public
    meaning = f"{broker.kind} at {broker.host}:{broker.port}"
    if public:
        meaning += f", with TLS at {public.host}:{public.port}"
    return Service(
        "broker", broker.command, meaning, lambda is_running: broker.wait_until_ready(BROKER_SECONDS, is_running)
    )


def sonca(*arguments: str) -> list[str]:
    """The command line of another `sonca` command, run by this Python; -P keeps the current folder off its path."""
    return [sys.executable, "-P", "-m", "sonca.cli", *arguments]


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def _simulate(options: UpOptions, broker: BrokerConnection) -> list[str]:
    return sonca(
        *("simulate", "--site", SIMULATED_SITE, "--rooms", str(options.simulate), "--start", "lessons"),
        *("--history", f"{min(PAST_DAYS, 1 / options.simulate):.3f}"),  # a large school would take minutes to tell more
        *("--host", broker.host, "--broker-port", str(broker.port), "--mqtt-version", broker.mqtt_version),
        *("--username", broker.username, "--password-file", broker.password_file),
    )


def _pages_answer(port: int) -> Callable[[IsRunning], None]:
    """Waits until the API answers anything at all."""

    def wait(is_running: IsRunning) -> None:
        deadline = time.monotonic() + PAGES_SECONDS
        while is_running() and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address(port)}health", timeout=2).close()  # noqa: S310 - our own address
            except urllib.error.HTTPError:
                return  # it answers that something is not well yet, and that is an answer
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise Trouble("the pages did not start", "its log says why")

    return wait


def _welcome(options: UpOptions) -> str:
    return "\n".join(
        [
            "",
            f"  Mở trang này / open this page:  {address(options.port)}",
            "  Số đo đầu tiên của máy này hiện sau khoảng nửa phút. Nhấn Ctrl-C để dừng tất cả.",
            "  This machine's first measurements show within half a minute. Ctrl-C stops everything.",
            "",
        ]
    )
