"""Writing measurements: one transaction per call, rows and their marks for the rollups together."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from collector.store.protocol import SLICE_MS, StoredMeasurement
from collector.store.sqlite_schema import BLIND, DURATION_SCALE, OUTCOMES, UNCERTAIN, scale
from collector.store.sqlite_seal import RAW, Sealer, sealed_until, unseal
from contract.messages import Value
from contract.metrics import PROBES, Kind
from contract.targets import group_of

_OUTCOME_NUMBER = {outcome: number for number, outcome in enumerate(OUTCOMES)}
_FIELDS: Mapping[str, tuple[str, ...]] = {probe.name: tuple(probe.fields) for probe in PROBES.values()}


def _insert(probe: str) -> str:
    # Scaling in SQL costs a fraction of scaling in Python.
    fields = PROBES[probe].fields.values()
    columns = ", ".join(["series", "taken_at", "outcome", "flags", "duration", *(field.name for field in fields)])
    marks = [f"CAST(round(? * {scale(field)}) AS INTEGER)" if field.kind is Kind.NUMBER else "?" for field in fields]
    duration = f"CAST(round(? * {DURATION_SCALE}) AS INTEGER)"
    values = ", ".join(["?, ?, ?, ?", duration, *marks])
    return f"INSERT OR IGNORE INTO raw_{probe} ({columns}) VALUES ({values})"  # noqa: S608 - names of the catalogue


_INSERTS = {probe: _insert(probe) for probe in PROBES}
_LATEST = """
    INSERT INTO latest (series, taken_at) VALUES (?, ?)
    ON CONFLICT (series) DO UPDATE SET taken_at = excluded.taken_at WHERE excluded.taken_at > taken_at
"""
_NEW_SERIES = "INSERT OR IGNORE INTO series (site, device, probe, target, target_group) VALUES (?, ?, ?, ?, ?)"
_MARK = "INSERT OR IGNORE INTO dirty_five_minutes (series, start) VALUES (?, ?)"


class Writer:
    """Holds what a writing process remembers between calls: the numbers of series, the marks already set, and until
    when anything is sealed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._series: dict[tuple[str, str, str, str], int] = {}
        self._marked: set[tuple[int, int]] = set()
        self._sealer = Sealer(connection)
        self._sealed_until = sealed_until(connection, RAW)

    def seal(self, seconds: float) -> bool:
        """Seals for about so long; whether something is left. Raises sqlite3.Error."""
        left = self._sealer.seal(seconds)
        self._sealed_until = sealed_until(self._connection, RAW)
        return left

    def write(self, measurements: Sequence[StoredMeasurement]) -> None:
        """Commits all of them. Raises sqlite3.Error, and then nothing of them is stored."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            marks = self._insert_rows(measurements)
            connection.executemany(_MARK, marks)
            connection.execute("COMMIT")
        except BaseException:
            self.forget_memory()  # a rolled back transaction took new series numbers with it
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._marked |= marks

    def forget_memory(self) -> None:
        """After a rollup took marks away, or a transaction failed, the memory must be read anew."""
        self._series.clear()
        self._marked.clear()

    def forget_marks(self, marks: Sequence[tuple[int, int]]) -> None:
        """The rollup has taken these (series, start) marks away."""
        self._marked.difference_update(marks)

    def _insert_rows(self, measurements: Sequence[StoredMeasurement]) -> set[tuple[int, int]]:
        rows: dict[str, list[tuple[Value | None, ...]]] = defaultdict(list)
        newest: dict[int, int] = {}
        marks: set[tuple[int, int]] = set()
        late: set[tuple[str, int, int]] = set()
        known, sealed = self._series, self._sealed_until
        for entry in measurements:
            probe, at = entry.probe, entry.taken_at
            key = (entry.site, entry.device, probe, entry.target)
            series = known.get(key) or self.number(key)
            flags = entry.blind * BLIND + entry.uncertain * UNCERTAIN
            values = map(entry.fields.get, _FIELDS[probe])
            rows[probe].append((series, at, _OUTCOME_NUMBER[entry.outcome], flags, entry.duration_ms, *values))
            if at < sealed:
                late.add((probe, series, RAW.start_of(at)))
            if entry.uncertain:
                continue
            if at > newest.get(series, -1):
                newest[series] = at
            marks.add((series, at - at % SLICE_MS))
        for probe, series, start in late:
            unseal(self._connection, RAW, probe, series, start)
        for probe, values_of_probe in rows.items():
            self._connection.executemany(_INSERTS[probe], values_of_probe)
        self._connection.executemany(_LATEST, newest.items())
        return marks - self._marked

    def number(self, key: tuple[str, str, str, str]) -> int:
        """The number of a series (site, device, probe, target), given to it when it is new. Within a transaction."""
        self._connection.execute(_NEW_SERIES, (*key, group_of(key[3])))
        row = self._connection.execute(
            "SELECT id FROM series WHERE site = ? AND device = ? AND probe = ? AND target = ?", key
        ).fetchone()
        self._series[key] = int(row[0])
        return self._series[key]
