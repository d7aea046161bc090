"""Looks at an InfluxDB as SonCa uses it: what it is, how quick, how large, and what is wrong with it.

It writes one harmless line (`witness`) and asks; nothing else changes.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from collector.store.influx import tell
from collector.store.influx_http import LoginRefused, Server
from collector.store.influx_names import TAGS
from collector.store.influx_query import Database, QueryRefused, Series
from collector.store.influx_write import LineWriter
from collector.store.protocol import Retention
from collector.store.settings import InfluxSettings
from contract.trouble import Trouble

MOST_SERIES = 200_000  # about a thousand devices: beyond, a server of 4 GB begins to suffer
MOST_CLOCK_SECONDS = 2.0
MOST_MS = 250.0
TRIES = 3


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. Times in ms, `clock_seconds` how far the server's clock is ahead of ours; None where it hides it.

    `problems` say what is wrong, each with a hint.
    """

    server: str
    version: str
    database: str
    write_path: str
    write_ms: float
    query_ms: float
    clock_seconds: float | None
    series: int | None
    problems: tuple[Trouble, ...]


def check(settings: InfluxSettings, data: Path, retention: Retention) -> Check:
    """Raises StoreUnavailable where it cannot be reached, lets nobody in, or takes no writes."""
    server = Server(settings, data)
    server.open()
    try:
        database = Database(server, settings.database, may_create=False)
        writer = LineWriter(database, settings, tell)
        writer.probe()
        write_ms = _milliseconds(writer.probe)
        headers, clock = _timed_headers(database)
        series = _cardinality(database)
        query_ms = _milliseconds(lambda: database.ask('SELECT "ok" FROM "witness" ORDER BY time DESC LIMIT 1'))
        problems = (
            *_slow(write_ms, query_ms),
            *_wrong_clock(clock),
            *_too_many(series),
            *_foreign_tags(database),
            *_retention_problems(database, retention),
            *_login_problems(database, settings),
        )
        version = headers.get("X-Influxdb-Version", "unknown")
        return Check(server.name, version, settings.database, writer.path, write_ms, query_ms, clock, series, problems)
    finally:
        server.close()


def _milliseconds(act: Callable[[], object]) -> float:
    """The median of a few tries."""
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _timed_headers(database: Database) -> tuple[Mapping[str, str], float | None]:
    """What the server says of itself, and how far its clock is ahead of ours: to a second, as HTTP tells it."""
    before = time.time()
    headers = database.headers()
    try:
        # HTTP cuts off the fraction: half a second more is the likeliest time.
        said = parsedate_to_datetime(headers["Date"]).timestamp() + 0.5
    except (KeyError, ValueError):
        return headers, None
    return headers, said - (before + time.time()) / 2


def _cardinality(database: Database) -> int | None:
    """How many series there are; None where the version does not tell."""
    found = _answer(database, f'SHOW SERIES EXACT CARDINALITY ON "{database.name}"')
    return sum(int(one.values[0][-1]) for one in found) if found else None


def _answer(database: Database, query: str) -> list[Series]:
    """Nothing where this version, or this user, may not ask that."""
    try:
        return database.ask(query)
    except (QueryRefused, LoginRefused):
        return []


def _slow(write_ms: float, query_ms: float) -> Iterator[Trouble]:
    for what, took in (("a write", write_ms), ("a question", query_ms)):
        if took > MOST_MS:
            hint = "look at its disk and load; the collector waits, and nothing is lost meanwhile"
            yield Trouble(f"{what} takes {took:.0f} ms", hint)


def _wrong_clock(ahead: float | None) -> Iterator[Trouble]:
    if ahead is not None and abs(ahead) > MOST_CLOCK_SECONDS:
        word = "ahead of" if ahead > 0 else "behind"
        hint = "boards look at the time by the server's clock: let both take it from the same NTP server"
        yield Trouble(f"the server's clock is {abs(ahead):.0f} s {word} this machine's", hint)


def _too_many(series: int | None) -> Iterator[Trouble]:
    if series is not None and series > MOST_SERIES:
        hint = "look for devices that were renamed again and again, or spread the schools over several databases"
        yield Trouble(f"{series:,} series are more than {MOST_SERIES:,}", hint)


def _foreign_tags(database: Database) -> Iterator[Trouble]:
    found = {str(value) for one in _answer(database, "SHOW TAG KEYS") for [value] in one.values} - set(TAGS)
    if found:
        hint = "somebody else writes into this database: give SonCa one of its own"
        yield Trouble(f"there are tags that are not SonCa's: {', '.join(sorted(found))}", hint)


def _retention_problems(database: Database, retention: Retention) -> Iterator[Trouble]:
    for found in _answer(database, f'SHOW RETENTION POLICIES ON "{database.name}"'):
        for row in found.rows():
            hours = int(str(row["duration"]).partition("h")[0] or 0) if "h" in str(row["duration"]) else 0
            if row["default"] and 0 < hours < retention.five_minute_days * 24:
                hint = f'ALTER RETENTION POLICY "{row["name"]}" ON "{database.name}" DURATION INF: SonCa deletes itself'
                yield Trouble(f"the database forgets everything after {hours // 24} days", hint)


def _login_problems(database: Database, settings: InfluxSettings) -> Iterator[Trouble]:
    if settings.username is None and settings.token_file is None:
        hint = "set auth-enabled = true in its [http] settings, then run `sonca influx setup`"
        yield Trouble("the server lets everybody in without a login", hint)
    elif settings.token_file is None and _answer(database, "SHOW USERS"):
        hint = "run `sonca influx setup`: it makes a user for this database alone"
        yield Trouble(f"the user {settings.username} may do everything on this server", hint)
