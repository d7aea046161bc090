"""What every series store answers: a small protocol of named queries, one suite of tests over all engines.

Times are UTC milliseconds of the server; ranges are half-open, `since <= t < until`. Slices are five minutes long and
start at multiples of SLICE_MS. Stores raise StoreUnavailable when the engine is out of reach, never their own errors.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Protocol

from contract.messages import Outcome, Value
from contract.shapes import Between
from contract.trouble import StoreUnavailable as StoreUnavailable  # every series store raises it

if TYPE_CHECKING:  # it needs the words below
    from collector.store.boards_protocol import BoardStore

SLICE_MS = 300_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000

Span = tuple[int, int]  # since and until, UTC milliseconds


class RoomState(StrEnum):
    """The words of the design for a classroom."""

    CONNECTED = "connected"
    DEGRADED = "degraded"
    DISCONNECTED = "disconnected"
    DARK = "dark"


class RoomReason(StrEnum):
    """Why a room is in its state: the pages turn each into a sentence."""

    REACHED = "reached"  # connected: at least one device got out
    LOSS_HIGH = "loss_high"  # degraded: packets lost past the school's limit
    SLOW = "slow"  # degraded: round trip past the school's limit
    INTERNET_UNREACHABLE = "internet_unreachable"  # disconnected: the gateway answers, nothing beyond does
    GATEWAY_UNREACHABLE = "gateway_unreachable"  # disconnected: not even the gateway answers
    NOT_TRIED = "not_tried"  # disconnected: devices are on but nobody tried the internet
    ALL_OFF = "all_off"  # dark: every device said goodbye or was never seen
    SILENT = "silent"  # dark: a device that should speak went silent without a goodbye
    NO_DEVICES = "no_devices"  # dark: the register has nothing in this room


@dataclass(slots=True)  # not frozen: that would double the time to make one, and there are millions
class StoredMeasurement:
    """One measurement as stored, keyed by site, device, probe, target and time: writing it again changes nothing.

    `uncertain` marks a time whose clock error never became known: kept, but left out of `latest`, rollups and reach.
    """

    site: str
    device: str
    probe: str
    target: str
    taken_at: int
    outcome: Outcome
    duration_ms: float
    fields: Mapping[str, Value] = field(default_factory=dict)
    blind: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a series: `mean`, `minimum` and `maximum` are None where nothing was measured in the step."""

    at: int
    mean: float | None
    minimum: float | None
    maximum: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one device got in a stretch of time. Mean loss and round trip are of the internet group's pings.

    A target that never answered in the range counts as not reached, but not into the loss: many hosts drop all pings.

    `measured` counts measurements of any kind: a device that measured was on.
    """

    device: str
    measured: int = 0
    internet_tries: int = 0
    internet_reached: int = 0
    gateway_tries: int = 0
    gateway_reached: int = 0
    loss_percent: float | None = None
    round_trip_ms: float | None = None


@dataclass(frozen=True, slots=True)
class RoomSlice:
    """The judgement of one room over one slice; `lesson` says whether it was lesson time."""

    site: str
    room: str
    slice_start: int
    state: RoomState
    reason: RoomReason
    lesson: bool
    devices_on: int
    devices_reaching: int


@dataclass(frozen=True, slots=True)
class Share:
    """Slices of classrooms in lesson time, by state. Dark ones stand apart and never count as connected."""

    connected: int = 0
    degraded: int = 0
    disconnected: int = 0
    dark: int = 0

    @property
    def total(self) -> int:
        return self.connected + self.degraded + self.disconnected + self.dark

    @property
    def connected_percent(self) -> float | None:
        """Share of lesson slices in which the room reached the internet, degraded included; None without lessons."""
        return 100 * (self.connected + self.degraded) / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class RoomTime:
    """How many slices of lesson time a room was in a state. `reason` is that of a disconnected or degraded one; `alone`
    says that another room fared better in them, which tells a fault of this room from one of the school."""

    room: str
    state: RoomState
    slices: int
    reason: RoomReason | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Beyond:
    """Of one device and target: five-minute means in some stretches of time, and how many lay beyond a limit.

    `first` is the start of the first stretch that has any.
    """

    device: str
    target: str
    first: int
    measured: int
    beyond: int


class Part(StrEnum):
    """What is told of a field over a day: the mean of its hours' means, the lowest or the highest."""

    MEAN = "mean"
    LOWEST = "low"
    HIGHEST = "high"


