"""`sonca up` as a person runs it: real processes, real measurements, clean ends."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml

from broker_config.programs import KINDS
from sonca.data_folder import OURS, DataFolder
from sonca.leftovers import end_all
from sonca.up import sonca
from tests.ports import free_port, listens
from tests.waiting import PATIENCE_SECONDS, best_of, wait_until


class Up:
    """A running `sonca up` on its own folder and port."""

    def __init__(self, data: Path, *options: str, environment: dict[str, str] | None = None) -> None:
        self.data, self.port = DataFolder(data), free_port()
        self.log = data.with_name(f"up-{self.port}.log")
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                sonca("up", "--data", str(data), "--port", str(self.port), *options),
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def children(self) -> dict[str, int]:
        if not self.data.processes_file.exists():
            return {}
        rows = json.loads(self.data.processes_file.read_text())["processes"]
        return {name: pid for name, (pid, _) in rows.items() if name != "up"}

    def get(self, path: str, key: str) -> list[Any]:
        """A list of an answer; empty while the API, or what it asks, is on its way back."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/api/v1{path}", timeout=30)
        except httpx.TransportError:
            return []
        assert answer.status_code in (200, 404, 503), answer.text
        found: list[Any] = answer.json().get(key, [])
        return found

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.told()
        return "open this page" in self.told()

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(PATIENCE_SECONDS) == 0, self.told()


@contextmanager
def running(data: Path, *options: str, environment: dict[str, str] | None = None) -> Iterator[Up]:
    up = Up(data, *options, environment=environment)
    try:
        wait_until(up.is_up)
        yield up
        up.end()
    finally:
        if up.process.poll() is None:
            up.process.terminate()
            up.process.wait(PATIENCE_SECONDS)


def is_measured(up: Up, site: str, device: str) -> bool:
    """Whether the API shows real measurements of a device."""
    return bool(up.get(f"/sites/{site}/devices/{device}/latest", "measurements"))


def is_simulated_school_measured(up: Up) -> bool:
    devices = [entry["device"] for entry in up.get("/sites/sim-hoa-mai/devices", "devices")]
    return any(is_measured(up, "sim-hoa-mai", device) for device in devices)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_this_machine_is_measured_for_real_and_everything_ends_in_peace(kind: str, tmp_path: Path) -> None:
    with running(tmp_path / "data", "--broker", kind) as up:
        wait_until(lambda: is_measured(up, "truong-cua-toi", "may-nay"), every=0.5)
        pids = up.children()
        assert set(pids) == {"broker", "collector", "api", "agent"}
        for pid in pids.values():
            addresses = [entry.laddr.ip for entry in psutil.Process(pid).net_connections() if entry.status == "LISTEN"]
            assert set(addresses) <= {"127.0.0.1", "::1"}
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert up.told().rstrip().endswith("stopped.")
    for log in up.data.logs.iterdir():
        assert "Traceback" not in log.read_text(), log


@pytest.mark.slow
def test_each_process_that_is_killed_comes_back_and_a_second_start_goes_on_with_the_same_data(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--simulate", "2") as up:
        first = up.children()
        assert set(first) == {"broker", "collector", "api", "agent", "simulator"}
        for pid in first.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: set(up.children()) == set(first) and not set(up.children().values()) & set(first.values()))
        wait_until(lambda: is_simulated_school_measured(up), every=0.5)
        wait_until(lambda: bool(up.get("/sites/sim-hoa-mai/assets", "assets")), every=0.5)
        broker_port = (up.data.broker / "port").read_text()
    with running(tmp_path / "data") as again:
        assert (again.data.broker / "port").read_text() == broker_port
        wait_until(lambda: is_measured(again, "truong-cua-toi", "may-nay"), every=0.5)


def test_after_a_kill_of_itself_the_next_start_ends_what_was_left(tmp_path: Path) -> None:
    left = killed_while_up(tmp_path / "data")
    try:
        assert all(psutil.pid_exists(pid) for pid in left.values())
        with running(tmp_path / "data") as again:
            assert "left behind: broker, collector, api, agent" in again.told()
            assert not set(again.children().values()) & set(left.values())
            assert not any(psutil.pid_exists(pid) for pid in left.values())
    finally:
        end_all({name: psutil.Process(pid) for name, pid in left.items() if psutil.pid_exists(pid)})


