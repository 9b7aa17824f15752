"""One writer, group commit, a bounded queue; what is acknowledged survives a kill (DESIGN §7)."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from service.errors import Busy, StoreFailed
from service.store import records
from service.store.record import Record, instant, new_id
from service.store.revisions import RevisionStore
from service.store.writer import Writer


@pytest.fixture(autouse=True)
def published(engine: Engine) -> None:
    """The revision that all receipts here name."""
    store = RevisionStore(engine)
    store.publish("sha256:a", b"{}", "")
    store.close()


def record(**other: Any) -> Record:
    plain = Record(
        new_id(),
        "admissibility",
        instant(),
        "test",
        "2019-06-01",
        "sha256:a",
        b"{}",
        b"[]",
        b"[]",
        b"{}",
        "0" * 64,
    )
    return replace(plain, **other)


class Held:
    """Lets the writer begin a transaction only when told; `waits` says that it wants to."""

    def __init__(self, engine: Engine) -> None:
        self.go = threading.Event()
        self.waits = threading.Event()
        self.commits = 0
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._commit)

    def _begin(self, _: Connection) -> None:
        self.waits.set()
        assert self.go.wait(10)

    def _commit(self, _: Connection) -> None:
        self.commits += 1


def test_a_receipt_is_there_when_its_future_is_done(engine: Engine) -> None:
    writer = Writer(engine, 10)
    kept = record(result=b'{"a":1}')
    writer.submit([kept]).result(10)
    assert records.find(engine, kept.id) == kept
    writer.close()


def test_what_waits_together_is_committed_together(engine: Engine) -> None:
    held = Held(engine)
    writer = Writer(engine, 100)
    futures = [writer.submit([record()]) for _ in range(50)]
    assert not any(future.done() for future in futures)
    held.go.set()
    for future in futures:
        future.result(10)
    assert held.commits <= 2  # the first alone may have been taken before the others came
    writer.close()


def test_a_full_queue_is_busy_and_takes_nothing(engine: Engine) -> None:
    held = Held(engine)
    writer = Writer(engine, 1)
    taken = [writer.submit([record()])]
    assert held.waits.wait(10)  # that one is in the writer's hands, the next fills the queue
    taken.append(writer.submit([record()]))
    with pytest.raises(Busy):
        writer.submit([record()])
    held.go.set()
    for future in taken:
        future.result(10)
    writer.close()
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM decisions")).scalar()
    assert found == len(taken)


def test_a_receipt_that_cannot_be_stored_fails_alone(engine: Engine) -> None:
    held = Held(engine)
    writer = Writer(engine, 100)
    good, bad = record(), record(revision="sha256:none")
    futures = [writer.submit([r]) for r in (record(), good, bad, record())]
    held.go.set()
    with pytest.raises(StoreFailed):
        futures[2].result(10)
    for future in (futures[0], futures[1], futures[3]):
        future.result(10)
    assert records.find(engine, good.id) == good
    assert records.find(engine, bad.id) is None
    writer.close()


def test_receipts_submitted_together_stand_or_fall_together(engine: Engine) -> None:
    writer = Writer(engine, 10)
    good, bad = record(), record(revision="sha256:none")
    with pytest.raises(StoreFailed):
        writer.submit([good, bad]).result(10)
    assert records.find(engine, good.id) is None
    writer.close()


def test_closing_stores_what_waits_and_takes_no_more(engine: Engine) -> None:
    writer = Writer(engine, 100)
    kept = [record() for _ in range(20)]
    futures = [writer.submit([r]) for r in kept]
    writer.close()
    writer.close()
    assert all(future.done() for future in futures)
    assert all(records.find(engine, r.id) for r in kept)
    with pytest.raises(StoreFailed):
        writer.submit([record()])


def test_the_writer_outlives_a_failure(engine: Engine) -> None:
    writer = Writer(engine, 10)
    for _ in range(3):
        with pytest.raises(StoreFailed):
            writer.submit([record(revision="sha256:none")]).result(10)
    writer.submit([record()]).result(10)
    writer.close()


def test_one_who_no_longer_waits_stops_nobody(engine: Engine) -> None:
    """A request that is cut off cancels its future; the thread must not stumble over it."""
    held = Held(engine)
    writer = Writer(engine, 100)
    futures = [writer.submit([record()]) for _ in range(4)]
    assert futures[3].cancel()
    held.go.set()
    for future in futures[:3]:
        future.result(10)
    writer.submit([record()]).result(10)
    writer.close()


def test_a_row_no_driver_can_take_fails_alone(engine: Engine) -> None:
    writer = Writer(engine, 10)
    with pytest.raises(StoreFailed):
        writer.submit([record(result=object())]).result(10)
    writer.submit([record()]).result(10)
    writer.close()


def test_instants_sort_as_text() -> None:
    found = [instant() for _ in range(100)]
    assert found == sorted(found)
    assert {len(text_) for text_ in found} == {27}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_cut_is_made_anew(engine: Engine) -> None:
    writer = Writer(engine, 10)
    writer.submit([record()]).result(10)
    with engine.connect() as other:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        other.execute(text(cut))
    with pytest.raises(StoreFailed):
        writer.submit([record()]).result(10)
    kept = record()
    writer.submit([kept]).result(10)
    assert records.find(engine, kept.id) == kept
    writer.close()
