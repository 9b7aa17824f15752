"""The graph in another store, asked by the SPARQL 1.1 Protocol: any server by its URL.

https://www.w3.org/TR/sparql11-protocol/ — what holds for the embedded store holds here: the text is
judged before it is sent, the graphs it names must be there, the default graph is the union of all
named ones, and the limits are kept on this side. What is sent for a query is that query, never an
update. The store tells no generation, so answers have no entity tag.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx

from kb.store import Result
from service.sparql.answering import BY_LINE, graphs_of
from service.sparql.asking import SERVICE, Graph
from service.sparql.client import Failed
from service.sparql.formats import Format, choose, offered
from service.sparql.limits import Allowance
from service.sparql.prefixes import ENDPOINT
from service.sparql.relay import ACCEPT, Relay, form_of
from service.sparql.searching import MATCHES, SEARCH
from service.sparql.text import Reading, Refused, iri_of, place, prologue, read, tokens
from service.sparql.turns import Turn, Turns
from service.sparql.wire import Activity, Failure, Limits, Loaded, Query, Start

_KINDS: Final[dict[str, Result]] = {
    "SELECT": "rows",
    "ASK": "boolean",
    "CONSTRUCT": "statements",
    "DESCRIBE": "statements",
}
_GRAPHS: Final = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
_PROBED: Final = 8
_FRESH_SECONDS: Final = 10.0
_CONNECT_SECONDS: Final = 5.0
_MOST_SAID: Final = 240
_NO_SEARCH: Final = "full-text search needs the embedded store"
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")


class RemoteGraph(Graph):
    """Asks the endpoint at a URL; `limits` are those of this process."""

    def __init__(
        self,
        url: str,
        allowance: Allowance,
        limits: Limits,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(allowance)
        self._url = url
        self._turns = Turns(limits)
        # No proxy, no redirect: queries go to the store that is set and nowhere else.
        self._http = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            transport=transport,
            timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=limits.workers),
        )
        self._loaded: Loaded | None = None
        self._looked = 0.0
        self._merged = False

    @property
    def tells_generation(self) -> bool:
        """Another server may change at any time, and does not say so."""
        return False

    @property
    def dumped(self) -> bool:
        """Who runs the store dumps it."""
        return False

    @property
    def searches(self) -> bool:
        """The index is beside the embedded store."""
        return False

    async def current(self) -> Loaded:
        """The graphs that are there, looked at anew every ten seconds. Raises Failed.

        The generation is another one each time: nothing tells whether the store has changed.
        """
        if self._loaded is None or time.monotonic() - self._looked > _FRESH_SECONDS:
            try:
                rows = (await self._told(_GRAPHS))["results"]["bindings"]
                found = sorted(row["g"]["value"] for row in rows if row["g"]["type"] == "uri")
                self._merged = await self._union(found)
            except (ValueError, KeyError, TypeError):
                raise Failed(
                    Failure("query-failed", "the store does not tell its graphs")
                ) from None
            self._loaded = Loaded(secrets.token_hex(32), 0, tuple(found))
            self._looked = time.monotonic()
        return self._loaded

    @asynccontextmanager
    async def ask(self, query: Query) -> AsyncIterator[tuple[Start, Relay]]:
        """The answer to a query from where it starts; leaving the context stops it.

        Raises Failed.
        """
        if query.find:
            raise Failed(Failure("query-refused", _NO_SEARCH))
        if query.dump:
            raise Failed(Failure("query-refused", "another store is not dumped from here"))
        result, form, data = _judged(query, await self.current(), merged=self._merged)
        turn = await self._turns.take(query)
        relay = Relay(query, result, form, self._turns, turn)
        how = "left"
        try:
            async with self._sent(turn, data, ACCEPT[result]) as response:
                start = await relay.start(response, form_of(response, result))
            yield start, relay
            how = "ended"
        except Failed as failed:
            how = failed.failure.slug
            raise
        finally:
            relay.close()
            self._turns.leave(turn, how)

    async def activity(self) -> Activity:
        """What this process has sent and not got an answer to, and what took long."""
        return self._turns.activity()

    async def kill(self, name: str) -> bool:
        """End the query of an id that this process has sent; whether there was one."""
        return self._turns.end(name)

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._http.aclose()

    async def _union(self, graphs: Sequence[str]) -> bool:
        """Whether the store's default graph is already the union of its graphs.

        Told by a statement of each of some graphs: naming all graphs says the same anywhere, but
        makes some stores slow.
        """
        some = graphs[:: max(1, len(graphs) // _PROBED)][:_PROBED]
        found = " ".join(
            f"{{ SELECT ?s{n} ?p{n} ?o{n} {{ GRAPH <{graph}> {{ ?s{n} ?p{n} ?o{n} }} }} LIMIT 1 }} "
            f"?s{n} ?p{n} ?o{n} ."
            for n, graph in enumerate(some)
        )
        return bool(some) and (await self._told(f"ASK {{ {found} }}"))["boolean"] is True

    async def _told(self, query: str) -> Any:
        """The JSON of the answer to a query of our own. Raises Failed."""
        turn = await self._turns.take(Query(query, seconds=self.caps.seconds, role=SERVICE))
        try:
            async with self._sent(turn, {"query": [query]}, ACCEPT["rows"]) as response:
                await self._turns.within(turn, response.aread())
                return response.json()
        except httpx.HTTPError as error:
            why = f"the store ended its answer: {type(error).__name__}"
            raise Failed(Failure("query-failed", why)) from None
        finally:
            self._turns.leave(turn, "ended")

    @asynccontextmanager
    async def _sent(
        self, turn: Turn, data: dict[str, list[str]], accept: str
    ) -> AsyncIterator[httpx.Response]:
        """The response to what is sent, unread. Raises Failed where it is a failure."""
        request = self._http.build_request("POST", self._url, data=data, headers={"accept": accept})
        try:
            response = await self._turns.within(turn, self._http.send(request, stream=True))
        except httpx.HTTPError as error:
            why = f"the store at {request.url.host} cannot be reached ({type(error).__name__})"
            raise Failed(Failure("no-graph", why, "look whether it runs")) from None
        try:
            if response.status_code != 200:
                said = await self._turns.within(turn, _said(response))
                raise Failed(_failure(response.status_code, said))
            yield response
        finally:
            await response.aclose()


async def _said(response: httpx.Response) -> str:
    """The beginning of what a store says of a failure."""
    said = ""
    try:
        async for piece in response.aiter_text():
            said += piece
            if len(said) > _MOST_SAID:
                break
    except (httpx.HTTPError, UnicodeDecodeError):
        said = ""
    return " ".join(said.split())[:_MOST_SAID]


def _judged(
    query: Query, loaded: Loaded, *, merged: bool
) -> tuple[Result, Format, dict[str, list[str]]]:
    """What kind of answer there will be, the form it leaves in, and what is sent. Raises Failed.

    SPARQL 1.1 §19.2 has code points written as \\u0053 read before anything else, pyoxigraph only
    in IRIs and strings: what is refused in either reading is not sent.
    """
    try:
        _judge(_ESCAPE.sub(_character, query.text), query, loaded)
        reading, default, named = _judge(query.text, query, loaded)
    except Refused as refused:
        line, column = place(query.text, refused.at) if refused.at >= 0 else (0, 0)
        failure = Failure(refused.slug, str(refused), line=line, column=column)
        raise Failed(failure) from None
    result = _KINDS.get(reading.form)
    if result is None:
        raise Failed(Failure("bad-query", "this is no query", line=1, column=1))
    form = choose(result, query.accept, query.format)
    if form is None or (query.first and form.name not in BY_LINE):
        can = ", ".join(f"{f.media_type} ({f.name})" for f in offered(result))
        raise Failed(Failure("not-acceptable", f"these results leave as {can}"))
    # Before what the query says itself, so that relative IRIs mean the same as elsewhere.
    data = {"query": [f"BASE <{ENDPOINT}> {query.text}"]}
    chosen = reading.default or reading.named or default is not None or named is not None
    if not (merged or chosen):
        default = named = loaded.graphs
    for key, graphs in (("default-graph-uri", default), ("named-graph-uri", named)):
        if graphs:
            data[key] = list(graphs)
    return result, form, data


def _judge(
    text: str, query: Query, loaded: Loaded
) -> tuple[Reading, Sequence[str] | None, Sequence[str] | None]:
    """What a text asks, and the graphs that the protocol names. Raises Refused."""
    reading = read(text)
    found = tokens(text)
    start, prefixes, base = prologue(found)
    for token in found[start:]:
        if token.kind in ("iri", "name") and iri_of(token, prefixes, base) in (MATCHES, SEARCH):
            raise Refused("query-refused", _NO_SEARCH, token.at)
    return reading, *graphs_of(loaded.graphs, query, reading)


def _character(found: re.Match[str]) -> str:
    return chr(min(int(found[1] or found[2], 16), 0x10FFFF))


def _failure(status: int, said: str) -> Failure:
    """What a store's refusal means to who asked."""
    match status:
        case 400:
            return Failure("bad-query", said or "the store cannot read the query")
        case 429 | 503:
            return Failure("query-busy", "the store is busy", "ask again later")
        case 408 | 504:
            return Failure("query-deadline", "the store stopped the query at its own deadline")
        case _:
            return Failure("query-failed", f"the store answers {status}: {said}".rstrip(": "))
