"""What the sentinels of a simulated school find out about the devices that they watch."""

import dataclasses
from collections.abc import Iterator, Sequence

from contract import defaults
from contract.messages import EquipmentReport, Measurement, Outcome
from inventory.school import Room
from sonca.simulate.day import Run
from sonca.simulate.fault_plan import FaultPlan
from sonca.simulate.faults import FaultKind
from sonca.simulate.rhythm import FIRST_SPREAD_MS, times
from sonca.simulate.school import Pc, Role
from sonca.simulate.school_time import SECOND_MS
from sonca.simulate.watched import Look, Watched
from sonca.simulate.watched_kinds import KINDS

MOST_WATCHED = 100  # by one sentinel; a large school has several


def appointed(pcs: Sequence[Pc], rooms: Sequence[Room], watched: Sequence[Watched]) -> list[Pc]:
    """The same PCs, some of them sentinels: those of offices first, laptops last."""
    classrooms = {room.id for room in rooms if room.classroom}
    fit = sorted(pcs, key=lambda pc: (pc.room in classrooms, pc.role is Role.LAPTOP))
    parts = [tuple(watched[start : start + MOST_WATCHED]) for start in range(0, len(watched), MOST_WATCHED)]
    watches = {pc.id: part for pc, part in zip(fit, parts, strict=False)}
    return [dataclasses.replace(pc, watches=watches.get(pc.id, ())) for pc in pcs]


def asked(pc: Pc, run: Run, since: int, until: int, faults: FaultPlan) -> Iterator[Measurement]:
    """What a sentinel measures of others in `since <= taken_at < until` of its run, device by device."""
    for device in pc.watches:
        for probe, ask in KINDS[device.kind].probes.items():
            first = run.start + device.chance.named("phase", probe).whole(0, FIRST_SPREAD_MS, run.start)
            for at in times(first, int(defaults.INTERVAL_SECONDS[probe] * SECOND_MS), since, until):
                if _cut_off(pc, device, at, faults):
                    yield _no_answer(device, probe, at)
                else:
                    yield from ask(Look(device, at, faults))


def reports_of(pc: Pc, taken_at: int) -> Iterator[EquipmentReport]:
    """What the devices are made of that a sentinel watches, as it tells."""
    for device in pc.watches:
        content = {"simulated": True, **KINDS[device.kind].content(device)}
        yield EquipmentReport(pc.id, device.id, taken_at, device.kind, content)


def _cut_off(pc: Pc, device: Watched, at: int, faults: FaultPlan) -> bool:
    return any(faults.active(FaultKind.SWITCH_UNPLUGGED, room, at) is not None for room in {pc.room, device.room})


def _no_answer(device: Watched, probe: str, at: int) -> Measurement:
    deadline = defaults.DEADLINE_SECONDS[probe] * 1000
    return Measurement(probe, at, Outcome.TIMEOUT, duration_ms=deadline, device=device.id)
