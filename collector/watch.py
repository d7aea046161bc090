"""Judges rooms: as they are now, and slice by slice for the history."""

import dataclasses
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collector.boards import Boards
from collector.cause import causes, verdict
from collector.judge import Judgement, judge
from collector.present import Present
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Reach, RoomSlice, SeriesStore, StoredMeasurement
from collector.store.state_protocol import Cause, Presence, RelationalState, RoomNow
from contract.targets import DNS, INTERNET
from inventory.school import School
from inventory.schools import Schools

log = logging.getLogger(__name__)

# The present is what the last two minutes show: four rounds of the default schedule. The history goes by slices.
NOW_MS = 120_000
GRACE_MS = 45_000  # agents report every 30 s: a slice is judged when its last reports are in
LOOK_BACK_MS = 31 * DAY_MS
AGAIN_MS = 2 * HOUR_MS  # judged again at start: a crash may have come between a rollup and its judgement


@dataclass(slots=True)
class _Due:
    """Slices of a site to judge, and the end of what was judged so far."""

    slices: set[int] = field(default_factory=set)
    judged_until: int = 0


class Watch:
    """Keeps RoomNow rows and room slices up to date; called from the collector's one working thread."""

    def __init__(
        self,
        store: SeriesStore,
        state: RelationalState,
        schools: Schools,
        present: Present,
        boards: Boards | None = None,
    ) -> None:
        self._boards = boards
        self._store = store
        self._state = state
        self._schools = schools
        self._present = present
        self._due: dict[str, _Due] = {}

    def look(self, now: int) -> None:
        """Judges every room as it is now. Raises StoreUnavailable."""
        for school in self._schools.all():
            reaches = {reach.device: reach for reach in self._store.reach(school.site, now - NOW_MS, now + 1)}
            presences = self._present.presences(school.site)
            found = {room.id: judge(room.devices, reaches, presences, school.limits) for room in school.rooms}
            faults = self._causes(school, reaches, presences, now)
            self._state.put_rooms([_room_now(school.site, room, found[room], faults.get(room), now) for room in found])
        if self._boards is not None:
            self._boards.tell(now)

    def _causes(
        self, school: School, reaches: Mapping[str, Reach], presences: Mapping[str, Presence], now: int
    ) -> dict[str, Cause]:
        measured: dict[str, list[StoredMeasurement]] = defaultdict(list)
        for group in (INTERNET, DNS):
            for entry in self._store.latest(school.site, group=group):
                if entry.taken_at >= now - NOW_MS:
                    measured[entry.device].append(entry)
        rooms = {
            room.id: [
                verdict(
                    device.id,
                    reaches.get(device.id),
                    measured[device.id],
                    silent=presences.get(device.id) in (Presence.LATE, Presence.LOST),
                )
                for device in room.devices
            ]
            for room in school.rooms
        }
        return causes(rooms)

    def mark(self, changed: Iterable[tuple[str, int]]) -> None:
        """Takes note of the slices that a rollup changed: they are judged again."""
        for site, start in changed:
            self._due.setdefault(site, _Due()).slices.add(start)

    def judge_slices(self, now: int, most: int = 200) -> bool:
        """Judges up to `most` slices a site, oldest first; whether something is left. Raises StoreUnavailable."""
        left = False
        for school in self._schools.all():
            due = self._due_of(school, now)
            last = now - GRACE_MS - SLICE_MS
            due.slices.update(range(due.judged_until, last + 1, SLICE_MS))
            due.judged_until = max(due.judged_until, last - last % SLICE_MS + SLICE_MS)
            ready = sorted(start for start in due.slices if start <= last)[:most]
            judged = {start: self._judge_slice(school, start) for start in ready}
            if self._boards is not None and judged:
                self._boards.judged(school, judged)
            due.slices.difference_update(ready)
            left = left or len(ready) == most
        return left

    def _due_of(self, school: School, now: int) -> _Due:
        due = self._due.setdefault(school.site, _Due())
        if not due.judged_until:
            start = self._first_measured(school.site, self._newest_judged(school.site, now) or now)
            due.judged_until = start - start % SLICE_MS
        return due

    def _first_measured(self, site: str, until: int) -> int:
        """The first slice with measurements of the last hours before `until`, else that itself.

        What is dark before it was judged already, or is older than the school's first agent: nobody knew it then.
        """
        slices = range((until - AGAIN_MS) // SLICE_MS * SLICE_MS, until, SLICE_MS)
        if not self._store.reach(site, slices.start, until):
            return until
        return next((start for start in slices if self._store.reach(site, start, start + SLICE_MS)), until)

    def _newest_judged(self, site: str, now: int) -> int:
        """The newest slice that was judged, looked for in the last hours first: a month of slices is a lot to read.
        0 without one."""
        for back in (AGAIN_MS, DAY_MS, LOOK_BACK_MS):
            newest = max((entry.slice_start for entry in self._store.rooms(site, now - back, now)), default=0)
            if newest:
                return newest
        return 0

    def _judge_slice(self, school: School, start: int) -> list[RoomSlice]:
        reaches = {reach.device: reach for reach in self._store.reach(school.site, start, start + SLICE_MS)}
        lesson = school.in_lesson(start)
        nobody: dict[str, Presence] = {}  # who was silent back then is not recorded: a dark slice says all_off
        slices = []
        for room in school.rooms:
            found = judge(room.devices, reaches, nobody, school.limits)
            slices.append(
                RoomSlice(
                    school.site,
                    room.id,
                    start,
                    found.state,
                    found.reason,
                    lesson,
                    found.devices_on,
                    found.devices_reaching,
                )
            )
        self._store.write_rooms(slices)
        return slices


def _room_now(site: str, room: str, found: Judgement, cause: Cause | None, now: int) -> RoomNow:
    evidence = found.evidence if cause is None else {**found.evidence, "cause": dataclasses.asdict(cause)}
    return RoomNow(site, room, found.state, found.reason, now, now, found.devices_on, found.devices_reaching, evidence)
