"""The graph as handlers ask it, wherever its store is."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final, Protocol

from service.errors import ReadOnly, ServiceError
from service.sparql.asker import Asker
from service.sparql.asker import query_id as query_id
from service.sparql.client import Failed
from service.sparql.edit import Edit, Edited
from service.sparql.journal import Write
from service.sparql.limits import Allowance, Caps
from service.sparql.prefixes import reserved
from service.sparql.terms import Table, read_table
from service.sparql.wire import Activity, Loaded, Query, Start

# Forms of one row or one statement a line: what is shown can end after any of them.
_BY_LINE: Final = "text/tab-separated-values, application/n-triples"
_READ_AT_ONCE: Final = 16 * 1024
SERVICE: Final = "service"
"""The role of queries that pages ask to show something."""


class Pieces(Protocol):
    """The bytes of an answer as they come."""

    @property
    def over(self) -> bool:
        """Whether all of them are here."""

    def pieces(self) -> AsyncIterator[bytes]:
        """One after the other; raises Failed where the answer is cut short."""


class Graph(ABC):
    """Asks a store. Every method may raise Failed."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance

    @property
    def caps(self) -> Caps:
        """The caps of everyone."""
        return self.allowance.everyone

    @abstractmethod
    async def current(self) -> Loaded:
        """What answers now."""

    @abstractmethod
    def ask(self, query: Query) -> AbstractAsyncContextManager[tuple[Start, Pieces]]:
        """The answer to a query from where it starts; leaving the context stops it."""

    @abstractmethod
    async def activity(self) -> Activity:
        """What runs, waits and took long."""

    @abstractmethod
    async def kill(self, name: str) -> bool:
        """End the query of an id; whether there was one."""

    @property
    def writable(self) -> bool:
        """Whether administrators may write graphs of their own."""
        return False

    @property
    def tells_generation(self) -> bool:
        """Whether `current` names the same data by the same generation each time."""
        return True

    @property
    def searches(self) -> bool:
        """Whether full-text search is answered."""
        return True

    def writes(self) -> tuple[Write, ...]:
        """When the graph was built, and what administrators wrote since when."""
        return ()

    @property
    def dumped(self) -> bool:
        """Whether all statements can be had at once."""
        return True

    async def closed(self) -> Callable[[str], bool]:
        """Tells of the name of a graph whether it may not be written."""
        loaded = await self.current()
        fixed = frozenset(loaded.graphs) - frozenset(loaded.written)
        return lambda name: name.startswith("_:") or reserved(name) or name in fixed

    async def edit(self, edit: Edit) -> Edited:
        """Change what is written; the next query sees it. Raises ReadOnly where nothing may be."""
        raise ReadOnly("nothing can be written to this store", hint="ask with query=")

    async def warm(self) -> None:
        """Have the store ready before anybody asks; a failure is told to who asks."""
        with suppress(Failed, ServiceError):
            await self.current()

    @abstractmethod
    async def close(self) -> None:
        """Give up what is held open."""

    async def fetch(self, query: Query) -> tuple[Start, bytes]:
        """The whole answer at once."""
        async with self.ask(query) as (start, stream):
            return start, b"".join([piece async for piece in stream.pieces()])

    async def first(
        self, text: str, most: int, seconds: float = 0.0, asker: Asker | None = None
    ) -> Table:
        """The first rows or statements of an answer, as terms; 0 s stands for everyone's limit.

        Who had the query written is its `asker`; without one the service asks on its own account.
        """
        caps = self.caps
        query = Query(
            text,
            _BY_LINE,
            first=most + 1,
            seconds=seconds or caps.seconds,
            rows=caps.rows,
            id=query_id(),
            role=SERVICE,
        )
        start, body = await self.fetch(asker.within(query) if asker else query)
        if len(body) < _READ_AT_ONCE:
            return read_table(start.extension, body.decode(), most)
        # Not in the loop, where all other answers would wait for it.
        return await asyncio.to_thread(read_table, start.extension, body.decode(), most)
