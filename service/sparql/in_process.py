"""A graph that is asked in the process itself: for commands, which need nobody to end a query."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from sys import maxsize

from service.sparql import wire
from service.sparql.answering import respond
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.generation import load
from service.sparql.limits import Allowance
from service.sparql.wire import Activity, Failure, Loaded, Query, Start


@dataclass(frozen=True, slots=True)
class _Messages:
    """The messages of an answer after the first."""

    messages: list[bytes]

    @property
    def over(self) -> bool:
        """All of them are here."""
        return True

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the answer; raises Failed where it was cut short."""
        for message in self.messages:
            if message[:1] == wire.FAILED:
                raise Failed(Failure(**json.loads(message[1:])))
            if message[:1] == wire.DATA:
                yield message[1:]


class OwnGraph(Graph):
    """The built graph at a path, without limits but those of the machine."""

    def __init__(self, path: Path) -> None:
        """Load it. Raises OSError, SyntaxError."""
        super().__init__(Allowance())
        self._graph = load(path, b"")

    async def current(self) -> Loaded:
        """What was loaded."""
        return self._graph.loaded

    @asynccontextmanager
    async def ask(self, query: Query) -> AsyncIterator[tuple[Start, _Messages]]:
        """The answer to a query, all of it at once. Raises Failed."""
        messages: list[bytes] = []
        respond(self._graph, query._replace(rows=maxsize, bytes=maxsize), messages.append)
        first, *rest = messages
        if first[:1] == wire.FAILED:
            raise Failed(Failure(**json.loads(first[1:])))
        yield Start(*json.loads(first[1:])), _Messages(rest)

    async def activity(self) -> Activity:
        """Nothing runs beside who asks."""
        return Activity()

    async def kill(self, name: str) -> bool:
        """There is no other query."""
        return False

    async def close(self) -> None:
        """Nothing is held open."""
