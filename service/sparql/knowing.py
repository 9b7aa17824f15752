"""What the dataset knows, looked up once for each generation, and advice by it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from kb.void_graph import Row
from service.sparql.advice.advising import Advice, advise
from service.sparql.advice.known import Known, asking, known
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.faults import syntax
from service.sparql.text import Refused, place
from service.sparql.wire import Failure

_MOST: Final = 100_000
_SECONDS: Final = 20.0
# Of a store that does not tell whether it has changed.
_KEPT_SECONDS: Final = 600.0
# Where it could not be had, it is not asked again with every query.
_AGAIN_SECONDS: Final = 30.0
_MOMENT_SECONDS: Final = 0.05


class Knowing:
    """Advice on the queries of a store, embedded or another server's."""

    def __init__(self, store: Graph) -> None:
        self._store = store
        self._lock = asyncio.Lock()
        self._known = Known()
        self._of = ""
        self._until = 0.0
        self._looking: asyncio.Task[Known] | None = None

    async def known(self) -> Known:
        """What the generation that answers now knows; nothing where that cannot be asked."""
        try:
            generation = await self._generation()
        except Failed:
            return Known()
        async with self._lock:
            if self._of != generation or time.monotonic() > self._until:
                await self._look(generation)
            return self._known

    async def advice(self, text: str) -> tuple[Advice, ...]:
        """Advice on a query. Raises Failed where it is none, or one that is not run."""
        return await advice_by(text, await self.known())

    async def hints(self, text: str, seconds: float = _MOMENT_SECONDS) -> tuple[Advice, ...]:
        """Advice on a query that was run, had within so many seconds; none where there can be none.

        Whoever waits has waited until a deadline, unless more is given: what is not known by half
        of the time is looked up for the next.
        """
        ends = asyncio.get_running_loop().time() + seconds
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.known())
        ready, _ = await asyncio.wait((self._looking,), timeout=seconds / 2)
        try:
            async with asyncio.timeout_at(ends):
                return await advice_by(text, self._looking.result() if ready else Known())
        except (Failed, TimeoutError):
            return ()

    async def _generation(self) -> str:
        loaded = await self._store.current()
        return loaded.generation if self._store.tells_generation else "untold"

    async def _look(self, generation: str) -> None:
        self._of = generation
        try:
            rows = {name: await self._rows(query) for name, query in asking().items()}
            searches = self._store.searches
            self._known = await asyncio.to_thread(known, rows, searches=searches)
            self._until = (
                float("inf") if self._store.tells_generation else time.monotonic() + _KEPT_SECONDS
            )
        except Failed:
            self._known = Known()
            self._until = time.monotonic() + _AGAIN_SECONDS

    async def _rows(self, query: str) -> Sequence[Row]:
        table = await self._store.first(query, _MOST, _SECONDS)
        return [
            {name: term.text for name, term in zip(table.names, row, strict=True) if term}
            for row in table.rows
        ]


async def advice_by(text: str, found: Known) -> tuple[Advice, ...]:
    """Advice on a query by what is known. Raises Failed where it is none, or is not run."""
    try:
        return await asyncio.to_thread(advise, text, found)
    except Refused as refused:
        line, column = place(text, refused.at) if refused.at >= 0 else (0, 0)
        raise Failed(Failure(refused.slug, str(refused), line=line, column=column)) from None
    except SyntaxError as error:
        raise Failed(syntax(str(error), text)) from None
