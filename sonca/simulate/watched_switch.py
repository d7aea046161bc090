"""The switch of the school, as IF-MIB tells of it: who is plugged in where, and a port whose cable has had its day."""

from typing import Any

from contract.messages import Measurement, Value
from sonca.simulate.faults import FaultKind
from sonca.simulate.school_time import DAY_MS, MINUTE_MS, SECOND_MS, day_of, is_school_day, minute_of, minutes
from sonca.simulate.watched import Look, Watched, WatchedKind, cabinet

PORTS = tuple(f"gi{number}" for number in range(1, 25))
UPLINK = PORTS[-1]
_USED, _ALL_DAY = 0.65, 0.3  # of the ports; of those that are used
_MAKER, _MODEL, _FIRMWARE = "TP-Link", "TL-SG3428", "2.0.7"


def snmp_system(look: Look) -> list[Measurement]:
    """What every device says that is asked by SNMP; the same for others than switches."""
    fields: dict[str, Value] = {
        "uptime_seconds": uptime_seconds(look),
        "answer_ms": round(look.chance("answer").between(0.6, 4.0, look.at), 2),
        "description": _about(look.device),
    }
    return [look.found("snmp_system", fields, took=6)]


def uptime_seconds(look: Look) -> int:
    """Since the last update of its software, on a night some weeks ago."""
    period = look.chance("restarts").whole(20, 90) * DAY_MS
    return (look.at + look.chance("restarted").whole(0, period)) % period // SECOND_MS + 60


def interface(look: Look) -> list[Measurement]:
    """Each port with its rates of the minute before."""
    return [look.found("interface", _port(look, name), name, took=30) for name in PORTS]


def snmp_host(look: Look) -> list[Measurement]:
    busy = look.chance("busy").wave(look.at, 10 * MINUTE_MS)
    fields: dict[str, Value] = {
        "cpu_percent": round(6 + 14 * busy, 1),
        "memory_used_percent": round(41 + 3 * busy, 1),
        "memory_total_bytes": 256 * 2**20,
    }
    return [look.found("snmp_host", fields, took=20)]


def _port(look: Look, name: str) -> dict[str, Value]:
    if not _is_up(look, name):
        return {"link_up": False, "enabled": True}
    bad = name == bad_port(look.device) and look.suffers(FaultKind.BAD_CABLE)
    traffic = look.chance("traffic", name)
    received = int(4e6 * traffic.wave(look.at, 5 * MINUTE_MS) ** 3 * (12 if name == UPLINK else 1))
    errors = round(traffic.between(20, 140, look.at), 2) if bad else 0.0
    return {
        "link_up": True,
        "enabled": True,
        "link_speed_mbps": 100 if bad else 1_000,
        "receive_bits_per_second": received,
        "send_bits_per_second": received // 3,
        "receive_errors_per_minute": errors,
        "send_errors_per_minute": 0.0,
        "receive_discards_per_minute": 0.0,
        "send_discards_per_minute": 0.0,
    }


def bad_port(device: Watched) -> str:
    """The port that a bad cable hangs on; it is always in use."""
    return device.chance.named("bad port").one_of(PORTS[:-1])


def _is_up(look: Look, name: str) -> bool:
    plugged = look.chance("plugged", name)
    if name in (UPLINK, bad_port(look.device)) or plugged.happens(_USED * _ALL_DAY):
        return True
    in_use = is_school_day(day_of(look.at)) and minutes("07:00") <= minute_of(look.at) < minutes("17:00")
    return in_use and plugged.happens(_USED)


def _about(device: Watched) -> str:
    return {"switch": f"{_MODEL} JetStream 24-Port Gigabit L2 Managed Switch", "ups": "APC Smart-UPS SRT"}[device.kind]


def _content(device: Watched) -> dict[str, Any]:
    return {
        "network_device": {
            "type": "Networking",
            "manufacturer": _MAKER,
            "model": _MODEL,
            "serial": device.serial,
            "firmware": _FIRMWARE,
            "description": _about(device),
            "mac": device.mac,
        }
    }


SWITCH = WatchedKind(
    "switch",
    "switch",
    "Bộ chuyển mạch",
    cabinet,
    {"snmp_system": snmp_system, "interface": interface, "snmp_host": snmp_host},
    _content,
)
