"""First tables: agents, rooms, changes, refused payloads, equipment."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _present()
    _history()
    version = op.create_table(
        "version",
        sa.Column("only", sa.Boolean, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(version, [{"only": True, "number": 0}])


def _present() -> None:
    op.create_table(
        "agents",
        sa.Column("site", sa.String(48), primary_key=True),
        sa.Column("agent", sa.String(48), primary_key=True),
        sa.Column("presence", sa.String(16), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("boot", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("software", sa.String(64), nullable=False),
        sa.Column("report_seconds", sa.Float, nullable=False),
    )
    op.create_table(
        "rooms",
        sa.Column("site", sa.String(48), primary_key=True),
        sa.Column("room", sa.String(48), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("devices_on", sa.Integer, nullable=False),
        sa.Column("devices_reaching", sa.Integer, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
    )


def _history() -> None:
    op.create_table(
        "changes",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("site", sa.String(48), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(48), nullable=False),
        sa.Column("old", sa.String(16), nullable=False),
        sa.Column("new", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
    )
    op.create_index("changes_by_site_and_time", "changes", ["site", "at"])
    op.create_table(
        "refused",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("reason", sa.String(48), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "refused_counts",
        sa.Column("reason", sa.String(48), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "equipment",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("site", sa.String(48), nullable=False),
        sa.Column("device", sa.String(48), nullable=False),
        sa.Column("agent", sa.String(48), nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
    )
    op.create_index("equipment_by_device", "equipment", ["site", "device", "id"])
