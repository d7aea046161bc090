"""A simulated school through a real broker and the real collector: everything arrives, and presence is right."""

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broker_config.programs import Kind
from collector.run import run as collect
from collector.settings import CollectorSettings
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import Presence
from contract.connection import BrokerConnection
from sonca.simulate.lines import Line, Lines
from sonca.simulate.run import school_day_of, simulate
from sonca.simulate.school import school_text
from sonca.simulate.settings import SimulateSettings, read_faults
from sonca.simulate.tally import Tally
from tests.brokers import RunningBroker, running_broker
from tests.simulated import MONDAY, SITE, monday
from tests.waiting import PATIENCE_SECONDS, now_ms, wait_until

FOR_EVER = 2**50
USER = f"{SITE}.simulator"
DEVICES = 12
WAYS = [("mosquitto", "shared"), ("nats", "one-per-device")]
OTHER_WAYS = [("mosquitto", "one-per-device"), ("nats", "shared")]


def in_ways(ways: list[tuple[str, str]]) -> pytest.MarkDecorator:
    """Runs a test by each kind of broker and way to connect."""
    return pytest.mark.parametrize(("server", "connections"), ways, indirect=["server"])


class Server:
    """A broker and a collector with its stores."""

    def __init__(self, folder: Path, broker: RunningBroker, caplog: pytest.LogCaptureFixture) -> None:
        self.folder = folder
        self._caplog = caplog
        caplog.set_level(logging.INFO)
        self.broker = broker
        self._settings = CollectorSettings(
            broker.connection("collector"),
            folder,
            (folder / "school.yaml",),
            StoreSettings(),
            f"sqlite:///{folder}/state.db",
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=collect, args=(self._settings, self._stop))

    def start(self, school: str) -> None:
        (self.folder / "school.yaml").write_text(school, encoding="utf-8")
        self._thread.start()
        # Before its first connection the broker keeps nothing for the collector.
        wait_until(lambda: "connected to the broker" in self.said())

    def end(self) -> None:
        """Ends the collector; what it knows is then in its stores."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    def settings(self, **more: Any) -> SimulateSettings:
        return SimulateSettings(self.broker.connection(USER), **{"rooms": 5, "devices": DEVICES, **more})

    def said(self) -> str:
        """What collector and simulator logged."""
        return self._caplog.text

    def stored(self) -> int:
        """How many measurements of the simulated site are in the store."""
        store = SqliteStore(self.folder / "series.db", read_only=True).open()
        try:
            return sum(reach.measured for reach in store.reach(SITE, 0, FOR_EVER))
        finally:
            store.close()

    @contextlib.contextmanager
    def state(self) -> Iterator[State]:
        state = State(self._settings.state_url).open()
        try:
            yield state
        finally:
            state.close()


class StandingClock:
    """UTC milliseconds of a clock that stands still while a line is being opened, and when the simulator gets no turn
    for longer than it ever rests."""

    def __init__(self) -> None:
        self._shown = self._looked_at = now_ms()
        self._all: list[Line] = []

    def lines(self, broker: BrokerConnection, password: str) -> Lines:
        lines = Lines(broker, password)
        self._all = lines._lines
        return lines

    def __call__(self) -> int:
        before, self._looked_at = self._looked_at, now_ms()
        if all(line.can_say() for line in self._all if line.wanted):
            self._shown += min(self._looked_at - before, 300)
        return self._shown


class Simulation:
    """`simulate` in a thread; `tally` is there when it has ended."""

    def __init__(self, settings: SimulateSettings) -> None:
        self.tally = Tally()
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Simulation":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)
        assert self._thread.is_alive()

    def end(self) -> Tally:
        self._stop.set()
        self._thread.join(2 * PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self.tally

    def _run(self) -> None:
        self.tally = simulate(self._settings, self._stop)


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Server]:
    kind: Kind = getattr(request, "param", "mosquitto")
    with running_broker(kind, tmp_path / "broker", "collector", USER) as broker:
        server = Server(tmp_path, broker, caplog)
        yield server
        server.end()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that waits for its last receipts for as long as a machine may stand still."""
    monkeypatch.setattr("sonca.simulate.live.RECEIPTS_MS", int(PATIENCE_SECONDS * 1000))
    monkeypatch.setattr("sonca.simulate.live.GOODBYE_SECONDS", PATIENCE_SECONDS)


def started(server: Server, *faults: str, **more: Any) -> SimulateSettings:
    """Settings of a school that the collector knows."""
    settings = server.settings(faults=read_faults(list(faults) or ["none"]), **more)
    server.start(school_text(school_day_of(settings).school))
    return settings


def assert_all_stored(server: Server, tally: Tally, batches: int, *, own_lines: bool = False) -> None:
    assert tally.batches > batches
    # A device that is switched off closes its own line, and hears of its last batches after the next start only.
    assert tally.unsettled == 0 or own_lines
    assert tally.receipts == tally.batches - tally.unsettled > 0
    assert tally.refused == 0
    wait_until(lambda: server.stored() == tally.measurements - tally.neighbours)
    with server.state() as state:
        assert state.refused_counts() == {}


