"""The collector's connection to the broker: the only paho code of the collector.

Messages go into an inbox in the order they came, and are acknowledged only after what they brought is stored. The
broker itself bounds the inbox: it sends only so many messages ahead of their acknowledgements (max_inflight_messages).
It speaks MQTT 3.1.1, which every broker knows: what 5 adds is of no use here, and paho spends a quarter of the
collector's time on it (docs/performance.md).
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from collector.gathering_client import GatheringClient
from contract.connection import BrokerConnection
from contract.topics import DROPPED_TOPIC, Role, readable

log = logging.getLogger(__name__)

_CHECK_ACCOUNT = "check the user name and the password file of the broker section"
_HINTS = {"Not authorized": _CHECK_ACCOUNT, "Bad user name or password": _CHECK_ACCOUNT}


class Received(NamedTuple):
    """One message as it came. `session` tells connections apart: a message id means nothing in the next one."""

    topic: str
    payload: bytes
    retained: bool
    message_id: int
    session: int
    received_at: float = 0.0  # monotonic seconds


class Subscription:
    """Receives, acknowledges and publishes. `start()` connects in the background and stays connected."""

    def __init__(self, broker: BrokerConnection, secrets: Path, name: str, share: str = "") -> None:
        self._broker = broker
        self._secrets = secrets
        self._share = f"$share/{share}/" if share else ""
        self._name = name
        self._inbox: deque[Received] = deque()
        self._most, self._full = 1, threading.Event()  # set when the inbox holds what `take` waits for
        self._unsettled: set[int] = set()  # message ids of this connection that were not acknowledged yet
        self.session = 0  # which connection this is; 0 before the first
        self._client: Client | None = None
        self._told = ""
        self.dropped_by_broker: int | None = None

    def start(self) -> None:
        """Connects in the background. Raises OSError when the password file cannot be read."""
        password = self._broker.password(self._secrets)
        client = GatheringClient(
            CallbackAPIVersion.VERSION2,
            client_id=f"{self._broker.client_id(password)}-{self._name}",
            clean_session=False,  # the broker keeps what comes while the collector is away
            protocol=MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        client.username_pw_set(self._broker.username, password)
        if self._broker.tls_ca_file is not None:
            client.tls_set(self._broker.tls_ca_file, self._broker.tls_certificate_file, self._broker.tls_key_file)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.reconnect_delay_set(1, 30)
        # Receipts are bounded by what they answer. With a bound of its own paho looks through all that are under way
        # each time that the broker acknowledges one.
        client.max_inflight_messages_set(0)
        client.max_queued_messages_set(0)
        client.connect_async(self._broker.host, self._broker.port, self._broker.keep_alive_seconds)
        self._client = client
        client.loop_start()

    def stop(self) -> None:
        """Says goodbye to the broker; what is not acknowledged comes again."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def take(self, most: int, within_seconds: float) -> list[Received]:
        """Messages in the order they came: as soon as `most` are there, else what came `within_seconds`."""
        self._most = most
        self._full.clear()  # before looking: what comes in between sets it again
        if len(self._inbox) < most:
            self._full.wait(within_seconds)
        return [self._inbox.popleft() for _ in range(min(most, len(self._inbox)))]

    def acknowledge(self, messages: Sequence[Received]) -> None:
        """Tells the broker that these are settled. Those of an earlier connection will come again: harmless."""
        if self._client is None:
            return
        for message in messages:
            if message.message_id and message.session == self.session:
                self._client.ack(message.message_id, 1)
                self._unsettled.discard(message.message_id)

    def publish(self, topic: str, payload: bytes, *, quality_of_service: int = 1, retain: bool = False) -> None:
        """Without a connection nothing is queued, since receipts and settings are said again."""
        if self._client is not None and self._client.is_connected():
            self._client.publish(topic, payload, quality_of_service, retain)

    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_connected()

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._tell(f"the broker refused the collector: {reason}", _HINTS.get(str(reason), "see the broker's log"))
            return
        self.session += 1
        self._unsettled = set()
        self._told = ""
        wanted = [(self._share + topic, 1) for topic in readable(Role.COLLECTOR)]
        if self._broker.mqtt_version == "5":  # nats-server, which speaks 3.1.1, has no such counter and logs an error
            wanted.append((DROPPED_TOPIC, 0))
        client.subscribe(wanted)

    def _on_subscribe(
        self, _client: Client, _data: Any, _id: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        # The counter of what was dropped comes last, and a broker may keep it to itself.
        if any(reason.is_failure for reason in reasons[: len(readable(Role.COLLECTOR))]):
            hint = "is its account a collector's? a share needs a broker that knows shared subscriptions"
            self._tell("the broker does not let the collector read what agents send", hint)
            return
        log.info("connected to the broker at %s:%s", self._broker.host, self._broker.port)

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        # After a refusal the cause was told; that the broker then closes the connection is no news.
        if reason.is_failure and not self._told:
            self._tell(f"the connection to the broker broke: {reason}", "it is tried again by itself")

    def _on_connect_fail(self, _client: Client, _data: Any) -> None:
        where = f"{self._broker.host}:{self._broker.port}"
        self._tell(f"no broker answers at {where}", "is it running? it is tried again by itself")

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        topic = message.topic
        if topic == DROPPED_TOPIC:
            self.dropped_by_broker = int(message.payload) if message.payload.isdigit() else None
            return
        if message.dup and message.mid in self._unsettled:
            return  # nats-server says it again every few seconds while the store is away; the inbox must not grow
        self._unsettled.add(message.mid)
        message_id = message.mid if message.qos else 0
        self._inbox.append(
            Received(topic, bytes(message.payload), message.retain, message_id, self.session, time.monotonic())
        )
        if len(self._inbox) >= self._most:
            self._full.set()

    def _tell(self, sentence: str, hint: str) -> None:
        # Once per cause, not once per try: a broker that is away for a night must not fill the disk with log lines.
        if sentence != self._told:
            log.warning("%s (hint: %s)", sentence, hint)
            self._told = sentence
