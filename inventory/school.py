"""The school as its people know it: site, rooms, devices, services, lesson hours. Read from school.yaml.

This file is the register until the equipment register has its own store.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.settings_file import problem_at, read_settings
from contract.targets import TargetEntry
from contract.topics import OWN_SITE, check_slug, is_simulated

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DeviceKind = Literal[
    "computer", "laptop", "projector", "printer", "router", "switch", "access_point", "ups", "tv", "other"
]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Device:
    """A device of a room. `reported_by` names the agents that may speak for it; empty: only itself."""

    id: str
    name: str = ""
    kind: DeviceKind = "computer"
    reported_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Room:
    """A room with its devices. `classroom: false` keeps it (an office) out of the share of classrooms connected."""

    id: str
    name: str = ""
    devices: tuple[Device, ...] = ()
    classroom: bool = True


@dataclass(frozen=True)
class LessonHours:
    """Lesson time on the given days, in the school's own time zone (`HH:MM`)."""

    days: tuple[Weekday, ...]
    start: str
    end: str

    def __post_init__(self) -> None:
        if not time.fromisoformat(self.start) < time.fromisoformat(self.end):
            raise ValueError(f"lessons start at {self.start} but end at {self.end}")


@dataclass(frozen=True)
class Limits:
    """Past these a room that reaches the internet is called degraded."""

    loss_percent: float = 5.0
    round_trip_ms: float = 200.0


@dataclass(frozen=True)
class School:
    """One site. Rooms and devices keep the order of the file: the order in which people walk past them."""

    site: str
    name: str
    rooms: tuple[Room, ...] = ()
    time_zone: str = "Asia/Ho_Chi_Minh"
    lesson_hours: tuple[LessonHours, ...] = ()
    holidays: tuple[str, ...] = ()
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
        here = datetime.fromtimestamp(at_ms / 1000, self.zone)
        if here.date().isoformat() in self.holidays:
            return False
        day, clock = WEEKDAYS[here.weekday()], here.strftime("%H:%M")
        return any(day in hours.days and hours.start <= clock < hours.end for hours in self.lesson_hours)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def read_school(path: Path) -> School:
    """The school file at `path`, checked. Raises SettingsError with file, key and hint."""
    school = read_settings(path, School)
    _check_names(school, str(path))
    _check_calendar(school, str(path))
    return school


def _check_names(school: School, name: str) -> None:
    if school.site == OWN_SITE:
        raise problem_at(name, "site", f"{OWN_SITE!r} is kept for SonCa's own measurements", "choose another site id")
    rooms = [room.id for room in school.rooms]
    devices = [device.id for room in school.rooms for device in room.devices]
    services = [entry.name for entry in school.services]
    for key, ids in (("site", [school.site]), ("rooms", rooms), ("devices", devices), ("services", services)):
        for entry in ids:
            try:
                check_slug(entry)
            except ValueError as error:
                raise problem_at(
                    name, key, str(error), "ids are for machines; write the pretty name in `name`"
                ) from error
            if ids.count(entry) > 1:
                raise problem_at(name, key, f"the id {entry!r} stands twice", "give each its own id")


def _check_calendar(school: School, name: str) -> None:
    try:
        ZoneInfo(school.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise problem_at(
            name, "time_zone", f"{school.time_zone!r} is no time zone", "for example Asia/Ho_Chi_Minh"
        ) from error
    for day in school.holidays:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise problem_at(name, "holidays", f"{day!r} is not a date", 'write it as "2027-02-05"') from error
