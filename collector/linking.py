"""Joins what agents report with what the school registered, whenever a site's equipment has changed."""

import logging
import time

from collector.present import Present
from collector.store.equipment_seen import THERE
from collector.store.state_protocol import RelationalState
from inventory.linking import renew_links
from inventory.register import Register
from inventory.schools import Schools

log = logging.getLogger(__name__)

AT_ONCE_SECONDS = 0.2  # messages wait meanwhile


class Linking:
    """Sites are noted as reports come in, and matched when `look` is called."""

    def __init__(self, state: RelationalState, register: Register, schools: Schools, present: Present) -> None:
        self._state = state
        self._register = register
        self._schools = schools
        self._present = present
        self._noted: set[str] = set()

    def note(self, site: str) -> None:
        """The equipment of this site is not what it was."""
        self._noted.add(site)

    def look(self, now: int) -> None:
        """Renews the links of sites noted since, for about AT_ONCE_SECONDS; the others stay noted.

        A collector of a city begins with all its sites noted. Raises StoreUnavailable.
        """
        until = time.monotonic() + AT_ONCE_SECONDS
        for site in sorted(self._noted):
            live = {agent for agent, presence in self._present.presences(site).items() if presence in THERE}
            reports = self._state.equipment_history(site)
            matching = renew_links(self._register, site, self._schools.of(site), reports, live, now)
            for clone in matching.clones:
                log.warning("%s: %s show one %s: %s", site, ", ".join(clone.devices), clone.kind, clone.value)
            self._noted.discard(site)
            if time.monotonic() >= until:
                return
