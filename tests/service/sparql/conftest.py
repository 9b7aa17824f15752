"""Query processes over a small graph, asked without a web server."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from service.shipped import Shipped
from service.sparql.client import Failed, Line, activity, ask, load
from service.sparql.process import QueryProcess, query_process
from service.sparql.wire import Activity, Failure, Limits, Loaded, Query, Start
from tests.awaiting import awaited, eventually, until
from tests.service.conftest import running
from tests.service.sparql.writing import Desk, settings

# Over so many statements a product of three takes hours.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUICK = "SELECT ?o { <x:s1> <x:p> ?o }"


@dataclass
class Asked:
    """What came of a query: how it began, its bytes, why it failed, how long it took."""

    start: Start | None = None
    body: bytes = b""
    failure: Failure | None = None
    seconds: float = 0.0
    pieces: list[int] = field(default_factory=list)


class Asking:
    """A query process of a test."""

    def __init__(self, process: QueryProcess, graph: Path) -> None:
        self.process = process
        self.graph = graph

    def load(self, key: str, *lines: str) -> Loaded:
        return load(self.process.address, key, self.graph, lines)

    def ask(self, text: str, **options: Any) -> Asked:
        return awaited(self.asked(text, **options))

    async def asked(self, text: str, line: Line | None = None, **options: Any) -> Asked:
        """What comes of a query, on a line that a test keeps or on one of its own."""
        since, found, query = time.monotonic(), Asked(), Query(text, **options)
        try:
            async with line.ask(query) if line else ask(self.process.address, query) as stream:
                found.start = await stream.start()
                async for piece in stream.pieces():
                    found.body += piece
                    found.pieces.append(len(piece))
        except Failed as failed:
            found.failure = failed.failure
        found.seconds = time.monotonic() - since
        return found

    def generations(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def workers(self) -> list[psutil.Process]:
        found = [worker for each in self.generations() for worker in _children(each)]
        return [worker for worker in found if _alive(worker)]

    async def listed(self, *states: str) -> Activity:
        """What runs and waits, once these are its states."""
        seen: list[Activity] = []

        async def holds() -> bool:
            seen.append(await activity(self.process.address))
            return sorted(one.state for one in seen[-1].active) == sorted(states)

        await eventually(holds)
        return seen[-1]

    async def busy(self) -> psutil.Process:
        """The worker that counts on and on, once one does."""
        await eventually(lambda: any(_counted(worker) > 0.1 for worker in self.workers()))
        return max(self.workers(), key=_counted)


@pytest.fixture(scope="module")
def small_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "graph.nq"
    lines = [f'<x:s{n}> <x:p> "{n:05}" <x:g{n % 2}> .' for n in range(20_000)]
    path.write_text("".join(f"{line}\n" for line in sorted(lines)), "utf-8")
    return path


@pytest.fixture
def small(small_graph: Path) -> Iterator[Asking]:
    """A process of its own, for tests that kill what is in it."""
    with query_process(Limits(workers=2, waiting=2, memory=128 << 20)) as process:
        found = Asking(process, small_graph)
        found.load("first")
        until(lambda: len(found.workers()) == 2)
        yield found


@pytest.fixture(scope="module")
def desks(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An application in which administrators may write."""
    folder = tmp_path_factory.mktemp("desk")
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(folder, process.address), shipped) as one,
    ):
        yield Desk(one, folder)


@pytest.fixture
def desk(desks: Desk) -> Desk:
    """The same, with nothing written yet."""
    assert desks.update("DROP ALL").status_code == 204
    return desks


def can_restore() -> bool:
    """Whether a process here may be given back the priority that it had (setpriority(2))."""
    return os.geteuid() == 0 or resource.getrlimit(resource.RLIMIT_NICE)[0] >= 20


def _alive(worker: psutil.Process) -> bool:
    # A worker may end between being listed and being looked at.
    try:
        return worker.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _counted(worker: psutil.Process) -> float:
    """Seconds of a processor that a process has taken for itself."""
    try:
        return float(worker.cpu_times().user)
    except psutil.NoSuchProcess:
        return 0.0


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []
