"""Puts what devices say on the wire: topics, encoding, and the count of it."""

import logging
from typing import Protocol

from contract.messages import BadMessage, Receipt, Status, decode, encode
from contract.metrics_network import NEIGHBOUR
from contract.topics import Channel, access, build, parse, pattern
from sonca.simulate.equipment import equipment_of
from sonca.simulate.lines import Will
from sonca.simulate.outbox import OnTheWay, Parcel
from sonca.simulate.school import Pc
from sonca.simulate.sentinel import reports_of
from sonca.simulate.tally import Tally
from sonca.simulate.voice import Voice

log = logging.getLogger(__name__)


class Wire(Protocol):
    """A connection to the broker as devices use it; lines.Line is the real one."""

    def open(self, will: Will | None = None) -> None: ...
    def close(self) -> None: ...
    def drop(self) -> None: ...
    def can_say(self) -> bool: ...
    def is_busy(self) -> bool: ...
    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> bool: ...


class Post:
    """Everything of one site goes through one of these. Whether the line may be used is for the caller to ask."""

    def __init__(self, site: str, voice: Voice, tally: Tally) -> None:
        self._site = site
        self._voice = voice
        self._tally = tally

    def receipts_filter(self, agent: str = "+") -> str:
        """The topic filter under which the receipts of one or all agents of the site come."""
        return pattern(access(Channel.RECEIPTS), self._site, agent)

    def send_batch(self, line: Wire, parcel: Parcel, *, live: bool, again: bool = False) -> bool:
        """Live ones go as plain text, for people who listen in; history is compressed.

        False for a batch without measurements: the short ones at the ends of a run are not worth a message.
        """
        batch = self._voice.batch(parcel.pc, parcel.run, parcel.sequence)
        if not batch.measurements:
            return False
        payload = encode(batch, compress=not live)
        line.say(build(self._site, parcel.pc.id, Channel.MEASUREMENTS), payload)
        self._tally.bytes_sent += len(payload)
        if again:
            self._tally.resent += 1
        else:
            self._tally.batches += 1
            self._tally.measurements += len(batch.measurements)
            self._tally.neighbours += sum(entry.probe == NEIGHBOUR for entry in batch.measurements)
        return True

    def send_status(self, line: Wire, status: Status) -> None:
        topic = build(self._site, status.agent, Channel.STATUS)
        self._tally.statuses += line.say(topic, encode(status), retain=True)

    def send_equipment(self, line: Wire, pc: Pc, taken_at: int) -> None:
        """What the PC is made of, and what those are that it watches."""
        for report in (equipment_of(pc, taken_at), *reports_of(pc, taken_at)):
            topic = build(self._site, pc.id, Channel.EQUIPMENT, report.device)
            self._tally.equipment_reports += line.say(topic, encode(report), retain=True)

    def settle(self, on_the_way: OnTheWay, receipt: Receipt) -> None:
        """Lets go of what a receipt names."""
        for sequence in (*receipt.sequences, *receipt.refused):
            if on_the_way.settle(receipt.boot, sequence):
                self._tally.receipts += 1
                self._tally.refused += sequence in receipt.refused

    def receipt(self, topic: str, payload: bytes) -> tuple[str, Receipt] | None:
        """The agent and the receipt in a message; None for one that cannot be read, which is logged."""
        try:
            return parse(topic).agent, decode(payload, Receipt)
        except (BadMessage, ValueError) as error:
            log.warning("a message on %s could not be read: %s", topic, error)
            return None
