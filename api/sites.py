"""The sites of this server, each read at most once for all who look at it at the same time."""

import threading
from dataclasses import dataclass

from api.problems import no_such
from api.sources import Sources
from api.view.network import PROBES, NetworkNow, network_now
from api.view.site import SiteNow, SiteRows, day_start, site_now
from collector.store.protocol import HOUR_MS, SLICE_MS
from contract.targets import SERVICES
from contract.topics import OWN_SITE
from inventory.known_devices import KnownDevices
from inventory.school import School

KEPT_MS = 3_000  # numbers may be this old; a change of state is never
TIMELINE_MS = 4 * HOUR_MS
CHANGES_SHOWN = 12
WATCHED_MS = 900_000  # projectors and printers are asked every 5 min: three rounds


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock
    site: SiteNow | None = None


class Sites:
    """Thread-safe. Methods raise StoreUnavailable; `school` and `now` raise Problem (404) for an unknown site."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def all(self) -> list[School]:
        """Real schools first, then simulated ones, each in the order of the settings; then sites without a file."""
        described = self._described()
        known = {school.site for school in described} | {OWN_SITE}
        strangers = [School(site, site) for site in self.sources.state().sites() if site not in known]
        return sorted(described + strangers, key=lambda school: school.simulated)

    def school(self, site: str) -> School:
        described = next((school for school in self._described() if school.site == site), None)
        if described is not None:
            return described
        every = {school.site: school for school in self.all()}
        if site not in every:
            raise no_such("site", site, every)
        return every[site]

    def now(self, site: str, now: int) -> SiteNow:
        """The site at most KEPT_MS before `now`, and never older than its newest change of state."""
        school = self.school(site)
        with self._lock:
            kept = self._kept.setdefault(site, _Kept(threading.Lock()))
        with kept.lock:  # who comes second finds it read
            version = self.sources.state().version()
            old = kept.site
            if old is None or old.version != version or not 0 <= now - old.at < KEPT_MS or old.school != school:
                kept.site = site_now(school, self._rows(school, version, now))
            assert kept.site is not None
            return kept.site

    def network(self, school: School, now: int) -> NetworkNow:
        """The network as its sentinels last saw it; read anew for each who asks, which few do."""
        store, state, site = self.sources.store(), self.sources.state(), school.site
        known = KnownDevices(school, state.all_equipment(site))
        return network_now(state.neighbours(site), known, store.latest(site, probes=PROBES), now)

    def _described(self) -> list[School]:
        with self._lock:
            self.sources.schools.reload()
            return self.sources.schools.all()

    def _rows(self, school: School, version: int, now: int) -> SiteRows:
        store, state, site = self.sources.store(), self.sources.state(), school.site
        classrooms = [room.id for room in school.rooms if room.classroom]
        since = now - now % SLICE_MS - TIMELINE_MS
        watched = any(device.reported_by for device in school.devices.values())
        heard = store.heard(site, now - WATCHED_MS) if watched else ()
        return SiteRows(
            now,
            version,
            state.agents(site),
            state.rooms(site),
            store.rooms(site, since, now + 1) if school.rooms else (),
            store.share_connected(site, day_start(school, now), now + 1, classrooms),
            store.latest(site, group=SERVICES) if school.services else (),
            store.latest(OWN_SITE),
            state.changes(site, now - 24 * HOUR_MS, now + 1, limit=CHANGES_SHOWN),
            frozenset(heard),
        )
