"""Who made which revision current, when, after which one, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001b"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and write into it what was published before it was."""
    publications = op.create_table(
        "publications",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.String(80), sa.ForeignKey("revisions.hash"), nullable=False),
        sa.Column("parent", sa.String(80), sa.ForeignKey("revisions.hash")),
        sa.Column("published_at", sa.String(27), nullable=False),
        sa.Column("publisher", sa.String(120), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    # Until now only releases published, each new content once, so the order of time is the order.
    known = op.get_bind().execute(
        sa.text("SELECT hash, published_at, note FROM revisions ORDER BY published_at")
    )
    parent = None
    for number, (revision_hash, published_at, note) in enumerate(known.all(), start=1):
        row = {"id": number, "revision": revision_hash, "parent": parent}
        told = {"published_at": published_at, "publisher": "release", "note": note}
        op.bulk_insert(publications, [row | told])
        parent = revision_hash


def downgrade() -> None:
    """Drop it; revisions and head stay."""
    op.drop_table("publications")
