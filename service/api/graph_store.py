"""/rdf-graph-store: the graphs one by one, by the SPARQL 1.1 Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/ — a graph is named by `?graph=`, by `?default`, or
by an address below this one that is its own IRI. Everybody reads; administrators write graphs of
their own where ZHUNRU_SPARQL_WRITING is set. `?default` is what queries see without naming a graph,
the union of all graphs, while nothing can be written; else the unnamed graph, which only
administrators fill, so that what was put there is what is got from there.
"""

from __future__ import annotations

import sys
import time
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ontology.names import nearest
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.auth import token_of
from service.errors import BadQuery, NotFound, QueryRefused, ReadOnly
from service.sparql.address import address, origin
from service.sparql.asker import asker_of
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.cors import OpenRoute, preflight
from service.sparql.documents import documents_of
from service.sparql.edit import Edit
from service.sparql.formats import NAMES
from service.sparql.prefixes import ENDPOINT
from service.sparql.protocol import format_of, graph_iri, known_tags, one, parameters
from service.sparql.streaming import answered, told
from service.sparql.wire import Query as Asked
from service.sparql.writing import edited_by

PATH: Final = "/rdf-graph-store"
_READING: Final = "GET, HEAD, OPTIONS"
_DIRECT: Final = f"{PATH}/{{rest:path}}"
_ALL: Final = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
# A graph is read in one go, without a pattern that could be narrowed: only time limits it.
_ENDLESS: Final = sys.maxsize
_KINDS: Final[dict[str, Literal["put", "add", "remove"]]] = {
    "PUT": "put",
    "POST": "add",
    "DELETE": "remove",
}
_NAMED: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}"
_DEFAULT: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

router = APIRouter(tags=["sparql"], route_class=OpenRoute)

_EXAMPLE: Final = "https://graphs.example/mine"
_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The statements",
        "content": {"text/turtle": {}, "application/ld+json": {}},
    },
    **PROBLEMS,
}
_DONE: Final[dict[int | str, dict[str, Any]]] = {
    201: {"description": "A graph that was not there"},
    204: {"description": "Done"},
    **PROBLEMS,
}
_BODY: Final = {
    "required": True,
    "content": {
        "text/turtle": {
            "schema": {"type": "string"},
            "example": "<https://a.example/s> <https://a.example/p> <https://a.example/o> .",
        }
    },
}
_TOKEN: Final[dict[str, Any]] = {"security": [{"token": []}]}

