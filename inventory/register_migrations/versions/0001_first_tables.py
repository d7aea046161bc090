"""First tables: assets with their stays and events, links with decisions, stocktakes with sightings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = (
    "kind",
    "name",
    "room",
    "status",
    "condition",
    "manufacturer",
    "model",
    "serial",
    "country",
    "funding_source",
    "supplier",
    "order_number",
    "invoice",
    "custodian_role",
    "note",
    "disposal_document",
    "disposal_reason",
)
DATES = ("purchase_date", "in_use_since", "disposal_date")
NUMBERS = ("purchase_cost", "warranty_months", "useful_life_years")


def upgrade() -> None:
    _assets()
    _links()
    _stocktakes()


def _assets() -> None:
    op.create_table(
        "assets",
        sa.Column("site", sa.String(48), primary_key=True),
        sa.Column("tag", sa.String(40), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.Date, nullable=True) for name in DATES),
        *(sa.Column(name, sa.BigInteger, nullable=True) for name in NUMBERS),
    )
    op.create_table(
        "stays",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("site", sa.String(48), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("room", sa.String(48), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=True),
    )
    op.create_index("stays_by_asset", "stays", ["site", "tag", "id"])
    op.create_table(
        "events",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("site", sa.String(48), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("events_by_asset", "events", ["site", "tag", "id"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("site", sa.String(48), primary_key=True),
        sa.Column("device", sa.String(48), primary_key=True),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("site", sa.String(48), nullable=False),
        sa.Column("device", sa.String(48), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
    )
    op.create_index("decisions_by_device", "decisions", ["site", "device", "id"])


def _stocktakes() -> None:
    op.create_table(
        "stocktakes",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("site", sa.String(48), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "sightings",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("stocktake", ROW_ID, sa.ForeignKey("stocktakes.id"), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("room", sa.String(48), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(48), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("sightings_of_a_stocktake", "sightings", ["stocktake", "id"])
