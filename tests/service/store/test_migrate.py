"""Migrations lead from nothing to the tables in use and back, and say the same as the code."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from service.store import migrate
from service.store.database import open_database
from service.store.revisions import RevisionStore
from service.store.tables import metadata


def test_up_from_nothing_down_to_nothing_and_up_again(empty: Engine) -> None:
    for _ in range(2):
        migrate.upgrade(empty)
        assert set(inspect(empty).get_table_names()) == {*metadata.tables, "alembic_version"}
        migrate.downgrade(empty, "base")
        assert inspect(empty).get_table_names() == ["alembic_version"]


def test_the_migrations_make_the_tables_the_code_names(empty: Engine) -> None:
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_latest_migration_is_the_one_named() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).with_name("migrations")))
    assert scripts.get_heads() == [migrate.LATEST]


def test_revisions_of_the_release_before_are_noted_as_published(empty: Engine) -> None:
    migrate.upgrade(empty, "0001")
    insert = text("INSERT INTO revisions VALUES (:hash, :document, :day, :note)")
    with empty.begin() as connection:
        for name, day in (("sha256:b", "2026-02-01"), ("sha256:a", "2026-01-01")):
            row = {"hash": name, "document": b"{}", "day": day, "note": f"of {day}"}
            connection.execute(insert, row)
        connection.execute(text("INSERT INTO head VALUES (1, 'sha256:b')"))
    migrate.upgrade(empty)
    store = RevisionStore(empty)
    assert store.head() == "sha256:b"
    told = [(p.revision, p.parent, p.publisher, p.note) for p in store.publications()]
    assert told == [
        ("sha256:b", "sha256:a", "release", "of 2026-02-01"),
        ("sha256:a", None, "release", "of 2026-01-01"),
    ]
    store.make_current("sha256:a", b"{}", "", "legal", after="sha256:b")
    store.close()


def test_two_processes_may_start_at_once(url: str) -> None:
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
