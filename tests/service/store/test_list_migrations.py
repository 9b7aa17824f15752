"""What a store of 0001 holds outlives 0002 and 0003, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from service.errors import StoreFailed
from service.store import migrate
from service.store.database import open_database
from service.store.lists import ListStore, StoredRow, Upload
from service.store.tables import list_mappings, lists
from service.store.tokens import TokenStore

UPLOAD = Upload(
    "220102", "assist", "清单", True, "2021-05-01", None, "源", "张三", "0" * 64, b"x",
    (StoredRow(1, "甲"),),
)  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_database(f"sqlite:///{tmp_path}/zhunru.db")
    yield found
    found.dispose()


def test_receipts_of_the_first_release_are_kept(engine: Engine) -> None:
    migrate.upgrade(engine, "0001")
    revision = "('sha256:1', x'7b7d', '2026-11-20T00:00:00.000000Z', 'first')"
    decision = (
        "('id', 'admissibility', 't', 'e', '2019-06-01', 'sha256:1', x'00', x'00', "
        "x'5b225d', x'7b7d', 'h')"
    )
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO revisions VALUES {revision}"))
        connection.execute(text("INSERT INTO head VALUES (1, 'sha256:1')"))
        connection.execute(text(f"INSERT INTO decisions VALUES {decision}"))
    migrate.upgrade(engine)
    store, tokens = ListStore(engine), TokenStore(engine)
    assert store.generation() == 0
    assert store.add(UPLOAD) == ("220102-assist-1", True)
    store.map("220102-assist-1", [(1, "clear", {})], "张三")
    tokens.create("legal")
    assert store.generation() == 2
    store.close()
    migrate.downgrade(engine, "0001")
    assert set(inspect(engine).get_table_names()) & {"lists", "tokens", "register"} == set()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id, result FROM decisions")).all() == [("id", b"{}")]
    migrate.upgrade(engine)
    assert (ListStore(engine).generation(), tokens.all()) == (0, [])


def test_a_mapping_names_a_row_that_is_there(engine: Engine) -> None:
    migrate.upgrade(engine)
    store = ListStore(engine)
    store.add(UPLOAD)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO list_mappings (list_id, number, action, mapping, mapped_by, mapped_at)"
                " VALUES ('220102-assist-1', 2, 'clear', x'00', 'a', 'b')"
            )
        )
    store.close()


def test_what_fails_half_way_leaves_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    store = ListStore(engine)
    store.add(UPLOAD)
    with pytest.raises(StoreFailed):
        store.map("220102-assist-1", [(1, "clear", {}), (2, "clear", {})], "张三")
    twice = Upload(
        "220102", "assist", "别", True, "2021-05-01", None, "源", "张三", "1" * 64, b"y",
        (StoredRow(1, "甲"), StoredRow(1, "乙")),
    )  # fmt: skip
    with pytest.raises(StoreFailed):
        store.add(twice)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(list_mappings)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(lists)).scalar() == 1
    assert store.generation() == 1
    store.close()
