"""Takes messages from the subscription to the store: accept, commit, acknowledge, receipt, in this order."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from collector.accept import Accepted, accept_batch, check_speaker, decode_fast
from collector.lease import after, answer
from collector.measure_itself import Counters
from collector.neighbours import apart
from collector.presence import after_batch, after_replay, after_status
from collector.present import Present
from collector.sequences import Sequences
from collector.store.protocol import SeriesStore, StoredMeasurement
from collector.store.state_protocol import Refused, RelationalState
from collector.subscribe import Received
from contract.messages import BadMessage, EquipmentReport, Lease, LeaseRequest, Receipt, State, Status, encode
from contract.topics import BadName, Channel, Topic, access, build, parse
from inventory.schools import Schools

log = logging.getLogger(__name__)

_RECEIPTS = access(Channel.RECEIPTS)


class Line(Protocol):
    """What the intake needs of the subscription."""

    def acknowledge(self, messages: Sequence[Received]) -> None: ...
    def publish(self, topic: str, payload: bytes, *, quality_of_service: int = 1, retain: bool = False) -> None: ...


@dataclass(slots=True)
class _Flush:
    """What one round of messages came to, before it is stored."""

    measurements: list[StoredMeasurement] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    settled: dict[tuple[str, str, str], tuple[list[int], list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: ([], []))
    )
    statuses: int = 0
    births: list[tuple[Topic, Status]] = field(default_factory=list)
    batches: list[tuple[Topic, Accepted]] = field(default_factory=list)
    leases: list[tuple[Topic, LeaseRequest]] = field(default_factory=list)


class Intake:
    """Handles messages; `settle` returns only when everything they brought is committed.

    `note_equipment` is called with the site of each equipment report that is new.
    """

    def __init__(
        self,
        store: SeriesStore,
        state: RelationalState,
        line: Line,
        schools: Schools,
        present: Present,
        note_equipment: Callable[[str], None],
    ) -> None:
        self._store = store
        self._state = state
        self._line = line
        self._schools = schools
        self._present = present
        self._note_equipment = note_equipment
        self._sequences = Sequences()
        self.counters = Counters()

    def settle(self, messages: Sequence[Received], now: int) -> None:
        """Stores what the messages brought, then acknowledges them and sends receipts.

        Raises StoreUnavailable with nothing acknowledged: settling the same messages again is harmless.
        """
        flush = _Flush()
        for message in messages:
            self._read(flush, message, now)
        series, neighbours = apart(flush.measurements)
        self._store.write(series)
        self._state.put_neighbours(neighbours)
        self._state.refuse(flush.refused)
        if flush.statuses:  # a farewell is said once: it must not be lost with this process
            self._present.save()
        answers = [self._answered(topic, request, now) for topic, request in flush.leases]
        self._line.acknowledge(messages)
        for topic, lease in answers:
            if lease is not None:
                self._line.publish(build(topic.site, topic.agent, Channel.LEASES), encode(lease))
        self._send_receipts(flush, now)
        self._count(flush, messages)

    def _read(self, flush: _Flush, message: Received, now: int) -> None:
        try:
            topic = parse(message.topic)
            if topic.channel is Channel.MEASUREMENTS:
                self._read_batch(flush, topic, message, now)
            elif topic.channel is Channel.STATUS:
                self._read_status(flush, topic, message, now)
            elif topic.channel is Channel.EQUIPMENT:
                self._read_equipment(topic, message, now)
            elif topic.channel is Channel.LEASE_REQUESTS:
                flush.leases.append((topic, _lease_request(topic, message.payload)))
        except BadName as error:
            flush.refused.append(Refused(now, message.topic, "bad_topic", str(error), message.payload))
        except BadMessage as error:
            flush.refused.append(Refused(now, message.topic, error.reason, error.detail, message.payload))

    def _read_batch(self, flush: _Flush, topic: Topic, message: Received, now: int) -> None:
        accepted = accept_batch(topic, message.payload, now, self._may_speak_for)
        flush.measurements += accepted.measurements
        flush.refused += accepted.refused
        if not accepted.settled:
            return
        sequences, refused = flush.settled[topic.site, topic.agent, accepted.boot]
        (refused if accepted.wholly_refused else sequences).append(accepted.sequence)
        flush.batches.append((topic, accepted))
        known = self._present.agent(topic.site, topic.agent)
        moved = after_batch(known, topic.site, topic.agent, accepted.boot, accepted.newest, now)
        if moved is not None:
            self._present.put(moved)

    def _read_status(self, flush: _Flush, topic: Topic, message: Received, now: int) -> None:
        if not message.payload:
            return  # somebody cleared the retained status of an agent that is gone for good
        status = decode_fast(message.payload, Status)
        check_speaker(topic, status.agent, status.boot)
        known = self._present.agent(topic.site, topic.agent)
        if message.retained:
            moved = after_replay(known, topic.site, status, now)
        else:
            moved = after_status(known, topic.site, status, now)
            if status.state is State.ONLINE:
                self._warn_of_clone(topic, known.boot if known else "", status.boot)
                flush.births.append((topic, status))
        flush.statuses += 1
        if moved is not None:
            self._present.put(moved)

    def _read_equipment(self, topic: Topic, message: Received, now: int) -> None:
        if not message.payload:
            return
        report = decode_fast(message.payload, EquipmentReport)
        check_speaker(topic, report.agent)
        if report.device != topic.device or not self._may_speak_for(topic, report.device):
            raise BadMessage("not_its_device", f"{topic.agent} may not speak for {report.device[:60]!r}")
        if self._state.put_equipment(topic.site, report, now):
            self._note_equipment(topic.site)

    def _answered(self, topic: Topic, request: LeaseRequest, now: int) -> tuple[Topic, Lease | None]:
        held = self._state.move_lease(topic.site, lambda held: after(held, request, now))
        return topic, answer(held, request, now)

    def _may_speak_for(self, topic: Topic, device: str) -> bool:
        if topic.agent == device:
            return True
        # A site without a school file has no register to ask, so its agents speak for themselves only.
        school = self._schools.of(topic.site)
        return school is not None and school.may_speak_for(topic.agent, device)

    def _send_receipts(self, flush: _Flush, now: int) -> None:
        for topic, status in flush.births:
            self._send(topic.site, topic.agent, Receipt(status.boot, now, birth_sent_at=status.sent_at))
        for (site, agent, boot), (sequences, refused) in flush.settled.items():
            self._send(site, agent, Receipt(boot, now, tuple(sequences), tuple(refused)))

    def _send(self, site: str, agent: str, receipt: Receipt) -> None:
        topic = build(site, agent, Channel.RECEIPTS)
        self._line.publish(topic, encode(receipt), quality_of_service=_RECEIPTS.quality_of_service)

    def _warn_of_clone(self, topic: Topic, before: str, boot: str) -> None:
        if self._sequences.is_back(topic.site, topic.agent, before, boot):
            log.warning("two machines take turns as %s/%s: give each its own agent name", topic.site, topic.agent)

    def _count(self, flush: _Flush, messages: Sequence[Received]) -> None:
        for topic, accepted in flush.batches:
            self._sequences.note(topic.site, topic.agent, accepted.boot, accepted.sequence)
            self.counters.unknown_fields += accepted.unknown_fields
        self.counters.received_messages += len(messages)
        self.counters.stored_measurements += len(flush.measurements)
        self.counters.refused_payloads += len(flush.refused)
        self.counters.gaps = self._sequences.missing()


def _lease_request(topic: Topic, payload: bytes) -> LeaseRequest:
    request = decode_fast(payload, LeaseRequest)
    check_speaker(topic, request.agent)
    if not 1 <= len(request.lease) <= 64:
        raise BadMessage("wrong_shape", "lease must be 1 to 64 characters")
    return request
