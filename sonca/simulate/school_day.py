"""The model: what every simulated PC does and measures at any moment, as pure functions of seed, device and time.

Nothing is replayed: any moment can be asked for, in any order, and two runs with the same arguments agree to the byte.
All times here are the simulated school's own, in UTC milliseconds.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.jobs import MACHINE_PROBES
from collector.settings_publisher import probe_settings
from contract.messages import Measurement, Outcome, Target
from contract.targets import GATEWAY, INTERNET
from contract.topics import SIMULATED_PREFIX
from inventory.asset import AssetKind
from inventory.school import School
from sonca.simulate.addresses import leased
from sonca.simulate.chance import Chance
from sonca.simulate.day import Run, run_at, runs_between
from sonca.simulate.fault_plan import FaultPlan, Places
from sonca.simulate.faults import Fault, FaultKind
from sonca.simulate.pc_probes import agent, disk, host, network_card, restarts, temperature
from sonca.simulate.reach_probes import dns, ping, tcp
from sonca.simulate.rhythm import due
from sonca.simulate.school import SERVICES, Pc, pcs_of, rooms_of, school_of
from sonca.simulate.school_time import DAY_MS, at_minute, day_of
from sonca.simulate.segment import scanned
from sonca.simulate.sentinel import appointed, asked
from sonca.simulate.smart_probe import smart
from sonca.simulate.throughput import tested
from sonca.simulate.watched import Watched
from sonca.simulate.watched_kinds import KINDS, watched_of
from sonca.simulate.way import Moment
from sonca.simulate.web_probe import web
from sonca.simulate.wifi_probe import wifi

PROBES: Mapping[str, Callable[[Moment, Target], list[Measurement]]] = {
    "host": host,
    "disk": disk,
    "network_card": network_card,
    "temperature": temperature,
    "smart": smart,
    "ping": ping,
    "dns": dns,
    "web": web,
    "tcp": tcp,
    "wifi": wifi,
    "restarts": restarts,
    "agent": agent,
}
DEFAULT_SITE = f"{SIMULATED_PREFIX}hoa-mai"
PCS_A_ROOM = 2


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device at a moment: its run, None when it is off; whether the broker is out of its reach; its clock's error."""

    run: Run | None
    cut_off: bool
    clock_error_ms: int


class SchoolDay:
    """One simulated school. Made by `school_day`; holds no state beside its description."""

    def __init__(self, school: School, pcs: Sequence[Pc], faults: FaultPlan) -> None:
        self.school = school
        self.pcs = {pc.id: pc for pc in pcs}
        self.faults = faults
        self._targets = [
            *(Target("", "", probe) for probe in (*MACHINE_PROBES, "agent")),
            *(probe_settings(school, 0).targets or ()),
        ]

    def state(self, device: str, at: int) -> DeviceState:
        pc = self.pcs[device]
        run = run_at(pc, at)
        return DeviceState(run, self.is_cut_off(pc, at), clock_error_ms(pc, run.start if run else at, self.faults))

    def measurements(self, device: str, since: int, until: int) -> list[Measurement]:
        """What a device measures in `since <= taken_at < until`, in order; nothing while it is off."""
        pc = self.pcs[device]
        found: list[Measurement] = []
        for run in runs_between(pc, since, until):
            found += self.measured(pc, run, since, until)
        return found

    def measured(self, pc: Pc, run: Run, since: int, until: int) -> list[Measurement]:
        """The same within one run."""
        since, until = max(since, run.start), min(until, run.end)
        found: list[Measurement] = []
        for at, target in due(pc, run, self._targets, since, until):
            moment = Moment(pc, run, at, self.faults)
            found += _marked(PROBES[target.probe](moment, target), moment, target)
        found += tested(pc, run, since, until, self.faults)
        if pc.watches:
            found += asked(pc, run, since, until, self.faults)
            found += scanned(pc, run, list(self.pcs.values()), since, until, self.faults)
        found.sort(key=lambda entry: entry.taken_at)
        return found

    def is_cut_off(self, pc: Pc, at: int) -> bool:
        """Whether the switch of its room is unplugged: the broker stands behind it too."""
        return self.faults.active(FaultKind.SWITCH_UNPLUGGED, pc.room, at) is not None

    def next_edge(self, pc: Pc, after: int) -> int:
        """When `is_cut_off` may change next, later than `after`; at the latest at the end of the day."""
        day = day_of(after)
        edges = self.faults.edges(FaultKind.SWITCH_UNPLUGGED, pc.room, day)
        return min((edge for edge in edges if edge > after), default=at_minute(day + 1, 0))


