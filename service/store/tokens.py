"""Tokens as they are kept: name, role, days, and the SHA-256 of a secret that is not kept.

A secret of 256 random bits has no dictionary to try it against, so a plain hash serves; password
hashes slow guessing down, which here nobody can do (NIST SP 800-63B §5.1.2: look-up secrets).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, get_args

from sqlalchemy import Engine, and_, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from service.errors import StoreFailed
from service.store.record import instant
from service.store.tables import tokens

Role = Literal["analyst", "legal", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""Each may what those before it may."""

PREFIX: Final = "zr_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret; instants as `store.records.instant` writes them."""

    id: str
    name: str
    role: Role
    created_at: str
    expires_at: str | None
    revoked_at: str | None

    def valid(self, now: str) -> bool:
        """Whether it can be used at an instant."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class TokenStore:
    """Reads and writes of the table `tokens`. Every method may raise StoreFailed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, role: Role, name: str = "", days: int | None = None) -> tuple[Token, str]:
        """A new token and its secret, which nobody can be told again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        token_id = secrets.token_hex(4)
        ends = datetime.now(UTC) + timedelta(days=days) if days is not None else None
        made = Token(
            id=token_id,
            name=name or f"{role}-{token_id}",
            role=role,
            created_at=instant(),
            expires_at=_text(ends) if ends else None,
            revoked_at=None,
        )
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(tokens).values(
                        id=made.id,
                        name=made.name,
                        role=made.role,
                        sha256=_hash(secret),
                        created_at=made.created_at,
                        expires_at=made.expires_at,
                        revoked_at=None,
                    )
                )
        except SQLAlchemyError as error:
            raise StoreFailed("the token could not be stored") from error
        return made, secret

    def find(self, secret: str) -> Token | None:
        """The token of a secret, valid or not; None where none was made."""
        if not secret.startswith(PREFIX):
            return None
        found = self._read(tokens.c.sha256 == _hash(secret))
        return found[0] if found else None

    def all(self) -> list[Token]:
        """Every token, the oldest first."""
        return self._read(tokens.c.id.is_not(None))

    def revoke(self, name: str) -> int:
        """End the tokens of an id or a name; how many were ended."""
        at = instant()
        chosen = and_(
            (tokens.c.id == name) | (tokens.c.name == name), tokens.c.revoked_at.is_(None)
        )
        try:
            with self._engine.begin() as connection:
                done = connection.execute(update(tokens).where(chosen).values(revoked_at=at))
        except SQLAlchemyError as error:
            raise StoreFailed("the token could not be revoked") from error
        return int(done.rowcount)

    def _read(self, chosen: object) -> list[Token]:
        query = select(tokens).where(chosen).order_by(tokens.c.created_at)  # type: ignore[arg-type]
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()
        except SQLAlchemyError as error:
            raise StoreFailed("tokens cannot be read") from error
        return [Token(r.id, r.name, r.role, r.created_at, r.expires_at, r.revoked_at) for r in rows]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
