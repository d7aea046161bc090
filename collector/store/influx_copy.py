"""Everything of a device, as it is handed to another store, and what comes from one."""

# ruff: noqa: S608 - names come from the catalogue, values are quoted

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from collector.store.influx_lines import rollup_fields, series_key
from collector.store.influx_names import FIVE_MINUTES, HOURS, ROOMS, UNCERTAIN, from_tag
from collector.store.influx_query import Database, between, where
from collector.store.protocol import HOUR_MS, SLICE_MS, Rollup, StoredMeasurement
from collector.store.series_math import averaged
from contract.messages import Outcome, Value
from contract.metrics import PROBES, Kind
from contract.targets import group_of

_SUFFIX: Mapping[int, str] = {SLICE_MS: FIVE_MINUTES, HOUR_MS: HOURS}
_HOURS = ", ".join(f'"{probe}{HOURS}"' for probe in PROBES)
# In a series' key, where a comma of a target has a backslash before it.
_SLUG = re.compile(r"(?<!\\),(site|device)=([^,]*)")
_RAW = ", ".join(f'"{probe}", "{probe}{UNCERTAIN}"' for probe in PROBES)


def devices(database: Database) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in database.ask(f"SHOW SERIES FROM {_RAW}, {_HOURS}"):
        for [key] in one.values:
            tags = dict(_SLUG.findall(key))
            found[tags["site"]].add(tags["device"])
    return {site: sorted(names) for site, names in sorted(found.items())}


def begins(database: Database, site: str) -> int | None:
    starts = [
        one.values[0][0]
        for names, column in ((_HOURS, "count"), (f'"{ROOMS}"', "lesson"))
        for one in database.ask(f'SELECT first("{column}") FROM {names} WHERE {where(site=site)}')
    ]
    return min(starts, default=None)


def measurements(database: Database, site: str, device: str, since: int, until: int) -> list[StoredMeasurement]:
    found = []
    query = f"SELECT * FROM {_RAW} WHERE {where(site=site, device=device)} AND {between(since, until)}"
    for one in database.ask(query):
        probe = one.name.removesuffix(UNCERTAIN)
        for row in one.rows():
            found.append(_measurement(site, device, probe, row, uncertain=one.name != probe))
    return found


def _measurement(site: str, device: str, probe: str, row: Mapping[str, Any], *, uncertain: bool) -> StoredMeasurement:
    fields: dict[str, Value] = {}
    for field in PROBES[probe].fields.values():
        value = row.get(field.name)
        if value is not None:  # a whole number of a NUMBER comes without its point
            fields[field.name] = float(value) if field.kind is Kind.NUMBER else value
    return StoredMeasurement(
        site,
        device,
        probe,
        from_tag(row.get("target") or ""),
        row["time"],
        Outcome(row["outcome"]),
        float(row["duration_ms"]),
        fields,
        bool(row.get("blind")),
        uncertain,
    )


def rollups(database: Database, site: str, device: str, length: int, since: int, until: int) -> list[Rollup]:
    among = ", ".join(f'"{probe}{_SUFFIX[length]}"' for probe in PROBES)
    query = f"SELECT * FROM {among} WHERE {where(site=site, device=device)} AND {between(since, until)}"
    return [
        _rollup(site, device, one.name.removesuffix(_SUFFIX[length]), length, row)
        for one in database.ask(query)
        for row in one.rows()
    ]


def _rollup(site: str, device: str, probe: str, length: int, row: Mapping[str, Any]) -> Rollup:
    values = {}
    for field in averaged(PROBES[probe]):
        if row.get(field.name) is not None:
            mean, low, high = (float(row[field.name + part]) for part in ("", "_min", "_max"))
            values[field.name] = (mean, low, high)
    counts = row["count"], row["ok_count"], row["blind_count"]
    return Rollup(site, device, probe, from_tag(row.get("target") or ""), length, row["time"], *counts, values)


def rollup_lines(database: Database, entries: Sequence[Rollup]) -> list[str]:
    """Lines of those that the database has not, or with fewer measurements."""
    known = _known(database, entries)
    return [_line(entry) for entry in entries if entry.count > known.get(_key(entry), 0)]


def _known(database: Database, entries: Sequence[Rollup]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for site, device, length in {(entry.site, entry.device, entry.length) for entry in entries}:
        starts = [entry.start for entry in entries if (entry.site, entry.device) == (site, device)]
        for there in rollups(database, site, device, length, min(starts), max(starts) + 1):
            found[_key(there)] = there.count
    return found


def _key(entry: Rollup) -> tuple[str, ...]:
    return entry.site, entry.device, entry.probe, entry.target, str(entry.length), str(entry.start)


def _line(entry: Rollup) -> str:
    tags = {"site": entry.site, "device": entry.device, "target": entry.target, "group": group_of(entry.target)}
    head = series_key(entry.probe + _SUFFIX[entry.length], tags)
    return f"{head} {rollup_fields(entry.count, entry.ok_count, entry.blind_count, entry.values)} {entry.start}"
