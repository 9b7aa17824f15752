"""One writer for several processes: acknowledged means on disk, and nothing else is (DESIGN §7)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from service.errors import Busy, StoreFailed
from service.store import frames, records
from service.store.process import Desk
from service.store.record import Record, instant, new_id
from service.store.remote import RemoteWriter
from service.store.revisions import RevisionStore
from service.store.writer import Writer


def record(**other: Any) -> Record:
    columns = {
        "kind": "admissibility",
        "decided_at": instant(),
        "engine": "test",
        "as_of": "2019-06-01",
        "revision": "sha256:a",
        "request": '{"事":"拆迁"}'.encode(),
        "derived": b"[]",
        "lists": b"[]",
        "result": bytes(range(256)),
        "result_sha256": "0" * 64,
    }
    return Record(**({"id": new_id()} | columns | other))


@pytest.fixture
def address(tmp_path: Path) -> Path:
    return tmp_path / "writer"


@pytest.fixture
def listener(address: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as found:
        found.bind(str(address))
        found.listen(8)
        yield found


@pytest.fixture
def desk(engine: Engine, listener: socket.socket) -> Iterator[Desk]:
    """What the writer's process does, in a thread."""
    store = RevisionStore(engine)
    store.publish("sha256:a", b"{}", "")
    store.close()
    writer = Writer(engine, 100)
    found = Desk(writer)
    threading.Thread(target=found.accept, args=(listener,), daemon=True).start()
    yield found
    writer.close()


@pytest.fixture
def remote(address: Path) -> Iterator[RemoteWriter]:
    found = RemoteWriter(address, 50)
    yield found
    found.close()


def test_what_is_acknowledged_is_stored_to_the_byte(
    engine: Engine, desk: Desk, remote: RemoteWriter
) -> None:
    kept = [record() for _ in range(3)]
    remote.submit(kept).result(10)
    for one in kept:
        assert records.find(engine, one.id) == one


def test_several_processes_commit_together(engine: Engine, desk: Desk, address: Path) -> None:
    commits: list[Connection] = []
    go = threading.Event()
    begun = threading.Event()

    def begin(_: Connection) -> None:
        begun.set()
        assert go.wait(10)

    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", commits.append)
    writers = [RemoteWriter(address, 50) for _ in range(4)]
    first = writers[0].submit([record()])
    assert begun.wait(10)
    futures = [writer.submit([record()]) for writer in writers for _ in range(10)]
    while desk._writer._queue.qsize() < len(futures):
        assert not first.done()
    go.set()
    for future in (first, *futures):
        future.result(10)
    assert len(commits) == 2  # the one in hand, and all that came meanwhile
    for writer in writers:
        writer.close()


def test_a_receipt_that_cannot_be_stored_fails_alone(
    engine: Engine, desk: Desk, remote: RemoteWriter
) -> None:
    good, bad = record(), record(revision="sha256:none")
    futures = [remote.submit([one]) for one in (good, bad)]
    futures[0].result(10)
    with pytest.raises(StoreFailed):
        futures[1].result(10)
    assert records.find(engine, bad.id) is None
    assert records.find(engine, good.id) == good


def test_a_full_desk_is_busy(listener: socket.socket, address: Path) -> None:
    """Nobody accepts: what waits is bounded here, without a word from there."""
    remote = RemoteWriter(address, 2)
    waiting = [remote.submit([record()]) for _ in range(2)]
    with pytest.raises(Busy):
        remote.submit([record()])
    connection, _ = listener.accept()
    connection.close()
    for future in waiting:
        with pytest.raises(StoreFailed):
            future.result(10)
    remote.close()


def test_what_was_on_its_way_to_a_writer_that_died_has_failed(
    listener: socket.socket, address: Path
) -> None:
    """Whether it was stored is not known, so it is not acknowledged; the next job is."""
    remote = RemoteWriter(address, 10)
    lost = remote.submit([record()])
    dying, _ = listener.accept()
    assert frames.read(dying) is not None
    dying.close()
    with pytest.raises(StoreFailed):
        lost.result(10)
    kept = remote.submit([record()])
    living, _ = listener.accept()
    found = frames.read(living)
    assert found is not None
    assert not kept.done()
    living.sendall(frames.pack_ack(found[0], "stored"))
    kept.result(10)
    living.close()
    remote.close()


def test_where_there_is_no_writer_it_is_said(tmp_path: Path) -> None:
    remote = RemoteWriter(tmp_path / "nowhere", 10)
    with pytest.raises(StoreFailed):
        remote.submit([record()]).result(10)
    remote.close()
    with pytest.raises(StoreFailed):
        remote.submit([record()])


def test_one_who_no_longer_waits_stops_nobody(
    engine: Engine, desk: Desk, remote: RemoteWriter
) -> None:
    gone = remote.submit([record()])
    gone.cancel()
    remote.submit([record()]).result(10)


def test_one_who_does_not_read_does_not_hold_up_the_writer(
    engine: Engine, desk: Desk, address: Path, remote: RemoteWriter
) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.settimeout(10)
        deaf.connect(str(address))
        jobs = b"".join(frames.pack(number, [record()]) for number in range(2000))
        with suppress(BrokenPipeError, ConnectionResetError):
            deaf.sendall(jobs)
        with suppress(Busy):  # of what came before, all is answered in turn
            remote.submit([record()]).result(10)
        # It was cut off: what it reads at last ends, and short of an answer to every job.
        heard = 0
        with suppress(ConnectionResetError):
            while frames.read_ack(deaf):
                heard += 1
        assert heard < 2000


def test_closing_waits_for_what_is_on_its_way(engine: Engine, desk: Desk, address: Path) -> None:
    remote = RemoteWriter(address, 100)
    kept = [record() for _ in range(20)]
    futures = [remote.submit([one]) for one in kept]
    remote.close()
    remote.close()
    assert all(future.done() for future in futures)
    assert all(records.find(engine, one.id) for one in kept)
