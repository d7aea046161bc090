"""One side of the wire that a test plays: connects on entry, hears its topics, disconnects on exit."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.waiting import wait_until


class MqttPeer:
    """`topics` are subscribed to at each connection; what comes on them goes to `hear`."""

    def __init__(self, port: int, username: str, password: str, topics: Sequence[str], mqtt_version: str) -> None:
        self.port = port
        self._topics = topics
        self._ready = False
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=username.replace(".", "-"),  # nats-server takes no dots
            protocol=MQTTProtocolVersion.MQTTv5 if mqtt_version == "5" else MQTTProtocolVersion.MQTTv311,
        )
        self._client.username_pw_set(username, password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        wait_until(lambda: self._ready)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def is_connected(self) -> bool:
        return self._client.is_connected() and self._ready

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, 1, retain=retain)

    def hear(self, topic: str, payload: bytes) -> None:
        raise NotImplementedError

    def _on_connect(self, client: Client, *_rest: Any) -> None:
        self._ready = False
        client.subscribe([(topic, 1) for topic in self._topics])

    def _on_subscribe(self, *_rest: Any) -> None:
        self._ready = True

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.hear(message.topic, bytes(message.payload))
