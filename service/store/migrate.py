"""Bringing a database to the tables this release needs (Alembic)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from service.errors import BadSetting

LATEST = "0004"

_LOCK = 0x5A68756E7275  # "Zhunru": any number that others on the same server do not use
_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(engine: Engine, target: str = LATEST) -> None:
    """Run what is missing, in one transaction; nothing to do leaves Alembic unloaded.

    Raises BadSetting where the database cannot be used.
    """
    try:
        with engine.begin() as connection:
            # Two processes may start at once: the second waits here and then finds it done.
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if _current(connection) != target:
                _run(connection, "upgrade", target)
    except OperationalError as error:
        # What the driver says; SQLAlchemy's own text would add the statement.
        why = str(error.orig).strip().partition("\n")[0]
        raise BadSetting(
            f"the database {engine.url.render_as_string()} cannot be used: {why}",
            hint="see ZHUNRU_DATABASE_URL",
        ) from error


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
