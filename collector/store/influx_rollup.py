"""Rollups: recomputed from the raw points of the slices that writes marked, so late and repeated data is harmless.

The server averages; what it answers is written back as lines, since 2.x and 3.x have no `SELECT INTO`. Consecutive
slices of the same schools share a query, so that a day that comes late costs one query a probe and not 288.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.store.influx_lines import device_line, series_key
from collector.store.influx_marks import Mark, Marks
from collector.store.influx_names import FIVE_MINUTES, HOURS
from collector.store.influx_query import Database, Series, between, one_of
from collector.store.influx_write import LineWriter
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS
from collector.store.series_math import SHARE_DIGITS, averaged, mean_digits
from contract.metrics import PROBES, Field, Kind, Probe

MARKS_PER_CALL = 4_000  # bounds how long one call holds up the messages
MOST_SITES = 100  # in one query
_TAGS = ("site", "device", "target", "group")
_BY_TAGS = ", ".join(f'"{tag}"' for tag in _TAGS)
_SUFFIX = {SLICE_MS: FIVE_MINUTES, HOUR_MS: HOURS}

_NONE = {"count": 0}

Key = tuple[Any, ...]  # the values of _TAGS, then the start


@dataclass(slots=True)
class Span:
    """Consecutive slices of one probe at the same sites."""

    probe: str
    sites: tuple[str, ...]
    since: int
    until: int


def roll_up(database: Database, writer: LineWriter, marks: Marks, now: int) -> list[tuple[str, int]]:
    """Recomputes what is marked and closed by `now`, oldest first; the (site, slice_start) pairs that changed.

    Raises StoreUnavailable, and then the marks are still there.
    """
    slices = marks.due(SLICE_MS, now - SLICE_MS, MARKS_PER_CALL)
    touched = {(site, probe, start - start % HOUR_MS) for site, probe, start in slices}
    closed = {mark for mark in touched if mark[2] <= now - HOUR_MS}
    hours = closed.union(marks.due(HOUR_MS, now - HOUR_MS, MARKS_PER_CALL))
    if not slices and not hours:
        return []
    for length, due in ((SLICE_MS, slices), (HOUR_MS, hours)):
        for span in spans(due, length):
            writer.write(list(_lines(database, span, length, now)))
    marks.settle(slices, list(hours), touched - closed)
    return [(site, start) for start, site in sorted({(start, site) for site, _, start in slices})]


def spans(marks: Iterable[Mark], length: int) -> list[Span]:
    """The marks as few stretches, none longer than a day."""
    sites_of: dict[tuple[str, int], list[str]] = defaultdict(list)
    for site, probe, start in marks:
        sites_of[probe, start].append(site)
    found: list[Span] = []
    newest: dict[tuple[str, tuple[str, ...]], Span] = {}
    for (probe, start), all_sites in sorted(sites_of.items()):
        for sites in _portions(sorted(all_sites)):
            span = newest.get((probe, sites))
            if span is not None and span.until == start and start - span.since < DAY_MS:
                span.until += length
            else:
                newest[probe, sites] = Span(probe, sites, start, start + length)
                found.append(newest[probe, sites])
    return found


def _portions(sites: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(sites), MOST_SITES):
        yield tuple(sites[start : start + MOST_SITES])


def _lines(database: Database, span: Span, length: int, now: int) -> Iterator[str]:
    """The lines of a span, and those of the devices that were on in its slices."""
    probe, measurement = PROBES[span.probe], span.probe + _SUFFIX[length]
    found = _rows(database.ask(_means(span, probe, length)))
    yes = {field.name: _rows(database.ask(_yes_counts(span, field, length))) for field in _yes_no(probe)}
    # Retention may have taken raw points that an older rollup still knows: a recomputation never lowers the count.
    old = _rows(database.ask(_old_counts(span, measurement))) if span.since < now - DAY_MS else {}
    for key, row in found.items():
        if row["count"] >= old.get(key, _NONE)["count"]:
            fields = _fields(probe, row, {name: rows.get(key, _NONE)["count"] for name, rows in yes.items()})
            yield f"{series_key(measurement, dict(zip(_TAGS, key[:-1], strict=True)))} {','.join(fields)} {key[-1]}"
    if length == SLICE_MS:
        for site, device, start in {(site, device, start) for site, device, _, _, start in found}:
            yield device_line(site, device, start)


def _means(span: Span, probe: Probe, length: int) -> str:
    columns = ['count("ok") AS "count"', 'sum("ok") AS "ok_count"', 'count("blind") AS "blind_count"']
    for field in averaged(probe):
        name = field.name
        if field.kind is Kind.BOOLEAN:
            columns.append(f'count("{name}") AS "{name}"')
        else:
            columns += [
                f'mean("{name}") AS "{name}"',
                f'min("{name}") AS "{name}_min"',
                f'max("{name}") AS "{name}_max"',
            ]
    return f"SELECT {', '.join(columns)} {_of(span, span.probe)} {_by(length)}"


def _yes_counts(span: Span, field: Field, length: int) -> str:
    # InfluxQL has no mean of yes/no fields, but it counts the points in which one is true.
    return f'SELECT count("{field.name}") AS "count" {_of(span, span.probe)} AND "{field.name}" = true {_by(length)}'


def _old_counts(span: Span, measurement: str) -> str:
    return f'SELECT "count" {_of(span, measurement)} GROUP BY {_BY_TAGS}'


def _of(span: Span, measurement: str) -> str:
    return f'FROM "{measurement}" WHERE {between(span.since, span.until)} AND {one_of("site", span.sites)}'


def _by(length: int) -> str:
    return f"GROUP BY time({length}ms), {_BY_TAGS} fill(none)"


def _yes_no(probe: Probe) -> list[Field]:
    return [field for field in averaged(probe) if field.kind is Kind.BOOLEAN]


def _rows(answer: Iterable[Series]) -> dict[Key, dict[str, Any]]:
    """The rows by site, device, target, group and start."""
    return {(*map(series.tag, _TAGS), row["time"]): row for series in answer for row in series.rows()}


def _fields(probe: Probe, row: Mapping[str, Any], yes: Mapping[str, int]) -> Iterator[str]:
    count, ok = row["count"], row["ok_count"]
    yield f"count={count}i,ok_count={ok}i,blind_count={row['blind_count'] or 0}i"
    yield f"ok={round(ok / count, SHARE_DIGITS)!r}"
    for field in averaged(probe):
        name = field.name
        if name in yes:
            spread = _yes_spread(row[name] or 0, yes[name])
        else:
            spread = row[name], row[f"{name}_min"], row[f"{name}_max"]
        if spread[0] is not None:
            mean, low, high = (float(value or 0) for value in spread)
            yield f"{name}={round(mean, mean_digits(field))!r},{name}_min={low!r},{name}_max={high!r}"


def _yes_spread(answers: int, yes: int) -> tuple[float | None, bool, bool]:
    return yes / answers if answers else None, yes == answers, yes > 0
