"""A real InfluxDB 1.6 on free ports of loopback, with authentication on, for tests: it starts in about 0.3 seconds.

with running_influxd(tmp_path) as influxd:
    store = InfluxStore(influxd.settings(tmp_path), tmp_path).open()   # a database of its own
    influxd.kill()   # kill -9
    influxd.start()  # the same port, the same data
"""

import contextlib
import json
import secrets
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.store.settings import InfluxSettings
from tests.peers import need
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS
from tests.web_server import Certificate

ADMIN, PASSWORD = "sonca", "mật khẩu: bí mật"


class Influxd:
    """One server process. `port` stays the same over `stop`, `kill` and `start`."""

    def __init__(self, folder: Path, certificate: Certificate | None = None, http: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self._secure = certificate is not None
        self._settings_file = folder / "influxdb.conf"
        self._settings_file.write_text(_configuration(folder, self.port, certificate) + http, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self._secure else 'http'}://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def settings(self, folder: Path, **changes: Any) -> InfluxSettings:
        """Settings for a database that nobody used before; the password goes into a file in `folder`."""
        (folder / "influx-password").write_text(PASSWORD, encoding="utf-8")
        told = {"database": f"t{secrets.token_hex(6)}", "username": ADMIN, "password_file": "influx-password"}
        return InfluxSettings(self.url, timeout_seconds=PATIENCE_SECONDS, **{**told, **changes})

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises TimeoutError with its log."""
        log_file = self.folder / "influxd.log"
        log_file.write_bytes(b"")
        with log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [need("influxd"), "-config", str(self._settings_file)], stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            if "Listening on HTTP" in log_file.read_text(encoding="utf-8"):
                return
            time.sleep(0.01)  # polling: influxd tells in its log when it is ready
        raise TimeoutError(f"influxd did not start:\n{log_file.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        self._end("terminate")

    def kill(self) -> None:
        """kill -9."""
        self._end("kill")

    def ask(self, query: str, database: str = "", *, user: str = ADMIN) -> list[dict[str, Any]]:
        """The series that a query answers, asked by plain HTTP. Raises AssertionError for an error."""
        form = urllib.parse.urlencode({"q": query, "db": database, "epoch": "ms"}).encode()
        login = b64encode(f"{user}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(f"{self.url}/query", form, {"Authorization": f"Basic {login}"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
            [result] = json.load(response)["results"]
        assert "error" not in result, result
        found: list[dict[str, Any]] = result.get("series", [])
        return found

    def _end(self, how: str) -> None:
        if self._process is not None:
            getattr(self._process, how)()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None


def may_be_slow(patch: pytest.MonkeyPatch) -> None:
    """Lets a check find nothing wrong with an InfluxDB that answers late because the machine is busy."""
    patch.setattr("collector.store.influx_check.MOST_MS", PATIENCE_SECONDS * 1000)
    patch.setattr("collector.store.influx_check.MOST_CLOCK_SECONDS", PATIENCE_SECONDS)


@contextlib.contextmanager
def running_influxd(folder: Path, certificate: Certificate | None = None, http: str = "") -> Iterator[Influxd]:
    """A server that keeps its files in `folder`, with the user ADMIN.

    With a certificate it speaks TLS, and lets everybody in. `http` are more lines of its [http] section.
    """
    folder.mkdir(parents=True, exist_ok=True)
    influxd = Influxd(folder, certificate, http)
    influxd.start()
    try:
        if certificate is None:
            influxd.ask(f"CREATE USER {ADMIN} WITH PASSWORD '{PASSWORD}' WITH ALL PRIVILEGES")
        yield influxd
    finally:
        influxd.stop()


def _configuration(folder: Path, port: int, certificate: Certificate | None) -> str:
    lines = [
        "reporting-disabled = true",
        'bind-address = "127.0.0.1:0"',  # for backups: nobody asks there
        f'[meta]\ndir = "{folder}/meta"',
        f'[data]\ndir = "{folder}/data"\nwal-dir = "{folder}/wal"\nquery-log-enabled = false',
        "[monitor]\nstore-enabled = false",
        f'[http]\nbind-address = "127.0.0.1:{port}"\nauth-enabled = {"true" if certificate is None else "false"}',
        "log-enabled = false",
    ]
    if certificate is not None:
        lines += [
            f'https-enabled = true\nhttps-certificate = "{certificate.certificate}"',
            f'https-private-key = "{certificate.key}"',
        ]
    return "\n".join(lines) + "\n"
