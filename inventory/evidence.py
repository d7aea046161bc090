"""What was measured about one asset: the numbers that reasons are made of. Whoever has the store fills it in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Protocol

from inventory.asset import Asset
from inventory.battery import battery_wear
from inventory.end_of_support import end_of_support
from inventory.trend import daily, level, per_day
from inventory.windows11 import Readiness, windows11_readiness

MEMORY_FULL_PERCENT = 90.0  # above it a PC swaps, and people wait
WIFI_WEAK_DBM = -75  # below it lessons stall
DISK_WINDOW_DAYS = 60
LEAST_DISK_DAYS = 7  # with fewer one large download would decide
FARTHEST_DISK_TIMES = 12  # as far ahead as a disk was watched: a month foretells a year, and nobody knows more


@dataclass(frozen=True)
class Evidence:
    """Of the `days` days up to `as_of`. None is what nobody measured, which is neither good nor bad."""

    as_of: date
    days: int = 30
    used_percent: float | None = None  # of the lesson minutes, those in which it was on
    memory_pressed_percent: float | None = None  # of its lesson minutes, those above MEMORY_FULL_PERCENT
    memory_bytes: int | None = None
    disk_free_percent: float | None = None  # of the volume that its system is on
    disk_full_on: date | None = None  # see disk_full_date
    disk_errors: int | None = None  # sectors reallocated, pending or not correctable
    disk_failing: bool | None = None  # the drive's own verdict (SMART)
    disk_worn_percent: float | None = None  # of what an SSD may be written
    crashes: int | None = None  # it was gone without a goodbye while its room had power
    restarts: int | None = None
    counted_days: int | None = None  # that crashes and restarts reach back, where it is not `days`
    lamp_hours: float | None = None
    lamp_expected_hours: float | None = None
    lamp_ends_on: date | None = None  # see inventory.lamps
    battery_worn_percent: float | None = None
    # One fault counts once: these two are told of the switch or access point that carries a room, or of one PC in it,
    # never of each. Of its room's lesson minutes, those disconnected or degraded where the fault lay with this device;
    # of its own lesson minutes, those with a Wi-Fi signal below WIFI_WEAK_DBM.
    room_offline_percent: float | None = None
    wifi_weak_percent: float | None = None
    room_days: int | None = None  # that room_offline_percent reaches back, where it is not `days`
    system: str = ""
    support_ends_on: date | None = None
    windows11: Readiness | None = None

    @property
    def judges_health(self) -> bool:
        """Whether anything was measured by which a device would show that it fails."""
        return any(
            value is not None
            for value in (
                self.memory_pressed_percent,
                self.disk_free_percent,
                self.disk_errors,
                self.crashes,
                self.lamp_hours,
                self.battery_worn_percent,
                self.room_offline_percent,
                self.wifi_weak_percent,
            )
        )


class EvidenceSource(Protocol):
    """What the plan asks for its evidence."""

    def evidence(self, asset: Asset, as_of: date) -> Evidence | None:
        """What was measured about this asset up to that day; None when nothing was."""


def reported(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of Evidence that an equipment report answers by itself: system, its support, Windows 11, battery.

    `content` in the sections and names of GLPI's format.
    """
    section = content.get("operatingsystem")
    system = section if isinstance(section, Mapping) else {}
    name, version = (_text(system.get(key)) for key in ("full_name", "version"))
    row = end_of_support(name, version)
    worn = [wear for wear in battery_wear(content) if wear is not None]
    windows = "windows" in name.casefold()
    return {
        "system": row.name if row else name,  # with its release: Windows 11 as such goes on when 24H2 ends
        "support_ends_on": date.fromisoformat(row.ends) if row else None,
        "windows11": windows11_readiness(content) if windows else None,
        "battery_worn_percent": max(worn, default=None),
    }


def disk_full_date(points: Iterable[tuple[int, float]], now: int, zone: tzinfo = UTC) -> date | None:
    """The day on which a disk will have no bytes left; today when it has none.

    `points` are (UTC milliseconds, free bytes) in any order. None when it was watched for less than a week, does not
    fill, or takes twelve times as long as it was watched. A clean-up on one day, or a wrong reading, does not move the
    date.
    """
    readings = daily(points, now, DISK_WINDOW_DAYS)
    watched = int(readings[-1][0]) - int(readings[0][0]) if readings else 0
    if watched < LEAST_DISK_DAYS:
        return None
    gained = per_day(readings)
    free = level(readings, gained, now)
    if gained >= 0 or free > -gained * FARTHEST_DISK_TIMES * watched:
        return None
    return (datetime.fromtimestamp(now / 1000, zone) + timedelta(max(0.0, free / -gained))).date()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
