"""One thread writes all receipts: what waits together is committed together (group commit).

An answer leaves only after the transaction that holds its receipt is on disk. The queue is bounded:
a store that falls behind says so at once, instead of letting answers pile up in memory.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine, insert

from service.errors import Busy, StoreFailed
from service.store.record import Record
from service.store.tables import decisions

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 256
_INSERT = insert(decisions)


class Receiver(Protocol):
    """What takes receipts: the writer itself, or the way to one in another process."""

    def submit(self, records: Sequence[Record]) -> Future[None]:
        """Queue receipts for one transaction; the future is done when they are on disk."""

    def close(self) -> None:
        """Store what waits, then take no more."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Receipts that stand or fall together, and who waits for them."""

    records: tuple[Record, ...]
    done: Future[None]


class Writer:
    """Writes receipts in the order they come; `submit` from any thread."""

    def __init__(self, engine: Engine, capacity: int) -> None:
        # Opened here, so that a store that cannot be reached is met at start.
        self._connection = engine.connect()
        self._queue: queue.Queue[_Job | None] = queue.Queue(capacity)
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="receipts", daemon=True)
        self._thread.start()

    def submit(self, records: Sequence[Record]) -> Future[None]:
        """Queue receipts for one transaction; the future is done when they are on disk.

        Raises Busy where the queue is full, StoreFailed after `close`, as the future may.
        """
        job = _Job(tuple(records), Future())
        with self._closing:
            if self._closed:
                raise StoreFailed("the service is shutting down")
            try:
                self._queue.put_nowait(job)
            except queue.Full:
                raise Busy("too many answers wait for their receipt to be stored") from None
        return job.done

    def close(self) -> None:
        """Store what waits, then end the thread."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            jobs, last = [first], False
            while len(jobs) < _MOST_AT_ONCE and not self._queue.empty():
                job = self._queue.get_nowait()
                if job is None:
                    last = True
                    break
                jobs.append(job)
            # For one who no longer waits (a request cut off) nothing is stored.
            self._store([job for job in jobs if job.done.set_running_or_notify_cancel()])
            if last:
                return

    def _store(self, jobs: Sequence[_Job]) -> None:
        if not jobs:
            return
        rows = [record.row() for job in jobs for record in job.records]
        try:
            with self._connection.begin():
                self._connection.execute(_INSERT, rows)
        except Exception as error:  # noqa: BLE001 - the thread must go on, whatever it was
            if len(jobs) > 1:
                # One job may be at fault: each alone, so that it fails alone.
                for job in jobs:
                    self._store([job])
                return
            _log.error("receipts could not be stored", exc_info=error)
            jobs[0].done.set_exception(StoreFailed("the receipt could not be stored"))
            return
        for job in jobs:
            job.done.set_result(None)
