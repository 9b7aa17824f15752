"""GET and POST /sparql: the graph by the SPARQL 1.1 Protocol.

https://www.w3.org/TR/sparql11-protocol/ — the default graph is the union of all graphs. Nothing is
written unless that is switched on, and then by administrators only.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.description import service_description
from service.api.openapi import PROBLEMS
from service.errors import QueryDeadline, QueryTooLarge
from service.sparql import wire
from service.sparql.asker import asker_of
from service.sparql.asking import Graph
from service.sparql.cors import QUERYING, OpenRoute, openly, preflight
from service.sparql.formats import NAMES
from service.sparql.knowing import Knowing
from service.sparql.protocol import COMPONENT, DIRECT, FORM, asked_of
from service.sparql.streaming import answered
from service.sparql.update import Update
from service.sparql.writing import updated

router = APIRouter(tags=["sparql"], route_class=OpenRoute)

_PATH: Final = "/sparql"
_ASKING: Final = ("GET", "HEAD", "POST")
# A header may not be of any length; what asks more is rarely sent by address.
_LONGEST_LINK: Final = 2000
_EXAMPLE: Final = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The results, in the form that Accept or format= asks for",
        "content": {"application/sparql-results+json": {}, "text/csv": {}, "text/turtle": {}},
    },
    **PROBLEMS,
}


def query_body(example: str) -> dict[str, Any]:
    """How a body that holds a query is described (SPARQL 1.1 Protocol §2.1.2, §2.1.3)."""
    form = {
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
    }
    content = {
        DIRECT: {"schema": {"type": "string"}, "example": example},
        FORM: {"schema": form, "example": {"query": example}},
    }
    return {"requestBody": {"required": True, "content": content}}


async def graph_of(request: Request) -> Graph:
    """The graph of the app."""
    graph: Graph = request.app.state.graph
    return graph


GraphDep = Annotated[Graph, Depends(graph_of)]


@router.get("/sparql", response_class=Response, responses=_RESULTS)
async def ask(
    request: Request,
    graph: GraphDep,
    query: Annotated[str | None, Query(description="SPARQL 1.1; without it, what is here.")] = None,
    format: Annotated[str | None, Query(description=f"One of {', '.join(NAMES)}.")] = None,
    timeout: Annotated[str | None, Query(description="Seconds; lowers the deadline only.")] = None,
) -> Response:
    """Ask by address; `default-graph-uri` and `named-graph-uri` may stand beside `query`."""
    return await _answer(request, graph)


@router.head("/sparql", include_in_schema=False)
async def head(request: Request, graph: GraphDep) -> Response:
    """The headers that GET would have."""
    return await _answer(request, graph)


@router.post(
    "/sparql", response_class=Response, responses=_RESULTS, openapi_extra=query_body(_EXAMPLE)
)
async def ask_in_body(request: Request, graph: GraphDep) -> Response:
    """Ask by body: the query itself, or a form with `query`.

    Where ZHUNRU_SPARQL_WRITING is set, administrators may send an update instead.
    """
    return await _answer(request, graph)


@router.options("/sparql", include_in_schema=False)
async def options() -> Response:
    """What another origin may send."""
    return Response(status_code=204, headers=preflight(QUERYING))


class Shortcut:
    """ASGI middleware that takes queries straight to their handler.

    As for decisions, the layers and routes between would be a large part of what a query takes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ask = openly(_asked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] == "http" and scope["path"] == _PATH and scope["method"] in _ASKING:
            answer = await self._ask(Request(scope, receive, send))
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _asked(request: Request) -> Response:
    return await _answer(request, await graph_of(request))


async def _answer(request: Request, graph: Graph) -> Response:
    asker = await asker_of(request, graph.allowance)
    match await asked_of(request, asker, writable=graph.writable):
        case None:
            return await service_description(request, graph)
        case Update() as update:
            return await updated(request, graph, update)
        case query:
            return await _advised(request, graph, query)


async def _advised(request: Request, graph: Graph, query: wire.Query) -> Response:
    """The answer, with the address of advice; a query that was stopped carries its advice."""
    try:
        response = await answered(request, graph, query)
    except (QueryDeadline, QueryTooLarge) as failed:
        knowing: Knowing = request.app.state.knowing
        if found := await knowing.hints(query.text):
            failed.members["advice"] = [each.to_json() for each in found]
        raise
    address = f"/sparql/advice?{_parameters(request, query)}"
    if len(address) <= _LONGEST_LINK:
        response.headers.append("link", f'<{address}>; rel="help"')
    return response


def _parameters(request: Request, query: wire.Query) -> str:
    """The query as parameters of an address, as they came where it came so: quoting takes long."""
    came: bytes = request.scope["query_string"]
    if request.method != "POST" and COMPONENT.fullmatch(came):
        return came.decode("ascii")
    return f"query={quote(query.text, safe='')}"
