"""The broker that `sonca up` starts: chosen, configured, and known to be ready.

broker = EmbeddedBroker(folder, port=None)
broker.prepare(accounts)             # also later: True means that something changed, so reload
process = Popen(broker.command, stdout=broker.log_file..., stderr=STDOUT)
broker.wait_until_ready(10, lambda: process.poll() is None)
"""

import contextlib
import functools
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from broker_config import mosquitto, nats
from broker_config.accounts import KEEPER, Accounts, Login
from broker_config.errors import BrokerError
from broker_config.greet import greet
from broker_config.listener import LOOPBACK, Listener
from broker_config.private_file import private_folder, write_private
from broker_config.programs import KINDS, Kind, Program, find_broker

_PORT_FILE = "port"
_KIND_FILE = "kind"
_LOG_LINES = 10
_ATTEMPT_SECONDS = 1.0
_PORT_TAKEN = ("address already in use", "only one usage of each socket address")


class EmbeddedBroker:
    """One broker that keeps its configuration and its data in `folder`, on a port of loopback.

    `public` is one more listener, with TLS, for devices elsewhere (mosquitto only).
    """

    host = LOOPBACK

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        kind: Literal["auto", "mosquitto", "nats"] = "auto",
        public: Listener | None = None,
        log_file: Path | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.log_file = log_file or self.folder / "broker.log"  # whoever starts `command` sends its output here
        self._wanted_port = port
        self._wanted_kind = kind
        self._public = public
        self._keeper: Login | None = None

    @functools.cached_property
    def _program(self) -> Program:
        """With "auto" the kind of the last start, while it is to be had: its data holds the queue and the sessions."""
        file = self.folder / _KIND_FILE
        last = file.read_text(encoding="utf-8").strip() if file.exists() else ""
        for kind in KINDS:
            if kind == last and self._wanted_kind == "auto":
                with contextlib.suppress(BrokerError):
                    return find_broker(kind)
        return find_broker(self._wanted_kind)

    @property
    def kind(self) -> Kind:
        """Which broker was found. Raises BrokerError when there is none."""
        return self._program.kind

    @property
    def mqtt_version(self) -> Literal["5", "3.1.1"]:
        return "5" if self.kind == "mosquitto" else "3.1.1"

    @property
    def command(self) -> list[str]:
        """What to start, in the foreground."""
        name = mosquitto.CONFIGURATION if self.kind == "mosquitto" else nats.CONFIGURATION
        return [str(self._program.path), "-c", str(self.folder / name)]

    @functools.cached_property
    def port(self) -> int:
        """The given port, else that of the last start, else a free one. Raises BrokerError."""
        file = self.folder / _PORT_FILE
        try:
            port = self._wanted_port or int(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            port = _free_port()
        except ValueError as error:
            raise BrokerError(f"{file} holds no port", "delete it: another port is chosen") from error
        return port

    def prepare(self, accounts: Accounts) -> bool:
        """Writes the configuration; True when it changed, so that a running broker has to `reload`.

        Raises BrokerError when no broker is to be had or the folder cannot be written.
        """
        program = self._program
        try:
            private_folder(self.folder)
            self._keeper = accounts.add(KEEPER)
            write_private(self.folder / _PORT_FILE, f"{self.port}\n")
            write_private(self.folder / _KIND_FILE, f"{self.kind}\n")
            changed = [write_private(self.folder / name, text) for name, text in self._files(program, accounts).items()]
        except OSError as error:
            raise BrokerError(
                f"{self.folder} cannot be written: {error}", "choose another folder for the data"
            ) from error
        return any(changed)

    def wait_until_ready(self, seconds: float, is_running: Callable[[], bool] = lambda: True) -> None:
        """Returns when the broker lets its keeper in. Raises BrokerError with the tail of its log."""
        if self._keeper is None:
            raise BrokerError("the broker was not prepared", "call prepare() before starting it")
        say = nats.BOUND_QUEUE if self.kind == "nats" else None
        deadline = time.monotonic() + seconds
        problem = "there was no time"
        while is_running() and (left := deadline - time.monotonic()) > 0:
            try:
                greet(self.host, self.port, self._keeper, say, min(left, _ATTEMPT_SECONDS))
            except BrokerError as error:
                problem = error.sentence
                time.sleep(0.01)  # polling: a broker says nothing when it is ready
            else:
                return
        raise self._not_ready(problem if is_running() else "it ended")

    def reload(self, pid: int) -> bool:
        """Lets the running broker read its accounts again, with all connections kept.

        False where the system has no such signal (Windows): restart it instead, nothing is lost. Raises BrokerError.
        """
        hang_up = getattr(signal, "SIGHUP", None)
        if hang_up is None:
            return False
        try:
            os.kill(pid, hang_up)
        except OSError as error:
            raise BrokerError(f"the broker (process {pid}) cannot be told to reload: {error}", "restart it") from error
        return True

    def _files(self, program: Program, accounts: Accounts) -> Mapping[str, str]:
        logins = accounts.logins()
        if program.kind == "mosquitto":
            runtime = mosquitto.Runtime(self.folder, program.plugins, as_root=getattr(os, "geteuid", lambda: 1)() == 0)
            listeners = [Listener(self.port), *([self._public] if self._public else [])]
            return mosquitto.files(runtime, listeners, logins)
        if self._public is not None:
            raise BrokerError(
                "the embedded nats-server serves this machine only", "install mosquitto to listen elsewhere"
            )
        return nats.files(self.folder, self.port, logins)

    def _not_ready(self, problem: str) -> BrokerError:
        log = self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""
        tail = "\n".join(log.splitlines()[-_LOG_LINES:])
        if any(words in tail.lower() for words in _PORT_TAKEN):
            ports = [
                f"port {self.port}",
                *([f"port {self._public.port} of {self._public.host}"] if self._public else []),
            ]
            return BrokerError(
                f"{' or '.join(ports)} is taken by another program",
                "end that program, or choose another broker port",
                tail,
            )
        return BrokerError(f"{self.kind} did not start: {problem}", f"its log is {self.log_file}", tail)


def _free_port() -> int:
    """Below the ports that outgoing connections get, so that none of those holds it when the broker starts again."""
    while True:
        port = secrets.randbelow(20_000) + 10_000
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind((LOOPBACK, port))
            return port
