"""Migrations lead from nothing to the tables in use and back, and say the same as the code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from service.store import migrate
from service.store.database import open_database
from service.store.revisions import RevisionStore
from service.store.tables import metadata


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_database(f"sqlite:///{tmp_path}/zhunru.db")
    yield found
    found.dispose()


def test_up_from_nothing_down_to_nothing_and_up_again(engine: Engine) -> None:
    for _ in range(2):
        migrate.upgrade(engine)
        assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
        migrate.downgrade(engine, "base")
        assert inspect(engine).get_table_names() == ["alembic_version"]


def test_the_migrations_make_the_tables_the_code_names(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_latest_migration_is_the_one_named() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).with_name("migrations")))
    assert scripts.get_heads() == [migrate.LATEST]


def test_revisions_of_the_release_before_are_noted_as_published(engine: Engine) -> None:
    migrate.upgrade(engine, "0001")
    insert = text("INSERT INTO revisions VALUES (:hash, :document, :day, :note)")
    with engine.begin() as connection:
        for name, day in (("sha256:b", "2026-02-01"), ("sha256:a", "2026-01-01")):
            row = {"hash": name, "document": b"{}", "day": day, "note": f"of {day}"}
            connection.execute(insert, row)
        connection.execute(text("INSERT INTO head VALUES (1, 'sha256:b')"))
    migrate.upgrade(engine)
    store = RevisionStore(engine)
    assert store.head() == "sha256:b"
    told = [(p.revision, p.parent, p.publisher, p.note) for p in store.publications()]
    assert told == [
        ("sha256:b", "sha256:a", "release", "of 2026-02-01"),
        ("sha256:a", None, "release", "of 2026-01-01"),
    ]
    store.make_current("sha256:a", b"{}", "", "legal", after="sha256:b")
    store.close()


def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/zhunru.db"
    failures: list[BaseException] = []

    def start() -> None:
        engine = open_database(url)
        try:
            migrate.upgrade(engine)
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
