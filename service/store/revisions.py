"""Published revisions of the rulebook, and which one decides.

A revision's document is written once and never changed; publishing stores it and moves the head, in
one transaction that also notes who did it. What a release ships becomes the head only where it has
never been stored: a restart takes back nothing that was published since. The head is read for every
decision, so its read is one prepared statement on a connection that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from service.errors import StoreFailed
from service.store.glance import Glance
from service.store.record import instant
from service.store.tables import head, publications, revisions

RELEASE: Final = "release"
"""The publisher of what a release ships."""

_HEAD = "SELECT revision FROM head"
_MOVES = "SELECT MAX(id) FROM publications"


class HeadMoved(Exception):
    """Another revision was made current in the meantime; `head` is that one."""

    def __init__(self, head: str | None) -> None:
        super().__init__(f"{head} was published in the meantime")
        self.head = head


@dataclass(frozen=True, slots=True)
class Publication:
    """One move of the head: to which revision, from which (None: the first), by whom, why."""

    id: int
    revision: str
    parent: str | None
    published_at: str
    publisher: str
    note: str


class RevisionStore:
    """Reads and writes of the tables `revisions` and `head`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._head = Glance(engine, _HEAD, "the current revision cannot be read")
        self._moves = Glance(engine, _MOVES, "publications cannot be counted")

    def head(self) -> str | None:
        """The revision that decides now, or None before the first is published."""
        found = self._head()
        return None if found is None else str(found)

    def moves(self) -> int:
        """How often the head was moved; read before every query."""
        return int(self._moves() or 0)

    def document(self, revision: str) -> bytes | None:
        """The document of a revision, or None where it was never published here."""
        query = select(revisions.c.document).where(revisions.c.hash == revision)
        try:
            with self._engine.connect() as connection:
                found = connection.execute(query).scalar()
        except SQLAlchemyError as error:
            raise StoreFailed("revisions cannot be read") from error
        return None if found is None else bytes(found)

    def publish(self, revision: str, document: bytes, note: str, publisher: str = RELEASE) -> bool:
        """Store a revision and let it decide; false, and nothing done, where it is stored."""
        with self._alone() as connection:
            if self._stored(connection, revision):
                return False
            self._move(connection, revision, document, note, publisher)
        return True

    def make_current(
        self, revision: str, document: bytes, note: str, publisher: str, after: str | None
    ) -> Publication:
        """Let a revision decide, stored now or before, in the place of `after`.

        Raises HeadMoved, with nothing done, where another one decides; StoreFailed.
        """
        try:
            with self._alone() as connection:
                now = connection.execute(select(head.c.revision)).scalar()
                if now != after:
                    raise HeadMoved(now)
                return self._move(connection, revision, document, note, publisher)
        except SQLAlchemyError as error:
            raise StoreFailed("the revision cannot be stored") from error

    def publications(self) -> tuple[Publication, ...]:
        """Every move of the head, the latest first."""
        query = select(publications).order_by(publications.c.id.desc())
        try:
            with self._engine.connect() as connection:
                return tuple(Publication(**row._mapping) for row in connection.execute(query))
        except SQLAlchemyError as error:
            raise StoreFailed("revisions cannot be read") from error

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A transaction that no other move of the head runs beside."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif self._engine.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE head IN EXCLUSIVE MODE")
            yield connection

    @staticmethod
    def _stored(connection: Connection, revision: str) -> bool:
        known = select(revisions.c.hash).where(revisions.c.hash == revision)
        return connection.execute(known).scalar() is not None

    def _move(
        self, connection: Connection, revision: str, document: bytes, note: str, publisher: str
    ) -> Publication:
        now = instant()
        if not self._stored(connection, revision):
            row = {"hash": revision, "document": document, "published_at": now, "note": note}
            connection.execute(insert(revisions).values(row))
        before = connection.execute(select(head.c.revision)).scalar()
        last = connection.execute(select(func.max(publications.c.id))).scalar()
        moved = Publication((last or 0) + 1, revision, before, now, publisher, note)
        connection.execute(
            insert(publications).values(
                id=moved.id,
                revision=revision,
                parent=before,
                published_at=now,
                publisher=publisher,
                note=note,
            )
        )
        connection.execute(delete(head))
        connection.execute(insert(head).values(id=1, revision=revision))
        return moved

    def close(self) -> None:
        """Give back the kept connection."""
        self._head.close()
        self._moves.close()
