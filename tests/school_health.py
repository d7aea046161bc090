"""A simulated school with its projectors, printers and network gear in real stores, for tests of the pages.

It is ten in the morning there: the line is out, so the UPS runs on its battery; a lamp is near its end, a projector has
failed, a printer is jammed, a disk is dying. What is told went through the collector's own checks.
"""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from collector.accept import accept_batch
from collector.neighbours import apart
from collector.present import Present
from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from collector.watch import Watch
from contract.messages import Batch, Measurement, encode
from contract.topics import Channel, Topic
from inventory.schools import Schools
from sonca.simulate.day import run_at
from sonca.simulate.equipment import equipment_of
from sonca.simulate.school import Pc, school_text
from sonca.simulate.school_day import SchoolDay
from sonca.simulate.segment import scanned
from sonca.simulate.sentinel import asked, reports_of
from sonca.simulate.watched import Look
from sonca.simulate.watched_projector import projector
from tests.simulated import SITE, monday, school, speaks_for
from tests.waiting import now_ms

FAULTS = (
    "line-outage@09:55+20m",
    "worn-lamp:mam-1-projector",
    "clogged-filter:choi-1-projector",
    "projector-broken:la-1-projector",
    "paper-jam:van-phong-may-in@09:50+1h",
    "bad-cable",
    "dying-disk:mam-1-giao-vien",
    "unknown-devices",
    "rogue-dhcp@09:40+1h",
)
LAMP_DAYS = 21
AT = monday("10:02")
SENTINEL = "van-phong-may-tinh-1"


@dataclass
class HealthyDay:
    """The folder holds `<site>.yaml`, series.db and state.db; the stores are open for writing."""

    day: SchoolDay
    store: SqliteStore
    state: State
    now: int

    def close(self) -> None:
        self.store.close()
        self.state.close()


def make_school_health(folder: Path, *, rooms: int = 4, pcs: int = 9) -> HealthyDay:
    folder.mkdir(parents=True, exist_ok=True)
    day, now = school(*FAULTS, rooms=rooms, devices=pcs), now_ms()
    path = folder / f"{SITE}.yaml"
    path.write_text(school_text(day.school), encoding="utf-8")
    store, state = SqliteStore(folder / "series.db").open(), State(f"sqlite:///{folder}/state.db").open()
    made = HealthyDay(day, store, state, now)
    for pc in day.pcs.values():
        _speak(made, pc)
    store.write(_lamps_before(made))
    store.roll_up(now)
    schools = Schools([path])
    schools.load()
    present = Present(state, now)
    present.load()
    Watch(store, state, schools, present).look(now)
    return made


def _speak(made: HealthyDay, pc: Pc) -> None:
    """What a PC measures within its first seconds, and a sentinel of others, as of now."""
    run = run_at(pc, AT)
    if run is None:
        made.state.put_agents([AgentNow(SITE, pc.id, Presence.OFFLINE, made.now, made.now, "b", "shutdown")])
        return
    own = made.day.measured(dataclasses.replace(pc, watches=()), run, run.start, run.start + 15_000)
    measured = [
        *_at(own, made.now - run.start - 15_000),
        *_at(asked(pc, run, AT - 400_000, AT, made.day.faults), made.now - AT),
        *_at(scanned(pc, run, list(made.day.pcs.values()), AT - 900_000, AT, made.day.faults), made.now - AT),
    ]
    batch = Batch(pc.id, run.boot, 0, tuple(measured), clock_offset_ms=0)
    accepted = accept_batch(
        Topic(SITE, pc.id, Channel.MEASUREMENTS), encode(batch), made.now, speaks_for(made.day.school)
    )
    assert accepted.refused == []
    series, neighbours = apart(accepted.measurements)
    made.store.write(series)
    made.state.put_neighbours(neighbours)
    made.state.put_agents([AgentNow(SITE, pc.id, Presence.ONLINE, made.now - AT + run.start, made.now, run.boot)])
    for report in (equipment_of(pc, made.now), *reports_of(pc, made.now)):
        made.state.put_equipment(SITE, report)


def _at(measured: Iterable[Measurement], shift: int) -> list[Measurement]:
    return [dataclasses.replace(entry, taken_at=entry.taken_at + shift) for entry in measured]


def _lamps_before(made: HealthyDay) -> list[StoredMeasurement]:
    """What the lamps told on the days before."""
    return [
        StoredMeasurement(
            SITE, device.id, "lamp", entry.target, made.now - ago * DAY_MS, entry.outcome, 1.0, entry.fields
        )
        for pc in made.day.pcs.values()
        for device in pc.watches
        if device.kind == "projector"
        for ago in range(1, LAMP_DAYS)
        for entry in projector(Look(device, AT - ago * DAY_MS, made.day.faults))
        if entry.probe == "lamp"
    ]
