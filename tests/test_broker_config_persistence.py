"""What a broker still knows after kill -9, and what bounds what it keeps."""

import time
from pathlib import Path

import pytest

from broker_config import mosquitto, nats
from broker_config.programs import Kind
from contract.topics import Role, readable
from tests.brokers import BOTH_KINDS, RunningBroker, running_broker
from tests.mqtt_user import MqttUser
from tests.waiting import wait_until

HERE = "sonca/v1/hoa-mai/pc-1"
NAMES = ("collector", "hoa-mai.pc-1")
QUEUED = [f"{number}".encode() for number in range(50)]


def collector(broker: RunningBroker) -> MqttUser:
    return MqttUser(broker, "collector", client_id="collector-test", keeps_session=True)


def leave_a_queue(broker: RunningBroker) -> None:
    """A collector that subscribed and went; an agent that spoke meanwhile."""
    with collector(broker) as away:
        away.subscribe(*readable(Role.COLLECTOR))
    with MqttUser(broker, "hoa-mai.pc-1") as agent:
        assert agent.publish(f"{HERE}/status", b"online", retain=True) == "Success"
        assert {agent.publish(f"{HERE}/measurements", payload) for payload in QUEUED} == {"Success"}


def wait_until_saved(folder: Path, broker: RunningBroker) -> None:
    """nats-server has written what it acknowledged; mosquitto saves every few seconds."""
    database, now = folder / "broker" / "mosquitto.db", time.time()
    if broker.kind == "mosquitto":
        wait_until(lambda: database.exists() and database.stat().st_mtime > now)


@BOTH_KINDS
def test_the_queue_and_what_is_retained_survive_kill_9(kind: Kind, tmp_path: Path) -> None:
    with running_broker(kind, tmp_path, *NAMES) as broker:
        leave_a_queue(broker)
        wait_until_saved(tmp_path, broker)
        broker.kill()
        broker.start()
        with collector(broker) as back:
            assert back.was_known
            measurements = f"{HERE}/measurements"
            wait_until(lambda: [payload for topic, payload in back.seen if topic == measurements] == QUEUED)
        with MqttUser(broker, "collector") as another:
            another.subscribe(*readable(Role.COLLECTOR))
            wait_until(lambda: another.retained == [(f"{HERE}/status", b"online")])


def test_mosquitto_may_forget_the_last_seconds_and_the_agents_outbox_covers_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mosquitto, "AUTOSAVE_SECONDS", 3_600)  # a slow machine's last seconds are long
    with running_broker("mosquitto", tmp_path, *NAMES) as broker:
        with collector(broker) as away:
            away.subscribe(*readable(Role.COLLECTOR))
        broker.kill()
        broker.start()
        with collector(broker) as back:
            assert not back.was_known


@BOTH_KINDS
def test_a_stop_in_peace_forgets_nothing(kind: Kind, tmp_path: Path) -> None:
    with running_broker(kind, tmp_path, *NAMES) as broker:
        leave_a_queue(broker)
        broker.stop()
        broker.start()
        with collector(broker) as back:
            wait_until(lambda: len(back.seen + back.retained) == len(QUEUED) + 1)


def test_a_full_queue_of_nats_lets_go_of_the_oldest_and_takes_everybody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, payload = nats.BOUND_QUEUE
    small = payload.replace(b'"max_bytes": 268435456', b'"max_bytes": 4000000')
    assert small != payload
    monkeypatch.setattr(nats, "BOUND_QUEUE", (topic, small))
    with running_broker("nats", tmp_path, *NAMES) as broker:
        with collector(broker) as away:
            away.subscribe(*readable(Role.COLLECTOR))
        with MqttUser(broker, "hoa-mai.pc-1") as agent:
            for number in range(20):
                assert agent.publish(f"{HERE}/measurements", b"%02d" % number + b"x" * 500_000) == "Success"
        with collector(broker) as back:
            wait_until(lambda: [payload[:2] for _, payload in back.seen][-1:] == [b"19"])
            assert [payload[:2] for _, payload in back.seen] == [b"%02d" % number for number in range(13, 20)]
