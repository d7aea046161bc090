"""How far devices got, from raw rows and sealed blocks alike."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import compress
from operator import add
from typing import cast

from collector.store.protocol import Reach
from collector.store.sealed_block import Column
from collector.store.sqlite_schema import UNCERTAIN, scale
from collector.store.sqlite_seal import RAW, Stretch, stretches
from contract.metrics import PROBES
from contract.targets import GATEWAY, INTERNET, REACHING_PROBES

# ruff: noqa: S608 - table and column names come from the catalogue, values are always bound

_QUALITY = ("loss_percent", "round_trip_ms")


def reach(connection: sqlite3.Connection, site: str, since: int, until: int) -> list[Reach]:
    measured: dict[str, int] = defaultdict(int)
    tries: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (probe,) in connection.execute("SELECT DISTINCT probe FROM series WHERE site = ?", (site,)).fetchall():
        for device, group, count, reached in _counts(connection, site, probe, since, until):
            measured[device] += count
            if probe in REACHING_PROBES:
                tries[device, group][0] += count
                tries[device, group][1] += reached
    quality = _internet_quality(connection, site, since, until)
    found = []
    for device, count in sorted(measured.items()):
        (internet_tries, internet_reached), (gateway_tries, gateway_reached) = (
            tries[device, group] for group in (INTERNET, GATEWAY)
        )
        loss, trip = quality.get(device, (None, None))
        found.append(Reach(device, count, internet_tries, internet_reached, gateway_tries, gateway_reached, loss, trip))
    return found


def _counts(
    connection: sqlite3.Connection, site: str, probe: str, since: int, until: int
) -> Iterator[tuple[str, str, int, int]]:
    """Device, group, number of measurements and how many of them succeeded, in parts that are to be added up."""
    query = f"""
        SELECT series.device, series.target_group, count(*), sum(raw.outcome = 0)
        FROM series JOIN raw_{probe} AS raw ON raw.series = series.id AND raw.taken_at >= ? AND raw.taken_at < ?
        WHERE series.site = ? AND series.probe = ? AND raw.flags & {UNCERTAIN} = 0
        GROUP BY series.device, series.target_group
    """
    yield from connection.execute(query, (since, until, site, probe))
    sealed = stretches(connection, RAW, {"site": site, "probe": probe}, since, until, ("flags", "outcome"))
    for stretch in sealed:
        [outcomes] = _certain(stretch)
        if outcomes:
            yield stretch.device, stretch.group, len(outcomes), outcomes.count(0)


def _internet_quality(
    connection: sqlite3.Connection, site: str, since: int, until: int
) -> dict[str, tuple[float | None, float | None]]:
    """Mean loss and round trip by device: of its targets, each of which counts as one, if it answered at all."""
    targets: dict[int, tuple[str, list[int]]] = {}
    for number, device, numbers in _internet_pings(connection, site, since, until):
        _, known = targets.setdefault(number, (device, [0] * len(numbers)))
        known[:] = map(add, known, numbers)
    means: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for _, (device, (reached, *sums)) in sorted(targets.items()):
        if reached:
            for found, total, count in zip(means[device], sums[::2], sums[1::2], strict=True):
                found += [total / count] if count else []
    loss_by, trip_by = (scale(PROBES["ping"].fields[name]) for name in _QUALITY)
    return {device: (_mean(losses, loss_by), _mean(trips, trip_by)) for device, (losses, trips) in means.items()}


def _internet_pings(
    connection: sqlite3.Connection, site: str, since: int, until: int
) -> Iterator[tuple[int, str, list[int]]]:
    """Series, device, and [answered, total and number of loss, total and number of round trips], to be added up."""
    loss, trip = _QUALITY
    query = f"""
        SELECT series.id, series.device, sum(raw.outcome = 0),
               coalesce(sum(raw.{loss}), 0), count(raw.{loss}), coalesce(sum(raw.{trip}), 0), count(raw.{trip})
        FROM series JOIN raw_ping AS raw ON raw.series = series.id AND raw.taken_at >= ? AND raw.taken_at < ?
        WHERE series.site = ? AND series.probe = 'ping' AND series.target_group = ? AND raw.flags & {UNCERTAIN} = 0
        GROUP BY series.id
    """
    for number, device, *numbers in connection.execute(query, (since, until, site, INTERNET)):
        yield number, device, numbers
    pings = {"site": site, "probe": "ping", "target_group": INTERNET}
    for stretch in stretches(connection, RAW, pings, since, until, ("flags", "outcome", *_QUALITY)):
        outcomes, *fields = _certain(stretch)
        there = [[cast(int, value) for value in field if value is not None] for field in fields]
        yield stretch.series, stretch.device, [outcomes.count(0), *(f(found) for found in there for f in (sum, len))]


def _certain(stretch: Stretch) -> list[Column]:
    """The columns after the first, which holds the flags, of the rows whose time is certain."""
    flags, *others = stretch.columns
    certain = [not cast(int, flag) & UNCERTAIN for flag in flags]
    return [list(compress(column, certain)) for column in others]


def _mean(values: list[float], by: int) -> float | None:
    return sum(values) / len(values) / by if values else None
