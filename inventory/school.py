"""The school as its people know it: site, rooms, devices, services, lesson hours. Read from school.yaml.

This file is the register until the equipment register has its own store.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.defaults import LOSS_PERCENT, ROUND_TRIP_MS
from contract.mac import Mac, canonical_mac
from contract.settings_file import read_settings
from contract.shapes import BadShape, BadValue, Between, check_distinct
from contract.targets import DNS, INTERNET, SERVICES, TargetEntry, check_entries
from contract.topics import OWN_SITE, Slug, is_simulated
from contract.week import LessonHours, Lessons
from inventory.asset import AssetKind


def check_date(text: str) -> None:
    """Raises BadValue unless it is a day of the calendar as `YYYY-MM-DD`."""
    try:
        good = date.fromisoformat(text).isoformat() == text  # there are other ISO spellings
    except ValueError:
        good = False
    if not good:
        raise BadValue(f"{text[:60]!r} is not a day of the calendar", "write year-month-day, like 2027-02-05")


def check_time_zone(text: str) -> None:
    """Raises BadValue unless the time zone database has it."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: "Asia" is a folder of that database
        raise BadValue(f"{text[:60]!r} is not a time zone", "write one like Asia/Ho_Chi_Minh") from error


Date = Annotated[str, check_date]
TimeZone = Annotated[str, check_time_zone]


@dataclass(frozen=True)
class Device:
    """A device of a room. `reported_by` names the agents that may speak for it; empty: only itself.

    `macs` tell it on the network where neither an agent of its own nor one that polls it does (a TV, a telephone).
    `lamp_hours` is how long a projector's lamp lasts, as its maker says.
    """

    id: Slug
    name: str = ""
    kind: AssetKind = "computer"
    reported_by: tuple[Slug, ...] = ()
    macs: tuple[Mac, ...] = ()
    lamp_hours: Annotated[int, Between(100, 100_000)] = 4_000


@dataclass(frozen=True)
class Room:
    """A room with its devices. `classroom: false` keeps it (an office) out of the share of classrooms connected."""

    id: Slug
    name: str = ""
    devices: tuple[Device, ...] = ()
    classroom: bool = True


@dataclass(frozen=True)
class Limits:
    """Past these a room that reaches the internet is called degraded."""

    loss_percent: Annotated[float, Between(0, 100)] = LOSS_PERCENT
    round_trip_ms: Annotated[float, Between(1, 60_000)] = ROUND_TRIP_MS


@dataclass(frozen=True)
class School:
    """One site. Rooms and devices keep the order of the file: the order in which people walk past them."""

    site: Slug
    name: str
    rooms: tuple[Room, ...] = ()
    time_zone: TimeZone = "Asia/Ho_Chi_Minh"
    lesson_hours: tuple[LessonHours, ...] = ()
    holidays: tuple[Date, ...] = ()
    internet: tuple[TargetEntry, ...] | None = None
    dns: tuple[TargetEntry, ...] | None = None
    services: tuple[TargetEntry, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def simulated(self) -> bool:
        return is_simulated(self.site)

    @cached_property
    def room_of(self) -> dict[str, Room]:
        """The room of each assigned device id."""
        return {device.id: room for room in self.rooms for device in room.devices}

    @cached_property
    def devices(self) -> dict[str, Device]:
        return {device.id: device for room in self.rooms for device in room.devices}

    def may_speak_for(self, agent: str, device: str) -> bool:
        """Whether the register lets `agent` report about `device`."""
        if agent == device:
            return True
        known = self.devices.get(device)
        return known is not None and agent in known.reported_by

    def in_lesson(self, at_ms: int) -> bool:
        """Whether lessons are on at a UTC time in milliseconds."""
        return self.lessons(at_ms).on_at(datetime.fromtimestamp(at_ms / 1000, self.zone))

    def lessons(self, at_ms: int) -> Lessons:
        """For agents, who know neither this file nor its time zone; a change of the clocks changes it."""
        offset = datetime.fromtimestamp(at_ms / 1000, self.zone).utcoffset()
        assert offset is not None
        return Lessons(int(offset.total_seconds()) // 60, self.lesson_hours, self.holidays)

    def day_at(self, at_ms: int) -> date:
        """The school's day at a UTC time in milliseconds."""
        return datetime.fromtimestamp(at_ms / 1000, self.zone).date()

    @cached_property
    def room_names(self) -> dict[str, str]:
        """What people call each room, by its id."""
        return {room.id: room.name or room.id for room in self.rooms}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def read_school(path: Path) -> School:
    """The school file at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, School, _check)


def _check(school: School) -> None:
    if school.site == OWN_SITE:
        raise BadShape("site", f"{OWN_SITE} is kept for SonCa's own measurements", hint="choose another id")
    check_distinct((f"rooms[{index}].id", room.id) for index, room in enumerate(school.rooms))
    check_distinct(
        (f"rooms[{index}].devices[{position}].id", device.id)
        for index, room in enumerate(school.rooms)
        for position, device in enumerate(room.devices)
    )
    check_distinct(
        (f"rooms[{index}].devices[{position}].macs[{place}]", canonical_mac(mac))
        for index, room in enumerate(school.rooms)
        for position, device in enumerate(room.devices)
        for place, mac in enumerate(device.macs)
    )
    for group in (INTERNET, DNS, SERVICES):
        check_entries(group, getattr(school, group) or ())
