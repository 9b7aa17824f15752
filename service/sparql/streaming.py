"""Answers on their way out: told by status as long as that is open, cut visibly afterwards."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, Final, TypeVar

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ontology.issue import Issue
from service import errors
from service.errors import QueryFailed
from service.metrics import Metrics
from service.sparql.asking import Graph, Pieces
from service.sparql.client import Failed
from service.sparql.wire import Failure, Query, Start

_log = logging.getLogger(__name__)

_ERRORS: Final[dict[str, type[QueryFailed]]] = {
    "bad-query": errors.BadQuery,
    "query-refused": errors.QueryRefused,
    "read-only": errors.ReadOnly,
    "not-acceptable": errors.NotAcceptable,
    "query-deadline": errors.QueryDeadline,
    "query-too-large": errors.QueryTooLarge,
    "query-busy": errors.QueryBusy,
    "query-ended": errors.QueryEnded,
    "no-graph": errors.NoGraph,
    "query-failed": QueryFailed,
}
_GZIP_FROM_BYTES: Final = 1024
_SOON_SECONDS: Final = 0.02

T = TypeVar("T")


async def answered(request: Request, graph: Graph, query: Query) -> Response:
    """The response to a query. Raises QueryFailed where it fails before its first byte."""
    since = time.monotonic()
    metrics: Metrics = request.app.state.metrics
    stack = AsyncExitStack()
    try:
        begun = await unless_gone(request.receive, stack.enter_async_context(graph.ask(query)))
    except Failed as failed:
        metrics.queried(failed.failure.slug)
        raise told(failed.failure, since, query.id) from None
    metrics.queried("left" if begun is None else "answered")
    if begun is None:  # nobody is there to be answered
        await stack.aclose()
        return Response(status_code=499)
    start, stream = begun
    if start.not_modified:
        await stack.aclose()
        return Response(status_code=304, headers=_headers(start, query))
    return _Streamed(request, query, start, stream, stack)


def told(failure: Failure, since: float, query: str = "") -> QueryFailed:
    """A failure as the exception that the table of problems knows; `query` is the query's id."""
    issues = []
    members: dict[str, object] = {"elapsed": round(time.monotonic() - since, 3)}
    if query:
        members["query"] = query
    if failure.line:
        where = f"line {failure.line} column {failure.column}"
        issues = [Issue("error", failure.detail, where, failure.hint)]
        members |= {"line": failure.line, "column": failure.column}
        detail = f"{where}: {failure.detail}"
    else:
        detail = failure.detail
    kind = _ERRORS.get(failure.slug, QueryFailed)
    return kind(detail, hint=failure.hint, issues=issues, members=members)


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work gives; None, the work cancelled, where the client goes before."""
    task = asyncio.current_task()
    assert task is not None
    watching: list[asyncio.Task[None]] = []
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        task.cancel()

    # Most is done so soon that nobody need be watched for.
    soon = asyncio.get_running_loop().call_later(
        _SOON_SECONDS, lambda: watching.append(asyncio.ensure_future(watch()))
    )
    try:
        return await work
    except asyncio.CancelledError:
        if gone and not task.uncancel():
            return None
        raise
    finally:
        soon.cancel()
        if watching:
            for each in watching:
                each.cancel()
            await asyncio.gather(*watching, return_exceptions=True)


class _Streamed(Response):
    """The pieces of an answer as they come, gzipped for who takes that.

    Cut short, it ends without its last chunk (RFC 9112 §7.1), so that no reader takes it for
    whole. HTTP/1.0 has no chunks: there the answer is sent once all of it is known.
    """

    def __init__(
        self,
        request: Request,
        query: Query,
        start: Start,
        stream: Pieces,
        stack: AsyncExitStack,
    ) -> None:
        self.status_code = 200
        self.background = None
        self._since = time.monotonic()
        self._query, self._start, self._stream, self._stack = query, start, stream, stack
        self._gzips = b"gzip" in dict(request.scope["headers"]).get(b"accept-encoding", b"")
        headers = _headers(start, query)
        if not self._gzips:  # who does, says so
            headers["vary"] += ", Accept-Encoding"
        if start.length is not None:
            headers["content-length"] = str(start.length)
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        async with self._stack:
            if self._query.head:
                await self._send(b"", send)
                return
            length = self._start.length

            async def pass_on(_scope: Scope, receive: Receive, send: Send) -> None:
                if self._stream.over:  # nothing is waited for, and nobody watched for
                    await self._whole(send)
                elif length is not None or scope.get("http_version") == "1.0":
                    await unless_gone(receive, self._whole(send))
                else:
                    await unless_gone(receive, self._chunks(send))

            app = GZipMiddleware(pass_on, _GZIP_FROM_BYTES) if self._gzips else pass_on
            await app(scope, receive, send)

    async def _whole(self, send: Send) -> None:
        try:
            body = b"".join([piece async for piece in self._stream.pieces()])
        except Failed as failed:
            raise told(failed.failure, self._since, self._query.id) from None
        if self._start.length is None:
            self.headers["content-length"] = str(len(body))
        await self._send(body, send)

    async def _chunks(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async for piece in self._stream.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except Failed as failed:
            _log.warning("query %s was cut short: %s", self._query.id, failed.failure.detail)
            return  # without the last chunk
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, body: bytes, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _headers(start: Start, query: Query) -> dict[str, str]:
    found = {"content-type": start.media_type, "vary": "Accept", "cache-control": "no-cache"}
    if query.privy:  # what some may see is kept for nobody else
        found |= {"vary": "Accept, Authorization, Origin", "cache-control": "private, no-cache"}
    found |= {"query-id": query.id} if query.id else {}
    return found | {"etag": start.etag} if start.etag else found
