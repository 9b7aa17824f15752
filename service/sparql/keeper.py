"""The query process: takes queries on a Unix socket, hands each to a worker, ends what is over.

It holds no graph and has no threads. A generation is a process of its own that forks workers
(`service.sparql.generation`). The worker writes to the connection of the query itself; here only
its end is watched: done, over its deadline, crashed, or its reader gone. Then the worker is killed
and another one forked, and nobody else notices. What runs for long yields to what does not.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from service.sparql import wire
from service.sparql.active import Slow, late, running
from service.sparql.ends import Ends, send
from service.sparql.lending import LEASE, SECONDS_TO_END, Lender
from service.sparql.pool import Job, Pool, Source, Worker, start
from service.sparql.queue import Queue
from service.sparql.wire import Activity, Failure, Limits

QUERY: Final = b"Q"
LOAD: Final = b"P"
LIST: Final = b"A"
KILL: Final = b"K"
YIELDS_AFTER: Final = 0.2
"""Seconds for which a query runs at the priority of all others."""
_SECONDS_TO_ASK: Final = 5.0


class Keeper:
    """The loop, and what it knows of: the generation that answers and those before and after."""

    def __init__(self, listener: socket.socket, parent: int, limits: Limits) -> None:
        self._listener = listener
        self._limits = limits
        self._ends = Ends()
        self._current: Pool | None = None
        self._next: Pool | None = None
        self._old: set[Pool] = set()
        self._queue: Queue[Job] = Queue(limits)
        self._slow = Slow(limits.slow)
        self._lender = Lender(self._ends, self._queue, self._slow)
        self._asking: dict[socket.socket, float] = {}
        self._ended: set[int] = set()
        listener.setblocking(False)
        self._ends.watch(listener, self._accept)
        self._ends.watch(parent, sys.exit)

    def run(self) -> None:
        """Serve until the process that started this one has gone."""
        while True:
            self._ends.listen(self._pause())
            self._expire()
            self._yield()
            self._hand_out()
            self._bury()

    # --- connections ---------------------------------------------------------------------------

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # gone again, or no descriptor is free now
            return
        wire.roomy(connection, wire.AHEAD)
        if not self._listen(connection):
            self._asking[connection] = time.monotonic() + _SECONDS_TO_ASK

    def _listen(self, connection: socket.socket) -> bool:
        """Do what is asked on a connection, now or once it is; whether it was."""
        # Who connects, or has an answer, has mostly asked already.
        if self._asked(connection):
            return True
        self._ends.watch(connection, lambda: self._asked_later(connection))
        return False

    def _asked_later(self, connection: socket.socket) -> None:
        self._asking.pop(connection, None)
        if not self._asked(connection):
            self._ends.close(connection)

    def _asked(self, connection: socket.socket) -> bool:
        """Do what is asked on a connection; whether anything was yet."""
        try:
            message, descriptors = wire.received_now(connection)
        except BlockingIOError:
            return False
        except OSError:
            message, descriptors = b"", []
        if message[:1] == QUERY:
            self._ask(connection, message[1:], *descriptors)
        elif message[:1] == LEASE:
            self._lender.lend(connection, message[1:], self._current, *descriptors)
        elif message[:1] == LOAD and descriptors:
            self._ends.unwatch(connection)
            told = json.loads(message[1:])
            written = Path(told["written"]) if told["written"] else None
            source = Source(told["key"], Path(told["path"]), descriptors[0], written)
            self._load(connection, source)
        elif message[:1] == LIST:
            active = tuple(map(running, self._queue))
            self._ends.say(connection, wire.pack(wire.ACTIVE, Activity(active, self._slow.kept())))
        elif message[:1] == KILL:
            self._ends.say(connection, wire.KILLED + self._kill(message[1:].decode()))
        else:
            self._ends.close(connection)
        return True

    def _ask(self, connection: socket.socket, raw: bytes, beside: int = -1) -> None:
        query = wire.query_of(raw)
        refusal = self._queue.refusal(query)
        if self._current is None and self._next is None:
            refusal = Failure("no-graph", "no graph is loaded")
        if refusal:
            self._ends.say(connection, wire.pack(wire.FAILED, refusal))
            if beside >= 0:
                os.close(beside)
        else:
            now = time.monotonic()
            job = Job(connection, query, raw, now, now + query.seconds, beside=beside)
            self._queue.add(job)
            self._ends.watch(connection, lambda: self._left(job))

    def _left(self, job: Job) -> None:
        """Whoever asked has gone, or has their answer and asks again before the worker says so."""
        if job not in self._queue:  # it ended in an event before this one
            return
        try:
            again = bool(job.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except OSError:
            again = False
        if again:
            self._ends.unwatch(job.connection)
            return
        if job.worker is None:
            self._finish(job, "left")
        else:  # perhaps with the whole answer, which the worker is about to say
            self._ends.unwatch(job.connection)
            job.left = True
            job.ends = min(job.ends, time.monotonic() + SECONDS_TO_END)

    def _kill(self, name: str) -> bytes:
        """End the query of an id; 1 if there was one, else 0."""
        found = next((job for job in self._queue if job.query.id == name), None)
        if not name or found is None:
            return b"0"
        if found.worker is not None:
            found.worker.pool.kill(found.worker)
        self._end(found, Failure("query-ended", "an administrator ended the query"))
        return b"1"

    # --- generations ---------------------------------------------------------------------------

    def _load(self, connection: socket.socket, source: Source) -> None:
        current, coming = self._current, self._next
        if current is not None and coming is None and current.source.key == source.key:
            os.close(source.projection)
            send(connection, wire.pack(wire.LOADED, current.loaded))
            connection.close()
        elif coming is not None and coming.source.key == source.key:
            os.close(source.projection)
            coming.waiters.append(connection)
        else:
            waiters = [connection]
            if coming is not None:  # overtaken before it was ready
                waiters += coming.waiters
                self._drop(coming)
            self._begin(source, waiters)

    def _begin(self, source: Source, waiters: list[socket.socket]) -> None:
        pool = self._next = start(source, self._limits)
        pool.waiters = waiters
        self._ends.watch(pool.channel, lambda: self._pool_says(pool))

    def _pool_says(self, pool: Pool) -> None:
        try:
            message, descriptors = wire.received_now(pool.channel)
        except OSError:
            message, descriptors = b"", []
        if message[:1] == wire.LOADED:
            self._swap(pool, wire.Loaded(**json.loads(message[1:])))
        elif message[:1] == wire.FAILED:
            self._refuse(pool, message)
        elif message:
            channel = socket.socket(fileno=descriptors[0])
            worker = Worker(json.loads(message)["worker"], channel, pool)
            pool.workers.add(worker)
            self._ends.watch(worker.channel, lambda: self._worker_says(worker))
            if pool.retired:
                self._dismiss(pool)
        elif pool is self._next:
            self._refuse(pool, wire.pack(wire.FAILED, Failure("no-graph", "loading failed")))
        else:
            self._lost(pool)

    def _swap(self, pool: Pool, loaded: wire.Loaded) -> None:
        pool.loaded = loaded
        pool.fork(self._limits.workers)
        before, self._current, self._next = self._current, pool, None
        if before is not None:
            self._old.add(before)
            before.retired = True
            self._dismiss(before)
        for waiter in pool.waiters:
            send(waiter, wire.pack(wire.LOADED, loaded))
            waiter.close()
        pool.waiters = []

    def _refuse(self, pool: Pool, message: bytes) -> None:
        """A generation that cannot be loaded; the one before goes on."""
        for waiter in pool.waiters:
            send(waiter, message)
            waiter.close()
        self._next = None
        self._drop(pool)

    def _lost(self, pool: Pool) -> None:
        """A generation's process has died: its workers cannot be replaced, so all is made anew."""
        for worker in tuple(pool.workers):
            pool.kill(worker)
        source = replace(pool.source, projection=os.dup(pool.source.projection))
        waiters = pool.waiters
        self._drop(pool)
        if pool is self._current:
            self._current = None
            if self._next is None:
                self._begin(source, waiters)
                return
        os.close(source.projection)

    def _dismiss(self, pool: Pool) -> None:
        """Let a retired generation go as its workers fall idle."""
        self._lender.want(pool)
        for worker in pool.free():
            self._ends.close(worker.channel)
            pool.workers.discard(worker)
        if not pool.workers:
            self._drop(pool)

    def _drop(self, pool: Pool) -> None:
        self._old.discard(pool)
        self._ends.close(pool.channel)
        os.close(pool.source.projection)
        self._ended.add(pool.pid)
        if pool.loaded is None:
            with suppress(ProcessLookupError):
                os.kill(pool.pid, signal.SIGKILL)

    # --- workers -------------------------------------------------------------------------------

    def _worker_says(self, worker: Worker) -> None:
        try:
            done = bool(worker.channel.recv(16, socket.MSG_DONTWAIT))
        except OSError:
            done = False
        if done and worker.doomed:
            return  # it ended its query as it was being killed
        job, worker.job = worker.job, None
        if not done:
            self._ends.close(worker.channel)
            worker.pool.replace(worker)
            if job is not None and job in self._queue:
                why = "the query needed more memory than it may have, or broke the engine"
                hint = "ask for less: LIMIT, a narrower pattern, no ORDER BY over everything"
                self._end(job, Failure("query-too-large", why, hint))
        lent = self._lender.ended(worker)
        if done:
            if job is not None and not lent:
                self._finish(job, "ended", keep=not job.left)
            if worker.lowered and not worker.pool.retired and not worker.restore():
                self._ends.close(worker.channel)  # it ends itself; another one takes its place
                worker.pool.replace(worker)
        if worker.pool.retired:
            self._dismiss(worker.pool)

    def _hand_out(self) -> None:
        while self._current and self._current.idle() and (job := self._queue.next()):
            worker = self._current.idle(job.query.beside)
            assert worker is not None  # one was idle just now
            left = max(job.ends - time.monotonic(), 0.001)
            message = wire.timed(job.raw, left)
            try:
                if job.beside >= 0 and worker.beside != job.query.beside:
                    named = wire.BESIDE + job.query.beside.encode()
                    socket.send_fds(worker.channel, [named], [job.beside])
                socket.send_fds(worker.channel, [message], [job.connection.fileno()])
            except OSError:  # it died idle; its end is read in the next round
                self._current.workers.discard(worker)
                continue
            self._queue.start(job)
            job.worker, worker.job, job.began = worker, job, time.monotonic()
            worker.beside = job.query.beside
        if self._current and self._queue.next() is not None:
            self._lender.want(self._current)

    def _end(self, job: Job, failure: Failure) -> None:
        """Tell who asked why there is no answer, or no more of it."""
        told = replace(failure, of=job.query.id)
        send(job.connection, wire.pack(wire.FAILED, told))
        self._finish(job, failure.slug)

    def _finish(self, job: Job, how: str, *, keep: bool = False) -> None:
        if job in self._queue:
            self._queue.remove(job)
            self._slow.note(job, how)
        if keep:
            self._listen(job.connection)
        else:
            self._ends.close(job.connection)
        if job.beside >= 0:
            os.close(job.beside)
            job.beside = -1

    # --- time ----------------------------------------------------------------------------------

    def _pause(self) -> float | None:
        ends = [job.ends for job in self._queue]
        ends += [job.began + YIELDS_AFTER for job in self._hasty()]
        ends += self._asking.values()
        ends += self._lender.soonest()
        if self._ended:
            ends.append(time.monotonic() + 0.1)
        return max(min(ends) - time.monotonic(), 0) if ends else None

    def _expire(self) -> None:
        now = time.monotonic()
        running, waiting = self._queue.over(now)
        for job in running:
            if job.worker is not None:
                job.worker.pool.kill(job.worker)
            if job.left:
                self._finish(job, "left")
            else:
                self._end(job, late(job.query))
        for job in waiting:
            self._end(job, Failure("query-busy", "no worker was free in time"))
        self._lender.expire(now)
        for connection in [c for c, ends in self._asking.items() if ends <= now]:
            del self._asking[connection]
            self._ends.close(connection)

    def _yield(self) -> None:
        """Let what has run for a while give way to what has not."""
        now = time.monotonic()
        for job in self._hasty():
            if job.worker is not None and now >= job.began + YIELDS_AFTER:
                job.worker.lower()

    def _hasty(self) -> list[Job]:
        """The queries that run at the priority of all."""
        return [job for job in self._queue if job.worker is not None and not job.worker.lowered]

    def _bury(self) -> None:
        for pid in tuple(self._ended):
            try:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    self._ended.discard(pid)
            except ChildProcessError:
                self._ended.discard(pid)


def main(arguments: list[str]) -> None:
    """The process: descriptor of the listener, limits as JSON; it ends with its standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listener = socket.socket(fileno=int(arguments[0]))
    Keeper(listener, 0, Limits(**json.loads(arguments[1]))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
