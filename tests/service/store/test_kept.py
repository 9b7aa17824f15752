"""Kept results: immutable rows under the hash of their bytes, in SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, inspect, text

from service.errors import KeptLimit
from service.store import migrate
from service.store.kept import Kept, KeptStore
from service.store.tokens import TokenStore

DOCUMENT = '{"甲":1}'.encode()
NEW = Kept("a" * 64, "各文件规范数", "SELECT ?甲 {}", "b" * 32, "c" * 64, 3, "分析员", "")


def test_what_is_kept_is_had_again_as_it_was(engine: Engine) -> None:
    store = KeptStore(engine, 10)
    kept, fresh = store.keep(NEW, DOCUMENT)
    assert fresh
    assert replace(kept, at="") == NEW
    assert len(kept.at) == 27
    assert store.find(NEW.hash) == kept
    assert store.document(NEW.hash) == DOCUMENT
    assert store.of_result(NEW.result, NEW.query) == kept
    assert store.of_result(NEW.result, "ASK {}") is None
    assert store.find("d" * 64) is None
    assert store.document("d" * 64) is None


def test_the_same_again_changes_nothing(engine: Engine) -> None:
    store = KeptStore(engine, 10)
    first, _ = store.keep(NEW, DOCUMENT)
    again, fresh = store.keep(replace(NEW, by="another"), b"other")
    assert (again, fresh) == (first, False)
    assert store.document(NEW.hash) == DOCUMENT


def test_the_last_kept_come_first_and_page_by_page(engine: Engine) -> None:
    store = KeptStore(engine, 10)
    for letter in "1234":
        store.keep(replace(NEW, hash=letter * 64), DOCUMENT)
    page = store.latest(3)
    assert [kept.hash[0] for kept in page] == ["4", "3", "2"]
    assert [kept.hash[0] for kept in store.latest(3, before=page[-1].at)] == ["1"]


def test_no_more_are_kept_than_may_be(engine: Engine) -> None:
    store = KeptStore(engine, 1)
    store.keep(NEW, DOCUMENT)
    with pytest.raises(KeptLimit, match="as many as may be"):
        store.keep(replace(NEW, hash="d" * 64), DOCUMENT)
    assert store.keep(NEW, DOCUMENT)[1] is False  # what is there is there
    assert store.find("d" * 64) is None


def test_two_may_keep_the_same_at_once(engine: Engine) -> None:
    """Both are told of the one row, whichever came first."""
    results: list[tuple[Kept, bool]] = []
    ready = threading.Barrier(4)

    def keep() -> None:
        store = KeptStore(engine, 10)
        ready.wait()
        results.append(store.keep(NEW, DOCUMENT))

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert sum(fresh for _, fresh in results) == 1
    assert len({kept for kept, _ in results}) == 1


def test_the_release_before_is_brought_up_with_what_it_holds(empty: Engine) -> None:
    """DESIGN §9: every migration is tested from the previous release with data."""
    migrate.upgrade(empty, "0003")
    assert not inspect(empty).has_table("kept")
    made, secret = TokenStore(empty).create("analyst", "分析员")
    with empty.begin() as connection:
        connection.execute(text("UPDATE register SET generation = 7"))
    migrate.upgrade(empty)
    store = KeptStore(empty, 10)
    store.keep(NEW, DOCUMENT)
    assert TokenStore(empty).find(secret) == made
    with empty.connect() as connection:
        assert connection.execute(text("SELECT generation FROM register")).scalar() == 7
    migrate.downgrade(empty, "0003")
    assert not inspect(empty).has_table("kept")
    assert TokenStore(empty).find(secret) == made
    migrate.upgrade(empty)
    assert store.latest(1) == []
