"""Queries that this process sends to another store: their turns, deadlines and ends.

What the query process does for its workers, without processes: a query that is over its time or was
ended is left by closing the connection, on which a store that minds its clients stops too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from service.sparql.active import Slow, late, running
from service.sparql.client import Failed
from service.sparql.queue import Queue
from service.sparql.wire import Activity, Failure, Limits, Query

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Turn:
    """A query that waits or runs; times are of `time.monotonic`, `began` 0 while it waits."""

    query: Query
    asked: float
    ends: float
    began: float = 0.0
    given: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """The queries of one process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._queue: Queue[Turn] = Queue(limits)
        self._slow = Slow(limits.slow)

    async def take(self, query: Query) -> Turn:
        """Wait for a turn; it must be given back by `leave`. Raises Failed."""
        if refusal := self._queue.refusal(query):
            raise Failed(refusal)
        now = time.monotonic()
        turn = Turn(query, now, now + query.seconds)
        self._queue.add(turn)
        self._hand_out()
        try:
            await self.within(turn, turn.given.wait())
        except BaseException as error:
            self.leave(turn, "left")
            if isinstance(error, Failed) and error.failure.slug == "query-deadline":
                raise Failed(Failure("query-busy", "no turn came in time")) from None
            raise
        return turn

    async def within(self, turn: Turn, work: Awaitable[T]) -> T:
        """What the work gives before the query's deadline. Raises Failed after it, or once the
        query was ended."""
        working = asyncio.ensure_future(work)
        ended = asyncio.ensure_future(turn.over.wait())
        try:
            left = max(turn.ends - time.monotonic(), 0)
            await asyncio.wait({working, ended}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                raise Failed(Failure("query-ended", "an administrator ended the query"))
            if not working.done():
                raise Failed(late(turn.query))
            return working.result()
        finally:
            for task in (working, ended):
                task.cancel()
            await asyncio.gather(working, ended, return_exceptions=True)

    def leave(self, turn: Turn, how: str) -> None:
        """The query has ended: the next one may run."""
        self._queue.remove(turn)
        self._slow.note(turn, how)
        self._hand_out()

    def activity(self) -> Activity:
        """What runs, waits and took long."""
        return Activity(tuple(map(running, self._queue)), self._slow.kept())

    def end(self, name: str) -> bool:
        """End the query of an id; whether there was one."""
        found = next((turn for turn in self._queue if turn.query.id == name), None)
        if not name or found is None:
            return False
        found.over.set()
        return True

    def _hand_out(self) -> None:
        while self._queue.running < self._limits.workers and (turn := self._queue.next()):
            self._queue.start(turn)
            turn.began = time.monotonic()
            turn.given.set()
