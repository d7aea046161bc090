"""What sentinels saw on their networks: kept in the relational state, apart from the series, and forgotten.

Series and their rollups are kept for years; the hardware address of a stranger must not be (Law 91/2025/QH15).
"""

import logging
from collections import defaultdict
from collections.abc import Iterable

from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.state_neighbours import Neighbour
from collector.store.state_protocol import RelationalState
from contract.mac import is_software_chosen
from contract.metrics_network import NEIGHBOUR
from inventory.known_devices import KnownDevices
from inventory.school import School
from inventory.schools import Schools

log = logging.getLogger(__name__)

# A new PC is seen on the network before its own equipment report is here.
GRACE_MS = 600_000


def apart(measurements: Iterable[StoredMeasurement]) -> tuple[list[StoredMeasurement], list[Neighbour]]:
    """What goes to the series, and the neighbours. Those of an uncertain time are dropped: they will be seen again."""
    series, neighbours = [], []
    for entry in measurements:
        if entry.probe != NEIGHBOUR:
            series.append(entry)
        elif not entry.uncertain and not _is_nobody(entry):
            neighbours.append(_neighbour(entry))
    return series, neighbours


class Strangers:
    """Says once of each device that nobody knows that it is there; called from the collector's working thread."""

    def __init__(self, state: RelationalState, schools: Schools) -> None:
        self._state = state
        self._schools = schools

    def look(self, now: int) -> None:
        """Reports what is new since; a site without a school file has no register. Raises StoreUnavailable."""
        new: dict[str, list[Neighbour]] = defaultdict(list)
        for entry in self._state.unreported_neighbours(now - GRACE_MS):
            new[entry.site].append(entry)
        for school in self._schools.all():
            if school.site in new:
                self._report(school, new[school.site])

    def _report(self, school: School, new: list[Neighbour]) -> None:
        known = KnownDevices(school, self._state.all_equipment(school.site))
        claimed = self._state.report_neighbours(school.site, [entry.mac for entry in new])
        for entry in new:
            if entry.mac in claimed and known.behind(entry.mac, entry.known_as) is None:
                # Without its hardware address: a log is kept longer than that may be.
                where = f"{entry.address} ({entry.vendor or 'of an unknown maker'})"
                log.warning("%s: a device that nobody knows is on the network at %s", school.site, where)

    def forget(self, now: int, days: int) -> None:
        """Forgets who was not seen for so many days. Raises StoreUnavailable."""
        self._state.forget_neighbours(now - days * DAY_MS)


def _is_nobody(entry: StoredMeasurement) -> bool:
    """A telephone: agents count those only, and nothing else may bring one in."""
    return is_software_chosen(entry.target) and "known_as" not in entry.fields


def _neighbour(entry: StoredMeasurement) -> Neighbour:
    address, vendor, known_as = (str(entry.fields.get(name, "")) for name in ("address", "vendor", "known_as"))
    return Neighbour(entry.site, entry.target, entry.device, entry.taken_at, entry.taken_at, address, vendor, known_as)
