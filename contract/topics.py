"""Topic names, and who may write and read them.

The broker's configuration is rendered from ACCESS (broker_config/), so the table below is the access control.
"""

import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from contract.shapes import BadValue

PREFIX = "sonca/v1"
SLUG = re.compile(r"[a-z0-9-]{1,48}", re.ASCII)
SIMULATED_PREFIX = "sim-"
OWN_SITE = "sonca"  # what SonCa measures of itself stands under this site; no school may take it
DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"  # mosquitto counts here what it acknowledged and dropped


class Role(StrEnum):
    """What a broker user is there for; one user may hold several roles."""

    AGENT = "agent"
    COLLECTOR = "collector"
    SERVER = "server"


class Channel(StrEnum):
    """The last part of a topic: what kind of message travels there."""

    MEASUREMENTS = "measurements"
    STATUS = "status"
    EQUIPMENT = "equipment"
    RECEIPTS = "receipts"
    SETTINGS = "settings"
    LEASE_REQUESTS = "lease-requests"
    LEASES = "leases"


@dataclass(frozen=True)
class Access:
    """One row of the topic table: who writes and reads a channel, and how it is delivered."""

    channel: Channel
    writers: frozenset[Role]
    readers: frozenset[Role]
    quality_of_service: int
    retained: bool
    payload: str
    meaning: str
    per_device: bool = False  # the topic ends with the device the message is about


def _row(
    channel: Channel,
    writer: Role,
    reader: Role,
    payload: str,
    meaning: str,
    retained: bool = False,
    per: bool = False,
    quality: int = 1,
) -> Access:
    return Access(channel, frozenset({writer}), frozenset({reader}), quality, retained, payload, meaning, per)


ACCESS: tuple[Access, ...] = (
    _row(Channel.MEASUREMENTS, Role.AGENT, Role.COLLECTOR, "Batch", "what the agent measured, sent until a receipt"),
    _row(Channel.STATUS, Role.AGENT, Role.COLLECTOR, "Status", "online, offline with its reason, or lost (will)", True),
    _row(
        Channel.EQUIPMENT,
        Role.AGENT,
        Role.COLLECTOR,
        "EquipmentReport",
        "what a device is made of, sent when its hash changes",
        True,
        True,
    ),
    _row(  # a receipt that gets lost is said again when its batch comes again: QoS 1 would only cost both ends twice
        Channel.RECEIPTS,
        Role.COLLECTOR,
        Role.AGENT,
        "Receipt",
        "which batches are stored, and the server's time",
        quality=0,
    ),
    _row(Channel.SETTINGS, Role.SERVER, Role.AGENT, "ProbeSettings", "what to probe and how often", True),
    _row(Channel.LEASE_REQUESTS, Role.AGENT, Role.COLLECTOR, "LeaseRequest", "may I test throughput, alone here"),
    _row(Channel.LEASES, Role.COLLECTOR, Role.AGENT, "Lease", "whether it may, and for how long"),
)


class BadName(BadValue):
    """A site, agent, device or topic name that cannot travel in a topic."""


@dataclass(frozen=True)
class Topic:
    """A parsed topic; `device` is set on the equipment channel only."""

    site: str
    agent: str
    channel: Channel
    device: str | None = None

    def __str__(self) -> str:
        tail = f"/{self.device}" if self.device is not None else ""
        return f"{PREFIX}/{self.site}/{self.agent}/{self.channel}{tail}"


def check_slug(name: str) -> str:
    """The name itself. Raises BadName unless it is 1 to 48 of a-z, 0-9 and '-'."""
    if not SLUG.fullmatch(name):
        raise BadName(f"{name[:60]!r} is not an id: use 1 to 48 of a-z, 0-9 and '-'", f"for example {_slug_like(name)}")
    return name


# In settings files: a text that check_slug passes.
Slug = Annotated[str, check_slug]


def _slug_like(name: str) -> str:
    import unicodedata  # only when something is wrong: an agent's memory is counted

    bare = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub("[^a-z0-9]+", "-", letters)[:48].strip("-") or "room-1"


def is_simulated(site: str) -> bool:
    """Whether the site belongs to the simulator: real agents refuse such a site name, so the two never mix."""
    return site.startswith(SIMULATED_PREFIX)


# A collector hears, and answers on, the same topics again and again.
_REMEMBERED = 32_768


@functools.lru_cache(_REMEMBERED)
def build(site: str, agent: str, channel: Channel, device: str | None = None) -> str:
    """The topic of a message. Raises BadName."""
    check_slug(site)
    check_slug(agent)
    if (device is not None) != access(channel).per_device:
        raise BadName(f"{channel} topics {'need' if device is None else 'have no'} device part")
    if device is not None:
        check_slug(device)
    return str(Topic(site, agent, channel, device))


@functools.lru_cache(_REMEMBERED)
def parse(topic: str) -> Topic:
    """The parts of a topic. Raises BadName for any other."""
    parts = topic.split("/")
    if len(parts) not in (5, 6) or "/".join(parts[:2]) != PREFIX:
        raise BadName(f"{topic!r} is not a SonCa topic")
    site, agent, channel, *device = parts[2:]
    if channel not in list(Channel):
        raise BadName(f"{topic!r} names no known channel")
    for name in (site, agent, *device):
        check_slug(name)
    if bool(device) != access(Channel(channel)).per_device:
        raise BadName(f"{topic!r} has the wrong number of parts")
    return Topic(site, agent, Channel(channel), device[0] if device else None)


def access(channel: Channel) -> Access:
    """The row of ACCESS for a channel."""
    return next(row for row in ACCESS if row.channel == channel)


def pattern(row: Access, site: str = "+", agent: str = "+") -> str:
    """The topic filter of a row: of one agent, or of all with `+`."""
    return f"{PREFIX}/{site}/{agent}/{row.channel}" + ("/+" if row.per_device else "")


def writable(role: Role, site: str = "+", agent: str = "+") -> list[str]:
    """The topic filters this role may publish to."""
    return [pattern(row, site, agent) for row in ACCESS if role in row.writers]


def readable(role: Role, site: str = "+", agent: str = "+") -> list[str]:
    """The topic filters this role may subscribe to."""
    return [pattern(row, site, agent) for row in ACCESS if role in row.readers]
