"""Results of queries that somebody kept, as the bytes that can be had again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("generation", sa.String(64), nullable=False),
        sa.Column("result", sa.String(64), nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("kept_by", sa.String(120), nullable=False),
        sa.Column("kept_at", sa.String(27), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("kept_result", "kept", ["result"])


def downgrade() -> None:
    """Drop it: what was kept is lost, what it was asked of is not."""
    op.drop_table("kept")