def school_day(site: str, seed: int, rooms: int, devices: int, faults: Iterable[Fault] | None = None) -> SchoolDay:
    """A school of `rooms` rooms and `devices` PCs in all, with what else stands in them. `faults` None: of the seed.

    Raises ValueError for a fault at a place that this school does not have.
    """
    chance = Chance(site, str(seed))
    forced = None if faults is None else tuple(faults)
    empty = rooms_of(rooms)
    ids = [pc.id for pc in pcs_of(empty, devices, chance)]
    watched = watched_of(empty, chance)
    places = Places(
        [room.id for room in empty],
        [room.id for room in empty if room.classroom],
        ids,
        [service.name for service in SERVICES],
        _by_kind(watched),
    )
    plan = FaultPlan(chance.named("faults"), places, forced)
    pcs, watched = _addressed(pcs_of(empty, devices, chance, plan.struck_by(FaultKind.BAD_WIFI)), watched)
    pcs = appointed(pcs, empty, watched)
    return SchoolDay(school_of(site, empty, pcs), pcs, plan)


def _addressed(pcs: Sequence[Pc], watched: Sequence[Watched]) -> tuple[list[Pc], list[Watched]]:
    """The same, each with an IP address of its own."""
    addresses = iter(leased([*(pc.chance for pc in pcs), *(device.chance for device in watched)]))
    return (
        [dataclasses.replace(pc, address=next(addresses)) for pc in pcs],
        [dataclasses.replace(device, address=next(addresses)) for device in watched],
    )


def _by_kind(watched: Sequence[Watched]) -> Mapping[AssetKind, Sequence[str]]:
    return {kind: [device.id for device in watched if device.kind == kind] for kind in KINDS}


def simulated_day(rooms: int, seed: int = 1, devices: int = 0, site: str = DEFAULT_SITE) -> SchoolDay:
    """What `sonca simulate` plays with these options; no `devices` are two PCs for each room."""
    return school_day(site, seed, rooms, devices or PCS_A_ROOM * rooms)


def school_file(rooms: int, seed: int = 1, devices: int = 0, site: str = DEFAULT_SITE) -> School:
    """The simulated school as its school file describes it; `school.school_text` writes it as YAML."""
    return simulated_day(rooms, seed, devices, site).school


def clock_error_ms(pc: Pc, started_at: int, faults: FaultPlan) -> int:
    """How far a PC's clock is from the truth in the run that began at `started_at`.

    A dead battery sets it back by years with every start; others are kept right by NTP, to a few hundred ms.
    """
    chance = pc.chance.named("clock")
    if faults.active(FaultKind.WRONG_CLOCK, pc.id, started_at):
        return -chance.whole(6 * 365, 20 * 365) * DAY_MS - chance.named("today").whole(0, DAY_MS, started_at)
    return chance.named("today").whole(-400, 400, started_at)


def _marked(measurements: list[Measurement], moment: Moment, target: Target) -> list[Measurement]:
    """Failures that only tell that the PC's own way out is gone are blind, as the agent marks them."""
    failed = any(entry.outcome is not Outcome.OK for entry in measurements)
    if failed and target.group not in ("", GATEWAY, INTERNET) and moment.way().blind:
        return [dataclasses.replace(entry, blind=True) for entry in measurements]
    return measurements
