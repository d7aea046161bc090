"""What goes wrong in the simulated school: drawn from the seed, or forced by name and time for a demo or a test."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sonca.simulate.chance import Chance
from sonca.simulate.school_time import at_minute, day_of, is_school_day, minutes

MINUTES_A_DAY = 1440
MOST_DAYS_REMEMBERED = 100


class FaultKind(StrEnum):
    """The faults by the names that `--fault` takes."""

    LINE_OUTAGE = "line-outage"
    CAPTIVE_PORTAL = "captive-portal"
    SERVICE_DOWN = "service-down"
    SWITCH_UNPLUGGED = "switch-unplugged"
    BAD_WIFI = "bad-wifi"
    DYING_DISK = "dying-disk"
    WRONG_CLOCK = "wrong-clock"


@dataclass(frozen=True, slots=True)
class Fault:
    """Lasting when `minute` is None; else from `minute` of the day on for `lasts` minutes, the same day.

    `where` is a room, a device or a service, as its kind wants; empty where it strikes the whole school.
    """

    kind: FaultKind
    where: str = ""
    minute: int | None = None
    lasts: int = 0


@dataclass(frozen=True)
class Places:
    """Ids of what a fault can strike. Only classrooms are drawn; an office can be named."""

    rooms: Sequence[str]
    classrooms: Sequence[str]
    devices: Sequence[str]
    services: Sequence[str]


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
}
_LASTING = {FaultKind.BAD_WIFI: 3, FaultKind.DYING_DISK: 4, FaultKind.WRONG_CLOCK: 5}  # drawn from so many devices on
_USUAL_TIMES = {
    FaultKind.LINE_OUTAGE: (minutes("10:00"), 20),
    FaultKind.CAPTIVE_PORTAL: (minutes("09:00"), 60),
    FaultKind.SERVICE_DOWN: (minutes("08:30"), 60),
    FaultKind.SWITCH_UNPLUGGED: (minutes("10:30"), 40),
}
_FORM = re.compile(r"(?P<kind>[a-z-]+)(:(?P<where>[a-z0-9-]+))?(@(?P<start>\d\d:\d\d)\+(?P<lasts>[0-9hm]+))?", re.ASCII)
_DURATION = re.compile(r"(?=\d)(?:(\d{1,2})h)?(?:(\d{1,3})m)?", re.ASCII)


def read_fault(text: str) -> Fault:
    """`KIND[:WHERE][@HH:MM+DURATION]` as a Fault, for example `service-down:kho-hoc-lieu@09:00+1h30m`.

    Without a time it has the usual one of its kind, or lasts. Raises ValueError with a sentence.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a fault; write it like line-outage@10:00+20m or bad-wifi:mam-1")
    if match["kind"] not in list(FaultKind):
        raise ValueError(f"{match['kind']!r} is not a known fault; known are {', '.join(FaultKind)}")
    kind, where = FaultKind(match["kind"]), match["where"] or ""
    if match["start"] is None:
        minute, lasts = _USUAL_TIMES.get(kind, (None, 0))
        return Fault(kind, where, minute, lasts)
    minute, lasts = minutes(match["start"]), _duration(match["lasts"])
    if minute + lasts > MINUTES_A_DAY:
        raise ValueError(f"{text!r} would last past midnight; let it end the same day")
    return Fault(kind, where, minute, lasts)


def _duration(text: str) -> int:
    match = _DURATION.fullmatch(text)
    lasts = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
    if lasts == 0:
        raise ValueError(f"{text!r} is not a duration like 20m, 1h or 1h30m")
    return lasts


@dataclass(frozen=True)
class FaultPlan:
    """Which faults strike when. With `forced` nothing is drawn; an empty `forced` is a school without faults."""

    chance: Chance
    places: Places
    forced: tuple[Fault, ...] | None = None
    lasting: tuple[Fault, ...] = field(init=False)
    _daily: tuple[Fault, ...] = field(init=False)
    _drawn: dict[int, tuple[Fault, ...]] = field(init=False, default_factory=dict)  # saves time, changes nothing

    def __post_init__(self) -> None:
        """Raises ValueError when a forced fault names a place that the school does not have."""
        placed = self._drawn_lasting() if self.forced is None else [self._placed(fault) for fault in self.forced]
        object.__setattr__(self, "lasting", tuple(fault for fault in placed if fault.minute is None))
        object.__setattr__(self, "_daily", tuple(fault for fault in placed if fault.minute is not None))

    def on(self, day: int) -> tuple[Fault, ...]:
        """The faults of one day that come and go."""
        if self.forced is not None or not is_school_day(day):
            return self._daily
        if day not in self._drawn:
            if len(self._drawn) >= MOST_DAYS_REMEMBERED:
                self._drawn.clear()
            self._drawn[day] = tuple(self._drawn_on(day))
        return self._drawn[day]

    def active(self, kind: FaultKind, where: str, at: int) -> Fault | None:
        """The fault of this kind that strikes `where` at a time."""
        for fault in self.lasting:
            if fault.kind is kind and fault.where == where:
                return fault
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
        enough = len(self.places.devices)
        return [Fault(kind, self._drawn_place(kind)) for kind, least in _LASTING.items() if enough >= least]

    def _choices(self, kind: FaultKind) -> Sequence[str]:
        if kind in (FaultKind.SWITCH_UNPLUGGED, FaultKind.BAD_WIFI):
            return self.places.rooms
        if kind in (FaultKind.DYING_DISK, FaultKind.WRONG_CLOCK):
            return self.places.devices
        return self.places.services if kind is FaultKind.SERVICE_DOWN else ()

    def _drawn_place(self, kind: FaultKind, number: int = 0) -> str:
        choices = self._choices(kind)
        if choices is self.places.rooms:
            choices = self.places.classrooms
        return self.chance.named("place", kind).one_of(choices, number) if choices else ""

    def _placed(self, fault: Fault) -> Fault:
        choices = self._choices(fault.kind)
        if not fault.where:
            return Fault(fault.kind, self._drawn_place(fault.kind), fault.minute, fault.lasts)
        if fault.where not in choices:
            known = f"known are {', '.join(choices)}" if choices else "it always strikes the whole school"
            raise ValueError(f"{fault.kind} cannot strike {fault.where!r}; {known}")
        return fault


def span(fault: Fault, day: int) -> tuple[int, int]:
    """From when until when a fault that comes and goes strikes on a day."""
    start = fault.minute or 0
    return at_minute(day, start), at_minute(day, start + fault.lasts)
