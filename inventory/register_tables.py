"""Tables of the register. Their history is in register_migrations/: change both together."""

from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text

from inventory.asset import Asset

METADATA = MetaData()
VERSION_TABLE = "register_alembic_version"

# SQLite only numbers rows by itself for INTEGER keys.
_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")


def _asset_columns() -> list[Column[Any]]:
    """One column for each field of Asset but its tag."""
    hints = get_type_hints(Asset)
    types: dict[Any, Any] = {date | None: Date, int | None: BigInteger}
    names = [field.name for field in fields(Asset) if field.name != "tag"]
    return [Column(name, types.get(hints[name], Text), nullable=hints[name] in types) for name in names]


ASSETS = Table(
    "assets",
    METADATA,
    Column("site", String(48), primary_key=True),
    Column("tag", String(40), primary_key=True),
    *_asset_columns(),
)

# Where an asset was, one row for each stay; the present one has no end.
STAYS = Table(
    "stays",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("site", String(48), nullable=False),
    Column("tag", String(40), nullable=False),
    Column("room", String(48), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=True),
    Index("stays_by_asset", "site", "tag", "id"),
)

# Nothing in it is ever changed or deleted.
EVENTS = Table(
    "events",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("site", String(48), nullable=False),
    Column("tag", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Column("what", String(16), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("events_by_asset", "site", "tag", "id"),
)

# Which asset an observed device is, as it is now.
LINKS = Table(
    "links",
    METADATA,
    Column("site", String(48), primary_key=True),
    Column("device", String(48), primary_key=True),
    Column("tag", String(40), nullable=False),
    Column("score", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# What people said about devices. Nothing in it is ever changed or deleted: the newest word counts.
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("site", String(48), nullable=False),
    Column("device", String(48), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("tag", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Index("decisions_by_device", "site", "device", "id"),
)

STOCKTAKES = Table(
    "stocktakes",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("site", String(48), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("closed_at", BigInteger, nullable=True),
)

# What was seen in a stocktake, by an agent or by a person with a label: the newest word about an asset counts.
SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("stocktake", _ROW_ID, ForeignKey("stocktakes.id"), nullable=False),
    Column("tag", String(40), nullable=False),
    Column("room", String(48), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(48), nullable=False),
    Column("note", Text, nullable=False),
    Index("sightings_of_a_stocktake", "stocktake", "id"),
)
