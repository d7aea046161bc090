"""Neighbours in the relational state: who was seen on the network of a school, by whom, since when.

The queries are used by collector/store/state.py, which gives them a connection.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, select, update

from collector.store.state_tables import NEIGHBOURS


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A device as sentinels see it. `agent` saw it last; times are the server's UTC ms.

    `known_as` is what the agent knows it as: a device that it polls, `gateway` or `listed`; empty: nothing.
    """

    site: str
    mac: str
    agent: str
    first_seen: int
    last_seen: int
    address: str = ""
    vendor: str = ""
    known_as: str = ""
    reported: bool = False


def of_site(site: str) -> Select[Any]:
    return select(NEIGHBOURS).where(NEIGHBOURS.c.site == site).order_by(NEIGHBOURS.c.mac)


def unreported(seen_until: int) -> Select[Any]:
    """Those whom nobody has reported yet, first seen at `seen_until` or before."""
    return select(NEIGHBOURS).where(NEIGHBOURS.c.reported.is_(False), NEIGHBOURS.c.first_seen <= seen_until)


def put(connection: Connection, seen: Sequence[Neighbour]) -> bool:
    """Writes what was seen, in any order and any number of times; whether a page would show something new."""
    merged: dict[tuple[str, str], Neighbour] = {}
    for entry in seen:
        merged[entry.site, entry.mac] = together(merged.get((entry.site, entry.mac)), entry)
    known = _known(connection, merged)
    new = [entry for key, entry in merged.items() if key not in known]
    old = [(known[key], together(known[key], entry)) for key, entry in merged.items() if key in known]
    changed = [after for before, after in old if after != before]
    if new:
        connection.execute(insert(NEIGHBOURS), [dataclasses.asdict(entry) for entry in new])
    if changed:
        rows = [{f"new_{name}": value for name, value in dataclasses.asdict(entry).items()} for entry in changed]
        connection.execute(_UPDATE, rows)
    return bool(new) or any(_shown(before) != _shown(after) for before, after in old)


def together(before: Neighbour | None, seen: Neighbour) -> Neighbour:
    """What is known of a neighbour after it was seen (again): a batch from the past completes, and changes nothing."""
    if before is None:
        return seen
    newer = seen if seen.last_seen >= before.last_seen else before
    first, last = min(before.first_seen, seen.first_seen), max(before.last_seen, seen.last_seen)
    return dataclasses.replace(newer, first_seen=first, last_seen=last, reported=before.reported)


def report(connection: Connection, site: str, macs: Iterable[str]) -> set[str]:
    """Marks neighbours as reported; those whom nobody had reported before: two collectors may ask at once."""
    claim = update(NEIGHBOURS).where(NEIGHBOURS.c.site == site, NEIGHBOURS.c.reported.is_(False)).values(reported=True)
    return {mac for mac in macs if connection.execute(claim.where(NEIGHBOURS.c.mac == mac)).rowcount}


def forget(connection: Connection, before: int) -> int:
    """Deletes who was last seen before that time; how many that were."""
    return connection.execute(delete(NEIGHBOURS).where(NEIGHBOURS.c.last_seen < before)).rowcount


def neighbour(row: Row[Any]) -> Neighbour:
    return Neighbour(**row._mapping)


def _known(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Neighbour]:
    known = {}
    for site in {site for site, _ in keys}:
        for row in connection.execute(of_site(site)):
            known[site, row.mac] = neighbour(row)
    return known


def _shown(entry: Neighbour) -> tuple[str, str, str]:
    return entry.address, entry.vendor, entry.known_as


_UPDATE = (
    update(NEIGHBOURS)
    .where(NEIGHBOURS.c.site == bindparam("new_site"), NEIGHBOURS.c.mac == bindparam("new_mac"))
    .values({column.name: bindparam(f"new_{column.name}") for column in NEIGHBOURS.columns if not column.primary_key})
)
