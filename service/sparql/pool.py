"""The workers of one generation, as the query process sees them."""

from __future__ import annotations

import json
import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from service.sparql import wire
from service.sparql.generation import run
from service.sparql.wire import Limits, Loaded, Query

_YIELDING: Final = 10


@dataclass(frozen=True, slots=True)
class Source:
    """What a generation is made of; `projection` is the descriptor of N-Quads.

    `written` is the file of what administrators wrote, None where they may not.
    """

    key: str
    path: Path
    projection: int
    written: Path | None = None


@dataclass(slots=True, eq=False)
class Job:
    """A query that waits or runs, with the connection its answer goes to.

    `raw` is the query as it came. `asked`, `ends` and `began` (0 while it waits) are times of
    `time.monotonic`; `beside` is the descriptor of the statements that go along with it, -1 where
    none do; `left` tells that whoever asked has gone.
    """

    connection: socket.socket
    query: Query
    raw: bytes
    asked: float
    ends: float
    began: float = 0.0
    worker: Worker | None = None
    beside: int = -1
    left: bool = False


@dataclass(slots=True, eq=False)
class Worker:
    """A process that answers one query at a time; `beside` is what it holds besides the graph.

    `lent` is one that a web process has to itself (`service.sparql.lending`), and
    `lowered` is one that yields to the others (nice 10: a tenth of a processor that they want too).
    """

    pid: int
    channel: socket.socket
    pool: Pool
    job: Job | None = None
    doomed: bool = False
    lent: bool = False
    lowered: bool = False
    beside: str = ""

    def lower(self) -> None:
        """Have it yield to others from now on."""
        self.lowered = True
        with suppress(OSError):  # it has ended, which its channel tells
            os.setpriority(os.PRIO_PROCESS, self.pid, _own_priority() + _YIELDING)

    def restore(self) -> bool:
        """Take that back, for which RLIMIT_NICE must allow it (setpriority(2)); whether it was."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, _own_priority())
        except OSError:
            return False
        self.lowered = False
        return True


@dataclass(slots=True, eq=False)
class Pool:
    """A generation's process and its workers; `loaded` is None until it answers."""

    source: Source
    pid: int
    channel: socket.socket
    waiters: list[socket.socket] = field(default_factory=list)
    loaded: Loaded | None = None
    workers: set[Worker] = field(default_factory=set)
    retired: bool = False

    def idle(self, beside: str = "") -> Worker | None:
        """A worker with nothing to do, if there is one that holds what goes along with a query."""
        free = self.free()
        return next((w for w in free if w.beside == beside), free[0] if free else None)

    def free(self) -> list[Worker]:
        """The workers with nothing to do."""
        return [w for w in self.workers if w.job is None and not w.doomed and not w.lent]

    def fork(self, count: int) -> None:
        """Have workers made."""
        self._tell({"fork": count})

    def replace(self, worker: Worker) -> None:
        """Have a dead worker buried and, unless the generation ends, another one made."""
        self.workers.discard(worker)
        self._tell({"reap": worker.pid, "fork": 0 if self.retired else 1})

    def kill(self, worker: Worker) -> None:
        """End a worker in whatever it is at. It is not reaped before `replace`: the id is its."""
        worker.doomed = True
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)

    def _tell(self, what: dict[str, int]) -> None:
        with suppress(OSError):  # its end is seen where its channel is read
            self.channel.send(json.dumps(what).encode())


def _own_priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def start(source: Source, limits: Limits) -> Pool:
    """Fork the process of a generation from this one, which must have no threads."""
    ours, theirs = wire.pair()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            control = socket.socket(fileno=os.dup(theirs.fileno()))
            projection = os.dup(source.projection)
            _close_all_but(control.fileno(), projection)
            run(control, source.path, projection, source.written, limits.memory)
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    return Pool(source, pid, ours)


def _close_all_but(*kept: int) -> None:
    """Let no connection of another stay open in this process."""
    for number in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if number > 2 and number not in kept:
            with suppress(OSError):  # the one that listed them
                os.close(number)
