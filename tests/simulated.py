"""A small simulated school for tests, and its times by the clock on its wall."""

from collections.abc import Mapping
from pathlib import Path

from collector.accept import MaySpeakFor, accept_batch
from collector.judge import Judgement, judge
from collector.store.protocol import SLICE_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from contract.messages import encode
from contract.topics import Channel, Topic
from inventory.school import School
from sonca.simulate.clock import SimulatedClock
from sonca.simulate.day import runs_between
from sonca.simulate.faults import read_fault
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.school_time import read_time
from sonca.simulate.voice import Voice

SITE = "sim-hoa-mai"
MONDAY = "2026-11-23"


def school(*faults: str, seed: int = 1, rooms: int = 8, devices: int = 20) -> SchoolDay:
    """A school with exactly these faults."""
    return school_day(SITE, seed, rooms, devices, [read_fault(fault) for fault in faults])


def monday(clock: str) -> int:
    return read_time(f"{MONDAY} {clock}")


def voice_of(day: SchoolDay, since: int, report_seconds: int = 30, speed: float = 1.0) -> Voice:
    """Speaks from `since` on, as if that were the real time."""
    return Voice(day, SimulatedClock(since, since, speed), report_seconds * 1000, since)


def stored_of(day: SchoolDay, since: int, until: int) -> list[StoredMeasurement]:
    """What the collector makes of everything measured in the range, sent as batches; nothing may be refused."""
    stored: list[StoredMeasurement] = []
    voice = Voice(day, SimulatedClock(since, since), 30_000, since, until)
    for pc in day.pcs.values():
        topic = Topic(SITE, pc.id, Channel.MEASUREMENTS)
        for run in runs_between(pc, since, until):
            for sequence in range(voice.sequence_at(run, max(since, run.start)), voice.sequence_at(run, until) + 1):
                payload = encode(voice.batch(pc, run, sequence))
                accepted = accept_batch(topic, payload, until, speaks_for(day.school))
                assert accepted.refused == []
                assert accepted.unknown_fields == 0
                stored += accepted.measurements
    return stored


def judged(day: SchoolDay, since: int, folder: Path) -> Mapping[str, Judgement]:
    """Each room as the collector judges it by the five minutes from `since` on."""
    store = SqliteStore(folder / f"series-{since}.db").open()
    try:
        store.write(stored_of(day, since, since + SLICE_MS))
        reaches = {reach.device: reach for reach in store.reach(SITE, since, since + SLICE_MS)}
    finally:
        store.close()
    return {room.id: judge(room.devices, reaches, {}, day.school.limits) for room in day.school.rooms}


def speaks_for(school: School) -> MaySpeakFor:
    """What the collector asks the register."""
    return lambda topic, device: school.may_speak_for(topic.agent, device)
