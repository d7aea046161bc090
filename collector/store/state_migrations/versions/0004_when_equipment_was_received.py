"""Equipment reports say when they came, by the server's clock: those of agents may be years off."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("equipment", sa.Column("received_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE equipment SET received_at = taken_at")
