"""Starts the processes of one machine in order, starts again what ends, and stops all in reverse.

Any command line will do; what they write goes to a log file each. Nothing here knows what the processes are for.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract.trouble import Trouble

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
STEADY_SECONDS = 60.0  # who ran this long may start again without a pause when it ends
STOP_SECONDS = 10.0
LOG_BYTES = 5_000_000

log = logging.getLogger(__name__)


IsRunning = Callable[[], bool]


@dataclass(frozen=True)
class Service:
    """One process to keep running. `wait_ready` returns when it works, or raises Trouble."""

    name: str
    command: Sequence[str]
    meaning: str = ""
    wait_ready: Callable[[IsRunning], None] = lambda _is_running: None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Running:
    service: Service
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    next_pause: float = FIRST_PAUSE_SECONDS


class Supervisor:
    """`start()` one service after the other, `watch()` until told to stop, `stop()`."""

    def __init__(self, logs: Path, tell: Callable[[str], None]) -> None:
        self._logs = logs
        self._tell = tell
        self._running: list[_Running] = []

    def start(self, service: Service) -> None:
        """Starts a service and waits until it works. Raises Trouble with the end of its log when it does not."""
        running = _Running(service)
        self._running.append(running)
        self._launch(running, time.monotonic())
        try:
            service.wait_ready(lambda: running.process is not None and running.process.poll() is None)
        except Trouble as error:
            raise Trouble(f"{error.sentence}\n{self._tail(service.name)}", error.hint) from error

    def watch(self, now: float) -> bool:
        """Starts again what ended, each after a growing pause; whether anything changed.

        Call it every second or so, with the monotonic clock.
        """
        before = self.processes()
        for running in self._running:
            if running.process is not None and running.process.poll() is not None:
                self._note_end(running, now)
            if running.process is None and now >= running.start_at:
                self._launch(running, now)
        return self.processes() != before

    def stop(self) -> None:
        """Ends all in reverse order, by force after ten seconds."""
        for running in reversed(self._running):
            if running.process is not None:
                _end(running.process)
                running.process = None

    def processes(self) -> dict[str, int]:
        """The process id of each service that runs."""
        return {running.service.name: running.process.pid for running in self._running if running.process is not None}

    def _launch(self, running: _Running, now: float) -> None:
        path = self._logs / f"{running.service.name}.log"
        self._logs.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as output:
            running.process = subprocess.Popen(  # noqa: S603 - our own commands, as lists
                running.service.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **running.service.environment},
                # Ctrl-C reaches the whole group of the terminal: the children must wait for their turn instead.
                start_new_session=os.name != "nt",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        running.started_at = now

    def _note_end(self, running: _Running, now: float) -> None:
        assert running.process is not None
        steady = now - running.started_at >= STEADY_SECONDS
        pause = FIRST_PAUSE_SECONDS if steady else running.next_pause
        running.start_at, running.next_pause = now + pause, min(pause * 2, LONGEST_PAUSE_SECONDS)
        code, running.process = running.process.returncode, None
        name = running.service.name
        self._tell(f"{name} ended ({_why(code)}); it is started again in {pause:.0f} s\n{self._tail(name)}")

    def _tail(self, name: str, lines: int = 3) -> str:
        path = self._logs / f"{name}.log"
        if not path.exists():
            return ""
        written = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join(f"  {name}: {line}" for line in written)


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
        return
    process.kill()
    process.wait()


def _why(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
