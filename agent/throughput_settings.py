"""Which servers this agent may test throughput with, when, and with how many bytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from contract.connection import BrokerConnection
from contract.shapes import BadValue, Between
from contract.targets import HostPort, Url, check_url
from contract.week import Slot

BUDGET_FILE = "throughput-budget.json"

Protocol = Literal["librespeed", "http", "iperf3"]
LegName = Literal["lan", "wan"]
MegabytesOfATest = Annotated[float, Between(1, 10_000)]
MegabytesOfAMonth = Annotated[float, Between(0, 100_000_000)]


@dataclass(frozen=True)
class LanSettings:
    """The school's own server. The agent's account at the broker counts there, too."""

    address: HostPort
    max_megabytes: MegabytesOfATest = 250.0
    monthly_megabytes: MegabytesOfAMonth = 50_000.0


@dataclass(frozen=True)
class WanSettings:
    """A server beyond the school's line."""

    address: str  # librespeed: the folder of garbage.php; http: a large file; iperf3: host or host:port
    protocol: Protocol = "librespeed"
    upload: Url | None = None  # http: where to send to; none: only the way down is tested
    max_megabytes: MegabytesOfATest = 50.0
    monthly_megabytes: MegabytesOfAMonth = 3_000.0

    def __post_init__(self) -> None:
        if self.protocol != "iperf3":
            check_url(self.address)
        elif "/" in self.address or not self.address:
            raise BadValue(f"{self.address[:60]!r} is not a host", "write host or host:port for iperf3")
        if self.upload is not None and self.protocol != "http":
            raise BadValue(f"{self.protocol} needs no `upload`", "take it away, or set protocol: http")


@dataclass(frozen=True)
class ThroughputSettings:
    """A leg that is absent is not tested. How often is said by `interval_seconds`."""

    lan: LanSettings | None = None
    wan: WanSettings | None = None
    slots: tuple[Slot, ...] = field(default=(Slot("06:00", "22:00"),))
    in_lessons: bool = False


@dataclass(frozen=True)
class Leg:
    """One leg as the probe takes it. Bytes are of one direction, except those of a month.

    `month` is the school's (`2026-11`); empty: that of this machine's clock.
    """

    name: LegName
    protocol: Protocol | Literal["sonca"]
    address: str
    upload: str | None
    max_bytes: int
    monthly_bytes: int
    budget_file: str
    account: BrokerConnection
    month: str = ""


def legs(settings: ThroughputSettings, data: str, account: BrokerConnection) -> Iterator[Leg]:
    """The legs that are set up; `data` is the agent's folder."""
    budget = str(Path(data) / BUDGET_FILE)
    if (lan := settings.lan) is not None:
        most, month = _bytes(lan.max_megabytes), _bytes(lan.monthly_megabytes)
        yield Leg("lan", "sonca", lan.address, None, most, month, budget, account)
    if (wan := settings.wan) is not None:
        most, month = _bytes(wan.max_megabytes), _bytes(wan.monthly_megabytes)
        yield Leg("wan", wan.protocol, wan.address, wan.upload, most, month, budget, account)


def _bytes(megabytes: float) -> int:
    return int(megabytes * 1_000_000)
