"""Deletes old points, where the server can."""

# ruff: noqa: S608 - names come from the catalogue, values are quoted

import logging
from collections.abc import Iterable, Sequence

from collector.store.influx_names import (
    ASSETS,
    CHANGES,
    DEVICES,
    DEVICES_NOW,
    FIVE_MINUTES,
    LATEST,
    PLACES,
    ROOM_SERVICES,
    ROOMS_NOW,
    SCHOOL_SERVICES,
    SCHOOLS,
    UNCERTAIN,
    WITNESS,
)
from collector.store.influx_query import Database, QueryRefused, where
from contract.metrics import PROBES

log = logging.getLogger(__name__)

_RAW = [*PROBES, *(probe + UNCERTAIN for probe in PROBES), WITNESS]
_FIVE_MINUTES = [*(probe + FIVE_MINUTES for probe in PROBES), *SCHOOLS]
_SECONDS = 120.0  # the first time after retention was shortened there may be years to delete

Key = tuple[str, str, str, str]  # site, device, probe, target


def forget(database: Database, raw_before: int, five_minutes_before: int, expired: Iterable[Key]) -> int:
    """Deletes raw points and five-minute rollups older than these times; how many. Raises StoreUnavailable.

    `expired` are the series whose newest measurement is that old.
    """
    try:
        for site, device, probe, target in expired:
            tags = where(site=site, device=device, probe=probe, target=target)
            database.ask(f'DELETE FROM "{LATEST}" WHERE {tags}')
        return sum(
            _delete(database, measurements, column, before)
            for measurements, column, before in (
                (_RAW, "ok", raw_before),
                ((ROOMS_NOW, DEVICES_NOW), "name", raw_before),
                ((PLACES,), "classroom", raw_before),
                (_FIVE_MINUTES, "count", five_minutes_before),
                ((DEVICES,), "was_on", five_minutes_before),
                ((ROOM_SERVICES, SCHOOL_SERVICES), "tried", five_minutes_before),
                ((CHANGES,), "new", five_minutes_before),
                ((ASSETS,), "counted", five_minutes_before),
            )
        )
    except QueryRefused as error:
        log.warning("%s; if this InfluxDB deletes nothing, set the retention of its database instead", error)
        return 0


def _delete(database: Database, measurements: Sequence[str], column: str, before: int) -> int:
    among = ", ".join(f'"{name}"' for name in measurements)
    counted = database.ask(f'SELECT count("{column}") FROM {among} WHERE time < {before}ms', seconds=_SECONDS)
    for found in counted:
        database.ask(f'DELETE FROM "{found.name}" WHERE time < {before}ms', seconds=_SECONDS)
    return sum(found.values[0][1] for found in counted)
