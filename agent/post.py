"""From measurements to receipts: what is given to `keep` is on disk, goes out in batches, and stays until stored."""

import logging
import zlib
from collections.abc import Sequence
from random import Random

from agent.clock import BootClock
from agent.delivery import HISTORY_ON_THE_WAY, Delivery, Sending
from agent.measure_itself import Itself
from agent.outbox import MOST_BATCHES, Outbox, Waiting
from agent.outbox_file import OutboxUnavailable
from agent.publish import Line
from agent.tell import Told
from contract.messages import Measurement, Receipt
from contract.topics import Channel

log = logging.getLogger(__name__)

MOST_IN_MEMORY = 5_000  # measurements, while the disk takes nothing


class Post:
    """Used by the agent's working thread only. Trouble with the disk is told once and retried for ever."""

    def __init__(self, boot: str, outbox: Outbox, clock: BootClock, line: Line, random: Random) -> None:
        self._boot = boot
        self._outbox = outbox
        self._clock = clock
        self._line = line
        self._delivery = Delivery(random)
        self._itself = Itself()
        self._told = Told(log)
        self._in_memory: list[Measurement] = []
        self._lost_in_memory = 0

    def keep(self, measurements: Sequence[Measurement]) -> None:
        """Writes to the outbox; what the disk does not take stays in memory, the newest of it."""
        self._in_memory += measurements
        try:
            if self._in_memory:
                self._outbox.add(self._in_memory)
        except OutboxUnavailable as error:
            self._told.trouble(f"measurements are kept in memory: {error}")
            excess = max(0, len(self._in_memory) - MOST_IN_MEMORY)
            self._lost_in_memory += excess
            del self._in_memory[:excess]
            return
        self._in_memory.clear()
        self._told.over("the outbox takes measurements again")

    def flush(self, now: float) -> bool:
        """Numbers what was kept; whether more is left to number. Raises OutboxUnavailable, as all below."""
        self.keep(())
        made = self._outbox.number(self._boot, self._clock.now_ms())
        self._delivery.add(made, now)
        return len(made) >= MOST_BATCHES

    def connect(self, now: float) -> None:
        self._delivery.connect(now)

    def send(self, now: float) -> None:
        """Sends what is due, as far as there is a connection."""
        if not self._line.is_ready():
            return
        for sending in self._delivery.due(now, self._outbox.first(HISTORY_ON_THE_WAY + self._delivery.live_count)):
            self._send(sending)

    def receive(self, receipt: Receipt, now: float) -> None:
        """Lets go of what the collector has settled."""
        self._outbox.settle(receipt.boot, receipt.sequences)
        if self._outbox.settle(receipt.boot, receipt.refused, refused=True):
            log.warning(
                "the collector could not accept the batches %s; they are kept there to be read", receipt.refused
            )
        settled = [Waiting(receipt.boot, sequence) for sequence in (*receipt.sequences, *receipt.refused)]
        self._delivery.settle(settled, now)

    @property
    def offset_ms(self) -> int | None:
        return self._outbox.offset_ms

    def learn_offset(self, offset_ms: int) -> None:
        self._outbox.learn_offset(offset_ms)

    def next_at(self, now: float) -> float:
        return self._delivery.next_at(now) if self._line.is_ready() else float("inf")

    def measure_itself(self) -> Measurement:
        """The probe `agent`."""
        return self._itself.measure(self._outbox.totals(), self._lost_in_memory, self._clock.now_ms(), self.offset_ms)

    def _send(self, sending: Sending) -> None:
        payload = self._outbox.payload(sending.batch)
        if payload is None:
            return
        self._itself.resent_batches += sending.again
        # Live ones go as plain text, for people who listen in; history is compressed.
        self._line.publish(Channel.MEASUREMENTS, zlib.decompress(payload) if sending.live else payload)
