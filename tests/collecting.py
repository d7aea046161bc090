"""A stand-in for the collector: hears what agents say and answers when the test tells it to."""

from types import TracebackType
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from contract.messages import Batch, EquipmentReport, ProbeSettings, Receipt, State, Status, decode, encode
from contract.topics import Channel, Role, Topic, build, parse, readable
from tests.brokers import RunningBroker
from tests.waiting import now_ms, wait_until


class CollectingPeer:
    """Connects as `collector`. While `answering` it greets births and receipts each batch; `ahead_ms` is
    how far its clock is ahead of the true time."""

    def __init__(self, broker: RunningBroker) -> None:
        self.answering = True
        self.ahead_ms = 0
        self.statuses: list[Status] = []
        self.batches: list[Batch] = []
        self.payloads: list[bytes] = []
        self.equipment: list[EquipmentReport] = []
        self._port = broker.port
        self._ready = False
        five = broker.mqtt_version == "5"
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id="collector",
            protocol=MQTTProtocolVersion.MQTTv5 if five else MQTTProtocolVersion.MQTTv311,
        )
        self._client.username_pw_set("collector", broker.password("collector"))
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)

    def __enter__(self) -> "CollectingPeer":
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        wait_until(lambda: self._ready)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def sequences(self) -> list[int]:
        return [batch.sequence for batch in self.batches]

    def state(self) -> State | None:
        """What the agent, or its will, said last."""
        return self.statuses[-1].state if self.statuses else None

    def receipt(self, topic: Topic, receipt: Receipt) -> None:
        self._client.publish(build(topic.site, topic.agent, Channel.RECEIPTS), encode(receipt), 1)

    def tell(self, site: str, agent: str, settings: ProbeSettings | None) -> None:
        """Settings for an agent; None takes them back."""
        payload = encode(settings) if settings else b""
        self._client.publish(build(site, agent, Channel.SETTINGS), payload, 1, retain=True)

    def shout(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, 1)

    def _on_connect(self, client: Client, *_rest: Any) -> None:
        client.subscribe([(topic, 1) for topic in readable(Role.COLLECTOR)])

    def _on_subscribe(self, *_rest: Any) -> None:
        self._ready = True

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        topic, payload = parse(message.topic), bytes(message.payload)
        if topic.channel is Channel.STATUS:
            self._hear_status(topic, decode(payload, Status))
        elif topic.channel is Channel.EQUIPMENT:
            self.equipment.append(decode(payload, EquipmentReport))
        else:
            self._hear_batch(topic, payload)

    def _hear_status(self, topic: Topic, status: Status) -> None:
        self.statuses.append(status)
        if self.answering and status.state is State.ONLINE:
            self.receipt(topic, Receipt(status.boot, now_ms() + self.ahead_ms, birth_sent_at=status.sent_at))

    def _hear_batch(self, topic: Topic, payload: bytes) -> None:
        batch = decode(payload, Batch)
        self.payloads.append(payload)
        self.batches.append(batch)
        if self.answering:
            self.receipt(topic, Receipt(batch.boot, now_ms() + self.ahead_ms, (batch.sequence,)))
