"""The collector's connection to both brokers: nothing that was not settled is lost, nothing is heard for nothing."""

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from broker_config.programs import Kind
from collector.present import Present
from collector.settings_publisher import SettingsPublisher
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from collector.subscribe import Received, Subscription
from contract.messages import ProbeSettings, decode
from inventory.schools import Schools
from tests.brokers import BOTH_KINDS, RunningBroker, running_broker
from tests.mqtt_user import MqttUser
from tests.waiting import PATIENCE_SECONDS, now_ms, wait_until

HERE = "sonca/v1/hoa-mai/pc-1"
NAMES = ("collector", "hoa-mai.pc-1")


@contextmanager
def subscribed(
    broker: RunningBroker, name: str = "collector", mqtt_version: Literal["5", ""] = ""
) -> Iterator[Subscription]:
    connection = dataclasses.replace(broker.connection(name), mqtt_version=mqtt_version or broker.mqtt_version)
    subscription = Subscription(connection, Path(), "collector")
    subscription.start()
    try:
        yield subscription
    finally:
        subscription.stop()


def hear(subscription: Subscription, broker: RunningBroker) -> None:
    """Returns when what agents say arrives, and nothing that was said here is still on its way."""
    heard: list[Received] = []
    while not heard:
        say(broker, b"hello")
        heard = subscription.take(1, 0.5)
    say(broker, b"that was all")
    while heard[-1].payload != b"that was all":
        subscription.acknowledge(heard)
        heard = subscription.take(1, PATIENCE_SECONDS)
    subscription.acknowledge(heard)


def say(broker: RunningBroker, *payloads: bytes) -> None:
    with MqttUser(broker, "hoa-mai.pc-1") as agent:
        for payload in payloads:
            assert agent.publish(f"{HERE}/measurements", payload) == "Success"


@BOTH_KINDS
def test_what_was_not_acknowledged_comes_again_after_a_crash(kind: Kind, tmp_path: Path) -> None:
    """At once from mosquitto, after the five seconds of `ack_wait` from nats-server."""
    with running_broker(kind, tmp_path, *NAMES) as broker:
        with subscribed(broker) as subscription:
            hear(subscription, broker)
            say(broker, b"1", b"2", b"3")
            taken = subscription.take(3, PATIENCE_SECONDS)
            assert [message.payload for message in taken] == [b"1", b"2", b"3"]
            subscription.acknowledge(taken[:1])
        with subscribed(broker) as subscription:
            again: set[bytes] = set()
            while not again >= {b"2", b"3"}:
                came = subscription.take(1, PATIENCE_SECONDS)
                assert came, f"only {again} came again"
                again |= {message.payload for message in came}
            # nats-server may not have noted the last acknowledgement when its sender left, and says that again too.
            assert again <= ({b"1", b"2", b"3"} if kind == "nats" else {b"2", b"3"})


def test_what_the_broker_says_again_meanwhile_is_heard_once(tmp_path: Path) -> None:
    """While the store is away nothing is acknowledged, and nats-server repeats it all every five seconds."""
    with running_broker("nats", tmp_path, *NAMES) as broker, subscribed(broker) as subscription:
        hear(subscription, broker)
        say(broker, b"1", b"2")
        taken = subscription.take(2, PATIENCE_SECONDS)
        assert subscription.take(1, 6.0) == []
        subscription.acknowledge(taken)
        say(broker, b"3")
        # What was said again just before it was acknowledged may come first.
        wait_until(lambda: b"3" in [message.payload for message in subscription.take(1, 1.0)])


def test_an_account_that_may_not_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_broker("nats", tmp_path, *NAMES) as broker, subscribed(broker, "hoa-mai.pc-1"):
        wait_until(lambda: "does not let the collector read" in caplog.text)


def test_a_broker_that_does_not_count_what_it_drops_is_listened_to_all_the_same(tmp_path: Path) -> None:
    with running_broker("nats", tmp_path, *NAMES) as broker, subscribed(broker, mqtt_version="5") as subscription:
        hear(subscription, broker)
        assert subscription.dropped_by_broker is None


@BOTH_KINDS
def test_settings_are_said_again_to_a_broker_that_forgot_them(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "school.yaml").write_text("site: hoa-mai\nname: Hoa Mai\n", encoding="utf-8")
    schools = Schools([tmp_path / "school.yaml"])
    schools.load()
    state = State(f"sqlite:///{tmp_path}/state.db").open()
    present = Present(state, listening_since=0)
    present.put(AgentNow("hoa-mai", "pc-1", Presence.ONLINE, since=0, last_seen=0))
    with running_broker(kind, tmp_path, *NAMES) as broker, subscribed(broker) as subscription:
        publisher = SettingsPublisher(subscription, schools, present)
        wait_until(lambda: subscription.session == 1)
        publisher.publish(now_ms())
        broker.kill()
        (tmp_path / "broker" / "mosquitto.db").unlink(missing_ok=True)
        shutil.rmtree(tmp_path / "broker" / "jetstream", ignore_errors=True)
        broker.start()
        wait_until(lambda: subscription.session > 1)
        publisher.publish(now_ms())
        with MqttUser(broker, "hoa-mai.pc-1") as agent:
            agent.subscribe(f"{HERE}/settings")
            wait_until(lambda: bool(agent.retained or agent.seen))
            assert decode([*agent.retained, *agent.seen][0][1], ProbeSettings).targets
    state.close()
