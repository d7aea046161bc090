"""The present: every device of the school speaks when its time comes."""

import heapq
import logging
import threading
import time

from sonca.simulate.lines import Line, Lines
from sonca.simulate.post import Post
from sonca.simulate.school_time import write_time
from sonca.simulate.speaker import Speaker
from sonca.simulate.tally import Tally
from sonca.simulate.voice import Voice

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50  # devices looked at between two looks at the lines
LONGEST_WAIT_SECONDS = 0.2
RECEIPTS_MS = 2_000  # how long a stopping simulator waits for the last receipts
GOODBYE_SECONDS = 5.0
TELL_EVERY_MS = 60_000


class Live:
    """Runs the speakers in the one thread that also serves the lines."""

    def __init__(self, voice: Voice, post: Post, lines: Lines, tally: Tally, *, shared: bool) -> None:
        self._voice = voice
        self._lines = lines
        self._tally = tally
        self._speakers: dict[str, Speaker] = {}
        self._wakes: list[tuple[int, str]] = []
        self._post = post
        self._shared = shared
        self._tell_at = 0

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; then every device says goodbye."""
        self._open()
        while not stop.is_set():
            self._live(now_ms())
            self._tell(now_ms())
            soon = (self._wakes[0][0] - now_ms()) / 1000
            self._lines.wait(min(max(soon, 0.0), LONGEST_WAIT_SECONDS))
        self._leave()

    def _leave(self) -> None:
        end = now_ms() + RECEIPTS_MS
        while any(speaker.awaited for speaker in self._speakers.values()) and now_ms() < end:
            for speaker in self._speakers.values():
                speaker.send(now_ms())  # a broker that was killed a moment ago may have forgotten what it took
            self._lines.wait(LONGEST_WAIT_SECONDS)
        self._tally.unsettled += self._unsettled()
        for speaker in self._speakers.values():
            speaker.leave(self._simulated())
        self._lines.say_goodbye(GOODBYE_SECONDS)

    def _open(self) -> None:
        self._lines.hear = self._hear
        if self._shared:
            shared = self._lines.line("school", [self._post.receipts_filter()], self._all_opened)
            shared.open()
        for pc in self._voice.day.pcs.values():
            line = shared if self._shared else self._own_line(pc.id)
            self._speakers[pc.id] = Speaker(pc, self._voice, self._post, line, shared=self._shared)
            heapq.heappush(self._wakes, (0, pc.id))

    def _live(self, real: int) -> None:
        for _ in range(MOST_AT_ONCE):
            if self._wakes[0][0] > real:
                break
            due, name = heapq.heappop(self._wakes)
            self._tally.latest_ms = max(self._tally.latest_ms, real - due if due else 0)
            speaker = self._speakers[name]
            speaker.live_until(self._voice.clock.simulated(real), real)
            speaker.send(real)
            heapq.heappush(self._wakes, (speaker.wake_at(real), name))

    def _own_line(self, name: str) -> Line:
        def opened() -> None:
            self._speakers[name].opened(self._simulated(), now_ms())

        return self._lines.line(name, [self._post.receipts_filter(name)], opened)

    def _all_opened(self) -> None:
        for speaker in self._speakers.values():
            speaker.opened(self._simulated(), now_ms())

    def _hear(self, topic: str, payload: bytes) -> None:
        found = self._post.receipt(topic, payload)
        if found is not None and found[0] in self._speakers:
            self._speakers[found[0]].settle(found[1], now_ms())

    def _unsettled(self) -> int:
        return sum(speaker.unsettled for speaker in self._speakers.values())

    def _simulated(self) -> int:
        return self._voice.clock.simulated(now_ms())

    def _tell(self, real: int) -> None:
        if real < self._tell_at:
            return
        self._tell_at = real + TELL_EVERY_MS
        on = sum(speaker.is_on for speaker in self._speakers.values())
        clock = write_time(self._voice.clock.simulated(real))
        log.info(
            "it is %s in the simulated school: %d of %d devices are on, %d batches sent, %d without a receipt yet",
            clock,
            on,
            len(self._speakers),
            self._tally.batches,
            self._unsettled(),
        )


def now_ms() -> int:
    """The real time in UTC milliseconds."""
    return time.time_ns() // 1_000_000
