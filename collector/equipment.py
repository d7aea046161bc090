"""Tells a store that boards look at what the register holds: once a day, and soon after it changed."""

import time
from collections.abc import Mapping
from datetime import date

from collector.linking import AT_ONCE_SECONDS
from collector.measured import Measured
from collector.store.boards_protocol import BoardStore
from collector.store.state_protocol import RelationalState
from inventory.evidence import Evidence, reported
from inventory.lesson_time import midnight
from inventory.plan.rules import shipped_rules
from inventory.register import Register
from inventory.school import School
from inventory.schools import Schools
from inventory.snapshot import snapshot


class Equipment:
    """Called from the collector's one working thread. What was told of a day is replaced when it is told again.

    Without `measured` only what equipment reports tell is a reason.
    """

    def __init__(
        self,
        store: BoardStore,
        state: RelationalState,
        register: Register,
        schools: Schools,
        measured: Measured | None = None,
    ) -> None:
        self._store = store
        self._state = state
        self._register = register
        self._schools = schools
        self._measured = measured
        self._read_until = 0  # of the register's log
        # As each school was, the day that was told of it, and whether what was measured was in it.
        self._told: dict[str, tuple[School, int, bool]] = {}

    def tell(self, now: int) -> None:
        """Writes schools whose day began, or whose register or rooms changed, for about AT_ONCE_SECONDS; others later.

        Raises StoreUnavailable.
        """
        until = time.monotonic() + AT_ONCE_SECONDS
        self._read_until, changed = self._register.changed_since(self._read_until)
        for site in changed:
            self._told.pop(site, None)
        for school in self._schools.all():
            today = school.day_at(now)
            began = midnight(today, school.zone)
            measured = self._measured.of(school, began, now) if self._measured else None
            telling = school, began, measured is not None
            if self._told.get(school.site) != telling:
                self._tell(school, began, today, measured or {})
                self._told[school.site] = telling
                if time.monotonic() >= until:
                    return  # the day of a whole city begins at once

    def _tell(self, school: School, began: int, today: date, measured: Mapping[str, Evidence]) -> None:
        site, register = school.site, self._register
        planned, evidence = register.once_planned(site), {**self._reported(site, today), **measured}
        entries = snapshot(register.assets(site), planned, evidence, shipped_rules(), today)
        rooms = school.room_names
        self._store.write_equipment(site, began, entries, rooms)

    def _reported(self, site: str, today: date) -> Mapping[str, Evidence]:
        """Of each linked asset what its equipment report tells: known at once, and of what was linked since morning."""
        content = {report.device: report.content for report in self._state.all_equipment(site)}
        return {
            link.tag: Evidence(today, **reported(content[device]))
            for device, link in self._register.links.of(site).items()
            if device in content
        }
