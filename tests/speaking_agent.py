"""A stand-in for an agent: speaks on its topics and notes what it is told."""

from contract.messages import Lease, ProbeSettings, Receipt, State, Status, decode, encode
from contract.topics import Channel, build
from tests.mqtt_peer import MqttPeer
from tests.waiting import now_ms, wait_until


class SpeakingAgent(MqttPeer):
    """Connects as `<site>.<agent>` on entry, disconnects on exit."""

    def __init__(self, port: int, site: str, agent: str, password: str, mqtt_version: str = "5") -> None:
        topics = [build(site, agent, channel) for channel in (Channel.RECEIPTS, Channel.LEASES, Channel.SETTINGS)]
        super().__init__(port, f"{site}.{agent}", password, topics, mqtt_version)
        self.site, self.agent = site, agent
        self.receipts: list[Receipt] = []
        self.settings: list[ProbeSettings] = []
        self.leases: list[Lease] = []

    def greet(self) -> None:
        """Says hello until a collector answers; then receipts are those of what follows."""
        birth = encode(Status(self.agent, "greeting", State.ONLINE, sent_at=now_ms()))

        def asked_and_answered() -> bool:
            self.say("status", birth)
            return bool(self.receipts)

        wait_until(asked_and_answered, every=0.3)
        self.receipts.clear()

    def say(self, channel: str, payload: bytes) -> None:
        self.publish(f"sonca/v1/{self.site}/{self.agent}/{channel}", payload)

    def hear(self, topic: str, payload: bytes) -> None:
        if topic.endswith("receipts"):
            self.receipts.append(decode(payload, Receipt))
        elif topic.endswith("leases"):
            self.leases.append(decode(payload, Lease))
        else:
            self.settings.append(decode(payload, ProbeSettings))
