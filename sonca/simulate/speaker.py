"""One simulated device on the wire: hello, batches until their receipts, farewell, or gone without a word.

Time passes in events of the model, each lived as of its own moment, so a simulator that is late says the same.
"""

from agent.delivery import HISTORY_ON_THE_WAY, LIVE_SECONDS
from contract.messages import Receipt, Status, encode
from contract.topics import Channel, build
from sonca.simulate.day import Ending, Run, next_start, run_at, runs_between
from sonca.simulate.lines import Will
from sonca.simulate.outbox import Kept, OnTheWay, Parcel
from sonca.simulate.post import Post, Wire
from sonca.simulate.school import Pc
from sonca.simulate.school_time import DAY_MS, SECOND_MS
from sonca.simulate.voice import Voice

WILL_AFTER_MS = 45 * SECOND_MS  # a broker waits one and a half keep-alives of 30 s before it calls a client lost
LIVE_MS = int(LIVE_SECONDS * SECOND_MS)
MOST_ON_THE_WAY = 20  # while nobody answers, further batches wait unsent: their numbers cost nothing
AGAIN_SOON_MS = 200
LOOK_BACK_MS = 4 * DAY_MS


class Speaker:
    """`live_until` is called when `next_at` (simulated) has come, `send` whenever something may go out.

    On a shared line the speaker itself says what a broker would say as the device's last will.
    """

    def __init__(self, pc: Pc, voice: Voice, post: Post, line: Wire, *, shared: bool) -> None:
        self.pc = pc
        self.next_at = voice.since
        self._voice = voice
        self._post = post
        self._line = line
        self._shared = shared
        self._run: Run | None = None
        self._sequence = 0
        self._cut = False
        self._last_word = self._word_before(voice.since)  # what a broker has to hear of a device that is off
        self._will_at: int | None = None
        self._kept = Kept(pc)
        self._on_the_way = OnTheWay(pc.chance.named("delivery"))

    @property
    def is_on(self) -> bool:
        return self._run is not None

    @property
    def unsettled(self) -> int:
        """Batches without a receipt."""
        return len(self._kept) + len(self._on_the_way)

    @property
    def awaited(self) -> int:
        """Those whose receipts can still come: a device that is off hears them on a shared line only."""
        if self._speaks():
            return self.unsettled
        return len(self._on_the_way) if self._shared else 0

    def live_until(self, now: int, real: int) -> None:
        """Lives through everything up to the simulated time `now`; `real` is the real one."""
        while self.next_at <= now:
            self._live(self.next_at, real)
            self.next_at = self._next_event(self.next_at)

    def opened(self, at: int, real: int) -> None:
        """The line is open, for the first time or again: says where the device stands."""
        if self._speaks():
            self._greet(at)
            self._on_the_way.hurry(real)
            self.send(real)
        elif self._last_word is not None and self._shared:
            self._post.send_status(self._line, self._last_word)

    def settle(self, receipt: Receipt, real: int) -> None:
        """Takes a receipt; what waited for it may go out now."""
        self._post.settle(self._on_the_way, receipt)
        self.send(real)

    def send(self, real: int) -> None:
        """Sends what is due: again what got no receipt, then the present, then history."""
        if not (self._speaks() and self._line.can_say()):
            return
        for parcel in self._on_the_way.due(real):
            self._post.send_batch(self._line, parcel, live=self._is_live(parcel, real), again=True)
        for parcel in self._take_live(real):
            self._send(parcel, real, live=True)
        while len(self._kept) and len(self._on_the_way) < HISTORY_ON_THE_WAY and self._line.can_say():
            self._send(self._kept.take_oldest(), real, live=False)

    def wake_at(self, real: int) -> int:
        """When (real time) to look at this device again."""
        wake = self._voice.clock.real(self.next_at)
        if self._speaks():
            again = real if len(self._kept) and self._line.is_busy() else self._on_the_way.next_at()
            wake = wake if again is None else min(wake, max(again, real + AGAIN_SOON_MS))
        return wake

    def leave(self, at: int) -> None:
        """The simulator stops: every device that is on says goodbye, as if it were switched off."""
        if self._will_at is not None and self._last_word is not None:
            self._post.send_status(self._line, self._last_word)
        if self._run is not None and self._speaks():
            self._post.send_status(self._line, self._voice.farewell(self.pc, self._run, at))

    def _live(self, at: int, real: int) -> None:
        if self._will_at is not None and at >= self._will_at and self._last_word is not None:
            self._will_at = None
            self._post.send_status(self._line, self._last_word)
        if self._run is None:
            run = run_at(self.pc, at)
            if run is not None:
                self._start(run, at)
            return
        self._report(self._run, at)
        self._notice_switch(self._run, at)
        if at >= self._run.end:
            self.send(real)
            self._stop(self._run, at)

    def _next_event(self, after: int) -> int:
        if self._run is None:
            following = next_start(self.pc, after)
        else:
            since, until = self._voice.span(self._run, self._sequence)
            report = until if since < until else self._run.end
            following = min(report, self._run.end, self._voice.day.next_edge(self.pc, after))
        return following if self._will_at is None else min(following, self._will_at)

    def _start(self, run: Run, at: int) -> None:
        self._run, self._sequence = run, self._voice.sequence_at(run, at)
        self._cut = self._voice.day.is_cut_off(self.pc, at)
        if not self._cut:
            self._connect(run, at)

    def _report(self, run: Run, at: int) -> None:
        """Puts aside the batches whose stretches have ended."""
        while True:
            since, until = self._voice.span(run, self._sequence)
            if not since < until <= at:
                return
            self._kept.add(run, self._sequence)
            self._sequence += 1

    def _notice_switch(self, run: Run, at: int) -> None:
        """The switch of the room was unplugged, or plugged in again."""
        cut = self._voice.day.is_cut_off(self.pc, at)
        if cut != self._cut:
            self._cut = cut
            if cut:
                self._vanish(run, at)
            else:
                self._connect(run, at)

    def _stop(self, run: Run, at: int) -> None:
        self._run = None
        if self._cut:
            return  # nobody can hear its farewell
        if run.ending is Ending.VANISHED:
            self._vanish(run, at)
            return
        self._last_word = self._voice.farewell(self.pc, run, at)
        self._post.send_status(self._line, self._last_word)
        if not self._shared:
            self._line.close()

    def _connect(self, run: Run, at: int) -> None:
        self._will_at = None
        if self._shared:
            self._greet(at)
        else:
            will = self._voice.will(self.pc, run, at)
            self._line.open(Will(build(self._voice.day.school.site, self.pc.id, Channel.STATUS), encode(will)))

    def _vanish(self, run: Run, at: int) -> None:
        self._last_word = self._voice.will(self.pc, run, at)
        if self._shared:
            self._will_at = at + WILL_AFTER_MS
        else:
            self._line.drop()

    def _greet(self, at: int) -> None:
        if self._run is not None:
            self._post.send_status(self._line, self._voice.birth(self.pc, self._run, at))
            self._post.send_equipment(self._line, self.pc, self._voice.clock.real(at))

    def _word_before(self, at: int) -> Status | None:
        """The farewell of the last run that ended before."""
        earlier = list(runs_between(self.pc, at - LOOK_BACK_MS, at))
        return self._voice.farewell(self.pc, earlier[-1], earlier[-1].end) if earlier else None

    def _speaks(self) -> bool:
        return self._run is not None and not self._cut

    def _is_live(self, parcel: Parcel, real: int) -> bool:
        _, until = self._voice.span(parcel.run, parcel.sequence)
        return self._voice.clock.real(until) > real - LIVE_MS

    def _take_live(self, real: int) -> list[Parcel]:
        """What is new enough to tell of the present, oldest first."""
        found: list[Parcel] = []
        while (newest := self._kept.newest()) is not None and self._is_live(newest, real):
            if len(self._on_the_way) + len(found) >= MOST_ON_THE_WAY:
                break
            found.insert(0, self._kept.take_newest())
        return found

    def _send(self, parcel: Parcel, real: int, *, live: bool) -> None:
        if self._post.send_batch(self._line, parcel, live=live):
            self._on_the_way.add(self._voice.boot(parcel.run), parcel, real)
