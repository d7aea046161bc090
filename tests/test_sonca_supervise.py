"""Processes that are kept running, and all of them ended when told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from contract.trouble import Trouble
from sonca.leftovers import end_all
from sonca.supervise import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, IsRunning, Service, Supervisor
from tests.waiting import patiently, wait_until

SLEEPING = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)",
]


class Supervised(Supervisor):
    """Remembers what it told."""

    def __init__(self, logs: Path) -> None:
        self.told: list[str] = []
        super().__init__(logs, self.told.append)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervised]:
    supervised = Supervised(tmp_path / "logs")
    yield supervised
    supervised.stop()


def test_what_ends_is_told_and_started_again_after_a_pause(supervisor: Supervised, tmp_path: Path) -> None:
    supervisor.start(Service("one", SLEEPING))
    first = supervisor.processes()["one"]
    log = tmp_path / "logs" / "one.log"
    wait_until(lambda: log.read_text() == "here\n")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: told_after_a_look(supervisor))
    assert "one ended (signal 9); it is started again in 1 s" in supervisor.told[0]
    assert "one: here" in supervisor.told[0]
    assert supervisor.processes() == {}
    supervisor.watch(time.monotonic() + 2 * FIRST_PAUSE_SECONDS)
    assert supervisor.processes()["one"] != first


def told_after_a_look(supervisor: Supervised) -> bool:
    supervisor.watch(time.monotonic())
    return bool(supervisor.told)


def test_the_pause_grows_up_to_half_a_minute_and_starts_anew_after_a_steady_run(supervisor: Supervised) -> None:
    supervisor.start(Service("short", [sys.executable, "-c", "raise SystemExit(3)"]))
    now = time.monotonic()
    pauses: list[float] = []
    while len(pauses) < 7:
        wait_until(lambda: _ended(supervisor))
        supervisor.watch(now)
        pauses.append(float(supervisor.told[-1].split(" in ")[1].split(" s")[0]))
        now += LONGEST_PAUSE_SECONDS
        supervisor.watch(now)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    wait_until(lambda: _ended(supervisor))
    supervisor.watch(now + 3_600)
    assert "exit code 3" in supervisor.told[-1]
    assert "again in 1 s" in supervisor.told[-1]


def _ended(supervisor: Supervisor) -> bool:
    """Whether the last process is over, whether or not anybody looked at it."""
    return all(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE for pid in supervisor.processes().values())


def test_all_are_ended_in_reverse_and_the_stubborn_by_force(
    supervisor: Supervised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sonca.supervise.STOP_SECONDS", 0.3)
    for name, command in (("one", SLEEPING), ("two", STUBBORN)):
        supervisor.start(Service(name, command))
        wait_until((tmp_path / "logs" / f"{name}.log").exists)
        wait_until(lambda name=name: "here" in (tmp_path / "logs" / f"{name}.log").read_text())  # type: ignore[misc]
    pids = supervisor.processes().values()
    supervisor.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_leftovers_are_gone_when_the_next_start_goes_on_the_stubborn_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_gone(seconds: float) -> bool:
        monkeypatch.setattr("sonca.leftovers.END_SECONDS", seconds)
        with subprocess.Popen(STUBBORN, stdout=subprocess.PIPE) as stubborn:
            assert stubborn.stdout is not None
            assert stubborn.stdout.readline() == b"here\n"
            end_all({"one": psutil.Process(stubborn.pid)})
            return not psutil.pid_exists(stubborn.pid)

    patiently(0.5, is_gone)


def test_one_that_never_works_is_explained_with_the_end_of_its_log(supervisor: Supervised, tmp_path: Path) -> None:
    def wait_ready(is_running: IsRunning) -> None:
        assert is_running()
        wait_until(lambda: "here" in (tmp_path / "logs" / "one.log").read_text())
        raise Trouble("it does not answer", "look at its settings")

    with pytest.raises(Trouble) as caught:
        supervisor.start(Service("one", SLEEPING, wait_ready=wait_ready))
    assert caught.value.sentence == "it does not answer\n  one: here"
    assert caught.value.hint == "look at its settings"


def test_a_log_that_grew_large_is_begun_anew(supervisor: Supervised, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "one.log").write_bytes(b"x" * 6_000_000)
    supervisor.start(Service("one", SLEEPING))
    wait_until(lambda: (tmp_path / "logs" / "one.log").read_text() == "here\n")
    assert (tmp_path / "logs" / "one.log.1").stat().st_size == 6_000_000
