"""Workers that answer one web process alone, as the query process sees them.

A short query spares the way through the query process: a web process asks a worker of its own over
a line of their own. Of what runs for longer it tells here, so that it is counted, listed, ended and
made to yield like any other. One worker is lent to nobody, and the others are wanted back once
a query waits or the generation is over.
"""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import dataclass
from typing import Final

from service.sparql import wire
from service.sparql.active import Slow
from service.sparql.ends import Ends, send
from service.sparql.pool import Job, Pool, Worker
from service.sparql.queue import Queue

LEASE: Final = b"W"
"""Asks for a worker: the generation's key, the name of what goes along, whose descriptor comes."""
RUNNING: Final = b"T"
"""A query runs on it: what is left of its time, and the query."""
OVER: Final = b"O"
"""That query has ended."""
SECONDS_TO_END: Final = 0.25
"""So long a worker may still run once nobody waits for what it does.

Who has read a whole answer may go before the worker has said that it is done. On a busy machine
a tenth of a second can pass before it is given a processor to say so.
"""


@dataclass(slots=True, eq=False)
class Loan:
    """A worker that is lent to who holds the other end of `connection`.

    `line` is the worker's end of what they speak over, kept to have the last word there. `job` is a
    query that was told of; `ends` is when a worker is killed that nobody listens to (0: never).
    """

    connection: socket.socket
    line: socket.socket
    worker: Worker
    job: Job | None = None
    ends: float = 0.0
    wanted: bool = False


class Lender:
    """Lends workers, and has them back."""

    def __init__(self, ends: Ends, queue: Queue[Job], slow: Slow) -> None:
        self._ends = ends
        self._queue = queue
        self._slow = slow
        self._held: dict[Worker, Loan] = {}

    def lend(
        self, connection: socket.socket, raw: bytes, pool: Pool | None, file: int = -1
    ) -> None:
        """Lend a worker of the generation that is asked for, or close the connection.

        The file holds what goes along with its queries, -1 where nothing does.
        """
        told: dict[str, str] = json.loads(raw)
        worker = self._spare(pool, told["key"], told["beside"])
        if worker is None or not self._lent(connection, worker, told["beside"], file):
            self._ends.close(connection)
        if file >= 0:
            os.close(file)

    def want(self, pool: Pool) -> None:
        """Ask for a generation's workers, except those that run what was told of."""
        for worker in pool.workers:
            loan = self._held.get(worker)
            if loan is not None and loan.job is None:
                self._want(loan)

    def ended(self, worker: Worker) -> bool:
        """The worker is there again, or has died; whether it was lent."""
        loan = self._held.pop(worker, None)
        if loan is None:
            return False
        worker.lent = False
        self._ends.close(loan.connection)
        self._rest(loan, "left")
        loan.line.close()
        return True

    def soonest(self) -> list[float]:
        """When something is to be done, of `time.monotonic`."""
        return [loan.ends for loan in self._held.values() if loan.ends]

    def expire(self, now: float) -> None:
        """Kill the workers that run on though nobody listens."""
        for worker, loan in self._held.items():
            if loan.ends and loan.ends <= now:
                loan.ends = 0.0
                worker.pool.kill(worker)

    def _spare(self, pool: Pool | None, key: str, beside: str) -> Worker | None:
        if pool is None or pool.source.key != key or self._queue.next() is not None:
            return None
        left = sum(not worker.lent for worker in pool.workers)
        return pool.idle(beside) if left > 1 else None

    def _lent(self, connection: socket.socket, worker: Worker, beside: str, file: int) -> bool:
        ours, theirs = wire.pair()
        wire.roomy(theirs, wire.AHEAD)
        with ours:
            try:
                if file >= 0 and worker.beside != beside:
                    socket.send_fds(worker.channel, [wire.BESIDE + beside.encode()], [file])
                socket.send_fds(worker.channel, [wire.LEASED], [theirs.fileno()])
                worker.beside = beside
                worker.lent = True
                loan = self._held[worker] = Loan(connection, theirs, worker)
                self._ends.watch(connection, lambda: self._says(loan))
                socket.send_fds(connection, [wire.LEASED], [ours.fileno()])
            except OSError:
                # Whichever of the two has gone: the worker sees its line end, or is replaced.
                theirs.close()
                return False
        return True

    def _says(self, loan: Loan) -> None:
        """What who holds it tells."""
        try:
            message = loan.connection.recv(wire.MAX_MESSAGE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if message[:1] == RUNNING:
            self._run(loan, *wire.untimed(message[1:]), message[1:])
        elif message[:1] == OVER:
            self._rest(loan, "ended")
            worker = loan.worker
            if worker.pool.retired or (worker.lowered and not worker.restore()):
                self._want(loan)
        else:
            self._ends.close(loan.connection)
            self._rest(loan, "left")
            loan.ends = time.monotonic() + SECONDS_TO_END

    def _run(self, loan: Loan, seconds: float, query: wire.Query, raw: bytes) -> None:
        worker = loan.worker
        if worker.doomed:
            return
        now = time.monotonic()
        asked = now - max(query.seconds - seconds, 0.0)
        job = Job(loan.line, query, raw, asked, now + seconds, began=asked, worker=worker)
        loan.job = worker.job = job
        self._queue.start(job)

    def _want(self, loan: Loan) -> None:
        if not loan.wanted:
            loan.wanted = True
            send(loan.connection, wire.WANTED)

    def _rest(self, loan: Loan, how: str) -> None:
        """Nothing that was told of runs on it any more."""
        job, loan.job = loan.job, None
        if job is not None and job in self._queue:
            self._queue.remove(job)
            self._slow.note(job, how)
        if job is not None and loan.worker.job is job:
            loan.worker.job = None
