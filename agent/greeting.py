"""Says hello until the collector answers, and learns from the answer how wrong this machine's clock is."""

import logging
from random import Random

from agent.clock import BootClock
from agent.publish import Line
from contract.messages import Reason, Receipt, State, Status, encode
from contract.topics import Channel

log = logging.getLogger(__name__)

# The answer tells the server's time to half its round trip; one that took longer tells nothing useful.
LONGEST_ROUND_TRIP_MS = 10_000
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 4.0, 300.0
WORTH_TELLING_MS = 60_000
EARLIER_SLACK_MS = 1_000  # of an offset that an earlier run learned


class Greeting:
    """One per run of the agent. Times are seconds of a clock that never jumps, except those named `_ms`."""

    def __init__(self, agent: str, boot: str, software: str, clock: BootClock, line: Line, random: Random) -> None:
        self.report_seconds = 30.0
        self._agent, self._boot, self._software = agent, boot, software
        self._clock = clock
        self._line = line
        self._random = random
        self._sent_at_ms = 0
        self._wait = FIRST_WAIT_SECONDS
        self._again_at = float("inf")
        self._said_wrong = False
        self._slack = EARLIER_SLACK_MS

    def status(self, state: State, reason: Reason | None = None) -> Status:
        """What the agent says of itself now."""
        return Status(self._agent, self._boot, state, self._clock.now_ms(), reason, self._software, self.report_seconds)

    def begin(self, now: float) -> None:
        """A new connection: says hello at once."""
        self._wait = FIRST_WAIT_SECONDS
        self._say_hello(now)

    def repeat(self, now: float) -> None:
        """Says hello again when the last one stayed without an answer for too long: the collector may be away."""
        if now >= self._again_at:
            self._say_hello(now)

    def next_at(self) -> float:
        return self._again_at

    def offset_ms(self, receipt: Receipt, known: int | None) -> int | None:
        """How far the server's clock is ahead of this one's, when `receipt` tells that better than what is `known`.

        An answer is right to half its round trip. A looser one that agrees with what is known adds nothing.
        """
        if receipt.boot != self._boot or receipt.birth_sent_at != self._sent_at_ms:
            return None
        round_trip = self._clock.now_ms() - self._sent_at_ms
        if not 0 <= round_trip <= LONGEST_ROUND_TRIP_MS:
            return None
        self._again_at = float("inf")
        offset, slack = receipt.server_time - self._sent_at_ms - round_trip // 2, round_trip // 2
        if known is not None and slack >= self._slack and abs(offset - known) <= slack + self._slack:
            return None
        self._slack = slack
        self._tell_of(offset)
        return offset

    def _say_hello(self, now: float) -> None:
        status = self.status(State.ONLINE)
        if self._line.publish(Channel.STATUS, encode(status), retain=True):
            self._sent_at_ms = status.sent_at
        self._again_at = now + self._wait * self._random.uniform(0.7, 1.3)
        self._wait = min(self._wait * 2, LONGEST_WAIT_SECONDS)

    def _tell_of(self, offset: int) -> None:
        if abs(offset) >= WORTH_TELLING_MS and not self._said_wrong:
            self._said_wrong = True
            log.warning("this machine's clock is wrong by %d s; times are corrected by the server's", -offset // 1000)
