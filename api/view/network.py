"""The network of a school: who is there, who is unknown, who hands out addresses that nobody allowed."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.state_neighbours import Neighbour
from contract.messages import Outcome, Value
from contract.metrics_network import WATCHED
from inventory.known_devices import KnownDevices

# What a sentinel that went silent measured last says nothing about the present.
STALE_MS = DAY_MS
# What one look found may travel in two batches, whose clocks differ a little.
ONE_LOOK_MS = 30_000

PROBES = frozenset(probe.name for probe in WATCHED)


@dataclass(frozen=True, slots=True)
class NeighbourNow:
    """One device of the network. `device` is None where nobody knows it; `here`: it answered at the last look."""

    row: Neighbour
    device: str | None
    here: bool

    @property
    def unknown(self) -> bool:
        return self.device is None


@dataclass(frozen=True, slots=True)
class SentinelNow:
    """What one agent measured last of its network segment."""

    agent: str
    measured: tuple[StoredMeasurement, ...]

    def of(self, probe: str) -> StoredMeasurement | None:
        """Its newest measurement of a probe; the first way of several."""
        return next((entry for entry in self.measured if entry.probe == probe), None)

    def value(self, probe: str, field: str) -> Value | None:
        """A field that it measured; None where it measured none."""
        entry = self.of(probe)
        return None if entry is None else entry.fields.get(field)

    @property
    def looked_at(self) -> int | None:
        """When it last saw who is there, UTC ms."""
        entry = self.of("network_neighbours")
        return entry.taken_at if entry is not None and entry.outcome is Outcome.OK else None


@dataclass(frozen=True, slots=True)
class NetworkNow:
    """The neighbours, unknown ones first, and the sentinels by name."""

    neighbours: tuple[NeighbourNow, ...]
    sentinels: tuple[SentinelNow, ...]

    @property
    def unknown(self) -> tuple[NeighbourNow, ...]:
        """Those that are there now and that nobody knows."""
        return tuple(entry for entry in self.neighbours if entry.unknown and entry.here)

    @property
    def gateway_claimed(self) -> bool | None:
        """Whether another device says that it is the gateway; None where no sentinel listened."""
        macs, changed = self._told("gateway_arp", "gateway_macs"), self._told("gateway_arp", "mac_changed")
        return (any(changed) or max(macs) > 1) if macs else None

    def total(self, probe: str, field: str) -> int | None:
        """A count, over all segments; None where no sentinel measured it."""
        told = self._told(probe, field)
        return sum(told) if told else None

    def words(self, probe: str, field: str) -> str:
        """A text, over all segments, without what is empty."""
        values = (sentinel.value(probe, field) for sentinel in self.sentinels)
        return ", ".join(value for value in values if isinstance(value, str) and value)

    def _told(self, probe: str, field: str) -> list[int]:
        values = (sentinel.value(probe, field) for sentinel in self.sentinels)
        return [value for value in values if isinstance(value, int)]


def network_now(
    rows: Iterable[Neighbour], known: KnownDevices, latest: Iterable[StoredMeasurement], now: int
) -> NetworkNow:
    """From what the stores said; of `latest` only the probes of the network count, and of the last day at `now`."""
    measured: dict[str, list[StoredMeasurement]] = defaultdict(list)
    for entry in latest:
        if entry.probe in PROBES and entry.taken_at > now - STALE_MS:
            measured[entry.device].append(entry)
    sentinels = tuple(SentinelNow(agent, tuple(found)) for agent, found in sorted(measured.items()))
    looked_at = {sentinel.agent: sentinel.looked_at for sentinel in sentinels}
    neighbours = [
        NeighbourNow(row, known.behind(row.mac, row.known_as), _is_here(row, looked_at.get(row.agent))) for row in rows
    ]
    return NetworkNow(tuple(sorted(neighbours, key=_order)), sentinels)


def _is_here(row: Neighbour, looked_at: int | None) -> bool:
    return looked_at is not None and row.last_seen > looked_at - ONE_LOOK_MS


def _order(entry: NeighbourNow) -> tuple[bool, bool, int, str]:
    first = entry.row.address.partition(",")[0]
    try:
        address = int(ipaddress.ip_address(first))
    except ValueError:  # an agent of another version may word it otherwise
        address = 0
    return not entry.unknown, not entry.here, address, entry.row.mac
