"""Stocktakes as the register keeps them: a session, and every sighting in it, by an agent or by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from contract.trouble import Trouble
from inventory.database import Database
from inventory.register_tables import SIGHTINGS, STOCKTAKES

AGENT = "agent"  # who saw what the network saw
NOT_THERE = "-"  # the room of an asset that a person looked for and did not find


@dataclass(frozen=True)
class Sighting:
    """An asset that was seen in a room at a time (UTC ms), by `agent` or by a person. An empty room: not said.

    With the room NOT_THERE a person says that it was looked for and is nowhere.
    """

    tag: str
    room: str
    at: int
    by: str
    note: str = ""


@dataclass(frozen=True)
class Stocktake:
    """One session; `closed_at` is None while it goes on."""

    id: int
    started_at: int
    who: str
    closed_at: int | None


class Stocktakes:
    """Named operations on stocktakes; a part of Register."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, site: str) -> list[Stocktake]:
        """The newest first."""
        query = select(STOCKTAKES).where(STOCKTAKES.c.site == site).order_by(STOCKTAKES.c.id.desc())
        with self._database.reading() as connection:
            return [Stocktake(row.id, row.started_at, row.who, row.closed_at) for row in connection.execute(query)]

    def start(self, site: str, who: str, at: int, sightings: Sequence[Sighting]) -> Stocktake:
        """Opens a session with what agents saw in it. Raises Trouble when one is open already."""
        with self._database.writing() as connection:
            running = select(STOCKTAKES.c.id).where(STOCKTAKES.c.site == site, STOCKTAKES.c.closed_at.is_(None))
            if (other := connection.execute(running).scalar()) is not None:
                raise Trouble(f"stocktake {other} is still open", "close it first: sonca inventory stocktake close")
            added = connection.execute(insert(STOCKTAKES).values(site=site, started_at=at, who=who, closed_at=None))
            number = int((added.inserted_primary_key or (0,))[0])
            _add(connection, number, sightings)
        return Stocktake(number, at, who, None)

    def add(self, stocktake: Stocktake, sightings: Sequence[Sighting]) -> None:
        """Keeps what was seen. Raises Trouble when the session is closed."""
        with self._database.writing() as connection:
            open_now = select(STOCKTAKES.c.id).where(STOCKTAKES.c.id == stocktake.id, STOCKTAKES.c.closed_at.is_(None))
            if connection.execute(open_now).first() is None:
                raise Trouble(f"stocktake {stocktake.id} is closed", "start a new one")
            _add(connection, stocktake.id, sightings)

    def close(self, stocktake: Stocktake, at: int) -> None:
        ended = update(STOCKTAKES).where(STOCKTAKES.c.id == stocktake.id, STOCKTAKES.c.closed_at.is_(None))
        with self._database.writing() as connection:
            connection.execute(ended.values(closed_at=at))

    def sightings(self, stocktake: Stocktake) -> list[Sighting]:
        """In the order in which they were written down."""
        query = select(SIGHTINGS).where(SIGHTINGS.c.stocktake == stocktake.id).order_by(SIGHTINGS.c.id)
        with self._database.reading() as connection:
            return [Sighting(row.tag, row.room, row.at, row.by, row.note) for row in connection.execute(query)]


def _add(connection: Connection, number: int, sightings: Sequence[Sighting]) -> None:
    rows: list[dict[str, Any]] = [{"stocktake": number, **vars(sighting)} for sighting in sightings]
    if rows:
        connection.execute(insert(SIGHTINGS), rows)
