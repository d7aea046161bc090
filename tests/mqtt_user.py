"""A user of a broker who tries things: what it may do, what it is told, what it gets to see."""

import secrets
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.brokers import RunningBroker
from tests.waiting import PATIENCE_SECONDS, wait_until

REFUSED = "Not authorized"  # what mosquitto answers to a denied publish, and both to a wrong password


def _new_id(name: str) -> str:
    """Another one each time: nats-server may still be busy with the goodbye of an earlier connection, and keeps who
    comes with the same name out for a while."""
    return f"{name.replace('.', '-')}-{secrets.token_hex(4)}"  # nats-server takes no dots


class MqttUser:
    """Connects on entry, disconnects on exit. `answer` is what the broker said to the connection."""

    def __init__(
        self,
        broker: RunningBroker,
        name: str = "",
        password: str | None = None,
        *,
        client_id: str = "",
        keeps_session: bool = False,
        will: tuple[str, bytes] | None = None,
        port: int | None = None,
        prepare: Callable[[Client], None] = lambda _client: None,
    ) -> None:
        five = broker.mqtt_version == "5"
        self.answer = ""
        self.was_known = False  # the broker remembered the session
        self.seen: list[tuple[str, bytes]] = []
        self.retained: list[tuple[str, bytes]] = []
        self.thrown_out: list[str] = []
        self._broker = broker
        self._port = port or broker.port
        self._keeps_session = keeps_session
        self._granted: dict[int, list[bool]] = {}
        self._answers: dict[int, str] = {}
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id or _new_id(name),
            reconnect_on_failure=False,
            clean_session=None if five else not keeps_session,
            protocol=MQTTProtocolVersion.MQTTv5 if five else MQTTProtocolVersion.MQTTv311,
        )
        if name:
            self._client.username_pw_set(name, broker.password(name) if password is None else password)
        if will is not None:
            self._client.will_set(will[0], will[1], 1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_subscribe
        self._client.on_publish = self._on_publish
        prepare(self._client)

    def __enter__(self) -> "MqttUser":
        self._client.connect(self._broker.host, self._port, **self._session())
        self._client.loop_start()
        wait_until(lambda: bool(self.answer or self.thrown_out))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def subscribe(self, *filters: str) -> list[bool]:
        """Which of the filters the broker granted."""
        _, number = self._client.subscribe([(topic, 1) for topic in filters])
        assert number is not None
        wait_until(lambda: number in self._granted)
        return self._granted[number]

    def publish(
        self, topic: str, payload: bytes = b"x", *, retain: bool = False, seconds: float = PATIENCE_SECONDS
    ) -> str:
        """What the broker answered to a QoS 1 message: "Success", and from MQTT 5 on why not."""
        number = self._client.publish(topic, payload, 1, retain).mid
        wait_until(lambda: number in self._answers, seconds)
        return self._answers[number]

    def vanish(self) -> None:
        """Breaks the connection without a goodbye: the broker speaks the last will."""
        connection = self._client.socket()
        assert isinstance(connection, socket.socket)
        connection.shutdown(socket.SHUT_RDWR)

    def _session(self) -> dict[str, Any]:
        if self._broker.mqtt_version != "5":
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600 if self._keeps_session else 0
        return {"clean_start": not self._keeps_session, "properties": properties}

    def _on_connect(self, _client: Client, _data: Any, flags: ConnectFlags, reason: ReasonCode, _more: Any) -> None:
        self.was_known = flags.session_present
        self.answer = str(reason)

    def _on_disconnect(self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        if reason.is_failure:
            self.thrown_out.append(str(reason))

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        (self.retained if message.retain else self.seen).append((message.topic, bytes(message.payload)))

    def _on_subscribe(self, _client: Client, _data: Any, number: int, reasons: list[ReasonCode], _more: Any) -> None:
        self._granted[number] = [not reason.is_failure for reason in reasons]

    def _on_publish(self, _client: Client, _data: Any, number: int, reason: ReasonCode, _more: Any) -> None:
        self._answers[number] = str(reason) if reason.is_failure else "Success"  # also when nobody has subscribed
