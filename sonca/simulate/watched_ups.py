"""The UPS of the network cabinet: when the power goes, the provider's box goes too, and the UPS carries the rest."""

from typing import Any

from contract.messages import Measurement, Value
from sonca.simulate.faults import FaultKind, span
from sonca.simulate.school_time import MINUTE_MS, day_of
from sonca.simulate.watched import Look, Watched, WatchedKind, cabinet
from sonca.simulate.watched_switch import snmp_system

_FULL_MINUTES, _WEAK_MINUTES = 48, 4
_CELL_VOLTS = 27.0


def ups(look: Look) -> list[Measurement]:
    weak = look.suffers(FaultKind.WEAK_BATTERY)
    whole = _WEAK_MINUTES if weak else _FULL_MINUTES
    gone = _minutes_on_battery(look)
    left = max(0.0, 1 - gone / whole) if gone is not None else 1.0
    load = 22 + round(8 * look.chance("load").wave(look.at, 9 * MINUTE_MS))
    fields: dict[str, Value] = {
        "on_battery": gone is not None,
        "output_source": "mains" if gone is None else "battery",
        "battery_state": "low" if weak or left < 0.2 else "normal",
        "charge_percent": round((71 if weak else 100) * left, 1),
        "minutes_left": int(whole * left),
        "load_percent": float(load),
        "battery_volts": round(_CELL_VOLTS - (2.5 if weak else 0.4) - 3 * (1 - left), 1),
        "temperature_celsius": float(28 + round(4 * look.chance("warmth").wave(look.at, 60 * MINUTE_MS))),
        "alarms": int(weak) + int(gone is not None),
    }
    if gone is None:
        fields["input_volts"] = float(221 + round(8 * look.chance("mains").wave(look.at, 4 * MINUTE_MS)))
    return [look.found("ups", fields, took=14)]


def _minutes_on_battery(look: Look) -> float | None:
    """None while the mains are there."""
    fault = look.faults.active(FaultKind.LINE_OUTAGE, "", look.at)
    return None if fault is None else (look.at - span(fault, day_of(look.at))[0]) / MINUTE_MS


def _content(device: Watched) -> dict[str, Any]:
    told = {"manufacturer": "APC", "model": "Smart-UPS 1000", "serial": device.serial, "firmware": "UPS 09.3"}
    return {"network_device": {"type": "Unmanaged", **told}}


UPS = WatchedKind("ups", "ups", "Bộ lưu điện", cabinet, {"ups": ups, "snmp_system": snmp_system}, _content)
