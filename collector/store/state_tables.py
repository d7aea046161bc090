"""Tables of the relational state. Their history is in state_migrations/: change both together."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()

# SQLite only numbers rows by itself for INTEGER keys.
_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

AGENTS = Table(
    "agents",
    METADATA,
    Column("site", String(48), primary_key=True),
    Column("agent", String(48), primary_key=True),
    Column("presence", String(16), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("boot", String(64), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("software", String(64), nullable=False),
    Column("report_seconds", Float, nullable=False),
)

ROOMS = Table(
    "rooms",
    METADATA,
    Column("site", String(48), primary_key=True),
    Column("room", String(48), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("devices_on", Integer, nullable=False),
    Column("devices_reaching", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
)

CHANGES = Table(
    "changes",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("site", String(48), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("subject", String(48), nullable=False),
    Column("old", String(16), nullable=False),
    Column("new", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Index("changes_by_site_and_time", "site", "at"),
)

REFUSED = Table(
    "refused",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("reason", String(48), nullable=False),
    Column("detail", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

REFUSED_COUNTS = Table(
    "refused_counts",
    METADATA,
    Column("reason", String(48), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

EQUIPMENT = Table(
    "equipment",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("site", String(48), nullable=False),
    Column("device", String(48), nullable=False),
    Column("agent", String(48), nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("report", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False, server_default="0"),
    Index("equipment_by_device", "site", "device", "id"),
)

# Forgotten when not seen for long: see Retention.neighbour_days.
NEIGHBOURS = Table(
    "neighbours",
    METADATA,
    Column("site", String(48), primary_key=True),
    Column("mac", String(17), primary_key=True),
    Column("agent", String(48), nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("address", Text, nullable=False),
    Column("vendor", Text, nullable=False),
    Column("known_as", Text, nullable=False),
    Column("reported", Boolean, nullable=False),
)

# Who tests throughput now, or did last.
LEASES = Table(
    "leases",
    METADATA,
    Column("site", String(48), primary_key=True),
    Column("agent", String(48), nullable=False),
    Column("lease", String(64), nullable=False),
    Column("until", BigInteger, nullable=False),
)

# One row: grows with every change that a page shows, so that a reader knows when to look again.
VERSION = Table(
    "version",
    METADATA,
    Column("only", Boolean, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
