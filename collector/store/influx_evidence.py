"""What equipment is judged by, of a whole site at once. The server counts: a term of rollups would not fit a page."""

# ruff: noqa: S608 - names come from the catalogue, values are quoted

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from collector.store.influx_names import FIVE_MINUTES, HOURS, ROOMS
from collector.store.influx_query import Database, between, where
from collector.store.protocol import Beyond, DayOf, Part, RoomReason, RoomState, RoomTime, Span

_COLUMNS: Mapping[Part, str] = {
    Part.MEAN: 'mean("{}")',
    Part.LOWEST: 'min("{}_min")',
    Part.HIGHEST: 'max("{}_max")',
}
_BY_SERIES = 'GROUP BY "device", "target"'


def room_times(database: Database, site: str, since: int, until: int) -> list[RoomTime]:
    lessons, sums = _lessons(site, since, until), 'sum("connected") AS "connected", sum("dark") AS "dark"'
    found = [
        RoomTime(one.tag("room"), state, row[state.value])
        for one in database.ask(f'SELECT {sums} {lessons} GROUP BY "room"')
        for row in one.rows()
        for state in (RoomState.CONNECTED, RoomState.DARK)
        if row[state.value]
    ]
    for (room, state, reason, alone), slices in _bad(database, lessons).items():
        found.append(RoomTime(room, state, slices, reason, alone))
    return sorted(found, key=lambda entry: entry.room)


def _bad(database: Database, lessons: str) -> Counter[tuple[str, RoomState, RoomReason, bool]]:
    """Slices in which a room was on and not well: by room, state, reason, and whether another room fared better."""
    well = {
        start: (connected, degraded)
        for one in database.ask(f'SELECT sum("connected"), sum("degraded") {lessons} GROUP BY time(5m) fill(none)')
        for start, connected, degraded in one.values
    }
    counted: Counter[tuple[str, RoomState, RoomReason, bool]] = Counter()
    for one in database.ask(f'SELECT "state", "reason" {lessons} AND "connected" = 0 AND "dark" = 0 GROUP BY "room"'):
        for start, word, reason in one.values:
            state, (connected, degraded) = RoomState(word), well[start]
            others = connected + (degraded if state is RoomState.DISCONNECTED else 0)
            counted[one.tag("room"), state, RoomReason(reason), others > 0] += 1
    return counted


def _lessons(site: str, since: int, until: int) -> str:
    return f'FROM "{ROOMS}" WHERE {where(site=site)} AND {between(since, until)} AND "lesson" = true'


def beyond(
    database: Database, site: str, probe: str, field: str, limit: float, spans: Sequence[Span], *, below: bool
) -> list[Beyond]:
    """InfluxQL has no OR between stretches of time: two counts of each."""
    counted: dict[tuple[str, str], list[int]] = {}  # device and target -> first, measured, beyond
    for since, until in spans:
        count = f'SELECT count("{field}") FROM "{probe}{FIVE_MINUTES}" WHERE {where(site=site)}'
        count = f"{count} AND {between(since, until)}"
        for one in database.ask(f"{count} {_BY_SERIES}"):
            known = counted.setdefault((one.tag("device"), one.tag("target")), [since, 0, 0])
            known[1] += one.values[0][1]
        for one in database.ask(f'{count} AND "{field}" {"<" if below else ">"} {limit!r} {_BY_SERIES}'):
            counted[one.tag("device"), one.tag("target")][2] += one.values[0][1]
    return [Beyond(*name, *known) for name, known in sorted(counted.items())]


def daily(
    database: Database, site: str, probe: str, parts: Mapping[str, Part], since: int, until: int
) -> dict[str, dict[tuple[str, str], list[DayOf]]]:
    columns = ", ".join(_COLUMNS[part].format(field) for field, part in parts.items())
    query = f'SELECT {columns} FROM "{probe}{HOURS}" WHERE {where(site=site)} AND {between(since, until)}'
    found: dict[str, dict[tuple[str, str], list[DayOf]]] = {field: defaultdict(list) for field in parts}
    for one in database.ask(f"{query} {_BY_SERIES}, time(1d) fill(none)"):
        name = one.tag("device"), one.tag("target")
        for at, *values in one.values:
            for days, value in zip(found.values(), values, strict=True):
                if value is not None:
                    days[name].append(DayOf(at, value))
    return found
