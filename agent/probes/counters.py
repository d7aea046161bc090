"""Rates from counters that only grow, wrap around at their end, and begin anew when a device restarts. All pure."""

from dataclasses import dataclass, field

SLACK_SECONDS, SLACK = 5.0, 0.1  # clocks of devices are not ours
FASTEST_BITS_PER_SECOND = 4e11
OVER_SPEED = 1.2  # what is measured may seem a little faster than the line


OCTETS = ("receive_octets", "send_octets")


@dataclass(frozen=True, slots=True)
class PortCounters:
    """What one port has counted. `octet_bits` is the width of its octet counters, all others have 32 bits."""

    octet_bits: int
    counted: dict[str, int] = field(default_factory=dict)
    discontinuity: int | None = None  # ifCounterDiscontinuityTime: changes when counters begin anew


@dataclass(frozen=True, slots=True)
class Sample:
    """All ports at `at` (monotonic seconds), when the device had run for `ticks` (hundredths of a second)."""

    at: float
    ticks: int | None
    ports: dict[str, PortCounters]


def increase(before: int, after: int, bits: int) -> int:
    """How far a counter of `bits` bits went, if it wrapped at most once."""
    return (after - before) % (1 << bits)


def same_run(before: Sample, after: Sample) -> bool:
    """Whether the device did not restart between: its own clock went as far as ours, over its wrap too."""
    if before.ticks is None or after.ticks is None:
        return before.ticks is after.ticks
    ours = after.at - before.at
    its = increase(before.ticks, after.ticks, 32) / 100  # sysUpTime wraps after 497 days
    return abs(its - ours) <= SLACK_SECONDS + SLACK * ours


def rates(before: Sample | None, after: Sample, port: str, speed_mbps: int | None) -> dict[str, float]:
    """Bits a second and errors a minute of a port since the sample before, without what cannot be known.

    Nothing at all on the first sample, after a restart, and when the port says that its counters began anew.
    """
    then = before.ports.get(port) if before else None
    now = after.ports.get(port)
    if before is None or then is None or now is None or not same_run(before, after):
        return {}
    seconds = after.at - before.at
    if seconds <= 0 or then.discontinuity != now.discontinuity or then.octet_bits != now.octet_bits:
        return {}
    found: dict[str, float] = {}
    for name in now.counted.keys() & then.counted.keys():
        octets = name in OCTETS
        went = increase(then.counted[name], now.counted[name], now.octet_bits if octets else 32)
        if octets and _can_be(went, seconds, now.octet_bits, speed_mbps):
            found[f"{name.removesuffix('_octets')}_bits_per_second"] = round(8 * went / seconds)
        elif not octets and went < 2**31:  # beyond it the counter was set back
            found[f"{name}_per_minute"] = round(60 * went / seconds, 2)
    return found


def _can_be(octets: int, seconds: float, bits: int, speed_mbps: int | None) -> bool:
    """A 32-bit counter is told only where the line is too slow to wrap it twice; a counter set back looks too fast."""
    fastest = FASTEST_BITS_PER_SECOND
    if bits == 32:
        fastest = OVER_SPEED * (speed_mbps or 0) * 1e6
        if not 0 < fastest * seconds / 8 < 2**32:
            return False
    return 8 * octets / seconds <= fastest
