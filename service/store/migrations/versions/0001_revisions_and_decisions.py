"""Revisions of the rulebook, the one that decides, and the receipts of decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "revisions",
        sa.Column("hash", sa.String(80), primary_key=True),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("published_at", sa.String(27), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "head",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1", name="one_head"), primary_key=True
        ),
        sa.Column("revision", sa.String(80), sa.ForeignKey("revisions.hash"), nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("decided_at", sa.String(27), nullable=False),
        sa.Column("engine", sa.String(120), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("revision", sa.String(80), sa.ForeignKey("revisions.hash"), nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("derived", sa.LargeBinary, nullable=False),
        sa.Column("lists", sa.LargeBinary, nullable=False),
        sa.Column("result", sa.LargeBinary, nullable=False),
        sa.Column("result_sha256", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("decisions")
    op.drop_table("head")
    op.drop_table("revisions")
