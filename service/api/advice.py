"""GET and POST /sparql/advice and /sparql/explain: what to think of a query, before and after.

Both take a query as `/sparql` does, by address, form or body. Nothing is rewritten unasked: the
advice carries the query that one may ask instead.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep, query_body
from service.errors import BadQuery
from service.sparql import wire
from service.sparql.asker import asker_of
from service.sparql.client import Failed
from service.sparql.cors import QUERYING, OpenRoute, preflight
from service.sparql.explaining import explain
from service.sparql.knowing import Knowing
from service.sparql.protocol import asked_of
from service.sparql.streaming import told, unless_gone

router = APIRouter(tags=["sparql"], route_class=OpenRoute, responses=PROBLEMS)

_EXAMPLE: Final = """SELECT ?s ?o {
  OPTIONAL { ?s <https://zhunru.example/ns#documentNumber> ?o }
  ?s a <https://zhunru.example/ns#Instrument>
}"""
_BODY: Final = query_body(_EXAMPLE)
_SPARQL: Final = "A query of SPARQL 1.1."


def knowing_of(request: Request) -> Knowing:
    """What the app knows of its dataset."""
    knowing: Knowing = request.app.state.knowing
    return knowing


KnowingDep = Annotated[Knowing, Depends(knowing_of)]
Text = Annotated[str, Query(description=_SPARQL, examples=[_EXAMPLE])]


@router.get("/sparql/advice", response_model=dict[str, Any])
async def advice(
    request: Request, graph: GraphDep, knowing: KnowingDep, query: Text = ""
) -> Response:
    """What is slow or misleading in a query, without running it, in Chinese and English.

    `rewrite.equal` tells whether the rewritten query has the same answer: `always`, `sometimes`
    (`when` says on what it depends) or `never` (what was asked finds nothing).
    """
    return await _advised(request, graph, knowing)


@router.post("/sparql/advice", response_model=dict[str, Any], openapi_extra=_BODY)
async def advice_in_body(request: Request, graph: GraphDep, knowing: KnowingDep) -> Response:
    """The same by body: the query itself, or a form with `query`."""
    return await _advised(request, graph, knowing)


@router.get("/sparql/explain", response_model=dict[str, Any])
async def explanation(
    request: Request,
    graph: GraphDep,
    knowing: KnowingDep,
    query: Text = "",
    timeout: Annotated[str | None, Query(description="Seconds; lowers the deadline only.")] = None,
) -> Response:
    """Run a query under the asker's limits: seconds to the first row and to the last, rows, bytes,
    the graphs in which its patterns are matched, and advice.

    A query that meets a limit is explained too: `ended` names the limit. `how` tells of each
    pattern in what way its graphs were asked.
    """
    return await _explained(request, graph, knowing)


@router.post("/sparql/explain", response_model=dict[str, Any], openapi_extra=_BODY)
async def explanation_in_body(request: Request, graph: GraphDep, knowing: KnowingDep) -> Response:
    """The same by body: the query itself, or a form with `query`."""
    return await _explained(request, graph, knowing)


@router.options("/sparql/advice", include_in_schema=False)
@router.options("/sparql/explain", include_in_schema=False)
async def options() -> Response:
    """What another origin may send."""
    return Response(status_code=204, headers=preflight(QUERYING))


async def _advised(request: Request, graph: GraphDep, knowing: Knowing) -> Response:
    async def work(query: wire.Query) -> dict[str, Any]:
        found = await knowing.advice(query.text)
        return {"query": query.text, "advice": [each.to_json() for each in found]}

    return await _answer(request, graph, work)


async def _explained(request: Request, graph: GraphDep, knowing: Knowing) -> Response:
    async def work(query: wire.Query) -> dict[str, Any]:
        return {"query": query.text, **(await explain(graph, knowing, query)).to_json()}

    return await _answer(request, graph, work)


async def _answer(
    request: Request, graph: GraphDep, work: Callable[[wire.Query], Awaitable[dict[str, Any]]]
) -> Response:
    since = time.monotonic()
    asker = await asker_of(request, graph.allowance)
    query = await asked_of(request, asker, writable=False)
    if not isinstance(query, wire.Query):
        raise BadQuery("there is no query", hint="give it as query=")

    async def answer() -> Response:
        return json_response(await work(query._replace(open=graph.writable)), _HEADERS)

    try:
        found = await unless_gone(request.receive, answer())
    except Failed as failed:
        raise told(failed.failure, since, query.id) from None
    return Response(status_code=499) if found is None else found


_HEADERS: Final = {"cache-control": "no-store"}
