"""A simulated school of any size in real stores, in the middle of a lesson, for the pages to read.

What its devices measured in the last five minutes went through the collector's own code; the judgements of the day
before that are drawn.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from api.settings import ApiSettings
from collector.accept import accept_batch
from collector.measure_itself import Counters
from collector.present import Present
from collector.store.protocol import DAY_MS, SLICE_MS, RoomReason, RoomSlice, RoomState, StoredMeasurement
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from collector.watch import Watch
from contract.messages import Batch, encode
from contract.topics import Channel, Topic
from inventory.school import School
from inventory.schools import Schools
from scripts.benchmarks.measured import Tell
from sonca.simulate.clock import LESSONS, SimulatedClock, start_of
from sonca.simulate.day import run_at
from sonca.simulate.school import Pc, school_text
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.voice import Voice

SITE = "sim-benchmark"
DEVICES_A_STEP = 100


@dataclass(frozen=True)
class BigSchool:
    """A folder with school.yaml, series.db and state.db as they were at `now`."""

    folder: Path
    school: School
    now: int

    def api_settings(self) -> ApiSettings:
        state_url = f"sqlite:///{self.folder}/state.db"
        return ApiSettings(self.folder, (self.folder / "school.yaml",), StoreSettings(), state_url)


def make_big_school(folder: Path, rooms: int, devices: int, tell: Tell) -> BigSchool:
    """Writes everything; a thousand devices take about a quarter of a minute."""
    day = school_day(SITE, 1, rooms, devices)
    (folder / "school.yaml").write_text(school_text(day.school), encoding="utf-8")
    schools = Schools([folder / "school.yaml"])
    schools.load()
    now = time.time_ns() // 1_000_000
    store, state = SqliteStore(folder / "series.db").open(), State(f"sqlite:///{folder}/state.db").open()
    try:
        present = Present(state, listening_since=now)
        _measure(day, store, present, now, tell)
        present.save()
        store.write_rooms(list(_judgements(day.school, now)))
        store.write([Counters().measurement("collector", None, now)])
        Watch(store, state, schools, present).look(now)
    finally:
        store.close()
        state.close()
    return BigSchool(folder, day.school, now)


def _measure(day: SchoolDay, store: SqliteStore, present: Present, now: int, tell: Tell) -> None:
    """What every device said in the last five minutes, and whether it is there."""
    start = start_of(LESSONS, now)
    voice = Voice(day, SimulatedClock(start, now - SLICE_MS), SLICE_MS, start, start + SLICE_MS)
    pcs = list(day.pcs.values())
    for first in range(0, len(pcs), DEVICES_A_STEP):
        tell(f"page: {first} of {len(pcs)} devices are there")
        for pc in pcs[first : first + DEVICES_A_STEP]:
            store.write(_said_by(pc, voice, present, now))
    store.roll_up(now)


def _said_by(pc: Pc, voice: Voice, present: Present, now: int) -> list[StoredMeasurement]:
    start, site = voice.since, voice.day.school.site
    run = run_at(pc, start)
    if run is None:
        present.put(AgentNow(site, pc.id, Presence.OFFLINE, now - DAY_MS // 2, now - DAY_MS // 2, "", "shutdown"))
        return []
    present.put(AgentNow(site, pc.id, Presence.ONLINE, now - (start - run.start), now, "boot", "", "simulated"))
    topic = Topic(site, pc.id, Channel.MEASUREMENTS)
    said: list[StoredMeasurement] = []

    def allowed(speaker: Topic, device: str) -> bool:
        return voice.day.school.may_speak_for(speaker.agent, device)

    for batch in batches_of(pc, voice):
        said += accept_batch(topic, encode(batch), now, allowed).measurements
    return said


def batches_of(pc: Pc, voice: Voice) -> Iterator[Batch]:
    """All that a device says in the stretch of the voice, if it is on when that begins."""
    run = run_at(pc, voice.since)
    if run is not None:
        for sequence in range(voice.sequence_at(run, voice.since), voice.sequence_at(run, voice.until) + 1):
            yield voice.batch(pc, run, sequence)


def _judgements(school: School, now: int) -> Iterator[RoomSlice]:
    """A day of slices of every room, mostly good, with stretches of trouble."""
    kinds = (
        (RoomState.CONNECTED, RoomReason.REACHED),
        (RoomState.DEGRADED, RoomReason.SLOW),
        (RoomState.DISCONNECTED, RoomReason.INTERNET_UNREACHABLE),
        (RoomState.DARK, RoomReason.ALL_OFF),
    )
    for room in school.rooms:
        dice = Random(room.id)  # noqa: S311 - a picture of a day, not a secret
        kind = kinds[0]
        for start in range(now - DAY_MS - now % SLICE_MS, now - SLICE_MS, SLICE_MS):
            if dice.random() < 0.1:
                kind = dice.choices(kinds, (80, 8, 6, 6))[0]
            yield RoomSlice(school.site, room.id, start, *kind, school.in_lesson(start), len(room.devices), 1)
