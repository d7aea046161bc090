"""The agent's one working thread: takes events in order, then does what is due by the clock."""

import logging
import queue
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from agent.equipment_watch import EquipmentWatch
from agent.greeting import Greeting
from agent.jobs import jobs, report_seconds, throughput_jobs, traces
from agent.outbox_file import OutboxBroken, OutboxUnavailable
from agent.post import Post
from agent.probing import Finished, Probing
from agent.publish import Connected, Heard, Line
from agent.served import ServedSettings
from agent.settings import AgentSettings
from agent.tell import Told
from contract.defaults import INTERVAL_SECONDS
from contract.messages import BadMessage, EquipmentReport, Lease, Reason, Receipt, State, decode, encode
from contract.topics import Channel

if TYPE_CHECKING:
    from agent.throughput import Throughput

log = logging.getLogger(__name__)

FIRST_REPORT_SECONDS = 12.0  # when the first results of all probes are in
BACKLOG_SECONDS = 1.0  # between two rounds of numbering, while a backlog is left
LEAST_WAIT_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the agent; `reason` is what its farewell says."""

    reason: Reason = Reason.SHUTDOWN


@dataclass(frozen=True, slots=True)
class Equipped:
    """This machine, or a device that it polls, was looked at; None when it did not tell."""

    device: str
    report: EquipmentReport | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """A projector said that something changed."""

    device: str


Event = Finished | Connected | Heard | Equipped | Noticed | Stop
Inbox = queue.SimpleQueue[Event]


class Work:
    """`run()` returns at a Stop. The parts are made and opened by agent/run.py."""

    def __init__(
        self,
        settings: AgentSettings,
        served: ServedSettings,
        inbox: Inbox,
        line: Line,
        greeting: Greeting,
        post: Post,
        probing: Probing,
        throughput: "Throughput | None",
        equipment: EquipmentWatch,
        random: Random,
    ) -> None:
        self._settings = settings
        self._served = served
        self._inbox = inbox
        self._line = line
        self._greeting = greeting
        self._post = post
        self._probing = probing
        self._throughput = throughput
        self._equipment = equipment
        self._random = random
        self._told = Told(log)
        self._flush_at = self._measure_at = 0.0
        self._waiting_for_offset = False  # a report was due, and could not be numbered yet

    def run(self) -> None:
        """Works until a Stop comes. Raises OutboxBroken."""
        self._begin(time.monotonic())
        while not isinstance(event := self._next_event(), Stop):
            try:
                if event is not None:
                    self._handle(event, time.monotonic())
                self._do_what_is_due(time.monotonic())
            except OutboxBroken:
                raise
            except OutboxUnavailable as error:
                self._told.trouble(str(error))
        self._leave(event.reason)

    def _begin(self, now: float) -> None:
        self._take_settings(now)
        self._flush_at = now + FIRST_REPORT_SECONDS
        self._measure_at = self._flush_at - 1
        self._line.start()

    def _next_event(self) -> Event | None:
        """The next event; None when something is due before one comes."""
        due_at = min(
            self._flush_at,
            self._measure_at,
            self._probing.next_at(),
            self._greeting.next_at(),
            self._equipment.next_at(),
            self._post.next_at(time.monotonic()),
            float("inf") if self._throughput is None else self._throughput.next_at(),
        )
        try:
            return self._inbox.get(timeout=max(LEAST_WAIT_SECONDS, due_at - time.monotonic()))
        except queue.Empty:
            return None

    def _handle(self, event: Event, now: float) -> None:
        if isinstance(event, Finished):
            self._post.keep(self._probing.finish(event, now))
            if self._throughput is not None:
                self._throughput.finish(event.job, now)
        elif isinstance(event, Equipped):
            self._equipment.finish(event.device, event.report, now, self._random)
        elif isinstance(event, Noticed):
            self._probing.ask_projector(event.device, now)
        elif isinstance(event, Connected):
            self._greeting.begin(now)
            self._post.connect(now)
        elif isinstance(event, Heard):
            self._hear(event, now)

    def _hear(self, heard: Heard, now: float) -> None:
        try:
            if heard.channel is Channel.RECEIPTS:
                self._take_receipt(decode(heard.payload, Receipt), now)
            elif heard.channel is Channel.LEASES:
                self._take_lease(decode(heard.payload, Lease), now)
            elif self._served.take(heard.payload):
                log.info("the server sent new settings")
                self._take_settings(now)
        except BadMessage as error:
            log.warning("a message on %s could not be read: %s", heard.channel, error)

    def _take_receipt(self, receipt: Receipt, now: float) -> None:
        known = self._post.offset_ms
        offset = self._greeting.offset_ms(receipt, known)
        if offset is not None:
            self._post.learn_offset(offset)
            if self._waiting_for_offset:
                self._flush_at = now
        self._post.receive(receipt, now)

    def _take_lease(self, lease: Lease, now: float) -> None:
        if self._throughput is not None:
            self._throughput.hear(lease, now, self._post.offset_ms)

    def _take_settings(self, now: float) -> None:
        server = self._served.settings
        self._probing.replace(jobs(self._settings, server), now, traces(self._settings, server))
        if self._throughput is not None:
            lessons = None if server is None else server.lessons
            self._throughput.replace(throughput_jobs(self._settings, server), lessons, now)
        self._greeting.report_seconds = report_seconds(self._settings, server)

    def _do_what_is_due(self, now: float) -> None:
        self._post.keep(self._probing.start_due(now) + self._probing.decide(now))
        if self._throughput is not None:
            self._throughput.do(now, self._post.offset_ms)
        self._equipment.start_due(now)
        self._greeting.repeat(now)
        if now >= self._measure_at:
            self._measure_at = now + INTERVAL_SECONDS["agent"]
            self._post.keep([self._post.measure_itself()])
        if now >= self._flush_at:
            self._flush_at = now + self._greeting.report_seconds
            self._waiting_for_offset = self._post.offset_ms is None
            if self._post.flush(now):
                self._flush_at = now + BACKLOG_SECONDS
            self._told.over("the outbox works again")
        self._post.send(now)
        self._send_equipment()

    def _send_equipment(self) -> None:
        for device, report in list(self._equipment.unsent.items()):
            if self._line.publish(Channel.EQUIPMENT, encode(report), device, retain=True):
                del self._equipment.unsent[device]

    def _leave(self, reason: Reason) -> None:
        """What was measured goes out as far as it can; what does not is on disk. Then the farewell."""
        now = time.monotonic()
        try:
            self._post.flush(now)
            self._post.send(now)
        except OutboxUnavailable as error:
            self._told.trouble(str(error))
        self._line.stop(self._greeting.status(State.OFFLINE, reason))
