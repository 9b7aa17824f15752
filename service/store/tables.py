"""Tables of the store (SQLAlchemy Core); `migrations/` makes them, this module names them.

Instants are ISO 8601 UTC text of fixed width, so that they sort and compare alike everywhere;
documents and results are the exact RFC 8785 bytes that were hashed.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

revisions = Table(
    "revisions",
    metadata,
    Column("hash", String(80), primary_key=True),
    Column("document", LargeBinary, nullable=False),
    Column("published_at", String(27), nullable=False),
    Column("note", Text, nullable=False),
)

# One row: the revision that decides. It names a stored revision or does not exist.
head = Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_head"), primary_key=True),
    Column("revision", String(80), ForeignKey("revisions.hash"), nullable=False),
)

# Every move of the head. A revision can be made current again; its document is stored once.
publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", String(80), ForeignKey("revisions.hash"), nullable=False),
    Column("parent", String(80), ForeignKey("revisions.hash")),
    Column("published_at", String(27), nullable=False),
    Column("publisher", String(120), nullable=False),
    Column("note", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("decided_at", String(27), nullable=False),
    Column("engine", String(120), nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("revision", String(80), ForeignKey("revisions.hash"), nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("derived", LargeBinary, nullable=False),
    Column("lists", LargeBinary, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("result_sha256", String(64), nullable=False),
)
