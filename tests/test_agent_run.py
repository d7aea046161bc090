"""The whole agent against a real broker and a peer that plays the collector."""

import dataclasses
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.greeting import LONGEST_ROUND_TRIP_MS
from broker_config.programs import KINDS
from contract.messages import MAX_PAYLOAD_BYTES, Batch, Measurement, Outcome, ProbeSettings, State, Target
from tests.brokers import RunningBroker, running_broker
from tests.collecting import CollectingPeer
from tests.cuttable import CuttableLine
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.waiting import now_ms, wait_until


@pytest.fixture(params=KINDS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(request.param, tmp_path, "collector", f"{SITE}.{AGENT}") as running:
        yield running


@pytest.fixture
def peer(broker: RunningBroker) -> Iterator[CollectingPeer]:
    with CollectingPeer(broker) as collecting:
        yield collecting


@pytest.fixture(autouse=True)
def early_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first report after a second instead of twelve, and the first runs at once."""
    monkeypatch.setattr("agent.work.FIRST_REPORT_SECONDS", 1.0)
    monkeypatch.setattr("agent.schedule.FIRST_SPREAD_SECONDS", 0.2)
    monkeypatch.setattr("agent.equipment_watch.FIRST_SECONDS", 0.2)
    monkeypatch.setattr("agent.delivery.HISTORY_SPREAD_SECONDS", 0.2)


@contextmanager
def listening() -> Iterator[int]:
    """A port that takes connections; closed afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def measured(peer: CollectingPeer, probe: str) -> list[Measurement]:
    return [entry for batch in peer.batches for entry in batch.measurements if entry.probe == probe]


def once_each(said: list[Any]) -> list[Any]:
    """Without what was said again, as the agent does when nobody answers for seconds."""
    return list(dict.fromkeys(said))


def test_it_says_hello_measures_reports_and_says_goodbye(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    started = now_ms()
    with RunningAgent(agent_settings(tmp_path, broker)):
        wait_until(lambda: len(measured(peer, "host")) >= 2 and bool(measured(peer, "agent")) and bool(peer.equipment))
    wait_until(lambda: peer.state() is State.OFFLINE)
    said = [(status.state, status.reason) for status in peer.statuses]
    assert once_each(said) == [(State.ONLINE, None), (State.OFFLINE, "shutdown")]
    assert peer.statuses[0].software.startswith("sonca ")
    assert peer.equipment[0].device == AGENT
    assert {batch.clock_offset_ms is not None for batch in peer.batches} == {True}
    assert once_each(peer.sequences) == sorted(set(peer.sequences))
    assert started - 10_000 < measured(peer, "host")[0].taken_at < now_ms() + 10_000


def test_a_batch_stays_until_its_receipt_even_over_restarts(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    settings = agent_settings(tmp_path, broker)
    with RunningAgent(settings):
        wait_until(lambda: bool(peer.batches))
        peer.answering = False
        count = len(peer.batches)
        wait_until(lambda: len(set(peer.sequences[count:])) >= 2)
    unanswered = set(peer.sequences[count:])
    first_boot = peer.batches[0].boot
    peer.batches.clear()
    peer.answering = True
    with RunningAgent(settings):
        wait_until(lambda: unanswered <= {b.sequence for b in peer.batches if b.boot == first_boot})
        wait_until(lambda: any(b.boot != first_boot for b in peer.batches))


def test_what_is_measured_while_nobody_answers_comes_later_compressed(
    tmp_path: Path, broker: RunningBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.delivery.LIVE_SECONDS", 0.5)
    with RunningAgent(agent_settings(tmp_path, broker)):
        with CollectingPeer(broker) as peer:
            wait_until(lambda: bool(peer.batches))
            assert peer.payloads[0][:1] == b"{"
        broker.stop()
        time.sleep(3)  # three reports that nobody takes
        broker.start()
        with CollectingPeer(broker) as peer:
            wait_until(lambda: any(payload[:1] == b"\x78" for payload in peer.payloads))
            assert all(len(payload) < MAX_PAYLOAD_BYTES for payload in peer.payloads)


def test_a_cut_connection_loses_and_doubles_nothing(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with CuttableLine(broker.port) as line, RunningAgent(agent_settings(tmp_path, broker, port=line.port)):
        for _ in range(2):
            count = len(peer.batches)
            wait_until(lambda count=count: len(peer.batches) > count)  # type: ignore[misc]
            line.cut()
            wait_until(lambda: peer.state() is State.LOST)
            line.mend()
            wait_until(lambda: peer.state() is State.ONLINE)
        last = max(peer.sequences)
        wait_until(lambda: set(range(1, last + 1)) <= set(peer.sequences))
    first: dict[tuple[str, int], Batch] = {}
    for batch in peer.batches:
        assert first.setdefault((batch.boot, batch.sequence), batch) == batch


def test_a_killed_connection_is_lost_by_the_last_will(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with CuttableLine(broker.port) as line, RunningAgent(agent_settings(tmp_path, broker, port=line.port)):
        wait_until(lambda: peer.state() is State.ONLINE)
        line.cut()
        wait_until(lambda: peer.state() is State.LOST)  # nats-server syncs to disk before it speaks the will
        assert peer.statuses[-1].boot == peer.statuses[0].boot


def test_a_wrong_clock_is_learned_before_anything_is_numbered(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer, caplog: pytest.LogCaptureFixture
) -> None:
    two_years = 2 * 365 * 86_400_000
    peer.ahead_ms = two_years
    with RunningAgent(agent_settings(tmp_path, broker)):
        wait_until(lambda: len(peer.batches) >= 2)
    for batch in peer.batches:
        assert batch.clock_offset_ms is not None
        assert abs(batch.clock_offset_ms - two_years) <= LONGEST_ROUND_TRIP_MS // 2
    assert "clock is wrong by -6307" in caplog.text


def test_without_an_answer_nothing_is_numbered_and_hello_is_said_again(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.greeting.FIRST_WAIT_SECONDS", 1.0)
    peer.answering = False
    with RunningAgent(agent_settings(tmp_path, broker)):
        wait_until(lambda: len(peer.statuses) >= 3)
        assert peer.batches == []
        peer.answering = True
        wait_until(lambda: len(measured(peer, "host")) >= 3)


def test_new_settings_are_followed_at_once_and_kept(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    settings = agent_settings(tmp_path, broker)
    told = ProbeSettings((Target("services", "new", "tcp", "127.0.0.1:9"),), report_seconds=0.5)
    with RunningAgent(settings):
        wait_until(lambda: bool(peer.batches))
        peer.tell(SITE, AGENT, told)
        wait_until(lambda: any(entry.target == "services/new" for entry in measured(peer, "tcp")))
    assert (Path(settings.data) / "served-settings.json").exists()


def test_a_service_that_fails_while_the_internet_is_there_is_down(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with listening() as internet, RunningAgent(agent_settings(tmp_path, broker, internet_port=internet)):
        wait_until(lambda: len(of_service(peer)) >= 2)
    assert {(entry.outcome, entry.blind) for entry in of_service(peer)} == {(Outcome.REFUSED, False)}


def test_a_service_that_fails_while_the_internet_is_gone_is_blind(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with RunningAgent(agent_settings(tmp_path, broker)):
        wait_until(lambda: len(of_service(peer)) >= 2)
    assert {(entry.outcome, entry.blind) for entry in of_service(peer)} == {(Outcome.REFUSED, True)}


def of_service(peer: CollectingPeer) -> list[Measurement]:
    return [entry for entry in measured(peer, "tcp") if entry.target == "services/e-office"]


def test_a_broken_message_of_the_server_changes_nothing(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer, caplog: pytest.LogCaptureFixture
) -> None:
    with RunningAgent(agent_settings(tmp_path, broker)):
        wait_until(lambda: bool(peer.batches))
        for channel in ("settings", "receipts"):
            peer.publish(f"sonca/v1/{SITE}/{AGENT}/{channel}", b"\xff{")
        wait_until(lambda: caplog.text.count("could not be read") >= 2)
        count = len(peer.batches)
        wait_until(lambda: len(peer.batches) > count)


def test_a_wrong_password_is_told_once_with_a_hint(
    tmp_path: Path, broker: RunningBroker, caplog: pytest.LogCaptureFixture
) -> None:
    settings = agent_settings(tmp_path, broker)
    Path(settings.broker.password_file).write_text("wrong")
    with RunningAgent(settings):
        wait_until(lambda: "refused this agent" in caplog.text)
        wait_until(lambda: (Path(settings.data) / "outbox.db-wal").exists())
    assert caplog.text.count("refused this agent") == 1
    assert "password file" in caplog.text


def test_a_clock_that_jumps_while_the_agent_runs_moves_no_time(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RunningAgent(agent_settings(tmp_path, broker)):
        wait_until(lambda: len(measured(peer, "host")) >= 2)
        real = time.time_ns
        with monkeypatch.context() as patched:
            patched.setattr("agent.clock.time.time_ns", lambda: real() + 63_072_000 * 10**9)
            count = len(measured(peer, "host"))
            wait_until(lambda: len(measured(peer, "host")) >= count + 3)
    for batch in peer.batches:
        for entry in batch.measurements:
            assert batch.clock_offset_ms is not None
            assert abs(entry.taken_at + batch.clock_offset_ms - now_ms()) < 600_000


def test_a_broker_that_refuses_what_is_sent_is_told_and_nothing_is_lost(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer, caplog: pytest.LogCaptureFixture
) -> None:
    """nats-server acknowledges what it refuses: there only the missing receipts keep the data."""
    good = agent_settings(tmp_path, broker)
    with RunningAgent(dataclasses.replace(good, site="another-school")):
        if broker.kind == "mosquitto":
            wait_until(lambda: "the broker does not take what this agent sends: Not authorized" in caplog.text)
        wait_until(lambda: (Path(good.data) / "outbox.db-wal").exists())
        time.sleep(2)
    assert peer.batches == []
    with RunningAgent(good):
        wait_until(lambda: len({batch.boot for batch in peer.batches}) >= 1 and len(measured(peer, "host")) >= 4)
