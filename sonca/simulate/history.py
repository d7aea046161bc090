"""The past: sends days of history in order, no faster than receipts come back."""

import sys
import threading
import time
from collections.abc import Iterator

from sonca.simulate.day import Run, runs_between
from sonca.simulate.lines import Line, Lines
from sonca.simulate.live import now_ms
from sonca.simulate.outbox import OnTheWay, Parcel
from sonca.simulate.post import Post
from sonca.simulate.progress import Progress
from sonca.simulate.school_time import HOUR_MS, MINUTE_MS
from sonca.simulate.tally import Tally
from sonca.simulate.voice import Voice

REPORT_MS = 5 * MINUTE_MS  # ten usual reports in one batch: the collector takes a third of the time for them
MOST_ON_THE_WAY = 200
MOST_AT_ONCE = 5  # made before the line is served: the collector works on the first ones meanwhile
WAIT_SECONDS = 0.05


class History:
    """Sends everything that the voice has to say about its stretch of time."""

    def __init__(self, voice: Voice, post: Post, lines: Lines, tally: Tally) -> None:
        self._voice = voice
        self._post = post
        self._lines = lines
        self._tally = tally
        self._on_the_way = OnTheWay(voice.day.faults.chance.named("history"))
        self._reached = voice.since

    def run(self, stop: threading.Event) -> None:
        """Returns when everything has its receipt, or when `stop` is set."""
        self._lines.hear = self._hear
        line = self._lines.line("history", [self._post.receipts_filter()], self._opened)
        line.open()
        progress = Progress(self._voice.since, self._voice.until, sys.stderr, time.monotonic())
        parcels = parcels_of(self._voice)
        while self._send(line, parcels) and not stop.is_set():
            self._lines.wait(0 if self._may_send(line) else WAIT_SECONDS)
            progress.show(self._reached, self._tally.measurements, time.monotonic())
        progress.end(self._reached, self._tally.measurements, time.monotonic())
        self._tally.unsettled += len(self._on_the_way)
        line.close()

    def _send(self, line: Line, parcels: Iterator[Parcel]) -> bool:
        """Sends what may go now; False when there is nothing more to send or to wait for."""
        if line.can_say():
            for parcel in self._on_the_way.due(now_ms()):
                self._post.send_batch(line, parcel, live=False, again=True)
        for _ in range(MOST_AT_ONCE):
            if not self._may_send(line):
                break
            following = next(parcels, None)
            if following is None:
                return len(self._on_the_way) > 0
            if self._post.send_batch(line, following, live=False):
                self._on_the_way.add(self._voice.boot(following.run), following, now_ms())
            self._reached = self._voice.span(following.run, following.sequence)[1]
        return True

    def _may_send(self, line: Line) -> bool:
        return len(self._on_the_way) < MOST_ON_THE_WAY and line.can_say()

    def _opened(self) -> None:
        self._on_the_way.hurry(now_ms())

    def _hear(self, topic: str, payload: bytes) -> None:
        found = self._post.receipt(topic, payload)
        if found is not None:
            self._post.settle(self._on_the_way, found[1])


def parcels_of(voice: Voice) -> Iterator[Parcel]:
    """All batches of the voice's stretch of time, in the order in which they would have been sent."""
    for since in range(voice.since, voice.until, HOUR_MS):
        until = min(since + HOUR_MS, voice.until)
        ended = [
            (voice.span(run, sequence)[1], pc.id, Parcel(pc, run, sequence))
            for pc in voice.day.pcs.values()
            for run in runs_between(pc, since, until)
            for sequence in _ended_between(voice, run, since, until)
        ]
        yield from (parcel for _, _, parcel in sorted(ended, key=lambda entry: entry[:2]))


def _ended_between(voice: Voice, run: Run, since: int, until: int) -> Iterator[int]:
    """The batches of a run whose own stretch ends in `since < t <= until`."""
    first, last = voice.sequence_at(run, max(since, run.start)), voice.sequence_at(run, min(until, run.end))
    for sequence in range(first, last + 1):
        start, end = voice.span(run, sequence)
        if start < end and since < end <= until:
            yield sequence
