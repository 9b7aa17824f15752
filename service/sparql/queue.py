"""Queries that wait for a worker, and those that have one: which is next, which cannot even wait.

The first that came is the first to run, unless its role or its client has as many running as it
may: then those behind it go before. One client never takes more than half the places to wait in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from service.sparql.wire import Failure, Limits, Query


class Asked(Protocol):
    """A query with when it ends, in the time of whoever keeps the queue."""

    query: Query
    ends: float


J = TypeVar("J", bound=Asked)


class Queue(Generic[J]):
    """The queries of a store, from when they are asked to when they end."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: deque[J] = deque()
        self._running: list[J] = []

    @property
    def running(self) -> int:
        """How many run."""
        return len(self._running)

    def __iter__(self) -> Iterator[J]:
        """All of them, those that run first, in the order in which they came."""
        yield from self._running
        yield from self._waiting

    def __contains__(self, job: J) -> bool:
        return job in self._running or job in self._waiting

    def refusal(self, query: Query) -> Failure | None:
        """Why a query may not even wait; None where it may."""
        if len(self._waiting) >= self._limits.waiting:
            return Failure("query-busy", "as many queries run and wait as may", "ask again later")
        theirs = sum(job.query.client == query.client for job in self._waiting)
        if query.client and self._limits.client and theirs >= max(1, self._limits.waiting // 2):
            why = f"{self._count(query)} queries of yours run and {theirs} wait"
            return Failure("query-busy", why, "wait for their answers before asking more")
        return None

    def add(self, job: J) -> None:
        """Let it wait."""
        self._waiting.append(job)

    def next(self) -> J | None:
        """The query whose turn it is; it stays where it waits until `start`."""
        return next((job for job in self._waiting if self._may_run(job.query)), None)

    def start(self, job: J) -> None:
        """It runs from now on, whether it waited or not."""
        if job in self._waiting:
            self._waiting.remove(job)
        self._running.append(job)

    def remove(self, job: J) -> None:
        """It has ended, or nobody waits for it any more."""
        # Not by the failure of `remove`, whose message would spell the job out.
        for jobs in (self._running, self._waiting):
            if job in jobs:
                jobs.remove(job)

    def over(self, now: float) -> tuple[list[J], list[J]]:
        """Those that run past their deadline, and those that waited until theirs."""

        def late(jobs: Iterable[J]) -> list[J]:
            return [job for job in jobs if job.ends <= now]

        return late(self._running), late(self._waiting)

    def _may_run(self, query: Query) -> bool:
        if query.running and self._count_if(lambda q: q.role == query.role) >= query.running:
            return False
        most = self._limits.client
        return not (most and query.client and self._count(query) >= most)

    def _count(self, query: Query) -> int:
        return self._count_if(lambda q: q.client == query.client)

    def _count_if(self, holds: Callable[[Query], bool]) -> int:
        return sum(holds(job.query) for job in self._running)
