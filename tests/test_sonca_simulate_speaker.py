"""One device on the wire, lived through event by event without a clock: what it says, when, and how often."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import Batch, EquipmentReport, Measurement, Reason, Receipt, State, Status, decode
from contract.topics import Channel, parse
from sonca.simulate.day import Ending, runs_on
from sonca.simulate.lines import Will
from sonca.simulate.post import Post
from sonca.simulate.school_day import SchoolDay
from sonca.simulate.school_time import MINUTE_MS, day_of
from sonca.simulate.speaker import LIVE_MS, MOST_ON_THE_WAY, WILL_AFTER_MS, Speaker
from sonca.simulate.tally import Tally
from tests.simulated import SITE, monday, school, voice_of

REPORT = 30_000


@dataclass
class Wire:
    """A line that writes down what is said, and at which real time."""

    now: int = 0
    ready: bool = True
    said: list[tuple[int, Channel, bytes]] = field(default_factory=list)
    doings: list[str] = field(default_factory=list)
    will: Will | None = None

    def open(self, will: Will | None = None) -> None:
        self.will = will
        self.doings.append("open")

    def close(self) -> None:
        self.doings.append("close")

    def drop(self) -> None:
        self.doings.append("drop")

    def can_say(self) -> bool:
        return self.ready

    def is_busy(self) -> bool:
        return False

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        if self.ready:
            channel = parse(topic).channel
            assert retain == (channel in (Channel.STATUS, Channel.EQUIPMENT))
            self.said.append((self.now, channel, payload))
        return self.ready

    def statuses(self) -> list[tuple[int, State]]:
        return [(at, decode(said, Status).state) for at, channel, said in self.said if channel is Channel.STATUS]

    def batches(self) -> list[Batch]:
        return [decode(said, Batch) for _, channel, said in self.said if channel is Channel.MEASUREMENTS]


class Played:
    """A speaker whose time is turned by hand. `answers` says whether the collector answers a batch at a time."""

    def __init__(self, day: SchoolDay, device: str, since: int, *, shared: bool = True) -> None:
        self.wire = Wire()
        self.tally = Tally()
        self.day, self.pc = day, day.pcs[device]
        self.since = since
        voice = voice_of(day, since)
        self.speaker = Speaker(self.pc, voice, Post(SITE, voice, self.tally), self.wire, shared=shared)
        self.most_on_the_way = 0

    def play(self, until: int, answers: Callable[[int], bool] = lambda _at: True) -> None:
        """Lives through everything until then; simulated and real time are the same here."""
        while (now := self.speaker.wake_at(self.wire.now)) <= until:
            self.wire.now = now
            heard = len(self.wire.said)
            self.speaker.live_until(now, now)
            self.speaker.send(now)
            while answers(now) and heard < len(self.wire.said):
                said, heard = self.wire.said[heard:], len(self.wire.said)
                for _, channel, payload in said:
                    if channel is Channel.MEASUREMENTS:
                        batch = decode(payload, Batch)
                        self.speaker.settle(Receipt(batch.boot, now, (batch.sequence,)), now)
            self.most_on_the_way = max(self.most_on_the_way, len(self.speaker._on_the_way))

    def measured(self) -> list[Measurement]:
        """What was said, in true time and in order; a batch that was said twice must be the same, and counts once."""
        batches: dict[tuple[str, int], Batch] = {}
        for batch in self.wire.batches():
            assert batches.setdefault((batch.boot, batch.sequence), batch) == batch
        found = [
            dataclasses.replace(entry, taken_at=entry.taken_at + (batch.clock_offset_ms or 0))
            for batch in batches.values()
            for entry in batch.measurements
        ]
        return sorted(found, key=lambda entry: entry.taken_at)


def device_with(day: SchoolDay, *endings: Ending) -> str:
    """A device whose Monday has runs that end like this."""
    for pc in day.pcs.values():
        runs = runs_on(pc, day_of(monday("00:00")))
        if tuple(run.ending for run in runs) == endings and (not runs or runs[-1].end < monday("18:00")):
            return pc.id
    raise AssertionError(f"no device has {endings}")


QUIET = school(rooms=20, devices=100)
PLAIN = device_with(QUIET, Ending.SHUTDOWN)
EVENING = monday("20:00")
CUT = school("switch-unplugged:mam-1@10:00+30m")
CUT_DEVICE = "mam-1-giao-vien"


def test_a_day_is_a_hello_batches_every_half_minute_and_a_farewell() -> None:
    played = Played(QUIET, PLAIN, monday("06:00"))
    played.play(EVENING)
    [run] = runs_on(played.pc, day_of(monday("00:00")))
    assert played.wire.statuses() == [(run.start, State.ONLINE), (run.end, State.OFFLINE)]
    assert played.measured() == QUIET.measurements(PLAIN, monday("06:00"), EVENING)
    times = [at for at, channel, _ in played.wire.said if channel is Channel.MEASUREMENTS]
    assert times[0] == run.start + 12_000
    assert times[1] - times[0] == REPORT == times[-2] - times[-3]
    assert run.end - REPORT < times[-1] <= run.end
    assert [batch.sequence for batch in played.wire.batches()] == list(range(len(times)))
    assert played.tally.receipts == played.tally.batches == len(times)
    assert played.speaker.unsettled == 0


def test_a_batch_without_measurements_is_not_sent() -> None:
    [run] = runs_on(QUIET.pcs[PLAIN], day_of(monday("00:00")))
    since = run.start + 12_000 + 29_000  # the probes of these thirty seconds have run before
    played = Played(QUIET, PLAIN, since)
    played.play(since + 70_000)
    assert [bool(batch.measurements) for batch in played.wire.batches()] == [True, True]
    assert (played.tally.batches, played.speaker.unsettled) == (2, 0)


def test_hello_comes_with_what_the_device_is_made_of() -> None:
    played = Played(QUIET, PLAIN, monday("06:00"))
    played.play(monday("08:00"))
    [report] = [decode(said, EquipmentReport) for _, channel, said in played.wire.said if channel is Channel.EQUIPMENT]
    assert report.device == PLAIN
    assert report.content["simulated"] is True


def test_a_restart_says_so_and_begins_a_new_boot() -> None:
    device = device_with(QUIET, Ending.UPDATE, Ending.SHUTDOWN)
    before, after = runs_on(QUIET.pcs[device], day_of(monday("00:00")))
    since, until = before.end - 5 * MINUTE_MS, after.start + 5 * MINUTE_MS
    played = Played(QUIET, device, since)
    played.play(until)
    said = [decode(payload, Status) for _, channel, payload in played.wire.said if channel is Channel.STATUS]
    assert [(status.state, status.reason) for status in said] == [
        (State.ONLINE, None),
        (State.OFFLINE, Reason.UPDATE),
        (State.ONLINE, None),
    ]
    assert len({status.boot for status in said}) == 2
    assert_complete(played, until)


def test_a_pulled_plug_is_told_by_the_will_and_the_rest_comes_after_the_next_start() -> None:
    device = device_with(QUIET, Ending.VANISHED, Ending.SHUTDOWN)
    gone, back = runs_on(QUIET.pcs[device], day_of(monday("00:00")))
    until = back.start + 15 * MINUTE_MS
    played = Played(QUIET, device, gone.end - 5 * MINUTE_MS)
    played.play(until, answers=lambda at: at < gone.end - MINUTE_MS or at >= back.start)
    assert played.wire.statuses()[1] == (gone.end + WILL_AFTER_MS, State.LOST)
    assert not [
        at for at, channel, _ in played.wire.said if gone.end < at < back.start and channel is not Channel.STATUS
    ]
    assert_complete(played, until)
    assert played.tally.resent > 0
    assert played.speaker.unsettled == 0


def test_behind_an_unplugged_switch_it_goes_on_measuring_and_catches_up_compressed() -> None:
    played = Played(CUT, CUT_DEVICE, monday("09:00"))
    played.play(monday("11:00"))
    assert played.wire.statuses() == [
        (monday("09:00"), State.ONLINE),
        (monday("10:00") + WILL_AFTER_MS, State.LOST),
        (monday("10:30"), State.ONLINE),
    ]
    said = [(at, payload) for at, channel, payload in played.wire.said if channel is Channel.MEASUREMENTS]
    assert not [at for at, _ in said if monday("10:00") < at < monday("10:30")]
    back = [payload for at, payload in said if monday("10:30") <= at < monday("10:31")]
    assert len(back) >= 60
    late = [payload for payload in back if newest(payload) < monday("10:30") - LIVE_MS]
    assert len(late) > 50
    assert all(payload[:1] == b"\x78" for payload in late)
    assert all(payload[:1] == b"{" for payload in back if payload not in late and newest(payload) > monday("10:29"))
    assert_complete(played, monday("11:00"))


def assert_complete(played: Played, until: int) -> None:
    """Everything up to the last report that was due."""
    said, model = played.measured(), played.day.measurements(played.pc.id, played.since, until)
    assert said == model[: len(said)]
    # A report is half a minute old at most, and within it probes run at their own moments.
    assert said
    assert model[-1].taken_at - said[-1].taken_at <= 2 * REPORT


def newest(payload: bytes) -> int:
    batch = decode(payload, Batch)
    return max(entry.taken_at for entry in batch.measurements) + (batch.clock_offset_ms or 0)


def test_on_a_line_of_its_own_the_broker_has_the_will_and_the_line_breaks_for_real() -> None:
    played = Played(CUT, CUT_DEVICE, monday("09:00"), shared=False)
    played.play(monday("10:29"))
    assert played.wire.doings == ["open", "drop"]
    assert played.wire.will is not None
    will = decode(played.wire.will.payload, Status)
    assert (will.state, parse(played.wire.will.topic).agent) == (State.LOST, CUT_DEVICE)
    played.play(EVENING)
    assert played.wire.doings == ["open", "drop", "open", "close"]
    assert [state for _, state in played.wire.statuses()] == [State.OFFLINE]  # hello waits until the line is open


def test_a_device_that_is_off_hears_of_its_last_batches_on_a_shared_line_only() -> None:
    for shared in (True, False):
        played = Played(QUIET, PLAIN, monday("16:00"), shared=shared)
        played.play(EVENING, answers=lambda _at: False)
        assert not played.speaker.is_on
        assert played.speaker.unsettled > 0
        assert bool(played.speaker.awaited) == shared


def test_a_broker_that_comes_back_hears_where_everybody_stands() -> None:
    played = Played(QUIET, PLAIN, monday("09:00"))
    played.play(monday("10:00"))
    heard = len(played.wire.statuses())
    played.speaker.opened(monday("10:00"), monday("10:00"))
    played.play(EVENING)
    played.speaker.opened(EVENING, EVENING)
    assert [state for _, state in played.wire.statuses()[heard - 1 :]] == [
        State.ONLINE,
        State.ONLINE,
        State.OFFLINE,
        State.OFFLINE,
    ]


def test_without_a_broker_nothing_is_said_and_little_is_remembered() -> None:
    played = Played(QUIET, PLAIN, monday("06:00"))
    played.wire.ready = False
    played.play(monday("08:00"))
    assert played.wire.said == []
    assert len(played.speaker._on_the_way) == 0
    played.wire.ready = True
    played.speaker.opened(monday("08:00"), monday("08:00"))
    played.play(monday("08:10"))
    assert_complete(played, monday("08:10"))


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(0, 5)))
def test_whatever_receipts_are_lost_everything_arrives_and_the_way_stays_short(deaf_minutes: set[int]) -> None:
    def answers(at: int) -> bool:
        return (at - monday("09:00")) // MINUTE_MS not in deaf_minutes

    played = Played(QUIET, PLAIN, monday("09:00"))
    played.play(monday("09:20"), answers)
    assert played.speaker.unsettled == 0
    assert played.most_on_the_way <= MOST_ON_THE_WAY
    assert played.tally.receipts == played.tally.batches == len({batch.sequence for batch in played.wire.batches()})
    assert_complete(played, monday("09:20"))


def test_a_collector_that_is_away_for_hours_finds_few_batches_on_the_way() -> None:
    played = Played(QUIET, PLAIN, monday("08:00"))
    played.play(monday("09:30"), answers=lambda _at: False)
    assert played.most_on_the_way == MOST_ON_THE_WAY
    played.play(monday("09:50"))
    assert played.speaker.unsettled == 0
    assert_complete(played, monday("09:50"))


def test_a_school_that_is_watched_at_sixty_times_the_speed_says_the_same() -> None:
    slow, fast = (voice_of(QUIET, monday("09:00"), speed=speed) for speed in (1.0, 60.0))
    pc = QUIET.pcs[PLAIN]
    [run] = runs_on(pc, day_of(monday("00:00")))
    sequence = slow.sequence_at(run, monday("10:00"))
    one, other = slow.batch(pc, run, sequence), fast.batch(pc, run, sequence)
    assert [entry.fields for entry in one.measurements] == [entry.fields for entry in other.measurements]
    passed = [entry.taken_at + (other.clock_offset_ms or 0) - monday("09:00") for entry in other.measurements]
    assert all(59_000 <= each <= 61_000 for each in passed)  # an hour takes a minute
    assert fast.birth(pc, run, monday("10:00")).report_seconds == 1.0


def test_the_end_of_the_simulator_is_a_goodbye_of_every_device_that_is_on() -> None:
    played = Played(QUIET, PLAIN, monday("09:00"))
    played.play(monday("10:00"))
    played.speaker.leave(monday("10:00"))
    assert [state for _, state in played.wire.statuses()] == [State.ONLINE, State.OFFLINE]
    cut = Played(CUT, CUT_DEVICE, monday("09:59"))
    cut.play(monday("10:00") + 1_000)
    cut.speaker.leave(monday("10:00") + 1_000)
    assert [state for _, state in cut.wire.statuses()] == [State.ONLINE, State.LOST]
