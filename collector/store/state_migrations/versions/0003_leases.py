"""Who may test throughput, one row a site."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("site", sa.String(48), primary_key=True),
        sa.Column("agent", sa.String(48), nullable=False),
        sa.Column("lease", sa.String(64), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
