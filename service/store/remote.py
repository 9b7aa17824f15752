"""The writer as a web process sees it where several share one: the same face, over a Unix socket.

A job whose acknowledgement does not come, because the writer's process died, has failed: whether it
was stored is not known, so its answer never leaves. The next job meets the next writer.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import count
from pathlib import Path

from service.errors import Busy, ServiceError, StoreFailed
from service.store import frames
from service.store.frames import Outcome
from service.store.record import Record

_SECONDS_TO_CLOSE = 20


class RemoteWriter:
    """Hands receipts to the writer's process; `submit` from any thread."""

    def __init__(self, address: Path, capacity: int) -> None:
        self._address = address
        self._capacity = capacity
        self._numbers = count()
        self._lock = threading.Lock()
        self._done = threading.Condition(self._lock)
        self._waiting: dict[int, Future[None]] = {}
        self._queue: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self._connection: socket.socket | None = None
        self._sent: set[int] = set()
        self._closed = False
        self._thread = threading.Thread(target=self._send, name="receipts", daemon=True)
        self._thread.start()

    def submit(self, records: Sequence[Record]) -> Future[None]:
        """Send receipts for one transaction; the future is done when they are on disk.

        Raises Busy where too many wait, StoreFailed after `close`, as the future may.
        """
        future: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise StoreFailed("the service is shutting down")
            if len(self._waiting) >= self._capacity:
                raise Busy("too many answers wait for their receipt to be stored")
            job = next(self._numbers) % 2**32
            self._waiting[job] = future
            self._queue.put((job, frames.pack(job, records)))
        return future

    def close(self) -> None:
        """Wait for what is on its way, then let the connection go."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._done.wait_for(lambda: not self._waiting, _SECONDS_TO_CLOSE)
        self._queue.put(None)
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _send(self) -> None:
        while (first := self._queue.get()) is not None:
            jobs = [first]
            while not self._queue.empty() and (more := self._queue.get()) is not None:
                jobs.append(more)
            try:
                connection = self._connected({job for job, _ in jobs})
                connection.sendall(b"".join(frame for _, frame in jobs))
            except OSError:
                self._lost(None)

    def _connected(self, jobs: set[int]) -> socket.socket:
        """The connection that these jobs go by; a new one where the last has ended."""
        with self._lock:
            self._sent |= jobs
            if self._connection is None:
                fresh = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                # Where the process is just being started again, this waits in its backlog.
                fresh.connect(str(self._address))
                self._connection = fresh
                threading.Thread(target=self._listen, args=(fresh,), daemon=True).start()
            return self._connection

    def _listen(self, connection: socket.socket) -> None:
        try:
            while (found := frames.read_ack(connection)) is not None:
                self._settle(*found)
        except OSError:
            pass
        self._lost(connection)

    def _settle(self, job: int, outcome: Outcome) -> None:
        with self._lock:
            self._sent.discard(job)
            future = self._waiting.pop(job, None)
            self._done.notify_all()
        # One who no longer waits (a request cut off) has cancelled.
        if future is None or not future.set_running_or_notify_cancel():
            return
        if outcome == "stored":
            future.set_result(None)
        else:
            future.set_exception(_error(outcome))

    def _lost(self, connection: socket.socket | None) -> None:
        """The connection has ended (None: could not be made): what went by it is not known."""
        with self._lock:
            if connection is not None and connection is not self._connection:
                return
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            sent, self._sent = self._sent, set()
        for job in sent:
            self._settle(job, "failed")


def _error(outcome: Outcome) -> ServiceError:
    if outcome == "busy":
        return Busy("too many answers wait for their receipt to be stored")
    return StoreFailed("the receipt could not be stored")
