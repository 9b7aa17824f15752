"""Several web processes and one that writes for them, as people run them (DESIGN §7)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import httpx
import psutil
import pytest

from ontology.label import Label
from service.shipped import Shipped
from service.store import records
from service.store.database import open_database
from service.store.revisions import RevisionStore
from tests.awaiting import until
from tests.service.conftest import DEMOLITION
from tests.service.test_serving import Server, address

WORKER, WRITER = "service.worker", "service.store.process"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("store"), "--workers", "2")
    yield found
    found.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def base(server: Server) -> str:
    return address(server.greeting())


def children(server: Server, module: str) -> list[int]:
    """The processes of a module that are up."""
    found = []
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # it ended in between, or is a zombie
            if module in child.cmdline():
                found.append(child.pid)
    return found


def decide(base: str) -> httpx.Response:
    """Asked on a connection of its own, so that any of the processes may answer."""
    address = f"{base}/v1/decisions/admissibility?detail=verdict"
    return httpx.post(address, json=DEMOLITION, timeout=30)


def test_each_worker_answers_and_one_process_writes(server: Server, base: str) -> None:
    assert len(children(server, WORKER)) == 2
    assert len(children(server, WRITER)) == 1
    ids = [decide(base).json()["id"] for _ in range(20)]
    engine = open_database(server.url)
    assert all(records.find(engine, id_) for id_ in ids)
    engine.dispose()


def test_they_count_together(base: str) -> None:
    def counted() -> float:
        text = httpx.get(f"{base}/metrics", timeout=30).text
        lines = [line for line in text.splitlines() if line.startswith("zhunru_decisions_total{")]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    before = counted()
    for _ in range(10):
        assert decide(base).status_code == 200
    assert counted() == before + 10


def test_what_is_published_governs_every_later_decision(
    server: Server, base: str, shipped: Shipped
) -> None:
    engine = open_database(server.url)
    store = RevisionStore(engine)
    first, *others = shipped.rulebook.rules["admissibility"]
    for number in range(5):
        changed = replace(first, title=Label(f"第{number}版", f"version {number}"))
        rulebook = replace(shipped.rulebook, rules={"admissibility": (changed, *others)})
        store.publish(rulebook.revision, rulebook.document(), "")
        answers = [decide(base).json()["revision"] for _ in range(6)]
        assert answers == [rulebook.revision] * 6
    store.close()
    engine.dispose()


def test_a_worker_that_is_killed_is_replaced(server: Server, base: str) -> None:
    before = children(server, WORKER)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(set(children(server, WORKER)) - {before[0]}) == 2)
    assert decide(base).json()["verdict"]


def test_no_acknowledged_decision_is_lost_with_the_writer(server: Server, base: str) -> None:
    acknowledged: list[str] = []
    refused: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=base, timeout=30) as client:
            while not stop.is_set():
                answer = client.post("/v1/decisions/admissibility?detail=verdict", json=DEMOLITION)
                if answer.status_code == 200:
                    acknowledged.append(answer.json()["id"])
                else:
                    refused.append(answer.status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        had = len(acknowledged)
        until(lambda had=had: len(acknowledged) > had + 20)  # type: ignore[misc]
        (writer,) = children(server, WRITER)
        os.kill(writer, signal.SIGKILL)
        until(lambda old=writer: children(server, WRITER) not in ([], [old]))  # type: ignore[misc]
    stop.set()
    for thread in threads:
        thread.join()
    assert set(refused) <= {503}
    engine = open_database(server.url)
    lost = [id_ for id_ in acknowledged if records.find(engine, id_) is None]
    engine.dispose()
    assert lost == []


def test_on_a_signal_all_end_after_what_they_are_at(server: Server, base: str) -> None:
    """The last test here: the server is gone after it."""
    tree = psutil.Process(server.process.pid).children(recursive=True)
    assert len(tree) >= 4
    _, errors = server.stop()
    assert server.process.returncode == 0
    assert all("is started again in" in line for line in errors.splitlines()), errors
    assert psutil.wait_procs(tree, 5)[1] == []
    with pytest.raises(httpx.ConnectError):
        decide(base)


def test_they_end_with_a_supervisor_that_is_killed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server = Server(tmp_path_factory.mktemp("store"), "--workers", "2")
    server.greeting()
    tree = psutil.Process(server.process.pid).children(recursive=True)
    server.stop(signal.SIGKILL)
    assert psutil.wait_procs(tree, 20)[1] == []
