"""Published revisions of the rulebook, and which one decides.

A revision's document is written once and never changed; publishing adds one and moves the head, in
one transaction. The head is read for every decision, so its read is one prepared statement on a
connection that is kept.
"""

from __future__ import annotations

import threading

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from service.errors import StoreFailed
from service.store.records import instant
from service.store.tables import head, revisions

_HEAD = "SELECT revision FROM head"


class RevisionStore:
    """Reads and writes of the tables `revisions` and `head`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._reader: Connection | None = None
        driver = engine.dialect.dbapi
        self._driver_error = driver.Error if driver else SQLAlchemyError

    def head(self) -> str | None:
        """The revision that decides now, or None before the first is published."""
        with self._lock:
            try:
                if self._reader is None:
                    # Autocommit: no snapshot is held, so each read sees what was last committed.
                    self._reader = self._engine.connect().execution_options(
                        isolation_level="AUTOCOMMIT"
                    )
                # By the driver's own cursor (PEP 249): this read stands before every decision.
                cursor = self._reader.connection.cursor()
                try:
                    cursor.execute(_HEAD)
                    found = cursor.fetchone()
                finally:
                    cursor.close()
            except (SQLAlchemyError, self._driver_error) as error:
                self._drop_reader()
                raise StoreFailed("the current revision cannot be read") from error
        return None if found is None else str(found[0])

    def document(self, revision: str) -> bytes | None:
        """The document of a revision, or None where it was never published here."""
        query = select(revisions.c.document).where(revisions.c.hash == revision)
        try:
            with self._engine.connect() as connection:
                found = connection.execute(query).scalar()
        except SQLAlchemyError as error:
            raise StoreFailed("revisions cannot be read") from error
        return None if found is None else bytes(found)

    def publish(self, revision: str, document: bytes, note: str) -> bool:
        """Store a revision and let it decide; false, and nothing done, where it is stored."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            known = select(revisions.c.hash).where(revisions.c.hash == revision)
            if connection.execute(known).scalar() is not None:
                return False
            connection.execute(
                insert(revisions).values(
                    hash=revision, document=document, published_at=instant(), note=note
                )
            )
            connection.execute(delete(head))
            connection.execute(insert(head).values(id=1, revision=revision))
        return True

    def close(self) -> None:
        """Give back the kept connection."""
        with self._lock:
            self._drop_reader()

    def _drop_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.invalidate()
            reader.close()
