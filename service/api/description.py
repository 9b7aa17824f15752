"""What the endpoint says of itself: the service description, and /.well-known/void.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#well-known
"""

from __future__ import annotations

import re
import time
from hashlib import sha256
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.store import rewritten
from kb.void_graph import counting
from service.accept import preferred
from service.api.answering import tagged
from service.dumps import Dump, Dumps
from service.errors import NotAcceptable, NotFound, StoreFailed
from service.sparql.address import origin
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.cors import OpenRoute, preflight
from service.sparql.describing import Asked, Counts, dataset_turtle, service_turtle
from service.sparql.formats import STATEMENTS, Format, choose
from service.sparql.prefixes import load_prefixes
from service.sparql.streaming import told

WELL_KNOWN: Final = "/.well-known/void"

router = APIRouter(tags=["sparql"], route_class=OpenRoute)

_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "VoID and DCAT", "content": {"text/turtle": {}, "application/ld+json": {}}}
}
_PREFIX: Final = re.compile(r"^@prefix (\w+): <([^>]*)> \.", re.MULTILINE)
_OFFERED: Final = tuple(form.media_type for form in STATEMENTS)


@router.get(WELL_KNOWN, response_class=Response, responses=_RESULTS)
async def dataset(request: Request) -> Response:
    """What the dataset holds: its graphs, classes and properties with their numbers."""
    form = _form(request)
    try:
        rows = await _counts(request).rows(*counting())
        dump = await _dump(request)
    except Failed as failed:
        raise told(failed.failure, time.monotonic()) from None
    return _sent(request, form, dataset_turtle(Asked(origin(request)), rows, dump))


@router.head(WELL_KNOWN, include_in_schema=False)
async def head(request: Request) -> Response:
    """The headers that GET would have."""
    return await dataset(request)


@router.options(WELL_KNOWN, include_in_schema=False)
async def options() -> Response:
    """What another origin may send."""
    return Response(status_code=204, headers=preflight("GET, HEAD, OPTIONS"))


async def service_description(request: Request, graph: Graph) -> Response:
    """The answer to a GET of the endpoint that asks nothing; for a person, the page that asks."""
    accept = request.headers.get("accept", "")
    if preferred(accept, [*_OFFERED, "text/html"]) == "text/html":
        return RedirectResponse("/query", 303, headers={"vary": "Accept"})
    form = _form(request)
    try:
        rows = (await _counts(request).rows("graphs"))["graphs"]
    except Failed:
        rows = ()  # the service is what it is, even while there is nothing to ask
    turtle = service_turtle(
        Asked(origin(request)),
        rows,
        graph.caps,
        writable=graph.writable,
        searches=graph.searches,
    )
    return _sent(request, form, turtle)


async def _dump(request: Request) -> Dump | None:
    """The file of the dataset; None where none can be made."""
    dumps: Dumps = request.app.state.dumps
    try:
        return await dumps.current()
    except (NotFound, StoreFailed):
        return None


def _counts(request: Request) -> Counts:
    counts: Counts = request.app.state.counts
    return counts


def _form(request: Request) -> Format:
    form = choose("statements", request.headers.get("accept", ""))
    if form is None:
        raise NotAcceptable(f"this description leaves as {', '.join(_OFFERED)}")
    return form


def _sent(request: Request, form: Format, turtle: bytes) -> Response:
    declared = dict(_PREFIX.findall(turtle.decode()))
    body = rewritten(turtle, form.name, load_prefixes() | declared)
    answer = tagged(request, sha256(body).hexdigest()[:32], body, form.content_type)
    answer.headers["vary"] = "Accept, Host"
    return answer
