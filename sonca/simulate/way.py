"""How far a PC gets at a moment, and how well: what the faults and the hour leave of its way to the internet."""

from dataclasses import dataclass
from enum import IntEnum

from contract import defaults
from contract.messages import Measurement, Outcome, Target
from contract.targets import GATEWAY
from sonca.simulate.chance import Chance
from sonca.simulate.day import Run, use_of
from sonca.simulate.fault_plan import FaultPlan
from sonca.simulate.faults import FaultKind
from sonca.simulate.school import Pc
from sonca.simulate.school_time import MINUTE_MS

LONGEST_TAIL_MS = 1_500.0


class Reach(IntEnum):
    """Each step includes those before it."""

    NOTHING = 0  # no link: the switch of the room is off
    GATEWAY = 1
    LOGIN_PAGE = 2  # every web request is answered by a captive portal
    INTERNET = 3


@dataclass(frozen=True, slots=True)
class Way:
    """`loss` is the share of packets lost; `delay_ms` the round trip to the gateway, `jitter_ms` its mean excess."""

    reach: Reach
    loss: float
    delay_ms: float
    jitter_ms: float

    @property
    def gives_up(self) -> float:
        """The share of questions without an answer, by protocols that ask again when a packet is lost."""
        return self.loss**2

    @property
    def blind(self) -> bool:
        """Whether what this PC finds out about a service tells nothing about the service."""
        return self.reach is not Reach.INTERNET


@dataclass(frozen=True, slots=True)
class Moment:
    """A running PC at a time; what a probe measures is a pure function of it."""

    pc: Pc
    run: Run
    at: int
    faults: FaultPlan

    def chance(self, *names: str) -> Chance:
        return self.pc.chance.named(*names)

    def suffers(self, kind: FaultKind) -> bool:
        """Whether a fault of a room, or of this one PC, strikes it now."""
        where = self.pc.id if kind in (FaultKind.DYING_DISK, FaultKind.WRONG_CLOCK) else self.pc.room
        return self.faults.active(kind, where, self.at) is not None

    def way(self) -> Way:
        reach = self._reach()
        crowd = use_of(self.pc, self.at)
        wave = self.chance("air").wave(self.at, 3 * MINUTE_MS)
        if self.suffers(FaultKind.BAD_WIFI):
            return Way(reach, 0.12 + 0.14 * wave, 120 + 160 * wave, 90.0)
        if self.pc.wifi:
            return Way(reach, 0.001 + 0.008 * wave * crowd, 2.5 + 6 * wave * crowd, 1.5 + 4 * crowd)
        return Way(reach, 0.0003, 0.4 + 0.5 * crowd, 0.15 + 0.5 * crowd)

    def _reach(self) -> Reach:
        if self.suffers(FaultKind.SWITCH_UNPLUGGED):
            return Reach.NOTHING
        if self.faults.active(FaultKind.LINE_OUTAGE, "", self.at):
            return Reach.GATEWAY
        if self.faults.active(FaultKind.CAPTIVE_PORTAL, "", self.at):
            return Reach.LOGIN_PAGE
        return Reach.INTERNET

    def timeout(self, probe: str, target: Target) -> Measurement:
        """What the runner makes of a probe whose deadline passed."""
        return Measurement(probe, self.at, Outcome.TIMEOUT, target.id, defaults.DEADLINE_SECONDS[probe] * 1000)

    def is_down(self, target: Target) -> bool:
        return self.faults.active(FaultKind.SERVICE_DOWN, target.name, self.at) is not None


def trip(way: Way, chance: Chance, number: int) -> float:
    """One round trip to the gateway, in milliseconds."""
    return way.delay_ms + min(chance.tail(way.jitter_ms, number), LONGEST_TAIL_MS)


def distance(target: Target) -> float:
    """Milliseconds from the school's router to a target and back; the same for everybody."""
    return 0.0 if target.group == GATEWAY else Chance("distance", target.name).between(18, 58)
