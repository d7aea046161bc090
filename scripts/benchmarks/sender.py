"""Speaks for all devices of a simulated site over one connection, and hears their receipts."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from broker_config.accounts import SIMULATOR
from contract.messages import Receipt, decode
from contract.topics import Channel, access, build, pattern
from contract.trouble import Trouble
from tests.brokers import RunningBroker

MOST_ON_THE_WAY = 1_000
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Message:
    """One batch as it travels."""

    agent: str
    payload: bytes


class Sender:
    """Connected on entry. Each sent batch counts as on its way until a receipt names it."""

    def __init__(self, broker: RunningBroker, site: str, name: str = "sender") -> None:
        self._broker, self._site = broker, site
        self._settled = threading.Condition()
        self._on_the_way = 0
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.username_pw_set(f"{site}.{SIMULATOR}", broker.password(f"{site}.{SIMULATOR}"))
        self._client.max_inflight_messages_set(0)  # MOST_ON_THE_WAY is the bound
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_rest: self._ready.set()
        self._client.on_message = self._on_message

    def __enter__(self) -> "Sender":
        self._client.connect(self._broker.host, self._broker.port)
        self._client.loop_start()
        if not self._ready.wait(PATIENCE_SECONDS):
            raise Trouble("the broker did not take the subscription of the sender", "its log says why")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, message: Message) -> None:
        """Sends one, at once."""
        with self._settled:
            self._on_the_way += 1
        self._client.publish(build(self._site, message.agent, Channel.MEASUREMENTS), message.payload, 1)

    def send_all(self, messages: Iterable[Message]) -> None:
        """Sends as fast as receipts come back, and returns when the last one is there. Raises Trouble."""
        for message in messages:
            self.wait_until_at_most(MOST_ON_THE_WAY - 1)
            self.send(message)
        self.wait_until_at_most(0)

    def wait_until_at_most(self, number: int) -> None:
        """Until no more than `number` are on their way. Raises Trouble when receipts stay away."""
        with self._settled:
            if not self._settled.wait_for(lambda: self._on_the_way <= number, PATIENCE_SECONDS):
                raise Trouble(f"{self._on_the_way} batches got no receipt", "the collector's log says why")

    def _on_connect(self, client: Client, *_rest: Any) -> None:
        client.subscribe(pattern(access(Channel.RECEIPTS), self._site), 1)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        receipt = decode(bytes(message.payload), Receipt)
        with self._settled:
            self._on_the_way -= len(receipt.sequences)
            self._settled.notify_all()
