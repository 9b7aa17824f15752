"""The graph in the query process beside: the generation that holds what was published."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from service.sparql import client
from service.sparql.asking import Graph
from service.sparql.client import LOAD_SECONDS, Failed, Line, Stream, load
from service.sparql.decided import DecidedGraph
from service.sparql.edit import Edit, Edited
from service.sparql.journal import Write
from service.sparql.limits import Allowance
from service.sparql.projection import Projection
from service.sparql.wire import Activity, Failure, Loaded, Query, Start
from service.sparql.written import Written

_log = logging.getLogger(__name__)

_ABSENT: Final = Failure(
    "no-graph", "this process has no query process beside it", "start the service: zhunru serve"
)
# Loading is no fault of a query: its own deadline counts from when it is asked of the graph.
_LOADS_SECONDS: Final = 10.0
_LOADING: Final = Failure("query-busy", "the graph is still being loaded", "ask again later")


class EmbeddedGraph(Graph):
    """Asks the query process at `address`, and has it load anew when what it holds is outdated.

    `look` gives something that differs once what is projected may; without it each projection is
    asked for its key before every query.
    """

    def __init__(
        self,
        address: Path | None,
        path: Path,
        projections: Sequence[Projection],
        allowance: Allowance,
        written: Written | None = None,
        decided: DecidedGraph | None = None,
        look: Callable[[], object] = object,
    ) -> None:
        super().__init__(allowance)
        self._decided = decided
        self._written = written
        self._address = address
        self._line = Line(address) if address else None
        self._path = path
        self._projections = tuple(projections)
        self._look = look
        self._seen: object = None
        self._made = ""
        self._lock = asyncio.Lock()
        self._loading: set[asyncio.Task[None]] = set()
        self._tried = self._held = ""
        self._loaded: Loaded | None = None
        self._failure = _ABSENT

    async def current(self) -> Loaded:
        """The generation that answers now, loaded where it was not. Raises Failed."""
        address = self._there()
        key = self._key()
        if key != self._tried:
            # Goes on when whoever asks does not wait for it any more.
            loading = asyncio.create_task(self._load_once(key, address))
            self._loading.add(loading)
            loading.add_done_callback(self._loading.discard)
            await asyncio.shield(loading)
        if self._loaded is None:
            raise Failed(self._failure)
        return self._loaded

    @asynccontextmanager
    async def ask(self, query: Query) -> AsyncIterator[tuple[Start, Stream]]:
        """The answer to a query from where it starts; leaving the context stops it.

        A query process that was started again holds nothing yet: then it is told once more what
        to load. Raises Failed.
        """
        if self._line is None:
            raise Failed(_ABSENT)
        # What is held is asked before it is looked whether that is the right one.
        held, anew = None if self._loading else self._loaded, False
        while True:
            loaded = held or await self._ready(query)
            tried = self._tried
            stream = await self._begun(query, self._line)
            try:
                # Looked now, while the worker is at the query: mostly it is.
                if held and self._key() != tried:
                    held = None
                    continue
                try:
                    start = await stream.start()
                except Failed as failed:
                    if anew or failed.failure.slug != "no-graph":
                        raise
                    if self._loaded is loaded:
                        self._tried = ""
                    held, anew = None, True
                    continue
                yield start, stream
                return
            finally:
                self._line.end(stream)

    async def activity(self) -> Activity:
        """What runs, waits and took long, asked by any web process. Raises Failed."""
        return await client.activity(self._there())

    async def kill(self, name: str) -> bool:
        """End the query of an id, whoever asked it; whether there was one. Raises Failed."""
        return await client.kill(self._there(), name)

    async def close(self) -> None:
        """Give up the connections that are kept for the next queries."""
        if self._line is not None:
            self._line.close()

    @property
    def writable(self) -> bool:
        """Whether administrators may write graphs of their own."""
        return self._written is not None

    def writes(self) -> tuple[Write, ...]:
        """When the built graph was written, and what administrators wrote."""
        noted = self._written.writes() if self._written else ()
        try:
            at = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        except OSError:
            return noted
        told = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return (Write(told, "built"), *noted)

    async def edit(self, edit: Edit) -> Edited:
        """Change what is written and have it answer, or change nothing.

        Raises Failed, and ReadOnly where nothing may be written.
        """
        if self._written is None:
            return await super().edit(edit)
        closed = await self.closed()

        def check(graphs: Sequence[str]) -> None:
            if found := next(filter(closed, graphs), None):
                why = f"{found[:200]} may not be written"
                raise Failed(Failure("query-refused", why, "choose a name of your own"))

        async def take() -> None:
            async with self._lock:
                key = self._key()
                await self._load(key, self._there())
                if self._held != key:
                    raise Failed(self._failure)

        return await self._written.edit(edit, check, take)

    async def _ready(self, query: Query) -> Loaded:
        """What answers, if it does soon enough. Raises Failed."""
        try:
            async with asyncio.timeout(min(max(query.seconds, _LOADS_SECONDS), LOAD_SECONDS)):
                return await self.current()
        except TimeoutError:
            raise Failed(_LOADING) from None

    async def _begun(self, query: Query, line: Line) -> Stream:
        shown = await self._decided.snapshot() if query.privy and self._decided else None
        query = query._replace(beside=shown.key) if shown else query
        return await line.begin(query, shown.file if shown else None, self._held)

    def _there(self) -> Path:
        if self._address is None:
            raise Failed(_ABSENT)
        return self._address

    def _key(self) -> str:
        """What a generation would be made of; costs a stat and a look at the database."""
        try:
            status = self._path.stat()
            built = f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"
        except OSError:
            built = "absent"
        written = self._written.key() if self._written else ""
        seen = (built, written, self._look())
        if seen != self._seen:
            parts = [built, written, *(projection.key() for projection in self._projections)]
            self._made = hashlib.sha256("\n".join(parts).encode()).hexdigest()
            self._seen = seen
        return self._made

    async def _load_once(self, key: str, address: Path) -> None:
        async with self._lock:
            if key != self._tried:
                await self._load(key, address)

    async def _load(self, key: str, address: Path) -> None:
        def work() -> Loaded:
            lines = [line for each in self._projections for line in each.lines()]
            return load(address, key, self._path, lines, written)

        written = self._written.path if self._written else None

        try:
            self._loaded = await asyncio.to_thread(work)
            self._tried = self._held = key
        except Failed as failed:
            # What is built or published since does not load: the generation before goes on.
            _log.warning("the graph was not loaded: %s", failed.failure.detail)
            self._failure = failed.failure
            if failed.failure.slug == "no-graph":
                self._tried = key
