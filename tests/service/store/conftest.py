"""The stores that every test of this folder runs against: SQLite, and PostgreSQL where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from service.store.database import open_database
from service.store.migrate import upgrade
from tests.service.store import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests."""
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL server here (Debian: postgresql)")
    with postgres.cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/zhunru.db"
        return
    found: str = request.getfixturevalue("server")
    admin = create_engine(found, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
            connection.exec_driver_sql(statement)
    admin.dispose()
    yield found


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    """An engine of a database without tables."""
    found = open_database(url)
    yield found
    found.dispose()


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """An engine of a database with the tables of this release."""
    upgrade(empty)
    return empty