GraphName = Annotated[
    str | None, Query(alias="graph", description="IRI of a graph.", examples=[_EXAMPLE])
]
Default = Annotated[
    str | None, Query(description="In place of `graph`, without a value: the default graph.")
]
Format = Annotated[str | None, Query(description=f"One of {', '.join(NAMES)}.")]


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about: a named graph, the default graph (no IRI), or the store itself."""

    kind: Literal["graph", "default", "store"]
    iri: str | None = None

    @property
    def base(self) -> str:
        """What relative IRIs in a document for it start at."""
        return self.iri or ENDPOINT


def target_of(request: Request) -> Target:
    """The target of a request (§4). Raises BadQuery."""
    given = parameters(request.scope["query_string"])
    iri = one(given, "graph")
    if request.path_params.get("rest"):
        if iri is not None or "default" in given:
            raise BadQuery("the address names a graph, so the query names none beside it")
        return Target("graph", graph_iri(address(request)))
    if iri is not None and "default" in given:
        raise BadQuery("graph= and default name two graphs; a request is about one")
    if iri is not None:
        return Target("graph", graph_iri(iri))
    return Target("default" if "default" in given else "store")


@router.get(PATH, response_class=Response, responses=_RESULTS)
async def get(
    request: Request,
    graph: GraphDep,
    name: GraphName = None,
    default: Default = None,
    format: Format = None,
) -> Response:
    """The statements of one graph."""
    return await _read(request, graph)


@router.put(
    PATH,
    response_class=Response,
    responses=_DONE,
    openapi_extra={**_TOKEN, "requestBody": _BODY},
    status_code=204,
)
async def put(
    request: Request, graph: GraphDep, name: GraphName = None, default: Default = None
) -> Response:
    """Have a graph hold what is sent and nothing else; for administrators, where it is allowed."""
    return await _write(request, graph)


@router.post(
    PATH,
    response_class=Response,
    responses=_DONE,
    openapi_extra={**_TOKEN, "requestBody": _BODY},
    status_code=204,
)
async def post(
    request: Request, graph: GraphDep, name: GraphName = None, default: Default = None
) -> Response:
    """Add to a graph, or to a new one (201, Location) where none is named."""
    return await _write(request, graph)


@router.delete(
    PATH, response_class=Response, responses=_DONE, openapi_extra=_TOKEN, status_code=204
)
async def delete(
    request: Request, graph: GraphDep, name: GraphName = None, default: Default = None
) -> Response:
    """Take a graph away."""
    return await _write(request, graph)


@router.api_route(_DIRECT, methods=["GET", "HEAD"], include_in_schema=False)
@router.head(PATH, include_in_schema=False)
async def read(request: Request, graph: GraphDep) -> Response:
    """The statements of a graph whose IRI is the address, or the headers they would have."""
    return await _read(request, graph)


@router.api_route(_DIRECT, methods=["PUT", "POST", "DELETE"], include_in_schema=False)
async def write(request: Request, graph: GraphDep) -> Response:
    """Change a graph whose IRI is the address."""
    return await _write(request, graph)


@router.options(PATH, include_in_schema=False)
@router.options(_DIRECT, include_in_schema=False)
async def options(graph: GraphDep) -> Response:
    """What another origin may send."""
    return Response(status_code=204, headers=preflight(_ALL if graph.writable else _READING))


async def _read(request: Request, graph: Graph) -> Response:
    target = target_of(request)
    asker = await asker_of(request, graph.allowance)
    try:
        graphs = (await graph.current()).graphs
    except Failed as failed:
        raise told(failed.failure, time.monotonic()) from None
    if target.kind == "store":
        raise BadQuery("the request names no graph", hint="add ?graph=… or ?default")
    if target.iri is not None and target.iri not in graphs:
        near = nearest(target.iri, graphs)
        hint = f"did you mean {near}?" if near else ""
        raise NotFound(f"there is no graph {target.iri[:200]}", hint=hint)
    asked = Asked(
        _NAMED.format(target.iri) if target.iri else _DEFAULT,
        accept=", ".join(request.headers.getlist("accept")),
        format=format_of(parameters(request.scope["query_string"])),
        known=known_tags(request),
        head=request.method == "HEAD",
        union=not graph.writable,
    )
    whole = asker.within(asked)._replace(rows=_ENDLESS, bytes=_ENDLESS)
    return await answered(request, graph, whole)


async def _write(request: Request, graph: Graph) -> Response:
    if not graph.writable:
        raise ReadOnly(
            "graphs are only read here", hint="GET one of them", headers={"Allow": _READING}
        )
    token = await token_of(request, "admin")
    target = target_of(request)
    if target.kind == "store":
        if request.method != "POST":
            raise BadQuery("the request names no graph", hint="add ?graph=… or ?default")
        target = Target("graph", f"{origin(request)}{PATH}/{uuid.uuid4()}")
    try:
        closed = await graph.closed()
    except Failed as failed:
        raise told(failed.failure, time.monotonic()) from None
    if target.iri is not None and closed(target.iri):
        raise QueryRefused(f"{target.iri[:200]} may not be written", hint="choose another name")
    kind = _KINDS[request.method]
    documents = () if kind == "remove" else await documents_of(request, target.base)
    edit = Edit(kind, graph=target.iri, documents=documents)
    edited = await edited_by(token, request, graph, edit)
    if edited is None:
        return Response(status_code=499)
    if kind == "remove" and target.iri and not edited.before:
        raise NotFound(f"there is no graph {target.iri[:200]}")
    if edited.before or not edited.after or target.iri is None:
        return Response(status_code=204)
    store = f"{origin(request)}{PATH}"
    own = target.iri.startswith(f"{store}/")
    location = target.iri if own else f"{store}?graph={quote(target.iri, safe='')}"
    return Response(status_code=201, headers={"location": location})
