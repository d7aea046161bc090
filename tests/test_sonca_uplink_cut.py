"""A cut uplink and a pulled cable, for real: a classroom PC, a server, a router and an internet in namespaces."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from broker_config.accounts import Accounts
from broker_config.embedded import EmbeddedBroker
from collector.store.protocol import RoomState, StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import Change
from contract.messages import Outcome
from contract.targets import SERVICES
from tests.namespaces import INTERNET, SERVER, SchoolNetwork, within
from tests.peers import need, need_root
from tests.raw_rows import raw_rows
from tests.test_sonca_kill import noted
from tests.waiting import PATIENCE_SECONDS, now_ms, wait_until

SITE, AGENT, ROOM = "hoa-mai", "pc-1", "lop-1"
LAN_PORT = 18_830
PING_SECONDS = 1.0
PING = ("ping", "internet/far")
SCHOOL = {
    "site": SITE,
    "name": "Hoa Mai",
    "rooms": [{"id": ROOM, "devices": [{"id": AGENT}]}],
    "internet": [{"name": "far", "ping": INTERNET}],
    "dns": [],
    "limits": {"loss_percent": 100, "round_trip_ms": 60_000},  # a busy machine is slow
    "services": [{"name": "e-office", "tcp": f"{INTERNET}:8080"}],
}
LISTENING = f"import socket, time; s = socket.create_server(('{INTERNET}', 8080)); time.sleep(600)"


@dataclass
class School:
    """The network with everything running, and what the server has stored."""

    folder: Path
    network: SchoolNetwork
    store: SqliteStore
    state: State

    def room(self) -> RoomState | None:
        return next((room.state for room in self.state.rooms(SITE)), None)

    def reason(self) -> str:
        return next((room.reason.value for room in self.state.rooms(SITE)), "")

    def service(self) -> StoredMeasurement | None:
        return next(iter(self.store.latest(SITE, AGENT, group=SERVICES)), None)

    def changes(self, since: int) -> list[Change]:
        found = self.state.changes(SITE, since, now_ms() + 1_000, subject=("room", ROOM))
        return list(reversed(found))

    def noted_pings(self) -> list[int]:
        """When the agent pinged the internet, by its own notes."""
        return [at for probe, target, at in noted(self.folder / "noted.txt") if (probe, target) == PING]

    def stored_pings(self) -> int:
        return sum(row[1:3] == PING for row in raw_rows(self.folder / "series.db"))


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    need("mosquitto")
    need("ip")
    need_root("a network namespace")
    with ExitStack() as stack:
        network = stack.enter_context(SchoolNetwork())
        broker, accounts = EmbeddedBroker(tmp_path / "broker", kind="mosquitto"), Accounts(tmp_path / "accounts")
        for name in ("collector", f"{SITE}.{AGENT}"):
            accounts.add(name)
        broker.prepare(accounts)
        with (tmp_path / "broker" / "mosquitto.conf").open("a") as configuration:
            # Without TLS: the line between two namespaces is nobody else's.
            configuration.write(f"listener {LAN_PORT} {SERVER}\n")
        write_settings(tmp_path, broker.port)
        for namespace, command in (
            (network.internet, [sys.executable, "-c", LISTENING]),
            (network.server, broker.command),
            (network.server, [sys.executable, "-m", "tests.hurried_collector", str(tmp_path / "sonca.yaml")]),
            (
                network.pc,
                [sys.executable, "-m", "tests.logged_agent", str(tmp_path / "agent.yaml"), str(tmp_path / "noted.txt")],
            ),
        ):
            stack.enter_context(process(within(namespace, *command), tmp_path))
        wait_until(lambda: "the collector is running" in (tmp_path / "log.txt").read_text())
        store = stack.enter_context(opened_store(tmp_path))
        state = State(f"sqlite:///{tmp_path}/state.db").open()
        stack.callback(state.close)
        yield School(tmp_path, network, store, state)


def write_settings(folder: Path, port: int) -> None:
    broker = {"host": "127.0.0.1", "port": port, "username": "collector", "password_file": "accounts/collector"}
    (folder / "school.yaml").write_text(yaml.safe_dump(SCHOOL))
    (folder / "sonca.yaml").write_text(yaml.safe_dump({"broker": broker}))
    user = f"{SITE}.{AGENT}"
    agent = {
        "site": SITE,
        "agent": AGENT,
        "broker": {
            "host": SERVER,
            "port": LAN_PORT,
            "username": user,
            "password_file": f"accounts/{user}",
            "keep_alive_seconds": 5,
        },
        "report_seconds": 1.0,
        "without": ["wifi", "temperature", "disk", "network_card"],
        "interval_seconds": {"ping": PING_SECONDS, "services": 1.0, "host": 1.0},
        "deadline_seconds": {"ping": 1.0, "tcp": 1.0},
    }
    (folder / "agent.yaml").write_text(yaml.safe_dump(agent))


@contextmanager
def process(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "log.txt").open("ab") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        running.terminate()
        running.wait(PATIENCE_SECONDS)


@contextmanager
def opened_store(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(folder / "series.db", read_only=True).open()
    try:
        yield store
    finally:
        store.close()


@pytest.mark.slow
def test_a_cut_uplink_disconnects_the_room_and_makes_services_blind_not_down(school: School) -> None:
    wait_until(lambda: school.room() is RoomState.CONNECTED)
    wait_until(lambda: (found := school.service()) is not None and found.outcome is Outcome.OK)
    school.network.set_uplink(False)
    wait_until(lambda: school.room() is RoomState.DISCONNECTED)
    wait_until(lambda: school.reason() == "internet_unreachable")
    wait_until(lambda: (found := school.service()) is not None and found.outcome is not Outcome.OK and found.blind)
    school.network.set_uplink(True)
    wait_until(lambda: school.room() is RoomState.CONNECTED)
    wait_until(lambda: (found := school.service()) is not None and found.outcome is Outcome.OK)


@pytest.mark.slow
def test_after_a_pulled_cable_the_history_is_complete_and_says_nothing_about_the_present(school: School) -> None:
    wait_until(lambda: school.room() is RoomState.CONNECTED)
    pulled = now_ms()
    school.network.set_classroom(False)
    wait_until(lambda: school.room() is RoomState.DARK)
    wait_until(lambda: sum(at > pulled for at in school.noted_pings()) >= 6)
    school.network.set_classroom(True)
    wait_until(lambda: school.room() is RoomState.CONNECTED)
    back, made = now_ms(), len(school.noted_pings())
    wait_until(lambda: school.stored_pings() >= made, every=0.5)
    wait_until(lambda: school.room() is RoomState.CONNECTED)
    assert RoomState.DISCONNECTED not in {change.new for change in school.changes(back + 1)}
