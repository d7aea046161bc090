"""A cut uplink and a pulled cable, for real: a classroom PC, a server, a router and an internet in namespaces."""

import itertools
import subprocess
import sys
import time
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
from tests.waiting import now_ms, wait_until

SITE, AGENT, ROOM = "hoa-mai", "pc-1", "lop-1"
LAN_PORT = 18_830
PING_SECONDS = 1.0
SCHOOL = {
    "site": SITE,
    "name": "Hoa Mai",
    "rooms": [{"id": ROOM, "devices": [{"id": AGENT}]}],
    "internet": [{"name": "far", "ping": INTERNET}],
    "dns": [],
    "services": [{"name": "e-office", "tcp": f"{INTERNET}:8080"}],
}
LISTENING = f"import socket, time; s = socket.create_server(('{INTERNET}', 8080)); time.sleep(600)"


@dataclass
class School:
    """The network with everything running, and what the server has stored."""

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

    def ping_times(self, since: int) -> list[int]:
        """When the internet was pinged, by one-second steps that hold a measurement."""
        points = self.store.series(SITE, AGENT, "ping", "internet/far", "sent", since, now_ms(), 1_000)
        return [point.at for point in points]


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
        yield School(network, store, state)


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
        running.wait(15)


@contextmanager
def opened_store(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(folder / "series.db", read_only=True).open()
    try:
        yield store
    finally:
        store.close()


@pytest.mark.slow
def test_a_cut_uplink_disconnects_the_room_and_makes_services_blind_not_down(school: School) -> None:
    wait_until(lambda: school.room() is RoomState.CONNECTED, seconds=30)
    wait_until(lambda: (found := school.service()) is not None and found.outcome is Outcome.OK)
    school.network.set_uplink(False)
    wait_until(lambda: school.room() is RoomState.DISCONNECTED, seconds=30)
    assert school.reason() == "internet_unreachable"
    wait_until(lambda: (found := school.service()) is not None and found.outcome is not Outcome.OK)
    failed = school.service()
    assert failed is not None
    assert failed.blind
    school.network.set_uplink(True)
    wait_until(lambda: school.room() is RoomState.CONNECTED, seconds=30)
    wait_until(lambda: (found := school.service()) is not None and found.outcome is Outcome.OK)


@pytest.mark.slow
def test_after_a_pulled_cable_the_history_is_complete_and_says_nothing_about_the_present(school: School) -> None:
    wait_until(lambda: school.room() is RoomState.CONNECTED, seconds=30)
    began = now_ms()
    time.sleep(3)
    school.network.set_classroom(False)
    wait_until(lambda: school.room() is RoomState.DARK, seconds=60)
    time.sleep(3)
    school.network.set_classroom(True)
    mended = now_ms()
    wait_until(lambda: school.room() is RoomState.CONNECTED, seconds=60)
    back = now_ms()
    # A ping that finds no way takes its whole deadline, so two of them begin up to three seconds apart.
    wait_until(lambda: largest_gap(school.ping_times(began)) <= 4_000, seconds=60, every=0.5)
    time.sleep(3)
    assert school.room() is RoomState.CONNECTED
    assert [change.new for change in school.changes(back + 1)] == []
    assert RoomState.DISCONNECTED not in {change.new for change in school.changes(mended + 2_000)}


def largest_gap(times: list[int]) -> int:
    return max((later - earlier for earlier, later in itertools.pairwise(times)), default=10**9)
