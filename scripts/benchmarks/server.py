"""A server to measure: mosquitto, and the processes of `sonca` as `sonca up` starts them, in a folder of their own."""

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from broker_config.accounts import COLLECTOR, SIMULATOR
from broker_config.programs import find_broker
from contract.trouble import Trouble
from inventory.school import School
from sonca.data_folder import plain
from sonca.simulate.school import school_text
from sonca.supervise import IsRunning, Service, Supervisor
from sonca.up import sonca
from tests.brokers import RunningBroker, running_broker
from tests.ports import free_port

START_SECONDS = 30.0
# The collector's own code; the reports of a benchmark are up to hours old, and shall count as live like those of now.
COLLECTOR_OF_THE_PAST = (sys.executable, "-m", "scripts.benchmarks.collector_of_the_past")


@dataclass
class Server:
    """A running broker, and what was started beside it."""

    folder: Path
    broker: RunningBroker
    settings: Path
    port: int
    supervisor: Supervisor

    def start_collector(self, command: Sequence[str] = ()) -> int:
        """Its process id, when it is connected to the broker."""
        command = command or sonca("collector")
        service = Service("collector", [*command, "--settings", str(self.settings)], "", self._wait_for_collector)
        return self._start(service)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
        """The process id of anything else."""
        return self._start(Service(name, command, environment=environment or {}))

    def log(self, name: str) -> str:
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def wait_for(self, name: str, words: str, is_running: IsRunning = lambda: True) -> None:
        """Until a process has logged these words. Raises Trouble."""
        end = time.monotonic() + START_SECONDS
        while is_running() and time.monotonic() < end:
            if words in self.log(name):
                return
            time.sleep(0.05)
        raise Trouble(f"the process {name} did not say {words!r}", "is this machine very busy?")

    def _wait_for_collector(self, is_running: IsRunning) -> None:
        self.wait_for("collector", "connected to the broker", is_running)

    def _start(self, service: Service) -> int:
        self.supervisor.start(service)
        return self.supervisor.processes()[service.name]


@contextlib.contextmanager
def running_server(
    folder: Path, school: School, *accounts: str, store: Mapping[str, Any] | None = None
) -> Iterator[Server]:
    """A broker with the accounts `collector`, the simulator of the school's site, and the named ones.

    Nothing else runs yet. All is stopped afterwards. Raises BrokerError where there is no mosquitto.
    """
    find_broker("mosquitto")
    simulator = f"{school.site}.{SIMULATOR}"
    (folder / "school.yaml").write_text(school_text(school), encoding="utf-8")
    with running_broker("mosquitto", folder, COLLECTOR, simulator, *accounts) as broker:
        port = free_port()
        settings: dict[str, object] = {"broker": plain(broker.connection(COLLECTOR)), "api": {"port": port}}
        settings |= {"store": dict(store)} if store else {}
        (folder / "sonca.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        server = Server(folder, broker, folder / "sonca.yaml", port, Supervisor(folder / "logs", print))
        try:
            yield server
        finally:
            server.supervisor.stop()
