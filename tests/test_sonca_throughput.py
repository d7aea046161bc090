"""One tester a site at a time, for real: agents, the collector's process, the server's endpoint, and a broker.

The agents meet at nats-server, which is the stricter one; what outlives whom is tried with mosquitto.
"""

import dataclasses
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.settings import AgentSettings
from agent.throughput_settings import LanSettings, ThroughputSettings
from collector.store.protocol import StoredMeasurement
from contract.messages import Lease, LeaseRequest, Outcome, encode
from contract.week import Slot
from tests.brokers import RunningBroker, running_broker
from tests.collector_process import running_collector, stored
from tests.running_agent import SITE, RunningAgent, agent_settings
from tests.speaking_agent import SpeakingAgent
from tests.transfer_endpoint import address_of, running_endpoint
from tests.waiting import wait_until

AGENTS = ("pc-1", "pc-2", "pc-3")
TEST_SECONDS = 0.5
LEASE_SECONDS = 240.0


def school() -> str:
    """Lessons all day long, in a time zone where it is about noon."""
    hours = 12 - datetime.now(UTC).hour
    zone = f"Etc/GMT{-hours:+d}"
    return f"""\
site: {SITE}
name: Hoa Mai
time_zone: {zone}
lesson_hours:
  - {{days: [mon, tue, wed, thu, fri, sat, sun], start: "00:01", end: "23:59"}}
"""


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each agent has one planned time, which is now, and who was refused asks soon again."""
    planned = set()

    def at_once(_hours: Any, _per_day: int, _lasts: timedelta, seed: str, here: datetime) -> datetime | None:
        if seed in planned:
            return None
        planned.add(seed)
        return here + timedelta(seconds=0.1)

    monkeypatch.setattr("agent.throughput.next_time", at_once)
    monkeypatch.setattr("agent.throughput.LONGEST_PAUSE_SECONDS", 0.3)
    monkeypatch.setattr("agent.work.FIRST_REPORT_SECONDS", 1.0)


class Watched:
    """Stretches each transfer of an endpoint, and notes who was served beside another one.

    An agent may be beside itself: it has what it wanted a moment before the endpoint notices that it went.
    """

    def __init__(self) -> None:
        self.served: set[str] = set()
        self.met: list[tuple[str, ...]] = []
        self._now: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def serving(self, user: str, _now: float) -> Iterator[None]:
        with self._lock:
            self._now.append(user)
            self.served.add(user)
            if len(set(self._now)) > 1:
                self.met.append(tuple(self._now))
        try:
            time.sleep(TEST_SECONDS / 2)
            yield
        finally:
            with self._lock:
                self._now.remove(user)


def settings(folder: Path, broker: RunningBroker, agent: str, address: str, *, in_lessons: bool) -> AgentSettings:
    quiet = agent_settings(folder, broker)
    return dataclasses.replace(
        quiet,
        agent=agent,
        broker=broker.connection(f"{SITE}.{agent}"),
        data=str(folder / agent),
        without=(*quiet.without, "smart", "disk", "network_card"),
        throughput=ThroughputSettings(
            LanSettings(address, max_megabytes=2.0), slots=(Slot("00:00", "23:59"),), in_lessons=in_lessons
        ),
    )


def found_by(folder: Path) -> dict[str, StoredMeasurement]:
    return {entry.device: entry for entry in stored(folder, SITE) if entry.probe == "throughput"}


def test_agents_test_one_after_the_other_and_none_in_lessons_unless_told(tmp_path: Path) -> None:
    names = [f"{SITE}.{agent}" for agent in AGENTS]
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker("nats", tmp_path, "collector", *names))
        stack.enter_context(running_collector(tmp_path, broker, school(), hurried=True))
        server = stack.enter_context(running_endpoint({name: broker.password(name) for name in names}))
        watched = Watched()
        server.admission.serving = watched.serving  # type: ignore[assignment, method-assign]
        for agent in AGENTS:
            told = settings(tmp_path, broker, agent, address_of(server), in_lessons=agent != "pc-3")
            stack.enter_context(RunningAgent(told))
        wait_until(lambda: set(found_by(tmp_path)) == {"pc-1", "pc-2"})
        time.sleep(TEST_SECONDS)
    assert watched.met == []
    assert watched.served == {f"{SITE}.pc-1", f"{SITE}.pc-2"}
    for measurement in found_by(tmp_path).values():
        assert (measurement.target, measurement.outcome) == ("lan/server", Outcome.OK)
        assert {"download_mbps", "upload_mbps", "limited_by", "budget_left_bytes"} < set(measurement.fields)


def asks(agent: SpeakingAgent, lease: str, seconds: float = 60.0, *, release: bool = False) -> None:
    agent.say("lease-requests", encode(LeaseRequest(agent.agent, lease, seconds, release)))


def answer(agent: SpeakingAgent, lease: str) -> Lease:
    """What it was told about this try."""
    wait_until(lambda: any(told.lease == lease for told in agent.leases))
    return next(told for told in agent.leases if told.lease == lease)


def test_a_lease_outlives_the_collector_and_ends_by_itself_when_its_holder_dies(tmp_path: Path) -> None:
    names = [f"{SITE}.{agent}" for agent in AGENTS[:2]]
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker("mosquitto", tmp_path, "collector", *names))
        first, second = (
            stack.enter_context(
                SpeakingAgent(broker.port, SITE, agent, broker.password(f"{SITE}.{agent}"), broker.mqtt_version)
            )
            for agent in AGENTS[:2]
        )
        with running_collector(tmp_path, broker, school()):
            first.greet()
            began = time.monotonic()
            asks(first, "a", LEASE_SECONDS)
            assert answer(first, "a").granted
            asks(second, "b")
            assert answer(second, "b").holder == "pc-1"
        with running_collector(tmp_path, broker, school()):
            asks(second, "c")
            refused = answer(second, "c")
            assert (refused.granted, refused.holder) == (False, "pc-1")
            assert LEASE_SECONDS - (time.monotonic() - began) - 1 < refused.seconds <= LEASE_SECONDS
            asks(first, "a", release=True)
            # Once the release is there: it may come after a question that was sent later by another agent.
            asked_at = until_granted(second, seconds=2.0)
            asks(first, "e")  # and nothing more is heard of the second one
            assert not answer(first, "e").granted or time.monotonic() - asked_at >= 2.0
            until_granted(first, seconds=60.0)


def until_granted(agent: SpeakingAgent, seconds: float) -> float:
    """Asks until it has the lease; when it asked for that one."""
    for number in itertools.count():
        asked_at = time.monotonic()
        asks(agent, f"again-{number}", seconds)
        if answer(agent, f"again-{number}").granted:
            return asked_at
        assert number < 1_000, "it is never granted"
        time.sleep(0.1)
    raise AssertionError("numbers do not end")
