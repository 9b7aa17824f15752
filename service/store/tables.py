"""Tables of the store (SQLAlchemy Core); `migrations/` makes them, this module names them.

Instants are ISO 8601 UTC text of fixed width, so that they sort and compare alike everywhere;
documents and results are the exact RFC 8785 bytes that were hashed.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
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

# One row: counts what changed among lists and mappings, so that one read tells whether any did.
register = Table(
    "register",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_register"), primary_key=True),
    Column("generation", Integer, nullable=False),
)

# A list as it was uploaded, with the very file. Never changed; a correction is another version.
lists = Table(
    "lists",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("jurisdiction", String(6), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("start_day", String(10), nullable=False),
    Column("end_day", String(10)),
    Column("source", Text, nullable=False),
    Column("uploaded_by", String(120), nullable=False),
    Column("uploaded_at", String(27), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file", LargeBinary, nullable=False),
    UniqueConstraint("jurisdiction", "kind", "version", name="one_version"),
)

# Rows with what they may be in the words of the code lists (JSON): a suggestion, no more.
list_rows = Table(
    "list_rows",
    metadata,
    Column("list_id", String(64), ForeignKey("lists.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("suggestion", LargeBinary, nullable=False),
)

# What persons said that rows are: only added to, so that it stays known who said what and when.
list_mappings = Table(
    "list_mappings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("action", String(16), nullable=False),
    Column("mapping", LargeBinary, nullable=False),
    Column("mapped_by", String(120), nullable=False),
    Column("mapped_at", String(27), nullable=False),
    ForeignKeyConstraint(
        ["list_id", "number"], ["list_rows.list_id", "list_rows.number"], name="mapped_row"
    ),
)

# Of a token only the SHA-256 is kept: 256 random bits cannot be guessed from it, nor tried out.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("role", String(16), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27)),
    Column("revoked_at", String(27)),
)

# Results of queries, by the hash of the very bytes; never changed, and none is taken away.
kept = Table(
    "kept",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("generation", String(64), nullable=False),
    Column("result", String(64), nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("kept_by", String(120), nullable=False),
    Column("kept_at", String(27), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index("kept_result", "result"),
)
