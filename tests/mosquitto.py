"""A real mosquitto on a free port of loopback, for tests: it starts in about ten milliseconds.

with running_mosquitto(tmp_path, users={"school.pc-1": "secret"}, acl="...") as broker:
    connect(broker.host, broker.port)
    broker.kill()   # kill -9
    broker.start()  # the same port, the same persistence
"""

import base64
import contextlib
import hashlib
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

START_SECONDS = 5.0


class Mosquitto:
    """One broker process. `port` stays the same over `stop`, `kill` and `start`."""

    host = "127.0.0.1"

    def __init__(self, folder: Path, settings: str, port: int) -> None:
        self.folder = folder
        self.port = port
        self.log_file = folder / "mosquitto.log"
        self._settings_file = folder / "mosquitto.conf"
        self._settings_file.write_text(settings, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the broker is not running"
        return self._process.pid

    def start(self) -> None:
        """Starts the broker and waits until it accepts connections. Raises TimeoutError with its log."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                ["mosquitto", "-c", str(self._settings_file)], stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
                return
            time.sleep(0.005)  # polling for the listener: mosquitto says nothing when it is ready
        raise TimeoutError(f"mosquitto did not start:\n{self.log_file.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        """Ends it in peace: persistence is written."""
        self._end("terminate")

    def kill(self) -> None:
        """kill -9: what was not saved yet is gone."""
        self._end("kill")

    def _end(self, how: str) -> None:
        if self._process is not None:
            getattr(self._process, how)()
            self._process.wait(10)
            self._process = None


@contextlib.contextmanager
def running_mosquitto(
    folder: Path, *, users: Mapping[str, str] | None = None, acl: str = "", extra: str = ""
) -> Iterator[Mosquitto]:
    """A broker that keeps its files in `folder`. Without `users` (name -> password) anybody may connect.

    `acl` is the text of mosquitto's acl_file, `extra` are more lines of its configuration.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    broker = Mosquitto(folder, _settings(folder, port, users, acl) + extra, port)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(folder: Path, port: int, users: Mapping[str, str] | None, acl: str) -> str:
    lines = [
        f"listener {port} 127.0.0.1",
        "log_dest stdout",
        "connection_messages true",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_interval 1",
        "max_queued_messages 100000",
        f"allow_anonymous {'true' if users is None else 'false'}",
    ]
    if os.geteuid() == 0:
        lines.append("user root")  # else it gives root up and cannot write into the test's folder
    if users is not None:
        rows = "".join(_user(name, password) for name, password in users.items())
        lines.append(f"password_file {_written(folder / 'users', rows)}")
    if acl:
        lines.append(f"acl_file {_written(folder / 'acl', acl)}")
    return "\n".join(lines) + "\n"


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def _user(name: str, password: str) -> str:
    """One line of mosquitto's password file: PBKDF2 with SHA-512, 101 rounds."""
    salt = secrets.token_bytes(12)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"{name}:$7$101${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}\n"
