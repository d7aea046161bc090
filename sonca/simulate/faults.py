"""What can go wrong in the simulated school, and how a person writes it down."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sonca.simulate.school_time import at_minute, minutes

MINUTES_A_DAY = 1440


class FaultKind(StrEnum):
    """The faults by the names that `--fault` takes."""

    LINE_OUTAGE = "line-outage"
    CAPTIVE_PORTAL = "captive-portal"
    SERVICE_DOWN = "service-down"
    SWITCH_UNPLUGGED = "switch-unplugged"
    BAD_WIFI = "bad-wifi"
    DYING_DISK = "dying-disk"
    WRONG_CLOCK = "wrong-clock"
    WORN_LAMP = "worn-lamp"
    CLOGGED_FILTER = "clogged-filter"
    PROJECTOR_BROKEN = "projector-broken"
    PAPER_JAM = "paper-jam"
    BAD_CABLE = "bad-cable"
    WEAK_BATTERY = "weak-battery"
    UNKNOWN_DEVICES = "unknown-devices"
    ROGUE_DHCP = "rogue-dhcp"
    FALSE_GATEWAY = "false-gateway"


@dataclass(frozen=True, slots=True)
class Fault:
    """Lasting when `minute` is None; else from `minute` of the day on for `lasts` minutes, the same day.

    `where` is a room, a device or a service, as its kind wants; empty where it strikes the whole school.
    """

    kind: FaultKind
    where: str = ""
    minute: int | None = None
    lasts: int = 0


_USUAL_TIMES = {
    FaultKind.LINE_OUTAGE: (minutes("10:00"), 20),
    FaultKind.CAPTIVE_PORTAL: (minutes("09:00"), 60),
    FaultKind.SERVICE_DOWN: (minutes("08:30"), 60),
    FaultKind.SWITCH_UNPLUGGED: (minutes("10:30"), 40),
    FaultKind.PAPER_JAM: (minutes("09:20"), 30),
    FaultKind.ROGUE_DHCP: (minutes("09:10"), 45),
    FaultKind.FALSE_GATEWAY: (minutes("13:30"), 15),
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


def span(fault: Fault, day: int) -> tuple[int, int]:
    """From when until when a fault that comes and goes strikes on a day."""
    start = fault.minute or 0
    return at_minute(day, start), at_minute(day, start + fault.lasts)
