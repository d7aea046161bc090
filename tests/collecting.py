"""A stand-in for the collector: hears what agents say and answers when the test tells it to."""

from contract.messages import Batch, EquipmentReport, ProbeSettings, Receipt, State, Status, decode, encode
from contract.topics import Channel, Role, Topic, build, parse, readable
from tests.brokers import RunningBroker
from tests.mqtt_peer import MqttPeer
from tests.waiting import now_ms


class CollectingPeer(MqttPeer):
    """Connects as `collector`. While `answering` it greets births and receipts each batch; `ahead_ms` is
    how far its clock is ahead of the true time."""

    def __init__(self, broker: RunningBroker) -> None:
        topics = readable(Role.COLLECTOR)
        super().__init__(broker.port, "collector", broker.password("collector"), topics, broker.mqtt_version)
        self.answering = True
        self.ahead_ms = 0
        self.statuses: list[Status] = []
        self.batches: list[Batch] = []
        self.payloads: list[bytes] = []
        self.equipment: list[EquipmentReport] = []

    @property
    def sequences(self) -> list[int]:
        return [batch.sequence for batch in self.batches]

    def state(self) -> State | None:
        """What the agent, or its will, said last."""
        return self.statuses[-1].state if self.statuses else None

    def receipt(self, topic: Topic, receipt: Receipt) -> None:
        self.publish(build(topic.site, topic.agent, Channel.RECEIPTS), encode(receipt))

    def tell(self, site: str, agent: str, settings: ProbeSettings | None) -> None:
        """Settings for an agent; None takes them back."""
        payload = encode(settings) if settings else b""
        self.publish(build(site, agent, Channel.SETTINGS), payload, retain=True)

    def hear(self, name: str, payload: bytes) -> None:
        topic = parse(name)
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
