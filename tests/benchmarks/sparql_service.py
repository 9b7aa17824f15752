"""Our service as people run it, on a graph of made profiles."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep
from typing import Final

import psutil

from tests.benchmarks import start
from tests.benchmarks.sparql_asking import JSON, Endpoint, Unanswered

QUERY_PROCESS: Final = "service.sparql.keeper"
PATIENCE: Final = 300.0


@dataclass(frozen=True)
class Service:
    """A service that answers: its endpoint, its process, and the seconds until its first answer."""

    endpoint: Endpoint
    pid: int
    seconds: float

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Its processes: those that speak HTTP, and those of the graph with the workers."""
        found: dict[str, list[psutil.Process]] = {"web": [], "graph": []}
        service = psutil.Process(self.pid)
        for process in (service, *service.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                found["graph" if QUERY_PROCESS in process.cmdline() else "web"].append(process)
        return found

    def memory(self) -> int:
        """Bytes that all of it takes, pages that processes share counted once."""
        return sum(_share(p) for kind in self.processes().values() for p in kind)


@contextmanager
def serving(graph: Path, first: str, **settings: str) -> Iterator[Service]:
    """A service with a store of its own; `first` is the query whose answer is awaited."""
    port = start.free_port()
    with TemporaryDirectory() as folder:
        env = start.environment(Path(folder)) | {"ZHUNRU_GRAPH_PATH": str(graph)} | settings
        command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
        began = perf_counter()
        with start.process(command, env) as running:
            endpoint = Endpoint(port, "/sparql")
            _until_answered(endpoint, first)
            yield Service(endpoint, running.pid, perf_counter() - began)
            endpoint.close()


def _until_answered(endpoint: Endpoint, text: str) -> None:
    limit = monotonic() + PATIENCE
    while True:
        try:
            endpoint.ask(text, JSON)
        except Unanswered:
            if monotonic() > limit:
                raise
            sleep(0.01)
        else:
            return


def _share(process: psutil.Process) -> int:
    """The proportional set size: a page that three processes share counts a third for each."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


class Watch:
    """Looks at the memory of processes while something is done."""

    def __init__(self, processes: dict[str, list[psutil.Process]]) -> None:
        self._processes = processes
        self._before = {p.pid: _resident(p) for found in processes.values() for p in found}
        self._most = dict(self._before)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def grown(self) -> dict[str, int]:
        """For each kind of process, the bytes that the one that grew most had more at its most."""
        return {
            kind: max(self._most[p.pid] - self._before[p.pid] for p in found)
            for kind, found in self._processes.items()
        }

    def _look(self) -> None:
        while not self._stop.wait(0.005):
            for found in self._processes.values():
                for process in found:
                    self._most[process.pid] = max(self._most[process.pid], _resident(process))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
