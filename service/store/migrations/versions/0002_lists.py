"""Lists that jurisdictions register, their rows, and what persons said that rows are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    register = op.create_table(
        "register",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1", name="one_register"), primary_key=True
        ),
        sa.Column("generation", sa.Integer, nullable=False),
    )
    op.bulk_insert(register, [{"id": 1, "generation": 0}])
    op.create_table(
        "lists",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("jurisdiction", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("start_day", sa.String(10), nullable=False),
        sa.Column("end_day", sa.String(10)),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("uploaded_by", sa.String(120), nullable=False),
        sa.Column("uploaded_at", sa.String(27), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("jurisdiction", "kind", "version", name="one_version"),
    )
    op.create_table(
        "list_rows",
        sa.Column("list_id", sa.String(64), sa.ForeignKey("lists.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("suggestion", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "list_mappings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("mapping", sa.LargeBinary, nullable=False),
        sa.Column("mapped_by", sa.String(120), nullable=False),
        sa.Column("mapped_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id", "number"], ["list_rows.list_id", "list_rows.number"], name="mapped_row"
        ),
    )


def downgrade() -> None:
    """Drop them; receipts keep what was derived from them."""
    for table in ("list_mappings", "list_rows", "lists", "register"):
        op.drop_table(table)
