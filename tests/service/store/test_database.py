"""The store: a private SQLite file or a PostgreSQL server, durable at each commit (DESIGN §7)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from service.errors import BadSetting
from service.store.database import open_database
from service.store.migrate import upgrade


def test_the_file_and_its_logs_are_the_owners_only(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/var/zhunru.db")
    upgrade(engine)
    files = sorted((tmp_path / "var").iterdir())
    assert {file.name for file in files} >= {"zhunru.db", "zhunru.db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    engine.dispose()


def test_each_connection_writes_ahead_and_syncs(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/zhunru.db")
    with engine.connect() as connection:
        values = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    engine.dispose()


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://h/d"])
def test_a_url_that_keeps_nothing_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="ZHUNRU_DATABASE_URL"):
        open_database(url)


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BadSetting, match=r"file/zhunru\.db cannot be opened"):
        open_database(f"sqlite:///{tmp_path}/file/zhunru.db")


def test_a_url_without_a_driver_means_the_one_installed() -> None:
    engine = open_database("postgresql://zhunru@/zhunru")
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()


def test_the_server_syncs_each_commit_whatever_its_default(server: str) -> None:
    """https://www.postgresql.org/docs/current/runtime-config-wal.html: off may lose commits."""
    loose = make_url(server).update_query_dict({"options": "-c synchronous_commit=off"})
    engine = open_database(loose.render_as_string(hide_password=False))
    with engine.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    engine.dispose()


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    engine = open_database(f"postgresql://zhunru:secret@/zhunru?host={tmp_path}")
    with pytest.raises(BadSetting, match="cannot be used") as error:
        upgrade(engine)
    assert "secret" not in str(error.value)
    assert "\n" not in error.value.detail
    engine.dispose()
