"""Both real brokers, on the configuration that we render: mosquitto, and the nats-server of the [embedded] extra.

with running_broker("nats", tmp_path, "collector", "hoa-mai.pc-1") as broker:
    connect(broker.host, broker.port, broker.mqtt_version, "hoa-mai.pc-1", broker.password("hoa-mai.pc-1"))
    broker.kill()   # kill -9
    broker.start()  # the same port, the same data
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from broker_config.accounts import Accounts
from broker_config.embedded import EmbeddedBroker
from broker_config.listener import Listener
from broker_config.programs import KINDS, Kind
from contract.connection import BrokerConnection
from tests.peers import need
from tests.ports import free_port

BOTH_KINDS = pytest.mark.parametrize("kind", KINDS)
START_SECONDS = END_SECONDS = 90.0


class RunningBroker:
    """One broker process. `port` and data stay the same over `stop`, `kill` and `start`."""

    host = EmbeddedBroker.host

    def __init__(self, kind: Kind, folder: Path, public: Listener | None = None) -> None:
        if kind == "mosquitto":
            need("mosquitto")
        self.accounts = Accounts(folder / "accounts")
        self._embedded = EmbeddedBroker(folder / "broker", free_port(), kind, public)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def kind(self) -> Kind:
        return self._embedded.kind

    @property
    def port(self) -> int:
        return self._embedded.port

    @property
    def mqtt_version(self) -> Literal["5", "3.1.1"]:
        return self._embedded.mqtt_version

    @property
    def pid(self) -> int:
        assert self._process is not None, "the broker is not running"
        return self._process.pid

    @property
    def log(self) -> str:
        return self._embedded.log_file.read_text(encoding="utf-8")

    def password(self, name: str) -> str:
        return self.accounts.login(name).password

    def connection(self, name: str) -> BrokerConnection:
        """What the settings of this user's process say about the broker."""
        password_file = str(self.accounts.password_file(name))
        return BrokerConnection(self.host, name, password_file, port=self.port, mqtt_version=self.mqtt_version)

    def start(self) -> None:
        """Starts it and waits until it is ready. Raises BrokerError."""
        self._embedded.prepare(self.accounts)
        with self._embedded.log_file.open("ab") as log:
            self._process = process = subprocess.Popen(self._embedded.command, stdout=log, stderr=subprocess.STDOUT)
        self._embedded.wait_until_ready(START_SECONDS, lambda: process.poll() is None)

    def reload(self) -> None:
        """Takes up accounts that came or went, without a restart."""
        self._embedded.prepare(self.accounts)
        self._embedded.reload(self.pid)

    def stop(self) -> None:
        """Ends it in peace."""
        self._end("terminate")

    def kill(self) -> None:
        """kill -9."""
        self._end("kill")

    def _end(self, how: Literal["terminate", "kill"]) -> None:
        if self._process is not None:
            getattr(self._process, how)()
            self._process.wait(END_SECONDS)
            self._process = None


@contextlib.contextmanager
def running_broker(kind: Kind, folder: Path, *names: str, public: Listener | None = None) -> Iterator[RunningBroker]:
    """A broker with the named accounts that keeps its files in `folder`; `public` is one more listener, with TLS."""
    broker = RunningBroker(kind, folder, public)
    for name in names:
        broker.accounts.add(name)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()
