"""The messages of the wire, as dataclasses, with `encode` and `decode`.

Times are UTC milliseconds. Raise SCHEMA_VERSION only when an older reader would misread a message; a new optional key
does not need it, since readers ignore keys they do not know.
"""

import dataclasses
import functools
import json
import zlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, TypeVar, cast

from contract.shapes import BadShape, build
from contract.week import Lessons

SCHEMA_VERSION = 1
MAX_PAYLOAD_BYTES = 1_000_000  # after decompression; brokers refuse larger packets, and a bomb must not fill memory

Value = bool | int | float | str
Message = TypeVar("Message")


class Outcome(StrEnum):
    """How a measurement ended: a failure is a word, never a number."""

    OK = "ok"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NAME_NOT_FOUND = "name_not_found"
    BAD_ANSWER = "bad_answer"
    NO_PERMISSION = "no_permission"
    UNSUPPORTED = "unsupported"
    ERROR = "error"


class State(StrEnum):
    """What an agent says of itself; LOST is said by the broker, as the agent's last will."""

    ONLINE = "online"
    OFFLINE = "offline"
    LOST = "lost"


class Reason(StrEnum):
    """Why an agent went offline on purpose."""

    SHUTDOWN = "shutdown"
    SLEEP = "sleep"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One probe of one target at one time. `fields` holds what was measured, spelled as in contract/metrics.py.

    `device` is absent for the agent itself. `blind` says that the agent's own way out was gone when it measured, so the
    outcome tells nothing about the target.
    """

    probe: str
    taken_at: int
    outcome: Outcome
    target: str = ""
    duration_ms: float = 0.0
    fields: dict[str, Value] = field(default_factory=dict)
    device: str | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Measurements of one agent, immutable once numbered. `taken_at + clock_offset_ms` is the server's time.

    `clock_offset_ms` is absent when the agent never learned how wrong its clock was: those times are uncertain.
    """

    agent: str
    boot: str
    sequence: int
    measurements: tuple[Measurement, ...]
    clock_offset_ms: int | None = None
    version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Status:
    """An agent's birth, farewell or last will, retained. `report_seconds` is how often it promises a batch."""

    agent: str
    boot: str
    state: State
    sent_at: int = 0
    reason: Reason | None = None
    software: str = ""
    report_seconds: float = 30.0
    version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class EquipmentReport:
    """What a device is made of, in the sections and names of GLPI's inventory format.

    `junk` lists the paths in `content` whose identifier is a maker's placeholder and proves nothing (`bios.ssn`).
    """

    agent: str
    device: str
    taken_at: int
    kind: str
    content: dict[str, Any]
    junk: tuple[str, ...] = ()
    version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Receipt:
    """The batches of one boot that are settled: stored, or (`refused`) kept aside for a person to read.

    An empty one answers a birth and repeats that Status' `sent_at` in `birth_sent_at`, so that the agent can take half
    the round trip off when it compares `server_time` with its own clock.
    """

    boot: str
    server_time: int
    sequences: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    birth_sent_at: int | None = None
    version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Target:
    """What one probe is pointed at. Measurements name it by `id`.

    `address` is a host (ping), host:port (tcp), URL (web) or a name to look up (dns); empty: found by the agent itself.
    """

    group: str
    name: str
    probe: str
    address: str = ""
    server: str = ""  # dns: the resolver asked; empty is the system's own
    expect_status: int | None = None  # web: empty takes any status below 400
    expect_text: str | None = None  # web: text the body must start with; anything else is a captive portal

    @property
    def id(self) -> str:
        """`group/name`, as it stands in Measurement.target."""
        return f"{self.group}/{self.name}"


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """What an agent shall probe and how often. What is absent stays as the agent's own file has it."""

    targets: tuple[Target, ...] | None = None
    interval_seconds: dict[str, float] = field(default_factory=dict)
    deadline_seconds: dict[str, float] = field(default_factory=dict)
    report_seconds: float | None = None
    lessons: Lessons | None = None
    version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class LeaseRequest:
    """Asks to be the only one of the site that tests throughput, for `seconds`; `release` gives the same lease back."""

    agent: str
    lease: str
    seconds: float = 0.0
    release: bool = False
    version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Lease:
    """The answer: whether `lease` is granted. If not, `holder` has it for `seconds` more at most.

    It ends by itself, `seconds` after the request was sent, so that a holder who dies holds up nobody for long.
    """

    lease: str
    granted: bool
    seconds: float
    holder: str = ""
    version: int = SCHEMA_VERSION


class BadMessage(Exception):
    """A payload that cannot be read: `reason` is one word to count by, `detail` a sentence for a person."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def encode(message: Any, *, compress: bool = False) -> bytes:
    """A message as JSON, without what has its default value; `compress` wraps it in zlib (catch-up batches)."""
    payload = _JSON.encode(_plain(message)).encode()
    return zlib.compress(payload, 6) if compress else payload


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)  # json.dumps makes one each time


def decode(payload: bytes, shape: type[Message]) -> Message:
    """The message in a payload, compressed or not. Raises BadMessage."""
    try:
        data = json.loads(unpacked(payload), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadMessage("not_json", str(error)) from error
    try:
        message = build(shape, data)
    except BadShape as error:
        raise BadMessage("wrong_shape", str(error)) from error
    check_version(message)
    return message


def unpacked(payload: bytes) -> bytes:
    """The JSON text of a payload: zlib starts with 0x78, JSON with a brace. Raises BadMessage."""
    if payload[:1] == b"\x78":
        payload = _inflated(payload)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise BadMessage("too_large", f"more than {MAX_PAYLOAD_BYTES} bytes")
    return payload


def check_version(message: Any) -> None:
    """Raises BadMessage for a schema this code does not know."""
    if message.version != SCHEMA_VERSION:
        raise BadMessage("unknown_version", f"schema {message.version}, this side knows {SCHEMA_VERSION}")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _inflated(payload: bytes) -> bytes:
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(payload, MAX_PAYLOAD_BYTES + 1)
    except zlib.error as error:
        raise BadMessage("not_zlib", str(error)) from error
    if not inflate.eof and len(text) <= MAX_PAYLOAD_BYTES:
        raise BadMessage("not_zlib", "the compressed payload ends too early")
    return text


_SCALARS = frozenset({bool, int, float, str, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _SCALARS:  # most of what a batch holds, so asked first
        return value
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        fields = {}
        for name, default in _defaults(cast(Hashable, type(value))):
            told = getattr(value, name)
            if told != default:
                fields[name] = _plain(told)
        return fields
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return value


@functools.cache
def _defaults(shape: Any) -> tuple[tuple[str, Any], ...]:
    """Field names with the default that may be left out (a field without one, and `version`, are always written)."""
    rows = []
    for entry in dataclasses.fields(shape):
        default = entry.default if entry.default_factory is dataclasses.MISSING else entry.default_factory()
        rows.append((entry.name, dataclasses.MISSING if entry.name == "version" else default))
    return tuple(rows)
