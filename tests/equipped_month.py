"""A month of the example school, measured every five minutes and taken by the real collector; only a broker is missing.

Few of its PCs are switched on, so that it takes seconds. Encoded batches and equipment reports go through intake,
rollups and judgement, each at its own time, into a SQLite store beside a state of its own.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from collector.intake import Intake
from collector.linking import Linking
from collector.present import Present
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.subscribe import Received
from collector.watch import Watch
from contract import defaults
from contract.messages import encode
from contract.targets import TargetEntry
from contract.topics import Channel, build
from inventory.register import Register
from inventory.schools import Schools
from sonca.simulate.clock import SimulatedClock
from sonca.simulate.equipment import equipment_of
from sonca.simulate.faults import read_fault
from sonca.simulate.history import REPORT_MS, parcels_of
from sonca.simulate.school import school_text
from sonca.simulate.school_day import DEFAULT_SITE, SchoolDay, school_day
from sonca.simulate.school_time import HOUR_MS, minute_of, read_time
from sonca.simulate.sentinel import reports_of
from sonca.simulate.voice import Voice
from tests.example_workbook import ROOMS
from tests.replayed_day import SilentLine

FIRST, FOLLOWING = "2026-11-01 00:00", "2026-12-01 00:00"
MORNING, EVENING = 7 * 60, 17 * 60  # minutes: at night the sentinel would only say that all is off
AT_ONCE = 200  # batches


def example_month(*faults: str, pcs: Sequence[str], watches: Sequence[str] = ()) -> SchoolDay:
    """The school of examples/assets.xlsx with these faults, of which only these PCs are on, and these are watched.

    It tries one target of each kind, which tells as much as ten do.
    """
    day = school_day(DEFAULT_SITE, 1, ROOMS, 2 * ROOMS, [read_fault(fault) for fault in faults])
    on = [
        dataclasses.replace(pc, watches=tuple(entry for entry in pc.watches if entry.id in watches))
        for name, pc in day.pcs.items()
        if name in pcs
    ]
    tried = (TargetEntry("one", ping="1.1.1.1"),)
    names = (TargetEntry("one", dns="school.example"),)
    return SchoolDay(dataclasses.replace(day.school, internet=tried, dns=names, services=()), on, day.faults)


def live_through(day: SchoolDay, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fills `folder` as the collector of that school would have: sonca.yaml, school.yaml, series.db, state.db."""
    slower = {name: max(REPORT_MS / 1000, seconds) for name, seconds in defaults.INTERVAL_SECONDS.items()}
    monkeypatch.setattr(defaults, "INTERVAL_SECONDS", slower)
    (folder / "school.yaml").write_text(school_text(day.school), encoding="utf-8")
    broker = {"host": "127.0.0.1", "username": "collector", "password_file": "x"}
    (folder / "sonca.yaml").write_text(yaml.safe_dump({"broker": broker}))
    schools = Schools([folder / "school.yaml"])
    schools.load()
    store, state = SqliteStore(folder / "series.db").open(), State(f"sqlite:///{folder}/state.db").open()
    register = Register(f"sqlite:///{folder}/state.db").open()
    present = Present(state, 0)
    linking = Linking(state, register, schools, present)
    intake = Intake(store, state, SilentLine(), schools, present, linking.note)
    watch = Watch(store, state, schools, present)
    until = read_time(FOLLOWING)
    intake.settle(list(_equipment(day)), read_time(FIRST))
    for messages, at in _rounds(day):
        intake.settle(messages, at)
        while changed := store.roll_up(at):
            watch.mark(changed)
    while changed := store.roll_up(until + HOUR_MS):
        watch.mark(changed)
    while watch.judge_slices(until + HOUR_MS):
        pass
    linking.look(until)
    present.save()
    for opened in (store, state, register):
        opened.close()


def _rounds(day: SchoolDay) -> Iterator[tuple[list[Received], int]]:
    """Batches in order, some at a time, and when the last of them comes."""
    since = read_time(FIRST)
    voice = Voice(day, SimulatedClock(since, since), REPORT_MS, since, read_time(FOLLOWING), history=True)
    waiting: list[Received] = []
    at = since
    for parcel in parcels_of(voice):
        at = voice.span(parcel.run, parcel.sequence)[1]
        if MORNING <= minute_of(at) < EVENING:
            batch = voice.batch(parcel.pc, parcel.run, parcel.sequence)
            topic = build(DEFAULT_SITE, parcel.pc.id, Channel.MEASUREMENTS)
            waiting.append(Received(topic, encode(batch), False, 1, 1))
        if len(waiting) == AT_ONCE:
            yield waiting, at
            waiting = []
    yield waiting, at


def _equipment(day: SchoolDay) -> Iterator[Received]:
    for pc in day.pcs.values():
        for report in (equipment_of(pc, read_time(FIRST)), *reports_of(pc, read_time(FIRST))):
            topic = build(DEFAULT_SITE, pc.id, Channel.EQUIPMENT, report.device)
            yield Received(topic, encode(report), True, 1, 1)