@dataclass(frozen=True, slots=True)
class DayOf:
    """A part of a field over one day of UTC that begins at `at`."""

    at: int
    value: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without any measurement of a device, between two that it has; whole slices."""

    device: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Retention:
    """How long rows are kept, in days; hourly rollups and room slices are kept for good.

    `neighbour_days` counts from when a device was last seen on the network: strangers must be forgotten.
    """

    raw_days: Annotated[int, Between(1, 36_500)] = 30
    five_minute_days: Annotated[int, Between(1, 36_500)] = 730
    neighbour_days: Annotated[int, Between(1, 365)] = 30


@dataclass(frozen=True, slots=True)
class Rollup:
    """What `length` ms (SLICE_MS or HOUR_MS) of one target came to; `values` are mean, lowest, highest by field."""

    site: str
    device: str
    probe: str
    target: str
    length: int
    start: int
    count: int
    ok_count: int
    blind_count: int
    values: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)


class SeriesStore(Protocol):
    """The store of time series. One instance per process; write methods are called from one thread at a time."""

    boards: "BoardStore | None"
    """Takes what boards read beside the series; None for a store that no board looks at."""

    def write(self, measurements: Sequence[StoredMeasurement]) -> None:
        """Durably writes all of them: what returns is committed. Raises StoreUnavailable."""

    def roll_up(self, now: int) -> Sequence[tuple[str, int]]:
        """Recomputes five-minute and hourly rollups of what was written since and is closed by `now`.

        Returns the (site, slice_start) pairs that changed, oldest first, so that the rooms of those can be judged
        again. A slice is closed SLICE_MS after its start; late and repeated data reopens it.
        """

    def seal(self, seconds: float) -> bool:
        """Packs what has become old, where the engine does not do so by itself; changes no answer.

        Works for about so many seconds; True when it has not come to an end.
        """

    def latest(
        self, site: str, device: str | None = None, *, group: str | None = None, probes: Collection[str] = ()
    ) -> list[StoredMeasurement]:
        """The newest measurement of every device, probe and target of a site, or of one device.

        `group` leaves only the targets of one group, `probes` only those probes: the services table of a large school,
        or the page of its network, must not read everything.
        """

    def series(
        self, site: str, device: str, probe: str, target: str, field: str, since: int, until: int, step_ms: int
    ) -> list[Point]:
        """One numeric (or yes/no, as 0 and 1) field by steps aligned to multiples of `step_ms`; empty steps left out.

        Answers from raw rows up to 24 hours, from five-minute rollups up to 31 days, else from hourly ones; a step
        shorter than the rollup's is lengthened to it.
        """

    def reach(self, site: str, since: int, until: int) -> list[Reach]:
        """How far each device that measured in the range got, from raw rows."""

    def heard(self, site: str, since: int) -> set[str]:
        """The devices that measured anything, or were measured, at `since` or later; cheaper than `reach`."""

    def write_rooms(self, slices: Sequence[RoomSlice]) -> None:
        """Writes or overwrites judged room slices (key: site, room, slice_start)."""

    def rooms(self, site: str, since: int, until: int, room: str | None = None) -> list[RoomSlice]:
        """Judged room slices by room and time."""

    def share_connected(self, site: str, since: int, until: int, rooms: Sequence[str] | None = None) -> Share:
        """Room slices in lesson time by state, of all rooms or those named."""

    def room_times(self, site: str, since: int, until: int) -> list[RoomTime]:
        """The same of each room that has any, apart by reason, in one question; by room, in any order within it."""

    def beyond(
        self, site: str, probe: str, field: str, limit: float, stretches: Sequence[Span], *, below: bool = False
    ) -> list[Beyond]:
        """How often a field was above (or below) a limit, of all devices and targets at once, by device and target.

        Counts the five-minute rollups that start within `stretches`, which are in order and apart: lesson time, say.
        """

    def daily(
        self, site: str, probe: str, parts: Mapping[str, Part], since: int, until: int
    ) -> dict[str, dict[tuple[str, str], list[DayOf]]]:
        """A part of each field of `parts`, day by day in order; from hourly rollups, so however long ago.

        By field, and then by (device, target) of all that have it. Days without the field are left out.
        """

    def p95_by_room(
        self, site: str, probe: str, field: str, rooms: Mapping[str, Sequence[str]], since: int, until: int
    ) -> dict[str, float]:
        """The 95th percentile (nearest rank) of the five-minute means of a field over each room's devices.

        `rooms` maps a room to its devices; internet-group targets only where the probe has groups.
        """

    def gaps(self, site: str, since: int, until: int) -> list[Gap]:
        """The slices in which a device has nothing, between its first and its last measurement in the range."""

    def devices(self) -> dict[str, list[str]]:
        """The devices of each site that ever measured."""

    def begins(self, site: str) -> int | None:
        """When the oldest hour or judgement of a site begins; None where nothing was rolled up or judged yet."""

    def measurements(self, site: str, device: str, since: int, until: int) -> list[StoredMeasurement]:
        """Everything a device measured in the range and that is still kept raw, uncertain times too, in any order."""

    def rollups(self, site: str, device: str, length: int, since: int, until: int) -> list[Rollup]:
        """The rollups of a device of this length that start in the range, in any order."""

    def write_rollups(self, rollups: Sequence[Rollup]) -> None:
        """Writes rollups of another store; one that the store has with at least as many measurements stays."""

    def forget(self, now: int, retention: Retention) -> int:
        """Deletes what is older than `retention`; the number of deleted rows."""

    def close(self) -> None:
        """Releases files and connections; safe to call twice."""
