"""The agent's connection to the broker: the only paho code of the agent.

It connects, stays connected, says hello and goodbye, and hands what it hears to the agent's one working thread. It
keeps nothing: what must not be lost is in the outbox until a receipt names it.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract.connection import BrokerConnection
from contract.messages import State, Status, encode
from contract.topics import Channel, build

log = logging.getLogger(__name__)

GOODBYE_SECONDS = 2.0
# Between tries: a school whose broker comes back must not meet all its agents in one second (paho doubles up to this).
LONGEST_PAUSE_SECONDS = 60

_CHECK_ACCOUNT = "check broker.username and the password file of agent.yaml"
_HINTS = {
    "Not authorized": _CHECK_ACCOUNT,
    "Bad user name or password": _CHECK_ACCOUNT,
    "Unsupported protocol version": "set broker.mqtt_version to 3.1.1",
}


_HEARD = (Channel.RECEIPTS, Channel.SETTINGS, Channel.LEASES)


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker took the connection and the subscriptions."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message for this agent."""

    channel: Channel
    payload: bytes


class Line:
    """`start()` connects in the background; `hear` is called from paho's thread with Connected and Heard."""

    def __init__(
        self, broker: BrokerConnection, site: str, agent: str, boot: str, hear: Callable[[Connected | Heard], None]
    ) -> None:
        self._broker = broker
        self._site, self._agent, self._boot = site, agent, boot
        self._hear = hear
        self._client: Client | None = None
        self._ready = False
        self._told = ""
        self._channels = {build(site, agent, channel): channel for channel in _HEARD}

    def start(self) -> None:
        """Raises OSError when the password or a certificate cannot be read, never because the broker is away."""
        broker, password = self._broker, self._broker.password()
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=broker.client_id(password),
            protocol=MQTTProtocolVersion.MQTTv5 if broker.mqtt_version == "5" else MQTTProtocolVersion.MQTTv311,
        )
        client.username_pw_set(broker.username, password)
        if broker.tls_ca_file is not None:
            client.tls_set(broker.tls_ca_file, broker.tls_certificate_file, broker.tls_key_file)
        will = encode(Status(self._agent, self._boot, State.LOST))
        client.will_set(build(self._site, self._agent, Channel.STATUS), will, 1, retain=True)
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_disconnect, client.on_connect_fail = self._on_disconnect, self._on_connect_fail
        client.on_message, client.on_publish = self._on_message, self._on_publish
        client.reconnect_delay_set(1, LONGEST_PAUSE_SECONDS)
        client.connect_async(broker.host, broker.port, broker.keep_alive_seconds)
        self._client = client
        client.loop_start()

    def stop(self, goodbye: Status) -> None:
        """Says goodbye, so that nobody calls this agent lost, and disconnects. Waits two seconds at most."""
        if self._client is None:
            return
        if self.is_ready():
            said = self._client.publish(build(self._site, self._agent, Channel.STATUS), encode(goodbye), 1, retain=True)
            # Raised when the connection broke in between: then the broker's last will speaks, and nothing is lost.
            with contextlib.suppress(RuntimeError):
                said.wait_for_publish(GOODBYE_SECONDS)
        self._client.disconnect()
        self._client.loop_stop()
        self._client = None

    def is_ready(self) -> bool:
        """Whether the broker took the connection and the subscriptions."""
        return self._client is not None and self._ready and self._client.is_connected()

    def publish(self, channel: Channel, payload: bytes, device: str | None = None, *, retain: bool = False) -> bool:
        """Sends with QoS 1; False without a connection: then nothing is queued and the caller tries later."""
        if self._client is None or not self.is_ready():
            return False
        self._client.publish(build(self._site, self._agent, channel, device), payload, 1, retain)
        return True

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._ready = False
        if reason.is_failure:
            self._tell(f"the broker refused this agent: {reason}", _HINTS.get(str(reason), "see the broker's log"))
            return
        client.subscribe([(topic, 1) for topic in self._channels])

    def _on_subscribe(
        self, _client: Client, _data: Any, _id: int, _reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        self._ready = True
        self._told = ""
        log.info("connected to the broker at %s:%s", self._broker.host, self._broker.port)
        self._hear(Connected())

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        was_ready, self._ready = self._ready, False
        if reason.is_failure and was_ready:  # a refused connection is told by _on_connect
            self._tell(f"the connection to the broker broke: {reason}", "it is tried again by itself")

    def _on_connect_fail(self, _client: Client, _data: Any) -> None:
        where = f"{self._broker.host}:{self._broker.port}"
        self._tell(f"no broker answers at {where}", "measurements are kept meanwhile; it is tried again by itself")

    def _on_publish(
        self, _client: Client, _data: Any, _id: int, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._tell(f"the broker does not take what this agent sends: {reason}", _CHECK_ACCOUNT)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        channel = self._channels.get(message.topic)
        if channel is not None:
            self._hear(Heard(channel, bytes(message.payload)))

    def _tell(self, sentence: str, hint: str) -> None:
        # Once per cause, not once per try: a night without a broker must not fill the disk with log lines.
        if sentence != self._told:
            log.warning("%s (hint: %s)", sentence, hint)
            self._told = sentence
