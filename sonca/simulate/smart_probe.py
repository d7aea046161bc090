"""smart of a simulated PC: its disk ages with the machine, and a dying one says so."""

from contract.messages import Measurement, Outcome, Target, Value
from sonca.simulate.faults import FaultKind
from sonca.simulate.school_time import HOUR_MS
from sonca.simulate.way import Moment

_IN_USE = 0.15  # of all hours: seven a day, on school days
_YEAR_HOURS = 8_766
_EPOCH_YEAR = 1970
_LIFE_HOURS = 45_000  # of an SSD, as it rates itself


def smart(moment: Moment, _target: Target) -> list[Measurement]:
    """A disk of soldered flash (eMMC) has no SMART."""
    at, kind = moment.at, moment.pc.machine.storage.kind
    if kind == "emmc":
        return [Measurement("smart", at, Outcome.UNSUPPORTED, duration_ms=38.0)]
    fields = _age(moment) | (_of_nvme(moment) if kind == "nvme" else _of_sata(moment))
    took = round(moment.chance("smart").between(35, 120, at), 2)
    return [Measurement("smart", at, Outcome.OK, "nvme0" if kind == "nvme" else "sda", took, fields)]


def _age(moment: Moment) -> dict[str, Value]:
    warm = moment.chance("disk warmth").wave(moment.at, HOUR_MS)
    return {
        "asleep": False,
        "healthy": not moment.suffers(FaultKind.DYING_DISK),
        "temperature_celsius": float(round(29 + 14 * warm)),
        "power_on_hours": _hours(moment),
        "power_cycles": _hours(moment) // 5,
        "unsafe_shutdowns": _hours(moment) // 90,
    }


def _of_sata(moment: Moment) -> dict[str, Value]:
    dying = moment.suffers(FaultKind.DYING_DISK)
    lost = _hours(moment) // 8 if dying else 0  # more of them day by day
    fields: dict[str, Value] = {
        "failed_attributes": 1 if dying else 0,
        "reallocated_sectors": lost,
        "pending_sectors": lost // 9,
        "uncorrectable_sectors": lost // 10,
        "cable_errors": moment.chance("cable").whole(0, 3),
    }
    return fields | ({"wear_percent": _wear(moment)} if moment.pc.machine.storage.kind == "ssd" else {})


def _of_nvme(moment: Moment) -> dict[str, Value]:
    dying = moment.suffers(FaultKind.DYING_DISK)
    return {
        "media_errors": 57 if dying else 0,
        "wear_percent": 101.0 if dying else _wear(moment),
        "spare_percent": 4.0 if dying else 100.0,
    }


def _hours(moment: Moment) -> int:
    """Since the machine was bought; never falls."""
    bought = (moment.pc.machine.year - _EPOCH_YEAR) * _YEAR_HOURS
    share = _IN_USE * moment.chance("use").between(0.7, 1.3)
    return max(0, int((moment.at // HOUR_MS - bought) * share))


def _wear(moment: Moment) -> float:
    return float(min(100, 100 * _hours(moment) // _LIFE_HOURS))
