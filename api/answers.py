"""The JSON answers, typed and described for OpenAPI. Times are UTC milliseconds; sentences speak the asked language."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.view.freshness import Freshness
from api.view.services import ServiceReach
from collector.store.protocol import RoomReason, RoomState
from collector.store.state_protocol import Layer, Presence, Scope
from contract.messages import Outcome

Simulated = Field(description="true: made up by the simulator, nothing real")


def time_of(what: str) -> Any:
    """A UTC time in milliseconds; null: never or unknown."""
    return Field(description=f"{what}, UTC milliseconds")


class Answer(BaseModel):
    """Every answer is one of these."""

    model_config = ConfigDict(frozen=True)


class ErrorAnswer(Answer):
    """Every answer with a status of 400 or more."""

    error: str = Field(description="one word for programs", examples=["unknown_device"])
    sentence: str = Field(description="what is wrong, for people")
    hint: str = Field(description="what to do about it")


class Counts(Answer):
    """Rooms by state. `unknown` ones were not judged yet."""

    connected: int
    degraded: int
    disconnected: int
    dark: int
    unknown: int = 0


class HearingAnswer(Answer):
    """Whether the data can be believed now."""

    freshness: Freshness
    sentence: str
    hint: str
    collector_at: int | None = time_of("when the collector last worked")
    newest_data_at: int | None = time_of("when any agent was last heard")


class SiteAnswer(Answer):
    """One site: a school, or what reports without a school file."""

    site: str
    name: str
    simulated: bool = Simulated
    time_zone: str
    at: int = time_of("when this was worked out")
    lesson: bool = Field(description="lessons are on now")
    classrooms: Counts
    connected_now_percent: float | None = Field(description="share of classrooms that reach the internet now, %")
    connected_today_percent: float | None = Field(
        description="share of today's five-minute slices of lessons in which classrooms reached the internet, %; "
        "null: no lesson yet"
    )
    unassigned_devices: int = Field(description="devices that report but stand in no school file")
    data: HearingAnswer


class SitesAnswer(Answer):
    sites: list[SiteAnswer]


class OfSite(Answer):
    """What every answer about one site carries."""

    site: str
    simulated: bool = Simulated
    at: int = time_of("when this was worked out")


class DeviceAnswer(Answer):
    device: str
    name: str
    kind: str
    room: str | None = Field(description="null: not assigned to a room")
    presence: Presence | None = Field(description="null: no agent of its own was ever heard")
    presence_word: str
    reason: str = Field(description="why it is offline, where it said so: shutdown, sleep, update, silence")
    since: int | None = time_of("since when it is there like that")
    last_seen: int | None = time_of("when it last spoke")
    software: str = Field(description="version of its agent")
    reported_by: list[str] = Field(description="agents that may report about it")


class DevicesAnswer(OfSite):
    devices: list[DeviceAnswer]


class CauseAnswer(Answer):
    layer: Layer = Field(description="what most likely fails, from the device outwards")
    scope: Scope = Field(description="how far it reaches")
    struck: int = Field(description="rooms (devices, where the scope is a device) that are struck")
    compared: int = Field(description="rooms (devices) that could tell")
    devices: list[str] = Field(description="the devices that are struck alone")
    sentence: str = Field(description="the same, for people")


class RoomAnswer(Answer):
    room: str
    name: str
    classroom: bool
    state: RoomState | None = Field(description="null: not judged yet")
    state_word: str
    reason: RoomReason | None
    sentence: str = Field(description="the reason with its numbers, for people")
    since: int | None = time_of("since when the room is in this state")
    checked_at: int | None = time_of("when it was last judged")
    devices_on: int = Field(description="devices that measured in the last two minutes")
    devices_reaching: int = Field(description="devices that reached the internet in the last two minutes")
    evidence: dict[str, Any] = Field(description="the numbers of the sentence: loss_percent, round_trip_ms, silent")
    cause: CauseAnswer | None = Field(description="where the fault most likely lies; null without one")
    devices: list[DeviceAnswer]


class RoomsAnswer(OfSite):
    rooms: list[RoomAnswer]


class OneRoomAnswer(OfSite, RoomAnswer):
    """One room, with the site it is in."""


class OneDeviceAnswer(OfSite, DeviceAnswer):
    """One device, with the site it is in."""


class ServiceAnswer(Answer):
    service: str
    label: str


class CellAnswer(Answer):
    service: str
    reach: ServiceReach = Field(
        description="ok; down; blind: the room had no internet, which tells nothing about the service; "
        "not_tried: nobody tried within 15 minutes"
    )
    word: str
    detail: str = Field(description="how the try failed, for people")
    at: int | None = time_of("when it was last tried")
    outcome: Outcome | None
    captive: bool = Field(description="a login page answered instead of the service")
    device: str = Field(description="the device that tried")


class ServiceRoomAnswer(Answer):
    room: str
    name: str
    services: list[CellAnswer]


class ServicesAnswer(OfSite):
    services: list[ServiceAnswer]
    rooms: list[ServiceRoomAnswer]


class PointAnswer(Answer):
    at: int = time_of("start of the step")
    mean: float | None
    minimum: float | None
    maximum: float | None
    count: int = Field(description="measurements in the step")


class SeriesAnswer(OfSite):
    """Steps without a measurement are left out: a gap is a gap."""

    device: str
    probe: str
    target: str
    field: str
    unit: str
    english: str
    vietnamese: str
    since: int = time_of("start of the range")
    until: int = time_of("end of the range, not in it")
    step_seconds: int
    points: list[PointAnswer]


class EquipmentAnswer(OfSite):
    """The newest equipment report, in the sections and names of GLPI's inventory format."""

    device: str
    agent: str = Field(description="who reported it")
    taken_at: int = time_of("when it was reported")
    kind: str
    content: dict[str, Any]
    junk: list[str] = Field(description="paths whose identifier is a maker's placeholder and proves nothing")


