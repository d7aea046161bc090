"""A simulated school's morning with faults, taken by the real collector into a real InfluxDB, as fast as it can.

Encoded batches and statuses go through intake, rollups, judgement and boards, each at its own time; only the broker is
left out. It ends now, and it is the school's morning now, so that boards find today's lessons.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.settings import ApiSettings
from collector.boards import Boards
from collector.equipment import Equipment
from collector.intake import Intake
from collector.measured import Measured
from collector.present import Present
from collector.store.influx import InfluxStore
from collector.store.settings import InfluxSettings, StoreSettings
from collector.store.state import State
from collector.subscribe import Received
from collector.watch import Watch
from contract.messages import encode
from contract.topics import Channel, build
from contract.week import WEEKDAYS, LessonHours
from inventory.register import Register
from inventory.school import School
from inventory.schools import Schools
from sonca.simulate.clock import SimulatedClock
from sonca.simulate.day import run_at
from sonca.simulate.history import REPORT_MS, parcels_of
from sonca.simulate.school import school_text
from sonca.simulate.school_day import SchoolDay
from sonca.simulate.school_time import HOUR_MS, MINUTE_MS, read_time
from sonca.simulate.voice import Voice
from tests.ports import free_port
from tests.replayed_register import fill_register
from tests.school_day import zone_in_the_morning
from tests.simulated import SITE, school
from tests.waiting import now_ms

FAULTS = (
    "line-outage@09:00+20m",
    "service-down:kho-hoc-lieu@09:25+30m",
    "captive-portal@08:40+10m",
    "switch-unplugged:mam-1@09:40+15m",
    "bad-wifi:choi-1",
)
TODAY, SINCE = "2026-11-24", "08:30"
SEED, RESTARTED, ITS_ROOM = 136, "mam-2-giao-vien", "mam-2"  # this PC loses its power for some minutes
STEP_MS = 30 * MINUTE_MS


@dataclass
class ReplayedDay:
    """`now` is when it ended; the stores are open for writing."""

    school: School
    store: InfluxStore
    state: State
    now: int
    zone: str
    settings: ApiSettings

    def close(self) -> None:
        self.store.close()
        self.state.close()


class SilentLine:
    """Takes what the collector would send."""

    def acknowledge(self, messages: Sequence[Received]) -> None: ...
    def publish(self, topic: str, payload: bytes, *, quality_of_service: int = 1, retain: bool = False) -> None: ...


def replayed_day(folder: Path, settings: InfluxSettings, *faults: str, since: str = SINCE) -> ReplayedDay:
    """Takes some seconds. `settings` are of a database that nobody used before."""
    now = now_ms()
    minute = datetime.fromtimestamp(now / 1000, UTC).minute
    clock = SimulatedClock(read_time(f"{TODAY} 10:{minute:02}") + now % MINUTE_MS, now)
    day = school(*faults, seed=SEED, rooms=5, devices=8)
    described = _described(folder, day.school)
    schools = Schools([described])
    schools.load()
    store = InfluxStore(settings, folder).open()
    state = State(f"sqlite:///{folder}/state.db").open()
    register = Register(f"sqlite:///{folder}/state.db").open()
    fill_register(register, SITE, now)
    assert store.boards is not None
    present = Present(state, 0)
    intake = Intake(store, state, SilentLine(), schools, present, lambda _site: None)
    measured = Measured(store, state, register)
    boards = Boards(store.boards, state, schools, Equipment(store.boards, state, register, schools, measured))
    watch = Watch(store, state, schools, present, boards)
    _send(Voice(day, clock, REPORT_MS, read_time(f"{TODAY} {since}"), clock.start, history=True), intake, store)
    _say_hello(day, clock, intake, now)
    store.write([intake.counters.measurement("collector", 0, now)])
    while changed := store.roll_up(now):
        watch.mark(changed)
    while watch.judge_slices(now):
        pass
    present.save()
    watch.look(now)
    measured.close()  # when it has judged
    watch.look(now)
    register.close()
    site = schools.all()[0]
    served = ApiSettings(
        folder, (described,), StoreSettings("influx", influx=settings), f"sqlite:///{folder}/state.db", port=free_port()
    )
    return ReplayedDay(site, store, state, now, site.time_zone, served)


def _described(folder: Path, simulated: School) -> Path:
    """The school file: lessons on all days, in a zone in which it is ten in the morning."""
    zone = zone_in_the_morning(10)
    placed = dataclasses.replace(simulated, time_zone=zone, lesson_hours=(LessonHours(WEEKDAYS, "07:30", "16:30"),))
    path = folder / f"{SITE}.yaml"
    path.write_text(school_text(placed), encoding="utf-8")
    return path


def _send(voice: Voice, intake: Intake, store: InfluxStore) -> None:
    """Every batch of the stretch, in order; after each half hour the collector measures itself."""
    waiting: list[Received] = []
    told_at = 0
    for parcel in parcels_of(voice):
        batch = voice.batch(parcel.pc, parcel.run, parcel.sequence)
        topic = build(SITE, parcel.pc.id, Channel.MEASUREMENTS)
        waiting.append(Received(topic, encode(batch), False, 1, 1))
        at = voice.clock.real(voice.span(parcel.run, parcel.sequence)[1])
        if len(waiting) == 100 or at - told_at > STEP_MS:
            intake.settle(waiting, at)
            waiting = []
        if at - told_at > STEP_MS:
            store.write([intake.counters.measurement("collector", 0, at)])
            told_at = at
    intake.settle(waiting, voice.clock.real(voice.until))


def _say_hello(day: SchoolDay, clock: SimulatedClock, intake: Intake, now: int) -> None:
    """What is on says so; one of them is lost a moment later, as its will tells."""
    voice = Voice(day, clock, REPORT_MS, clock.start - HOUR_MS)
    on = [(pc, run) for pc in day.pcs.values() if (run := run_at(pc, clock.start - MINUTE_MS)) is not None]
    statuses = [voice.birth(pc, run, clock.start) for pc, run in on]
    statuses.append(voice.will(*on[-1], clock.start))
    intake.settle(
        [Received(build(SITE, status.agent, Channel.STATUS), encode(status), False, 1, 1) for status in statuses], now
    )