def presence_of(state: State, name: str) -> Presence | None:
    return next((agent.presence for agent in state.agents(SITE) if agent.agent == name), None)


@in_ways(WAYS)
@pytest.mark.usefixtures("patient")
def test_an_end_of_the_day_in_seconds_arrives_completely(
    server: Server, connections: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = StandingClock()
    for module in ("run", "live", "history"):
        monkeypatch.setattr(f"sonca.simulate.{module}.now_ms", clock)
    monkeypatch.setattr("sonca.simulate.run.Lines", clock.lines)
    faults = ("switch-unplugged:mam-1@16:30+1m", "line-outage@16:30+3m")
    settings = started(server, *faults, start=f"{MONDAY} 16:29", speed=100, connections=connections)
    day = school_day_of(settings)
    on = [name for name in day.pcs if day.state(name, monday("16:29")).run]
    off = [name for name in on if not day.state(name, monday("16:37")).run]
    assert "mam-1-giao-vien" in off
    with Simulation(settings) as simulation, server.state() as state:
        wait_until(lambda: {presence_of(state, name) for name in off} == {Presence.OFFLINE})
    assert_all_stored(server, simulation.tally, 100, own_lines=connections == "one-per-device")
    with server.state() as state:
        wait_until(lambda: {presence_of(state, name) for name in on} == {Presence.OFFLINE})
        assert all(agent.software == "simulated" for agent in state.agents(SITE))


@in_ways(OTHER_WAYS)
@pytest.mark.usefixtures("patient")
def test_presence_is_what_the_model_says(server: Server, connections: str) -> None:
    settings = started(
        server, "switch-unplugged:mam-1@12:15+1h", start=f"{MONDAY} 12:14", speed=60, connections=connections
    )
    day = school_day_of(settings)
    expected = {}
    for name in day.pcs:
        now = day.state(name, monday("12:18"))
        if now.run is not None:
            expected[name] = Presence.LOST if now.cut_off else Presence.ONLINE
        elif connections == "shared":
            expected[name] = Presence.OFFLINE
    assert set(expected.values()) >= {Presence.LOST, Presence.ONLINE}
    with Simulation(settings), server.state() as state:
        # At 12:59, after 45 seconds, the next PC is switched off.
        wait_until(lambda: {agent.agent: agent.presence for agent in state.agents(SITE)} == expected, seconds=40)
        online = next(name for name, presence in expected.items() if presence == "online")
        wait_until(lambda: state.equipment(SITE, online) is not None)
        equipment = state.equipment(SITE, online)
        assert equipment is not None
        assert equipment.content["simulated"] is True


@pytest.mark.usefixtures("patient")
def test_history_comes_first_and_then_the_present(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    settings = started(server, "wrong-clock", start=f"{MONDAY} 10:00", history_days=0.05, speed=60)
    day = school_day_of(settings)
    past = sum(len(day.measurements(name, monday("08:48"), monday("10:00"))) for name in day.pcs)
    with Simulation(settings) as simulation:
        wait_until(lambda: "in the simulated school" in server.said())
        wait_until(lambda: server.stored() > past)
    assert_all_stored(server, simulation.tally, 100)
    assert simulation.tally.measurements > past
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("history:   0 %, until 2026-11-23 08:48")
    assert "history: 100 %, until 2026-11-23 10:00" in shown[-1]
    assert "measurements/s" in shown[-1]


@pytest.mark.usefixtures("patient")
def test_a_broker_that_is_killed_costs_nothing_but_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever comes back before the collector speaks to a broker that has forgotten it, and says it all again: after
    # 26 s, unless it is told to wait less.
    monkeypatch.setattr("sonca.simulate.outbox.FIRST_WAIT_MS", 1_000)
    monkeypatch.setattr("sonca.simulate.outbox.LONGEST_WAIT_MS", 1_000)
    settings = started(server, start=f"{MONDAY} 10:00", speed=60)
    with Simulation(settings) as simulation:
        simulation.wait(2)
        server.broker.kill()
        simulation.wait(0.5)
        server.broker.start()
        wait_until(lambda: server.said().count("connected to the broker") >= 2)
    assert_all_stored(server, simulation.tally, 50)


def test_a_wrong_password_is_said_once_with_a_hint(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    settings = server.settings(start=f"{MONDAY} 10:00")
    wrong = server.folder / "wrong"
    wrong.write_text("wrong")
    broker = dataclasses.replace(settings.broker, password_file=str(wrong))
    with Simulation(dataclasses.replace(settings, broker=broker)) as simulation:
        wait_until(lambda: "refused the simulator" in caplog.text)
        simulation.wait(2)
    assert caplog.text.count("refused the simulator") == 1
    assert "password file" in caplog.text
    assert simulation.tally.batches == 0


def test_without_a_broker_it_waits_and_says_so_once(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.broker.stop()
    with Simulation(server.settings(start=f"{MONDAY} 10:00")) as simulation:
        wait_until(lambda: "no broker answers" in caplog.text)
        simulation.wait(2)
    assert caplog.text.count("no broker answers") == 1
