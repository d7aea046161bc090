"""Tables of the SQLite series store: numbered migrations for what is fixed, the catalogue for the rest.

Each probe has a wide raw table keyed (series, taken_at) and two rollups of it. Numbers are kept as integers scaled by
the catalogue's decimals: SQLite stores those in one to four bytes, a float always takes eight.

Rows of past hours move into sealed blocks (sqlite_seal.py), whose columns stand in the order that the table has in the
file. So columns are only ever appended, and a migration must never build a table anew in another order.
"""

import sqlite3
from collections.abc import Iterator

from collector.store.series_math import DURATION_DIGITS, averaged, mean_digits
from contract.messages import Outcome
from contract.metrics import PROBES, Field, Kind, Probe

BLIND, UNCERTAIN = 1, 2  # bits of the column `flags`
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)  # stored by position: only ever append to the enumeration
DURATION_SCALE = 10**DURATION_DIGITS
ROLLUPS = {"five_minutes": 300_000, "hours": 3_600_000}

_MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE series (
        id INTEGER PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, probe TEXT NOT NULL, target TEXT NOT NULL,
        target_group TEXT NOT NULL, UNIQUE (site, probe, target_group, device, target)
    ) STRICT;
    CREATE TABLE latest (series INTEGER PRIMARY KEY, taken_at INTEGER NOT NULL) STRICT;
    CREATE TABLE dirty_five_minutes (
        start INTEGER NOT NULL, series INTEGER NOT NULL, PRIMARY KEY (start, series)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE dirty_hours (
        start INTEGER NOT NULL, series INTEGER NOT NULL, PRIMARY KEY (start, series)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE room_names (
        id INTEGER PRIMARY KEY, site TEXT NOT NULL, room TEXT NOT NULL, UNIQUE (site, room)
    ) STRICT;
    CREATE TABLE room_slices (
        room INTEGER NOT NULL, slice_start INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
        lesson INTEGER NOT NULL, devices_on INTEGER NOT NULL, devices_reaching INTEGER NOT NULL,
        PRIMARY KEY (room, slice_start)
    ) STRICT, WITHOUT ROWID;
    """,
    # Tables with a row number: without one, a block would spill from its page at a quarter of the page.
    *(
        f"""
        CREATE TABLE sealed_{level} (
            series INTEGER NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL, block BLOB NOT NULL,
            UNIQUE (series, start)
        ) STRICT;
        CREATE INDEX sealed_{level}_by_start ON sealed_{level} (start);
        """
        for level in ("raw", "five_minutes", "hours")
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the tables up to date, whole or not at all. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")  # two processes may start at once: the second waits, then finds all done
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        for number, script in enumerate(_MIGRATIONS[version:], version + 1):
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        for probe in PROBES.values():
            _match_catalogue(connection, probe)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table, in the order of the file."""
    return [str(name) for (name,) in connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))]


def scale(field: Field) -> int:
    """What a NUMBER is multiplied with to be stored as an integer."""
    return int(10**field.decimals) if field.kind is Kind.NUMBER else 1


def mean_scale(field: Field) -> int:
    """The same for a stored mean."""
    return int(10 ** mean_digits(field))


def reading_of(probe: Probe) -> list[tuple[str, bool, int]]:
    """How each field is read back: its name, whether it is a yes or no, and what a NUMBER is divided by, else 0."""
    return [
        (field.name, field.kind is Kind.BOOLEAN, scale(field) if field.kind is Kind.NUMBER else 0)
        for field in probe.fields.values()
    ]


def _match_catalogue(connection: sqlite3.Connection, probe: Probe) -> None:
    raw = [(field.name, "TEXT" if field.kind is Kind.TEXT else "INTEGER") for field in probe.fields.values()]
    head = "series INTEGER NOT NULL, taken_at INTEGER NOT NULL, outcome INTEGER NOT NULL, flags INTEGER NOT NULL, "
    _table(connection, f"raw_{probe.name}", head + "duration INTEGER NOT NULL", "series, taken_at", raw)
    counts = "count INTEGER NOT NULL, ok_count INTEGER NOT NULL, blind_count INTEGER NOT NULL"
    for rollup in ROLLUPS:
        head = f"series INTEGER NOT NULL, start INTEGER NOT NULL, {counts}"
        _table(connection, f"{rollup}_{probe.name}", head, "series, start", list(_rollup_columns(probe)))


def _rollup_columns(probe: Probe) -> Iterator[tuple[str, str]]:
    for field in averaged(probe):
        for part in ("mean", "low", "high"):
            yield f"{field.name}_{part}", "INTEGER"


def _table(connection: sqlite3.Connection, name: str, head: str, key: str, columns: list[tuple[str, str]]) -> None:
    there = columns_of(connection, name)
    if not there:  # all at once: to add them one by one reads the whole schema again each time
        fields = "".join(f", {column} {kind}" for column, kind in columns)
        connection.execute(f"CREATE TABLE {name} ({head}{fields}, PRIMARY KEY ({key})) STRICT, WITHOUT ROWID")
        return
    for column, kind in columns:
        if column not in there:
            connection.execute(f"ALTER TABLE {name} ADD COLUMN {column} {kind}")