def killed_while_up(data: Path) -> dict[str, int]:
    """Starts everything and kills `sonca up` itself; the processes that stay."""
    up = Up(data)
    wait_until(up.is_up)
    left = up.children()
    up.process.kill()
    up.process.wait()
    return left


def test_a_second_one_on_the_same_data_is_told_so(tmp_path: Path) -> None:
    with running(tmp_path / "data"):
        done = _fails(tmp_path / "data", free_port())
        assert "already runs on this data" in done


def test_a_port_in_use_and_a_folder_that_cannot_be_written_are_one_sentence_each(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert f"port {port} is used by another program\n  hint: choose another one: --port {port + 1}" in _fails(
            tmp_path / "data", port
        )
    (tmp_path / "file").write_text("")
    assert "cannot be written: Not a directory\n  hint: choose another one with --data" in _fails(
        tmp_path / "file" / "data", free_port()
    )


def _fails(data: Path, port: int) -> str:
    command = sonca("up", "--data", str(data), "--port", str(port))
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_settings_of_ones_own_are_kept(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with running(folder.path):
        assert folder.agent_settings.read_text().startswith(OURS)
    own = folder.agent_settings.read_text().removeprefix(OURS) + "without: [wifi]\n"
    folder.agent_settings.write_text(own)
    with running(folder.path):
        assert folder.agent_settings.read_text() == own


def test_a_bad_school_file_is_explained(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    folder.school_file.write_text("site: Trường\n", encoding="utf-8")
    assert "school.yaml line 1: site:" in _fails(folder.path, free_port())


@pytest.mark.slow
def test_another_pc_gets_its_account_while_everything_runs(tmp_path: Path) -> None:
    with running(tmp_path / "data") as up:
        command = sonca("agent-account", "truong-cua-toi", "lop-la-1", "--data", str(up.data.path))
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
        assert "the broker knows it now" in done.stdout
        folder = up.data.path / "agents" / "lop-la-1"
        assert (folder / "password").stat().st_mode & 0o777 == 0o600
        agent = subprocess.Popen(
            sonca("agent", "--settings", str(folder / "agent.yaml")),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: is_measured(up, "truong-cua-toi", "lop-la-1"), every=0.5)
        finally:
            agent.terminate()
            assert agent.wait(PATIENCE_SECONDS) == 0


@pytest.mark.slow
def test_a_pc_elsewhere_comes_in_by_tls_with_the_schools_own_authority(tmp_path: Path) -> None:
    # Another address of loopback stands for the school's network: nothing listens where others could reach it. Its
    # ports are always the same, so each run of this test has an address of its own.
    here = f"127.{secrets.randbelow(200) + 1}.{secrets.randbelow(256)}.{secrets.randbelow(200) + 1}"
    with running(tmp_path / "data", "--listen", here, "--broker", "mosquitto") as up:
        command = sonca("agent-account", "truong-cua-toi", "lop-la-2", "--data", str(up.data.path))
        subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=True)
        folder = up.data.path / "agents" / "lop-la-2"
        settings = yaml.safe_load((folder / "agent.yaml").read_text())
        assert (settings["broker"]["host"], settings["broker"]["tls_ca_file"]) == (here, "authority.crt")
        moved = tmp_path / "on-the-pc"
        folder.rename(moved)
        command = sonca("agent", "--settings", str(moved / "agent.yaml"), "--once", "--explain", "throughput", "lan")
        wait_until(lambda: listens(8484, here))
        done = best_of(
            lambda: subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False),
            lambda done: done.returncode == 0,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"server {here}:8484" in done.stdout
        assert "budget_left_bytes" in done.stdout
        agent = subprocess.Popen(
            sonca("agent", "--settings", str(moved / "agent.yaml")),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: is_measured(up, "truong-cua-toi", "lop-la-2"), every=0.5)
        finally:
            agent.terminate()
            assert agent.wait(PATIENCE_SECONDS) == 0


def test_python_that_is_too_old_is_one_sentence() -> None:
    code = "import sys; sys.version_info = (3, 10); sys.path[0] = 'scripts'; import environment; environment.ensure()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("SonCa needs Python 3.11 or newer")
