"""Access points, OpenWrt ones asked by ubus: both bands, how many are connected, how full the air is."""

from typing import Any

from contract.messages import Measurement, Value
from sonca.simulate.faults import FaultKind
from sonca.simulate.school_time import MINUTE_MS, day_of, is_school_day, minute_of, minutes
from sonca.simulate.watched import Look, Watched, WatchedKind
from sonca.simulate.watched_router import host, openwrt

NETWORK = "giao-vien"
_BANDS = {"radio0": ((1, 2412), (6, 2437), (11, 2462)), "radio1": ((36, 5180), (44, 5220), (149, 5745))}
_EVERY = 3  # one for so many rooms


def wifi_network(look: Look) -> list[Measurement]:
    return [look.found("wifi_network", _band(look, radio), f"{radio}/{NETWORK}", took=25) for radio in _BANDS]


def _band(look: Look, radio: str) -> dict[str, Value]:
    crowd = look.chance("crowd", radio).wave(look.at, 20 * MINUTE_MS)
    busy = is_school_day(day_of(look.at)) and minutes("07:15") <= minute_of(look.at) < minutes("16:45")
    bad = look.suffers(FaultKind.BAD_WIFI, look.device.room)
    channel, frequency = look.chance("channel").one_of(_BANDS[radio])
    return {
        "on_air": True,
        "clients": round((9 if busy else 1) * crowd),
        "noise_dbm": float(-79 if bad else -95 + round(4 * crowd)),
        "channel": channel,
        "frequency_mhz": frequency,
        "channel_used_percent": round((83 if bad else 12) + (15 if busy else 3) * crowd, 1),
    }


def _content(_device: Watched) -> dict[str, Any]:
    return openwrt("TP-Link EAP225-Outdoor v3")


ACCESS_POINT = WatchedKind(
    "access_point",
    "wifi",
    "Bộ phát Wi-Fi",
    lambda rooms: rooms[::_EVERY],
    {"host": host, "wifi_network": wifi_network},
    _content,
)