class NeighbourAnswer(Answer):
    mac: str = Field(description="its hardware address")
    address: str = Field(description="its IP address, or several")
    vendor: str = Field(description="who made its network card; empty: no maker is known")
    device: str | None = Field(
        description="the device of the register, or `gateway` or `listed` where only its sentinel knows it; "
        "null: nobody knows it"
    )
    here: bool = Field(description="it answered when the sentinel last looked")
    first_seen: int = time_of("when it was first seen, since it was last forgotten")
    last_seen: int = time_of("when it last answered")
    sentinel: str = Field(description="the agent that saw it last")


class ChangeAnswer(Answer):
    at: int = time_of("when it changed")
    kind: Literal["agent", "room"]
    subject: str
    old: str = Field(description="empty: it was not known before")
    new: str
    reason: str


class ChangesAnswer(OfSite):
    changes: list[ChangeAnswer] = Field(description="the newest first")


class ShareAnswer(OfSite):
    """Five-minute slices of classrooms in lesson time. Dark ones stand apart and never count as connected."""

    since: int = time_of("start of the range")
    until: int = time_of("end of the range, not in it")
    rooms: list[str] = Field(description="the rooms that were counted")
    slices: Counts
    connected_percent: float | None = Field(description="connected and degraded of all slices, %; null: no lessons")


class GapAnswer(Answer):
    device: str
    since: int = time_of("start of the first slice without any measurement")
    until: int = time_of("start of the next slice that has one")


class GapsAnswer(OfSite):
    since: int = time_of("start of the range")
    until: int = time_of("end of the range, not in it")
    gaps: list[GapAnswer]


class RefusedEntry(Answer):
    at: int = time_of("when it came")
    topic: str
    reason: str
    detail: str
    payload: str = Field(description="the payload's first 4,096 bytes; base64 where it is no text")
    base64: bool


class RefusedAnswer(Answer):
    counts: dict[str, int] = Field(description="all that was ever refused, by reason")
    newest: list[RefusedEntry]


class FieldAnswer(Answer):
    field: str
    type: str
    unit: str
    english: str
    vietnamese: str
    minimum: float | None
    maximum: float | None


class ProbeAnswer(Answer):
    probe: str
    english: str
    vietnamese: str
    targets: str = Field(description="what a target names; empty: it has none")
    fields: list[FieldAnswer]


class CatalogueAnswer(Answer):
    probes: list[ProbeAnswer]


class HealthAnswer(Answer):
    """`ok`: all is well. `degraded`: data can be read, but is old. `away`: it cannot be read (status 503)."""

    status: Literal["ok", "degraded", "away"]
    sentence: str
    hint: str
    version: str
    store: bool = Field(description="the series can be read")
    state: bool = Field(description="the relational state can be read")
    sites: dict[str, Freshness] = Field(description="how fresh each site's data is")
