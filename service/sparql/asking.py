"""The graph as handlers ask it: always the generation that holds what was published."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.errors import ServiceError
from service.sparql.client import Failed, Stream, ask, load
from service.sparql.projection import Projection
from service.sparql.terms import Table, read_table
from service.sparql.wire import Failure, Loaded, Query, Start

_log = logging.getLogger(__name__)

# Forms of one row or one statement a line: what is shown can end after any of them.
_BY_LINE: Final = "text/tab-separated-values, application/n-triples"
_ABSENT: Final = Failure(
    "no-graph", "this process has no query process beside it", "start the service: zhunru serve"
)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that one query may take."""

    seconds: float = 30
    rows: int = 100_000
    bytes: int = 64 << 20


class Graph:
    """Asks the query process at `address`, and has it load anew when what it holds is outdated."""

    def __init__(
        self, address: Path | None, path: Path, projections: Sequence[Projection], caps: Caps
    ) -> None:
        self.caps = caps
        self._address = address
        self._path = path
        self._projections = tuple(projections)
        self._lock = asyncio.Lock()
        self._tried = ""
        self._loaded: Loaded | None = None
        self._failure = _ABSENT

    async def current(self) -> Loaded:
        """The generation that answers now, loaded where it was not. Raises Failed."""
        if self._address is None:
            raise Failed(_ABSENT)
        key = self._key()
        if key != self._tried:
            async with self._lock:
                if key != self._tried:
                    await self._load(key, self._address)
        if self._loaded is None:
            raise Failed(self._failure)
        return self._loaded

    @asynccontextmanager
    async def ask(self, query: Query) -> AsyncIterator[tuple[Start, Stream]]:
        """The answer to a query from where it starts; leaving the context stops it.

        A query process that was started again holds nothing yet: then it is told once more what
        to load. Raises Failed.
        """
        async with AsyncExitStack() as stack:
            loaded = await self.current()
            try:
                found = await self._started(query, stack)
            except Failed as failed:
                if failed.failure.slug != "no-graph":
                    raise
                if self._loaded is loaded:
                    self._tried = ""
                await self.current()
                found = await self._started(query, stack)
            yield found

    async def _started(self, query: Query, stack: AsyncExitStack) -> tuple[Start, Stream]:
        assert self._address is not None  # `current` has asked it
        stream = await stack.enter_async_context(ask(self._address, query))
        return await stream.start(), stream

    async def warm(self) -> None:
        """Have the query process load before anybody asks; a failure is told to who asks."""
        with suppress(Failed, ServiceError):
            await self.current()

    def _key(self) -> str:
        """What a generation would be made of; costs a stat and a read of the head revision."""
        try:
            status = self._path.stat()
            built = f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"
        except OSError:
            built = "absent"
        parts = [built, *(projection.key() for projection in self._projections)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    async def _load(self, key: str, address: Path) -> None:
        def work() -> Loaded:
            lines = [line for each in self._projections for line in each.lines()]
            return load(address, key, self._path, lines)

        try:
            self._loaded = await asyncio.to_thread(work)
            self._tried = key
        except Failed as failed:
            # What is built or published since does not load: the generation before goes on.
            _log.warning("the graph was not loaded: %s", failed.failure.detail)
            self._failure = failed.failure
            if failed.failure.slug == "no-graph":
                self._tried = key

    async def fetch(self, query: Query) -> tuple[Start, bytes]:
        """The whole answer at once. Raises Failed."""
        async with self.ask(query) as (start, stream):
            return start, b"".join([piece async for piece in stream.pieces()])

    async def first(self, text: str, most: int) -> Table:
        """The first rows or statements of an answer, as terms. Raises Failed."""
        caps = self.caps
        query = Query(text, _BY_LINE, first=most + 1, seconds=caps.seconds, rows=caps.rows)
        start, body = await self.fetch(query)
        return read_table(start.extension, body.decode(), most)
