"""Opening the database, SQLite or PostgreSQL: nothing is acknowledged before it is on disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from service.errors import BadSetting


def open_database(url: str) -> Engine:
    """An engine for `url`; a SQLite file is made, readable by its owner only.

    Raises BadSetting where the URL is none, names another database, or the file cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadSetting(
            "ZHUNRU_DATABASE_URL is no database URL", hint="for example sqlite:///var/zhunru.db"
        ) from error
    match parsed.get_backend_name():
        case "postgresql":
            return _open_postgresql(parsed)
        case "sqlite":
            return _open_sqlite(parsed)
        case other:
            raise BadSetting(
                f"ZHUNRU_DATABASE_URL names {other}, which is no store of this service",
                hint="give sqlite:///… or postgresql+psycopg://…",
            )


def _open_postgresql(url: URL) -> Engine:
    # psycopg 3 is the driver that is installed; a URL that names none means it.
    url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    event.listen(engine, "connect", _sync_commits)
    return engine


def _open_sqlite(parsed: URL) -> Engine:
    if not parsed.database or parsed.database == ":memory:":
        raise BadSetting(
            "ZHUNRU_DATABASE_URL names no file: receipts must outlive the process",
            hint="for example sqlite:///var/zhunru.db",
        )
    _make_private(Path(parsed.database))
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare)
    return engine


def _make_private(path: Path) -> None:
    """Create the file with mode 0600; SQLite gives its log files the mode of the database."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise BadSetting(
            f"the database file {path} cannot be opened: {error.strerror}",
            hint="set ZHUNRU_DATABASE_URL to a file in a folder that can be written",
        ) from error


def _prepare(connection: Any, _record: object) -> None:
    """Settings of each SQLite connection (https://www.sqlite.org/pragma.html)."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a commit is on disk before it is acknowledged
        "foreign_keys=ON",
        "busy_timeout=5000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sync_commits(connection: Any, _record: object) -> None:
    """A commit is on disk before it is acknowledged, whatever the server's default is."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION synchronous_commit TO on")
    connection.commit()
