"""One value of the database that is looked at before every decision, as cheaply as can be."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from service.errors import StoreFailed


class Glance:
    """Reads the first column of the only row of a statement, on a connection that is kept.

    `fault` is what StoreFailed says where it cannot be read; the next look connects anew.
    """

    def __init__(self, engine: Engine, statement: str, fault: str) -> None:
        self._engine = engine
        self._statement = statement
        self._fault = fault
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._cursor: Any = None
        driver = engine.dialect.dbapi
        self._driver_error = driver.Error if driver else SQLAlchemyError

    def __call__(self) -> Any:
        """The value as last committed anywhere; None where there is no row. Raises StoreFailed."""
        with self._lock:
            try:
                if self._cursor is None:
                    # Autocommit: no snapshot is held, so each look sees what was last committed.
                    self._connection = self._engine.connect().execution_options(
                        isolation_level="AUTOCOMMIT"
                    )
                    # The driver's own cursor (PEP 249), for layers above it cost more than it does.
                    self._cursor = self._connection.connection.cursor()
                self._cursor.execute(self._statement)
                rows = self._cursor.fetchall()  # all: a statement not at its end holds a snapshot
            except (SQLAlchemyError, self._driver_error) as error:
                self._drop()
                raise StoreFailed(self._fault) from error
        return rows[0][0] if rows else None

    def close(self) -> None:
        """Give back the kept connection."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection, self._cursor = self._connection, None, None
        if connection is not None:
            connection.invalidate()
            connection.close()
