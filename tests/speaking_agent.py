"""A stand-in for an agent: speaks on its topics and notes what it is told."""

from types import TracebackType
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from contract.messages import ProbeSettings, Receipt, State, Status, decode, encode
from contract.topics import Channel, build
from tests.waiting import now_ms, wait_until


class SpeakingAgent:
    """Connects as `<site>.<agent>` on entry, disconnects on exit."""

    def __init__(self, port: int, site: str, agent: str, password: str, mqtt_version: str = "5") -> None:
        self.site, self.agent, self.port = site, agent, port
        self.receipts: list[Receipt] = []
        self.settings: list[ProbeSettings] = []
        self._ready = False
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{site}-{agent}",
            protocol=MQTTProtocolVersion.MQTTv5 if mqtt_version == "5" else MQTTProtocolVersion.MQTTv311,
        )
        self._client.username_pw_set(f"{site}.{agent}", password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)

    def __enter__(self) -> "SpeakingAgent":
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        wait_until(lambda: self._ready)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def greet(self) -> None:
        """Says hello until a collector answers; then receipts are those of what follows."""
        birth = encode(Status(self.agent, "greeting", State.ONLINE, sent_at=now_ms()))

        def asked_and_answered() -> bool:
            self.say("status", birth)
            return bool(self.receipts)

        wait_until(asked_and_answered, every=0.3)
        self.receipts.clear()

    def say(self, channel: str, payload: bytes) -> None:
        self._client.publish(f"sonca/v1/{self.site}/{self.agent}/{channel}", payload, 1)

    def is_connected(self) -> bool:
        return self._client.is_connected() and self._ready

    def _on_connect(self, client: Client, _data: Any, *_rest: Any) -> None:
        self._ready = False
        client.subscribe([(build(self.site, self.agent, Channel.RECEIPTS), 1)])
        client.subscribe([(build(self.site, self.agent, Channel.SETTINGS), 1)])

    def _on_subscribe(self, *_rest: Any) -> None:
        self._ready = True

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        if message.topic.endswith("receipts"):
            self.receipts.append(decode(bytes(message.payload), Receipt))
        else:
            self.settings.append(decode(bytes(message.payload), ProbeSettings))
