"""A decision as it is kept: what is needed to decide it again, and the result's exact bytes."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


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
        """The columns of table `decisions`, by name."""
        return asdict(self)


def new_id() -> str:
    """128 random bits, url-safe: an id can be told to others but not guessed."""
    return secrets.token_urlsafe(16)


def instant() -> str:
    """Now, in UTC, as fixed-width ISO 8601 text."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
