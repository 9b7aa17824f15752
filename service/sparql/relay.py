"""An answer of another store on its way through: kept in a file, proved whole, then sent on.

Some servers end an answer in order where their time ran out, so that half of it looks like all of
it. So results are asked for in JSON and statements in JSON-LD, where what is cut is no JSON any
more (or in RDF/XML, whose last tag is looked for), and are read to their end before the first byte
leaves. Every limit is then told by the status.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

import httpx

from kb.store import Result, TooMany, convert_results, convert_statements
from service.sparql.client import Failed
from service.sparql.formats import Format
from service.sparql.prefixes import load_prefixes
from service.sparql.rows import RowLimit
from service.sparql.turns import Turn, Turns
from service.sparql.wire import CHUNK, Failure, Query, Start

ACCEPT: Final[dict[Result, str]] = {
    "rows": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "statements": "application/ld+json, application/rdf+xml;q=0.5",
}
"""What a store is asked for."""

_READ: Final[dict[str, str]] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}
_LAST_TAG: Final = b"RDF>"
# JSON takes so many times the bytes of CSV that an answer within its limit may leave as.
_WIDER: Final = 4
_MOST_SAID: Final = 240


def form_of(response: httpx.Response, result: Result) -> str:
    """The form of a store's answer, by its name here. Raises Failed where it was not asked for."""
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    found = _READ.get(media, "")
    if (found == "json") is (result != "statements") and found:
        return found
    why = f"the store answers with {media[:60] or 'no type'} where {ACCEPT[result]} was asked for"
    raise Failed(Failure("query-failed", why))


class Relay:
    """The answer to one query, whole and within its limits once `start` has given it."""

    def __init__(
        self, query: Query, result: Result, form: Format, turns: Turns, turn: Turn
    ) -> None:
        self._query, self._result, self._form = query, result, form
        self._turns, self._turn = turns, turn
        self._folder = TemporaryDirectory(prefix="zhunru-")
        self._came = Path(self._folder.name, "came")
        self._leaves = Path(self._folder.name, "leaves")
        self._length = 0

    async def start(self, response: httpx.Response, given: str) -> Start:
        """Read the store's answer, in the form `given`, to its end. Raises Failed."""
        await self._keep(response)
        await self._turns.within(self._turn, asyncio.to_thread(self._convert, given))
        return Start(self._form.content_type, self._form.name, "", length=self._length)

    @property
    def over(self) -> bool:
        """All of it was read before it leaves."""
        return True

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the answer."""
        with self._leaves.open("rb") as leaves:
            left = self._length
            while left and (piece := await asyncio.to_thread(leaves.read, min(CHUNK, left))):
                left -= len(piece)
                yield piece

    def close(self) -> None:
        """Take the files away."""
        self._folder.cleanup()

    async def _keep(self, response: httpx.Response) -> None:
        read = response.aiter_bytes()
        size = 0
        with self._came.open("wb") as came:
            while piece := await self._turns.within(self._turn, _next(read)):
                size += len(piece)
                if size > _WIDER * self._query.bytes:
                    raise _too_large(f"the answer has more than {self._query.bytes:,} bytes")
                came.write(piece)

    def _convert(self, given: str) -> None:
        query, most = self._query, self._query.rows
        try:
            if self._result == "statements":
                if given == "rdf":
                    self._look_for_the_end()
                named = self._form.name
                convert_statements(self._came, given, self._leaves, named, most, load_prefixes())
            else:
                convert_results(self._came, self._leaves, self._form.name)
        except TooMany:
            raise _too_large(f"the answer has more than {most:,} statements") from None
        except SyntaxError as error:
            why = f"the store's answer is not whole: {error}"[:_MOST_SAID]
            raise Failed(Failure("query-failed", why, "ask for less, or ask again")) from None
        self._length = self._leaves.stat().st_size
        if self._length > query.bytes:
            raise _too_large(f"the answer has more than {query.bytes:,} bytes")
        with self._leaves.open("rb") as leaves:
            if query.first:
                self._length = self._first(leaves)
            elif self._result == "rows":
                self._count(leaves)

    def _look_for_the_end(self) -> None:
        if not self._came.read_bytes().rstrip().endswith(_LAST_TAG):
            raise SyntaxError("its last tag is missing")

    def _first(self, leaves: IO[bytes]) -> int:
        """Where the lines asked for end; of results, the first is the header."""
        most = self._query.first + (1 if self._form.name == "tsv" else 0)
        return sum(len(line) for _, line in zip(range(most), leaves, strict=False))

    def _count(self, leaves: IO[bytes]) -> None:
        limit = RowLimit(self._form.name, self._query.rows)
        while piece := leaves.read(CHUNK):
            if limit.exceeded(piece):
                raise _too_large(f"the answer has more than {self._query.rows:,} rows")


async def _next(read: AsyncIterator[bytes]) -> bytes:
    try:
        return await anext(read, b"")
    except httpx.HTTPError as error:
        why = f"the store ended its answer: {type(error).__name__}"
        raise Failed(Failure("query-failed", why)) from None


def _too_large(why: str) -> Failed:
    hint = "ask for less: LIMIT, a narrower pattern, or a whole graph as a file"
    return Failed(Failure("query-too-large", why, hint))
