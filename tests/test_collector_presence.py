"""Who is online, late, offline or lost, and that history and restarts change nothing by themselves."""

import dataclasses

import pytest

from collector.presence import LEAST_SILENCE_MS, LOST_AFTER_MS, after_batch, after_replay, after_silence, after_status
from collector.store.state_protocol import AgentNow, Presence
from contract.messages import Reason, State, Status

NOW = 1_800_000_000_000
BIRTH = Status("pc-1", "boot-2", State.ONLINE, sent_at=NOW, software="0.1.0")
ONLINE = AgentNow("hoa-mai", "pc-1", Presence.ONLINE, NOW - 60_000, NOW - 10_000, "boot-2")


def test_a_birth_makes_an_agent_online() -> None:
    agent = after_status(None, "hoa-mai", BIRTH, NOW)
    assert (agent.presence, agent.since, agent.last_seen, agent.boot) == (Presence.ONLINE, NOW, NOW, "boot-2")


def test_a_goodbye_says_why() -> None:
    goodbye = dataclasses.replace(BIRTH, state=State.OFFLINE, reason=Reason.SHUTDOWN)
    agent = after_status(ONLINE, "hoa-mai", goodbye, NOW)
    assert (agent.presence, agent.reason, agent.since) == (Presence.OFFLINE, "shutdown", NOW)


def test_a_will_makes_it_lost_without_having_been_seen() -> None:
    will = dataclasses.replace(BIRTH, state=State.LOST)
    agent = after_status(ONLINE, "hoa-mai", will, NOW)
    assert (agent.presence, agent.last_seen) == (Presence.LOST, ONLINE.last_seen)


def test_the_late_will_of_an_earlier_run_is_ignored() -> None:
    will = dataclasses.replace(BIRTH, state=State.LOST, boot="boot-1")
    assert after_status(ONLINE, "hoa-mai", will, NOW) is ONLINE


def test_a_replayed_status_changes_nothing_we_know() -> None:
    assert after_replay(ONLINE, "hoa-mai", BIRTH, NOW) is None
    unknown = after_replay(None, "hoa-mai", dataclasses.replace(BIRTH, sent_at=NOW - 86_400_000), NOW)
    assert unknown is not None
    assert (unknown.presence, unknown.last_seen) == (Presence.LATE, NOW - 86_400_000)


@pytest.mark.parametrize(("age", "moves"), [(0, True), (119_000, True), (121_000, False), (86_400_000, False)])
def test_only_live_batches_move_presence(age: int, moves: bool) -> None:
    late = dataclasses.replace(ONLINE, presence=Presence.LATE)
    moved = after_batch(late, "hoa-mai", "pc-1", "boot-2", NOW - age, NOW)
    assert (moved is not None and moved.presence is Presence.ONLINE) == moves


@pytest.mark.parametrize(
    ("silent_ms", "report_seconds", "expected"),
    [
        (LEAST_SILENCE_MS - 1, 30.0, Presence.ONLINE),
        (LEAST_SILENCE_MS, 30.0, Presence.LATE),
        (LEAST_SILENCE_MS, 60.0, Presence.ONLINE),
        (180_000, 60.0, Presence.LATE),
        (LOST_AFTER_MS, 30.0, Presence.LOST),
    ],
)
def test_silence_makes_late_then_lost(silent_ms: int, report_seconds: float, expected: Presence) -> None:
    agent = dataclasses.replace(ONLINE, last_seen=NOW - silent_ms, report_seconds=report_seconds)
    assert after_silence(agent, NOW, listening_since=0).presence is expected


def test_time_without_a_listening_collector_is_not_silence() -> None:
    agent = dataclasses.replace(ONLINE, last_seen=NOW - 86_400_000)
    assert after_silence(agent, NOW, listening_since=NOW - 1_000) is agent


@pytest.mark.parametrize("presence", [Presence.OFFLINE, Presence.LOST])
def test_who_said_goodbye_does_not_become_late(presence: Presence) -> None:
    agent = dataclasses.replace(ONLINE, presence=presence, last_seen=0)
    assert after_silence(agent, NOW, listening_since=0) is agent


def test_since_stays_while_presence_stays() -> None:
    again = after_batch(ONLINE, "hoa-mai", "pc-1", "boot-2", NOW, NOW)
    assert again is not None
    assert again.since == ONLINE.since
