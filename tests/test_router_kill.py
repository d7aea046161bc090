"""kill -9 of the router's agent and of the broker at random moments; the real collector; TLS with two accounts.

More rounds: SONCA_KILL_ROUNDS=100 scripts/test tests/test_router_kill.py -s
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker_config.certificates import authority, issue_broker
from broker_config.listener import Listener, Tls
from contract.messages import Batch
from contract.messages import State as Said
from tests.brokers import RunningBroker, running_broker
from tests.collecting import CollectingPeer
from tests.collector_process import running_collector, state_of, stored
from tests.peers import need, need_root
from tests.ports import free_port
from tests.router import ACCOUNT, AGENT, SENDER, SITE, Router, through_tls
from tests.waiting import wait_until

ROUNDS = int(os.environ.get("SONCA_KILL_ROUNDS", "6"))
SCHOOL = f"""
site: {SITE}
name: Trường Mầm non Hoa Mai
internet: [{{name: told, ping: 127.0.0.2}}]
limits: {{loss_percent: 100, round_trip_ms: 60000}}  # a busy machine is slow
rooms:
  - {{id: phong-may, devices: [{{id: {AGENT}, kind: router}}]}}
"""
WANTED = {
    *("agent", "host", "network_card eth0", "ping gateway/default", "ping internet/told", "wan wan"),
    *("wifi_network radio0/hoa-mai-1", "wifi_network radio1/default_radio1"),
}
# Notes what has come into the spool, after it did.
_NOTING_MV = """\
#!/bin/sh
{busybox} mv "$@" || exit 1
case $2 in */pending/*) echo "${{2##*/}}" >>{notes} ;; esac
"""

Key = tuple[str, str, int]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker("mosquitto", tmp_path, "collector", ACCOUNT, SENDER) as running:
        yield running


@pytest.mark.slow
def test_nothing_that_reached_the_spool_is_lost_or_doubled(
    tmp_path: Path, broker: RunningBroker, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes"
    router = Router(tmp_path, broker)
    router.put_program("mv", _NOTING_MV.format(busybox=need("busybox"), notes=notes))
    chance, kills = random.Random(2026), Counter[str]()
    with CollectingPeer(broker) as peer, router:
        wait_until(lambda: bool(peer.batches))
        for _ in range(ROUNDS):
            victim = chance.choice(["agent", "agent", "broker"])
            kills[victim] += 1
            time.sleep(chance.uniform(0.1, 2.0))
            (router if victim == "agent" else broker).kill()
            time.sleep(chance.uniform(0.0, 0.8))
            (router if victim == "agent" else broker).start()
        kept = noted(notes)  # as of now: the router goes on measuring, and its latest are always on their way
        # What the peer missed, because it was the last to come back, is said again twice a minute at first.
        wait_until(lambda: kept <= set(keys(peer.batches)), seconds=240, every=0.5)
    sent = {(batch.boot, batch.sequence): batch for batch in peer.batches}
    assert all(sent[batch.boot, batch.sequence] == batch for batch in peer.batches), "a numbered batch changed"
    found = Counter(keys(sent.values()))
    with capsys.disabled():
        print(f"\nrouter: killed {dict(kills)}; {len(kept)} measurements kept, {len(found)} sent")
    assert {key: count for key, count in found.items() if count > 1} == {}


def keys(batches: Iterable[Batch]) -> list[Key]:
    return [
        (entry.probe, entry.target.replace("/", "_"), entry.taken_at)
        for batch in batches
        for entry in batch.measurements
    ]


def noted(notes: Path) -> set[Key]:
    """KIND.TIME.PROBE.TARGET; a line that a kill cut short is left out."""
    lines = notes.read_text().splitlines(keepends=True)
    rows = (line.strip().split(".", 3) for line in lines if line.endswith("\n"))
    return {(row[2], row[3], int(row[1])) for row in rows if len(row) == 4}


@pytest.fixture
def public(tmp_path: Path) -> Listener:
    folder, now = tmp_path / "certificates", datetime.now(UTC)
    own = authority(folder, "Hoa Mai", now)
    issued = issue_broker(folder, ["127.0.0.1"], now)
    return Listener(free_port(), "127.0.0.1", Tls(own.certificate_file, issued.certificate_file, issued.key_file))


@pytest.mark.slow
def test_the_real_collector_stores_all_it_says_over_tls(tmp_path: Path, public: Listener) -> None:
    """At that listener a broker of ours allows each account one connection: the agent needs its two accounts."""
    need_root("busybox's ping")
    with (
        running_broker("mosquitto", tmp_path, "collector", ACCOUNT, SENDER, public=public) as broker,
        CollectingPeer(broker) as witness,
        running_collector(tmp_path, broker, SCHOOL),
    ):
        witness.answering = False
        with Router(tmp_path, broker, **through_tls(public, broker)) as router:
            wait_until(lambda: found(tmp_path) >= WANTED and router.batches() == [], every=0.3)
            time.sleep(3)  # a connection that was thrown out would have come back by now
        wait_until(lambda: presence(tmp_path) == "offline", every=0.2)
        wait_until(lambda: room_reasons(tmp_path) == ["reached"], every=0.2)
    assert found(tmp_path) - {"ping internet/here"} == WANTED  # that one until the collector told it another
    assert {status.state for status in witness.statuses} == {Said.ONLINE, Said.OFFLINE}
    assert "already connected" not in broker.log
    with state_of(tmp_path) as state:
        report = state.equipment(SITE, AGENT)
        assert report is not None
        assert report.kind == "router"
        assert state.refused() == []


def room_reasons(folder: Path) -> list[str]:
    with state_of(folder) as state:
        return [room.reason.value for room in state.rooms(SITE)]


def found(folder: Path) -> set[str]:
    return {f"{entry.probe} {entry.target}".strip() for entry in stored(folder, SITE)}


def presence(folder: Path) -> str:
    with state_of(folder) as state:
        return next((agent.presence.value for agent in state.agents(SITE) if agent.agent == AGENT), "")


def test_an_authority_that_did_not_sign_the_broker_is_told(tmp_path: Path, public: Listener) -> None:
    other = authority(tmp_path / "other", "Other", datetime.now(UTC))
    with running_broker("mosquitto", tmp_path, "collector", ACCOUNT, SENDER, public=public) as broker:
        settings = {**through_tls(public, broker), "CA_FILE": str(other.certificate_file)}
        with Router(tmp_path, broker, **settings) as router:
            wait_until(lambda: "the broker's certificate is not trusted" in router.log)
