"""Bringing a database to the tables this release needs (Alembic)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

LATEST = "0001b"

_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(engine: Engine, target: str = LATEST) -> None:
    """Run what is missing, in one transaction; nothing to do leaves Alembic unloaded."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # Two processes may start at once: the second waits here and then finds it done.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if _current(connection) != target:
            _run(connection, "upgrade", target)


def downgrade(engine: Engine, target: str) -> None:
    """Go back to `target` ("base": no tables at all). Receipts of dropped tables are lost."""
    with engine.begin() as connection:
        _run(connection, "downgrade", target)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection, direction: str, target: str) -> None:
    # Loading Alembic costs a noticeable part of a start, so it is loaded where it has work.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    getattr(command, direction)(config, target)
