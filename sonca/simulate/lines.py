"""Connections to the broker, one for the school or one for each device: the only paho code of the simulator.

One thread serves them all: paho reads and writes when the selector says so; `Lines.wait` is where that thread rests.
"""

import logging
import secrets
import selectors
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract.connection import BrokerConnection

log = logging.getLogger(__name__)

MOST_UNACKNOWLEDGED = 1_000  # messages on one line; beyond, the broker is given time
CONNECT_SECONDS = 5.0
MIND_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
MOST_CONNECTS_A_TURN = 20  # a thousand devices do not all connect before the first one is served

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when the line breaks without a farewell."""

    topic: str
    payload: bytes


class Line:
    """One connection that opens again by itself until it is closed or dropped. Made by `Lines.line`."""

    def __init__(self, lines: "Lines", client_id: str, filters: Sequence[str], opened: Callable[[], None]) -> None:
        self.wanted = False
        self.opened = opened
        self.unacknowledged = 0
        self._lines = lines
        self._client_id = client_id
        self._filters = filters
        self._will: Will | None = None
        self._client: Client | None = None
        self._ready = False
        self._pause = FIRST_PAUSE
        self._again_at = 0.0

    def open(self, will: Will | None = None) -> None:
        """Connects soon, and again whenever the connection breaks; `opened` is called each time."""
        self._disconnect()  # one that is still closing has another will
        self.wanted, self._will = True, will
        self._pause, self._again_at = FIRST_PAUSE, 0.0
        self._lines.mind_soon()

    def can_say(self) -> bool:
        return self._ready and self.unacknowledged < MOST_UNACKNOWLEDGED

    def is_busy(self) -> bool:
        """Open, but the broker has to acknowledge something first."""
        return self._ready and not self.can_say()

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Sends with QoS 1. False without a connection: nothing is queued, what matters is said again later."""
        if self._client is None or not self._ready:
            return False
        self.unacknowledged += 1
        self._client.publish(topic, payload, 1, retain)
        return True

    def close(self) -> None:
        """Leaves politely, once the broker has what was said; the will is not published."""
        self.wanted = self._ready = False
        self._leave_if_done()

    def drop(self) -> None:
        """Vanishes like a PC whose plug is pulled: the broker publishes the will."""
        self.wanted = self._ready = False
        client, self._client = self._client, None
        sock = client.socket() if client is not None else None
        if client is not None and sock is not None:
            self._lines.forget(sock)
            client.on_socket_close = client.on_disconnect = None
            sock.close()

    def mind(self, now: float) -> bool:
        """Keeps an open line alive, opens one that wants to be; whether it tried to connect."""
        if self._client is not None and self._client.socket() is not None:
            self._client.loop_misc()
            return False
        if not self.wanted or now < self._again_at:
            return False
        self._again_at = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._connect()
        return True

    def serve(self, events: int) -> None:
        """Reads and writes what can be read and written."""
        client = self._client
        if client is None:
            return
        # First what came in: a socket that is closed over unread bytes resets the connection, and the broker, which
        # may not have read our goodbye yet, then publishes the will.
        if events & _READ:
            client.loop_read()
            # TLS may have decrypted more than one packet; the selector does not see what waits inside.
            while (sock := client.socket()) is not None and getattr(sock, "pending", int)():
                client.loop_read()
        if events & _WRITE:
            client.loop_write()
        self._leave_if_done()

    def _leave_if_done(self) -> None:
        if not self.wanted and self.unacknowledged <= 0:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._client is not None and self._client.socket() is not None:
            self._client.disconnect()

    def _connect(self) -> None:
        broker = self._lines.broker
        # A new client for each connection, so that paho sends nothing of the last one behind our back.
        self._client = client = self._make_client(broker)
        self.unacknowledged = 0
        try:
            client.connect(broker.host, broker.port, broker.keep_alive_seconds)
        except OSError as error:
            where = f"{broker.host}:{broker.port}"
            self._lines.tell(f"no broker answers at {where}: {error}", "is it running? it is tried again by itself")

    def _make_client(self, broker: BrokerConnection) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            protocol=MQTTProtocolVersion.MQTTv5 if broker.mqtt_version == "5" else MQTTProtocolVersion.MQTTv311,
        )
        client.username_pw_set(broker.username, self._lines.password)
        if broker.tls_ca_file is not None:
            client.tls_set(broker.tls_ca_file, broker.tls_certificate_file, broker.tls_key_file)
        if self._will is not None:
            client.will_set(self._will.topic, self._will.payload, 1, retain=True)
        client.connect_timeout = CONNECT_SECONDS
        client.max_inflight_messages_set(0)  # `can_say` is the bound
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_disconnect, client.on_publish = self._on_disconnect, self._on_publish
        client.on_message = self._on_message
        client.on_socket_open = lambda _client, _data, sock: self._lines.watch(sock, self)
        client.on_socket_close = lambda _client, _data, sock: self._lines.forget(sock)
        client.on_socket_register_write = lambda _client, _data, sock: self._lines.listen(sock, _READ | _WRITE, self)
        client.on_socket_unregister_write = lambda _client, _data, sock: self._lines.listen(sock, _READ, self)
        return client

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            hint = "check the user name and the password file of the broker section"
            self._lines.tell(f"the broker refused the simulator: {reason}", hint)
        else:
            client.subscribe([(topic, 1) for topic in self._filters])

    def _on_subscribe(self, *_rest: Any) -> None:
        self._ready, self._pause = True, FIRST_PAUSE
        self._lines.just_opened(self)

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        was_ready, self._ready = self._ready, False
        if was_ready and reason.is_failure and self.wanted:
            self._lines.tell(f"the connection to the broker broke: {reason}", "it is tried again by itself")

    def _on_publish(
        self, _client: Client, _data: Any, _id: int, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self.unacknowledged -= 1
        if reason.is_failure:
            self._lines.tell(f"the broker does not take what is sent: {reason}", "may this user write for this school?")

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._lines.just_heard(message.topic, bytes(message.payload))


class Lines:
    """All lines of one simulator. `hear` gets topic and payload of every message."""

    def __init__(self, broker: BrokerConnection, password: str) -> None:
        self.broker = broker
        self.password = password
        self.hear: Callable[[str, bytes], None] = lambda _topic, _payload: None
        self._selector = selectors.DefaultSelector()
        self._lines: list[Line] = []
        self._heard: list[tuple[str, bytes]] = []
        self._opened: list[Line] = []
        self._mind_at = 0.0
        self._told = ""

    def line(self, name: str, filters: Sequence[str], opened: Callable[[], None]) -> Line:
        """A line, closed at first; once open it hears what is published under `filters`.

        Whoever takes the name of a session throws its owner out, so nobody may be able to guess it.
        """
        user = self.broker.username.replace(".", "-")  # nats-server takes no dots
        line = Line(self, f"{user}-{name}-{secrets.token_hex(8)}", filters, opened)
        self._lines.append(line)
        return line

    def wait(self, seconds: float) -> None:
        """Serves all lines for up to `seconds`, less when something came in, and passes on what was heard."""
        self._mind(time.monotonic())
        if self._selector.get_map():
            for key, events in self._selector.select(seconds):
                key.data.serve(events)
        else:
            time.sleep(seconds)  # select() without sockets is an error on Windows
        opened, self._opened = self._opened, []
        heard, self._heard = self._heard, []
        for line in opened:
            line.opened()
        for topic, payload in heard:
            self.hear(topic, payload)

    def say_goodbye(self, within_seconds: float) -> None:
        """Gives the broker time to acknowledge what was said, then closes every line."""
        end = time.monotonic() + within_seconds
        for line in self._lines:
            line.close()
        while self._selector.get_map() and time.monotonic() < end:
            self.wait(0.05)
        for line in self._lines:
            line.drop()
        self._selector.close()

    def watch(self, sock: Any, line: Line) -> None:
        """Serves the line when there is something to read from its new socket."""
        self._selector.register(sock, _READ, line)

    def listen(self, sock: Any, events: int, line: Line) -> None:
        """Serves the line when its socket can do one of `events`."""
        if sock.fileno() in self._selector.get_map():
            self._selector.modify(sock, events, line)

    def forget(self, sock: Any) -> None:
        if sock.fileno() in self._selector.get_map():
            self._selector.unregister(sock)

    def mind_soon(self) -> None:
        """A line wants to be opened."""
        self._mind_at = 0.0

    def just_opened(self, line: Line) -> None:
        self._told = ""
        self._opened.append(line)

    def just_heard(self, topic: str, payload: bytes) -> None:
        self._heard.append((topic, payload))

    def tell(self, sentence: str, hint: str) -> None:
        # Once per cause, not once per try: a night without a broker must not fill the screen.
        if sentence != self._told:
            log.warning("%s (hint: %s)", sentence, hint)
            self._told = sentence

    def _mind(self, now: float) -> None:
        if now < self._mind_at:
            return
        self._mind_at = now + MIND_SECONDS
        tried = 0
        for line in self._lines:
            tried += line.mind(now)
            if tried == MOST_CONNECTS_A_TURN:
                self._mind_at = now  # the others follow when these were served
                break
