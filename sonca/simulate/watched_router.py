"""The school's router, an OpenWrt one asked by ubus: the line of the provider, load and memory."""

from typing import Any

from contract.messages import Measurement, Value
from sonca.simulate.faults import FaultKind, span
from sonca.simulate.school_time import DAY_MS, MINUTE_MS, SECOND_MS, at_minute, day_of, minutes
from sonca.simulate.watched import Look, Watched, WatchedKind, cabinet
from sonca.simulate.watched_switch import uptime_seconds

_MEGABYTE = 2**20
_MEMORY = 244 * _MEGABYTE
_DIALS_AGAIN = minutes("04:10")  # the provider ends every connection once a night


def host(look: Look) -> list[Measurement]:
    """The router itself; access points answer the same."""
    busy = look.chance("busy").wave(look.at, 7 * MINUTE_MS)
    available = int(_MEMORY * (0.55 - 0.15 * busy))
    fields: dict[str, Value] = {
        "uptime_seconds": uptime_seconds(look),
        "load_1m": round(0.05 + 0.7 * busy, 2),
        "memory_total_bytes": _MEMORY,
        "memory_available_bytes": available,
        "memory_used_percent": round(100 * (_MEMORY - available) / _MEMORY, 1),
        "swap_total_bytes": 0,
    }
    return [look.found("host", fields, took=15)]


def wan(look: Look) -> list[Measurement]:
    fields: dict[str, Value] = {"connected": not look.suffers(FaultKind.LINE_OUTAGE, ""), "protocol": "pppoe"}
    if fields["connected"]:
        fields["connected_seconds"] = (look.at - _connected_at(look)) // SECOND_MS
    return [look.found("wan", fields, "wan", took=12)]


def _connected_at(look: Look) -> int:
    """The end of the last outage of the day, or when the provider let it dial in again."""
    day = day_of(look.at)
    nights = (at_minute(each, _DIALS_AGAIN) for each in (day - 1, day))
    outages = (span(fault, day)[1] for fault in look.faults.on(day) if fault.kind is FaultKind.LINE_OUTAGE)
    return max((at for at in (*nights, *outages) if at <= look.at), default=look.at - DAY_MS)


def openwrt(model: str) -> dict[str, Any]:
    """What an OpenWrt device says it is made of."""
    return {
        "bios": {"smodel": model},
        "hardware": {"memory": _MEMORY // _MEGABYTE},
        "operatingsystem": {
            "name": "OpenWrt",
            "version": "24.10.2",
            "full_name": "OpenWrt 24.10.2 r28739-d9340319c6",
            "kernel_name": "linux",
            "kernel_version": "6.6.93",
        },
    }


def _content(_device: Watched) -> dict[str, Any]:
    return openwrt("GL.iNet GL-MT2500")


ROUTER = WatchedKind("router", "router", "Bộ định tuyến", cabinet, {"host": host, "wan": wan}, _content)
