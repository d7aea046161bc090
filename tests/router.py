"""The shell agent of routers under the real busybox, with real mosquitto programs and recorded answers of ubus.

Two programs of OpenWrt are stand-ins, since no package of Debian has them: `ubus` gives the answers in a folder
(a copy of tests/recorded/openwrt), `jsonfilter` is tests/jsonfilter.py.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from broker_config.listener import Listener
from contract.messages import Batch, Measurement, decode
from contract.shapes import build
from tests.brokers import RunningBroker
from tests.peers import need
from tests.tree import ROOT
from tests.waiting import PATIENCE_SECONDS

SITE, AGENT = "hoa-mai", "router-1"
ACCOUNT, SENDER = f"{SITE}.{AGENT}", f"{SITE}.{AGENT}.sender"
FOLDER = ROOT / "openwrt"
RECORDED = ROOT / "tests" / "recorded" / "openwrt"

# As the real one: 4 "Not found" for what it does not know. An answer that is a number is an exit code.
_UBUS = """\
#!/bin/sh
[ "$1" != -t ] || shift 2
device=${4##*:\\"}
device=${device%\\"*}
answer="$UBUS_ANSWERS/$2.$3${device:+.$device}.json"
[ -f "$answer" ] || { echo "Command failed: Not found" >&2; exit 4; }
read -r first <"$answer"
case $first in [0-9]*) exit "$first" ;; esac
cat "$answer"
"""
# Applets come before the programs of Debian, as on a router.
_APPLETS = "awk cat cut date du grep kill mkdir mkfifo mv ping rm sed sh sleep tr wc"


class Router:
    """A router's folders below `folder`; `start`, `kill` (-9) and `stop` its agent."""

    def __init__(self, folder: Path, broker: RunningBroker | None = None, **settings: str) -> None:
        self.run = folder / "run"
        self.answers = folder / "ubus"
        shutil.copytree(RECORDED, self.answers)
        self.log_file = folder / "router.log"
        self._programs = folder / "programs"
        self._make_programs()
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "SITE": SITE,
            "AGENT": AGENT,
            "REPORT_SECONDS": "1",
            "MEASURE_SECONDS": "1",
            "PING_COUNT": "1",
            "INTERNET": "here=127.0.0.1",
            "RUN": str(self.run),
            **({} if broker is None else _reaching(broker)),
            **settings,
        }

    def __enter__(self) -> "Router":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        command = [need("busybox"), "ash", str(FOLDER / "usr/lib/sonca/agent")]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment(), stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9 of the agent's main process, as procd or a shortage of memory would."""
        assert self._process is not None
        assert self._process.poll() is None, f"it ended by itself:\n{self.log}"
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ends it in peace and waits for it; kills it when that does not help."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def answer(self, name: str, answer: Any) -> None:
        """Changes what ubus answers: a number is an exit code, None is "Not found"."""
        path = self.answers / f"{name}.json"
        if answer is None:
            path.unlink()
        else:
            path.write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")

    def measure(self, what: str) -> list[Measurement]:
        """What one function of the agent's probes measures, without the rest of the agent."""
        self.output(what)
        pending = sorted((self.run / "pending").iterdir())
        return [build(Measurement, json.loads(path.read_bytes())) for path in pending]

    def output(self, what: str) -> str:
        """What some of the agent's functions print."""
        parts = ["settings", "clock", "spool", "measure", "wifi", "told", "listen", "deliver"]
        script = [*(f". {FOLDER}/usr/lib/sonca/{part}.sh" for part in parts), "prepare_run", "draw_clock", what, "wait"]
        command = [need("busybox"), "ash", "-c", "\n".join(script)]
        done = subprocess.run(command, env=self._environment(), check=True, timeout=180, stdout=subprocess.PIPE)
        return done.stdout.decode()

    def gathered(self) -> list[Path]:
        """What is numbered and waits for the clock's offset."""
        return sorted((self.run / "gathered").glob("*"))

    def batches(self) -> list[Batch]:
        """What waits in the spool."""
        found = []
        for path in sorted((self.run / "batches").glob("*")):
            with contextlib.suppress(FileNotFoundError):  # it went while we looked
                found.append(decode(path.read_bytes(), Batch))
        return found

    def put_program(self, name: str, text: str) -> None:
        """A program of this router's own, before all others."""
        path = self._programs / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            "UBUS_ANSWERS": str(self.answers),
            **{f"SONCA_{name}": value for name, value in self._settings.items()},
        }

    def _make_programs(self) -> None:
        self._programs.mkdir()
        for name in _APPLETS.split():
            (self._programs / name).symlink_to(need("busybox"))
        stand_in = f'#!/bin/sh\nexec {sys.executable} -IS {ROOT / "tests" / "jsonfilter.py"} "$@"\n'
        self.put_program("ubus", _UBUS)
        self.put_program("jsonfilter", stand_in)
        for name in ("mosquitto_pub", "mosquitto_sub"):
            need(name)


def _reaching(broker: RunningBroker) -> dict[str, str]:
    return {
        "HOST": broker.host,
        "PORT": str(broker.port),
        "MQTT_VERSION": broker.mqtt_version,
        "PASSWORD_FILE": str(broker.accounts.password_file(ACCOUNT)),
    }


def through_tls(public: Listener, broker: RunningBroker) -> dict[str, str]:
    """The settings of a router that reaches the broker at its public listener, with its two accounts."""
    assert public.tls is not None
    return {
        "HOST": public.host,
        "PORT": str(public.port),
        "CA_FILE": str(public.tls.authority_file),
        "SENDER_PASSWORD_FILE": str(broker.accounts.password_file(SENDER)),
    }
