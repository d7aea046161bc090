"""The InfluxDB series store: 1.x, 2.x and 3.x, written by line protocol and read by InfluxQL.

What a collector must remember besides the points (which slices to roll up) stands in a small file in its data folder;
whoever only reads needs nothing but the server. Old points are deleted by `DELETE`, not by retention policies: boards
and queries then find raw points and rollups in one database under plain names, on every version. 3.x deletes nothing:
there the retention is a setting of the database, and a log line says so.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from collector.store import influx_copy, influx_evidence, influx_forget, influx_read
from collector.store.boards_protocol import BoardStore
from collector.store.influx_boards import InfluxBoards
from collector.store.influx_forget import Key
from collector.store.influx_http import Server
from collector.store.influx_lines import latest_line, raw_line, room_line
from collector.store.influx_marks import Marks
from collector.store.influx_query import Database
from collector.store.influx_rollup import roll_up
from collector.store.influx_write import LineWriter, Park
from collector.store.protocol import (
    DAY_MS,
    SLICE_MS,
    Beyond,
    DayOf,
    Gap,
    Part,
    Point,
    Reach,
    Retention,
    Rollup,
    RoomSlice,
    RoomTime,
    Share,
    Span,
    StoredMeasurement,
    StoreUnavailable,
)
from collector.store.series_math import numeric_field
from collector.store.settings import InfluxSettings
from collector.store.state_protocol import Refused

log = logging.getLogger(__name__)

MARKS_FILE = "influx-marks.db"


def tell(entries: Sequence[Refused]) -> None:
    """Where there is no relational state to keep a refused line, the log does."""
    for entry in entries:
        log.error("the store refused a line (%s): %s", entry.detail, entry.payload.decode())


class InfluxStore:
    """Implements protocol.SeriesStore. Secrets and marks are files in the folder `data`.

    `park` keeps lines that the server will never take. Nothing is connected before the first question, so a collector
    starts while its InfluxDB is still starting too.
    """

    def __init__(self, settings: InfluxSettings, data: Path, *, read_only: bool = False, park: Park = tell) -> None:
        self.settings = settings
        self._server = Server(settings, data)
        self._database = Database(self._server, settings.database, may_create=not read_only)
        self._writer = LineWriter(self._database, settings, park)
        self._marks = None if read_only else Marks(data / MARKS_FILE)
        self._newest: dict[Key, int] = {}  # when the newest measurement of each series was taken
        self._known_sites: set[str] = set()  # those whose newest measurements were read
        self._forgotten_until = (0, 0)
        self.boards: BoardStore | None = InfluxBoards(self._database, self._writer)

    def open(self) -> "InfluxStore":
        """Raises StoreUnavailable when a secret or the marks cannot be read."""
        self._server.open()
        if self._marks is not None:
            self._marks.open()
        return self

    def close(self) -> None:
        self._server.close()
        if self._marks is not None:
            self._marks.close()

    def write(self, measurements: Sequence[StoredMeasurement]) -> None:
        marks = self._writing()
        certain = [entry for entry in measurements if not entry.uncertain]
        marks.add(
            {(entry.site, entry.device, entry.probe, entry.taken_at - entry.taken_at % SLICE_MS) for entry in certain}
        )
        newest = self._newer_than_known(certain)
        self._writer.write([*map(raw_line, measurements), *map(latest_line, newest.values())])
        self._newest.update({key: entry.taken_at for key, entry in newest.items()})

    def roll_up(self, now: int) -> Sequence[tuple[str, int]]:
        return roll_up(self._database, self._writer, self._writing(), now)

    def seal(self, seconds: float) -> bool:  # noqa: ARG002 - InfluxDB packs by itself
        return False

    def latest(
        self, site: str, device: str | None = None, *, group: str | None = None, probes: Collection[str] = ()
    ) -> list[StoredMeasurement]:
        return influx_read.latest(self._database, site, device, group, probes)

    def series(
        self, site: str, device: str, probe: str, target: str, field: str, since: int, until: int, step_ms: int
    ) -> list[Point]:
        name = numeric_field(probe, field).name
        return influx_read.series(self._database, (site, device, probe, target), name, since, until, step_ms)

    def reach(self, site: str, since: int, until: int) -> list[Reach]:
        return influx_read.reach(self._database, site, since, until)

    def heard(self, site: str, since: int) -> set[str]:
        return influx_read.heard(self._database, site, since)

    def write_rooms(self, slices: Sequence[RoomSlice]) -> None:
        self._writing()
        self._writer.write([room_line(entry) for entry in slices])

    def rooms(self, site: str, since: int, until: int, room: str | None = None) -> list[RoomSlice]:
        return influx_read.rooms(self._database, site, since, until, room)

    def share_connected(self, site: str, since: int, until: int, rooms: Sequence[str] | None = None) -> Share:
        return influx_read.share_connected(self._database, site, since, until, rooms)

    def room_times(self, site: str, since: int, until: int) -> list[RoomTime]:
        return influx_evidence.room_times(self._database, site, since, until)

    def beyond(
        self, site: str, probe: str, field: str, limit: float, stretches: Sequence[Span], *, below: bool = False
    ) -> list[Beyond]:
        name = numeric_field(probe, field).name
        return influx_evidence.beyond(self._database, site, probe, name, limit, stretches, below=below)

    def daily(
        self, site: str, probe: str, parts: Mapping[str, Part], since: int, until: int
    ) -> dict[str, dict[tuple[str, str], list[DayOf]]]:
        names = {numeric_field(probe, field).name: part for field, part in parts.items()}
        return influx_evidence.daily(self._database, site, probe, names, since, until)

    def p95_by_room(
        self, site: str, probe: str, field: str, rooms: Mapping[str, Sequence[str]], since: int, until: int
    ) -> dict[str, float]:
        name = numeric_field(probe, field).name
        return influx_read.p95_by_room(self._database, site, probe, name, rooms, since, until)

    def gaps(self, site: str, since: int, until: int) -> list[Gap]:
        return influx_read.gaps(self._database, site, since, until)

    def devices(self) -> dict[str, list[str]]:
        return influx_copy.devices(self._database)

    def begins(self, site: str) -> int | None:
        return influx_copy.begins(self._database, site)

    def measurements(self, site: str, device: str, since: int, until: int) -> list[StoredMeasurement]:
        return influx_copy.measurements(self._database, site, device, since, until)

    def rollups(self, site: str, device: str, length: int, since: int, until: int) -> list[Rollup]:
        return influx_copy.rollups(self._database, site, device, length, since, until)

    def write_rollups(self, rollups: Sequence[Rollup]) -> None:
        self._writing()
        self._writer.write(influx_copy.rollup_lines(self._database, rollups))

    def forget(self, now: int, retention: Retention) -> int:
        """Deletes whole days, once each: a delete marks every file it touches, and the hour is not worth that."""
        self._writing()
        raw, five_minutes = (now - days * DAY_MS for days in (retention.raw_days, retention.five_minute_days))
        until = (raw - raw % DAY_MS, five_minutes - five_minutes % DAY_MS)
        if until != self._forgotten_until:
            expired = [key for key, taken_at in self._newest.items() if taken_at < until[0]]
            deleted = influx_forget.forget(self._database, *until, expired)
            self._newest = {key: taken_at for key, taken_at in self._newest.items() if taken_at >= until[0]}
            self._forgotten_until = until
            return deleted
        return 0

    def _writing(self) -> Marks:
        if self._marks is None:
            raise StoreUnavailable(f"{self._server.name} is open for reading only")
        return self._marks

    def _newer_than_known(self, measurements: Iterable[StoredMeasurement]) -> dict[Key, StoredMeasurement]:
        """The newest of each series, where the store does not know a newer one already.

        Where several collectors share a school, one may not know what another just wrote: the next report mends it.
        """
        found: dict[Key, StoredMeasurement] = {}
        for entry in measurements:
            key = (entry.site, entry.device, entry.probe, entry.target)
            if entry.site not in self._known_sites:
                self._learn(entry.site)
            known = found[key].taken_at if key in found else self._newest.get(key, -1)
            if entry.taken_at > known:
                found[key] = entry
        return found

    def _learn(self, site: str) -> None:
        for entry in influx_read.latest(self._database, site, None, None, ()):
            self._newest[site, entry.device, entry.probe, entry.target] = entry.taken_at
        self._known_sites.add(site)
