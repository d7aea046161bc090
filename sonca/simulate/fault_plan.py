"""Which faults strike the simulated school when: drawn from the seed, or forced for a demo or a test."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.asset import AssetKind
from sonca.simulate.chance import Chance
from sonca.simulate.faults import Fault, FaultKind, span
from sonca.simulate.school_time import day_of, is_school_day, minutes

MOST_DAYS_REMEMBERED = 100


@dataclass(frozen=True)
class Places:
    """Ids of what a fault can strike. Only classrooms are drawn; an office can be named.

    `devices` are PCs; `watched` are the devices without an agent, by their kind.
    """

    rooms: Sequence[str]
    classrooms: Sequence[str]
    devices: Sequence[str]
    services: Sequence[str]
    watched: Mapping[AssetKind, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Habit:
    """How often a fault is drawn on a school day, between which minutes it starts, and how long it lasts."""

    share: float
    earliest: int
    latest: int
    shortest: int
    longest: int


_DRAWN_BY_DAY = {
    FaultKind.LINE_OUTAGE: _Habit(0.25, minutes("09:00"), minutes("10:40"), 12, 35),
    FaultKind.CAPTIVE_PORTAL: _Habit(0.08, minutes("07:30"), minutes("15:00"), 60, 60),
    FaultKind.SERVICE_DOWN: _Habit(0.3, minutes("08:00"), minutes("15:00"), 60, 60),
    FaultKind.SWITCH_UNPLUGGED: _Habit(0.2, minutes("08:20"), minutes("14:40"), 20, 70),
    FaultKind.PAPER_JAM: _Habit(0.3, minutes("08:00"), minutes("15:00"), 5, 45),
    FaultKind.ROGUE_DHCP: _Habit(0.08, minutes("08:00"), minutes("14:00"), 30, 70),
    FaultKind.FALSE_GATEWAY: _Habit(0.03, minutes("08:00"), minutes("15:00"), 10, 30),
}
_LASTING = {  # drawn from so many PCs on
    FaultKind.BAD_WIFI: 3,
    FaultKind.DYING_DISK: 4,
    FaultKind.WRONG_CLOCK: 5,
    FaultKind.WORN_LAMP: 6,
    FaultKind.CLOGGED_FILTER: 6,
    FaultKind.PROJECTOR_BROKEN: 6,
    FaultKind.BAD_CABLE: 6,
    FaultKind.WEAK_BATTERY: 6,
    FaultKind.UNKNOWN_DEVICES: 6,
}
_OF_WATCHED: Mapping[FaultKind, AssetKind] = {
    FaultKind.WORN_LAMP: "projector",
    FaultKind.CLOGGED_FILTER: "projector",
    FaultKind.PROJECTOR_BROKEN: "projector",
    FaultKind.PAPER_JAM: "printer",
    FaultKind.BAD_CABLE: "switch",
    FaultKind.WEAK_BATTERY: "ups",
}


class FaultPlan:
    """With `forced` nothing is drawn; an empty `forced` is a school without faults."""

    def __init__(self, chance: Chance, places: Places, forced: Sequence[Fault] | None = None) -> None:
        """Raises ValueError when a forced fault names a place that the school does not have."""
        self.chance = chance
        self._places = places
        self._draws = forced is None
        placed = self._drawn_lasting() if forced is None else [self._placed(fault) for fault in forced]
        self.lasting = tuple(fault for fault in placed if fault.minute is None)
        self._daily = tuple(fault for fault in placed if fault.minute is not None)
        self._always = {(fault.kind, fault.where): fault for fault in self.lasting}
        self._drawn: dict[int, tuple[Fault, ...]] = {}  # of a few days, to save time; it changes nothing

    def on(self, day: int) -> tuple[Fault, ...]:
        """The faults of one day that come and go."""
        if not self._draws or not is_school_day(day):
            return self._daily
        if day not in self._drawn:
            if len(self._drawn) >= MOST_DAYS_REMEMBERED:
                self._drawn.clear()
            self._drawn[day] = tuple(self._drawn_on(day))
        return self._drawn[day]

    def active(self, kind: FaultKind, where: str, at: int) -> Fault | None:
        """The fault of this kind that strikes `where` at a time."""
        always = self._always.get((kind, where))
        if always is not None:
            return always
        day = day_of(at)
        for fault in self.on(day):
            if fault.kind is kind and fault.where == where:
                since, until = span(fault, day)
                if since <= at < until:
                    return fault
        return None

    def struck_by(self, kind: FaultKind) -> set[str]:
        """The places that a lasting or forced fault of this kind strikes."""
        return {fault.where for fault in (*self.lasting, *self._daily) if fault.kind is kind}

    def edges(self, kind: FaultKind, where: str, day: int) -> list[int]:
        """The times of a day at which a fault of this kind begins or ends there."""
        return [
            edge for fault in self.on(day) if (fault.kind, fault.where) == (kind, where) for edge in span(fault, day)
        ]

    def _drawn_on(self, day: int) -> Iterator[Fault]:
        for kind, habit in _DRAWN_BY_DAY.items():
            draw = self.chance.named("day", kind)
            if draw.happens(habit.share, day):
                start = draw.named("start").whole(habit.earliest, habit.latest, day)
                lasts = draw.named("lasts").whole(habit.shortest, habit.longest, day)
                yield Fault(kind, self._drawn_place(kind, day), start, lasts)

    def _drawn_lasting(self) -> list[Fault]:
        enough = len(self._places.devices)
        return [Fault(kind, self._drawn_place(kind)) for kind, least in _LASTING.items() if enough >= least]

    def _choices(self, kind: FaultKind) -> Sequence[str]:
        if kind in (FaultKind.SWITCH_UNPLUGGED, FaultKind.BAD_WIFI):
            return self._places.rooms
        if kind in (FaultKind.DYING_DISK, FaultKind.WRONG_CLOCK):
            return self._places.devices
        if kind in _OF_WATCHED:
            return self._places.watched.get(_OF_WATCHED[kind], ())
        return self._places.services if kind is FaultKind.SERVICE_DOWN else ()

    def _drawn_place(self, kind: FaultKind, number: int = 0) -> str:
        choices = self._choices(kind)
        if choices is self._places.rooms:
            choices = self._places.classrooms
        return self.chance.named("place", kind).one_of(choices, number) if choices else ""

    def _placed(self, fault: Fault) -> Fault:
        choices = self._choices(fault.kind)
        if not fault.where:
            return Fault(fault.kind, self._drawn_place(fault.kind), fault.minute, fault.lasts)
        if fault.where not in choices:
            known = f"known are {', '.join(choices)}" if choices else "it always strikes the whole school"
            raise ValueError(f"{fault.kind} cannot strike {fault.where!r}; {known}")
        return fault
