"""A decision as it is kept: what is needed to decide it again, and the result's exact bytes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select

from service.store.tables import decisions


@dataclass(frozen=True, slots=True)
class Record:
    """One row of `decisions`; bytes are JSON, `result` in the form of RFC 8785."""

    id: str
    kind: str
    decided_at: str
    engine: str
    as_of: str
    revision: str
    request: bytes
    derived: bytes
    lists: bytes
    result: bytes
    result_sha256: str

    def row(self) -> dict[str, Any]:
        """The columns, by name."""
        return {name: getattr(self, name) for name in _COLUMNS}


_COLUMNS = tuple(decisions.columns.keys())


def new_id() -> str:
    """128 random bits, url-safe: an id can be told to others but not guessed."""
    return secrets.token_urlsafe(16)


def instant() -> str:
    """Now, in UTC, as fixed-width ISO 8601 text."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def find(engine: Engine, decision_id: str) -> Record | None:
    """The record of an id, or None."""
    with engine.connect() as connection:
        row = connection.execute(
            select(decisions).where(decisions.c.id == decision_id)
        ).one_or_none()
    return None if row is None else Record(**row._mapping)
