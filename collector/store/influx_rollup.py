"""Rollups: recomputed from the raw points of the slices that writes marked, so late and repeated data is harmless.

The points are averaged here: that takes the server a fifth of the time of its own aggregates, yes/no fields have no
mean in InfluxQL, and 2.x and 3.x have no `SELECT INTO`. Marks that lie close together share a query.
"""

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collector.store.influx_lines import counts, device_line, series_key
from collector.store.influx_marks import Mark, Marks
from collector.store.influx_names import FIVE_MINUTES, HOURS
from collector.store.influx_query import Database, between, one_of
from collector.store.influx_write import LineWriter
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS
from collector.store.series_math import averaged, mean_digits
from contract.metrics import PROBES, Field, Kind

MOST_SLICES = 1_000  # of one device each, in one query: some ten thousand points
QUERIES_PER_CALL = 4  # of that size: bounds how long one call holds up the messages
MOST_DEVICES = 20  # named in a query; where more are marked, all of the site are recomputed
HOLE = 6  # unmarked slices that a query runs over: recomputing them is harmless, and cheaper than a query more
_TAGS = ("site", "device", "target", "group")
_BY_TAGS = ", ".join(f'"{tag}"' for tag in _TAGS)
_SUFFIX = {SLICE_MS: FIVE_MINUTES, HOUR_MS: HOURS}

Names = tuple[str, ...]


@dataclass(slots=True)
class Span:
    """Slices of one probe in a row: of these devices, or of all at these sites."""

    probe: str
    sites: Names
    devices: Names
    since: int
    until: int


def roll_up(database: Database, writer: LineWriter, marks: Marks, now: int) -> list[tuple[str, int]]:
    """Recomputes what is marked and closed by `now`, oldest first; the (site, slice_start) pairs that changed.

    Raises StoreUnavailable, and then the marks are still there.
    """
    slices = marks.due(SLICE_MS, now - SLICE_MS, QUERIES_PER_CALL * _most(SLICE_MS))
    touched = {(site, device, probe, start - start % HOUR_MS) for site, device, probe, start in slices}
    closed = touched.union(marks.due(HOUR_MS, now - HOUR_MS, QUERIES_PER_CALL * _most(HOUR_MS)))
    hours = sorted((mark for mark in closed if mark[3] <= now - HOUR_MS), key=lambda mark: mark[3])
    hours = hours[: QUERIES_PER_CALL * _most(HOUR_MS)]
    for length, due in ((SLICE_MS, slices), (HOUR_MS, hours)):
        for span in spans(due, length):
            writer.write(list(_lines(database, span, length, now)))
    if slices or hours:
        marks.settle(slices, hours, touched.difference(hours))
    return [(site, start) for start, site in sorted({(start, site) for site, _, _, start in slices})]


def spans(marks: Iterable[Mark], length: int) -> list[Span]:
    """The marks as few stretches of bounded size."""
    marked: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for site, device, probe, start in marks:
        marked[probe, start].append((site, device))
    found: list[Span] = []
    newest: dict[tuple[str, Names, Names], Span] = {}
    for (probe, start), pairs in sorted(marked.items()):
        for some in _portions(sorted(pairs), _most(length)):
            sites, devices = (tuple(sorted(set(names))) for names in zip(*some, strict=True))
            span = newest.get((probe, sites, devices))
            longest = _most(length) // len(some) * length
            if span is not None and start - span.until <= HOLE * length and start - span.since < longest:
                span.until = start + length
            else:
                span = Span(probe, sites, devices if len(devices) <= MOST_DEVICES else (), start, start + length)
                newest[probe, sites, devices] = span
                found.append(span)
    return found


def _most(length: int) -> int:
    return MOST_SLICES * SLICE_MS // length


def _portions(pairs: Sequence[tuple[str, str]], size: int) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(pairs), size):
        yield pairs[start : start + size]


def _lines(database: Database, span: Span, length: int, now: int) -> Iterator[str]:
    """The lines of a span, and those of the devices that were on in its slices."""
    measurement = span.probe + _SUFFIX[length]
    fields = averaged(PROBES[span.probe])
    # Retention may have taken raw points that an older rollup still knows: a recomputation never lowers the count.
    old = _counts(database, span, measurement) if span.since < now - DAY_MS else {}
    columns = ", ".join(f'"{name}"' for name in ["ok", "blind", *(field.name for field in fields)])
    on: set[tuple[str, str, int]] = set()
    for series in database.ask(f"SELECT {columns} {_of(span, span.probe)}"):
        site, device, target, group = key = tuple(map(series.tag, _TAGS))
        head = series_key(measurement, {"site": site, "device": device, "target": target, "group": group})
        for start, points in itertools.groupby(series.values, lambda point: int(point[0] - point[0] % length)):
            rows = list(points)
            on.add((site, device, start))
            if len(rows) >= old.get((*key, start), 0):
                yield f"{head} {_summary(fields, rows)} {start}"
    if length == SLICE_MS:
        yield from itertools.starmap(device_line, sorted(on))


def _counts(database: Database, span: Span, measurement: str) -> dict[tuple[Any, ...], int]:
    """What an earlier rollup counted, by site, device, target, group and start."""
    answer = database.ask(f'SELECT "count" {_of(span, measurement)}')
    return {(*map(series.tag, _TAGS), start): count for series in answer for start, count in series.values}


def _of(span: Span, measurement: str) -> str:
    devices = f" AND {one_of('device', span.devices)}" if span.devices else ""
    sites = one_of("site", span.sites)
    return f'FROM "{measurement}" WHERE {between(span.since, span.until)} AND {sites}{devices} GROUP BY {_BY_TAGS}'


def _summary(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> str:
    """The fields of a rollup; each row holds the time, ok, blind and then `fields`, None where not measured."""
    _, ok, blind, *columns = zip(*rows, strict=True)
    told = [counts(len(rows), sum(ok), sum(map(bool, blind)))]
    for field, column in zip(fields, columns, strict=True):
        measured = column if None not in column else [value for value in column if value is not None]
        if measured:
            told.append(_format(field) % (sum(measured) / len(measured), min(measured), max(measured)))
    return "".join(told)


@functools.cache
def _format(field: Field) -> str:
    """Of a field's mean, lowest and highest; formatting rounds as `round` does, in half the time."""
    exact = field.decimals if field.kind is Kind.NUMBER else 0
    return f",{field.name}=%.{mean_digits(field)}f,{field.name}_min=%.{exact}f,{field.name}_max=%.{exact}f"
