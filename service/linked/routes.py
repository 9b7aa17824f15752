"""GET /id/…, /ns, /graph/…: every IRI of the knowledge base, followed.

https://www.w3.org/TR/cooluris/#r303gendocument — a thing is no document, so its address sends on:
people to a page, machines to statements, which have an address of their own each.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ontology.ids import BASE, decision_id
from ontology.names import nearest
from service.accept import preferred
from service.api.answering import tagged
from service.api.sparql import GraphDep
from service.changes import routes as changes
from service.errors import NotAcceptable, NotFound
from service.linked import dumps
from service.linked.about import about, exists, siblings, statements_query
from service.linked.naming import SUFFIXES, here, in_query, iri_at, page_of, split_suffix
from service.sparql.asker import Asker, asker_of
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.cors import OpenRoute
from service.sparql.formats import choose
from service.sparql.streaming import told
from service.sparql.wire import Query
from service.state import routes as states
from service.terms import routes as terms
from service.web.language import language_of
from service.web.pages import ErrorPage, page_route
from service.web.templates import Pages

_HTML: Final = "text/html"
_OFFERED: Final = (_HTML, *SUFFIXES.values())
_SECONDS: Final = 10.0
_ROOTS: Final = ("/id/{rest:path}", "/graph/{rest:path}", "/ns", "/ns{rest:path}")


class LinkedData:
    """Handlers of IRIs."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def follow(self, request: Request, graph: GraphDep) -> Response:
        """Where a thing is read, or its statements where the address has their suffix."""
        path, asked = split_suffix(request.url.path.lstrip("/"))
        accept = request.headers.get("accept", "")
        wanted = asked or preferred(accept, _OFFERED)
        iri = iri_at(path)
        # Of decisions some may know; of everything else the service asks on its own account.
        asker = await asker_of(request, graph.allowance) if decision_id(iri or "") else None
        try:
            if iri is None or not await exists(graph, iri, asker):
                return await self._unknown(request, graph, iri, html=wanted == _HTML)
            if asked:
                return await _statements(request, graph, iri, asked, asker)
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None
        if wanted is None:
            raise NotAcceptable(f"this is to be had as {', '.join(_OFFERED)}")
        target = _page(iri) if wanted == _HTML else f"/{quote(path)}{_suffix(wanted)}"
        return RedirectResponse(target, 303, {"vary": "Accept", "link": _links(path)})

    async def about(self, request: Request, path: str, graph: GraphDep) -> Response:
        """The plain page of a thing."""
        if path == "ns":
            return RedirectResponse("/ontology", 308)
        language = language_of(request)
        try:
            iri = _term(path) or iri_at(path)
            found = await about(graph, iri, language) if iri else None
            if found is None:
                raise NotFound(await _hint(graph, iri))
            page = self._pages.render(request, "about.html", found)
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None
        if not path.startswith("ns"):
            page.headers["link"] = _links(path)
        return page

    async def _unknown(
        self, request: Request, graph: Graph, iri: str | None, *, html: bool
    ) -> Response:
        detail = await _hint(graph, iri)
        if not html:
            raise NotFound(detail)
        page = self._pages.render(
            request, "error.html", ErrorPage("not-found", 404, detail, ""), 404
        )
        page.headers["vary"] = "Accept, cookie"
        return page


def router(pages: Pages) -> APIRouter:
    """The routes."""
    linked = LinkedData(pages)
    routes = APIRouter(include_in_schema=False)
    machines = APIRouter(route_class=OpenRoute)
    for path in _ROOTS:
        machines.api_route(path, methods=["GET", "HEAD"])(linked.follow)
    people = APIRouter(route_class=page_route(pages))
    people.get("/about/{path:path}")(linked.about)
    routes.include_router(machines)
    routes.include_router(people)
    routes.include_router(states.router(pages))
    routes.include_router(dumps.router(pages))
    routes.include_router(changes.router(pages))
    routes.include_router(terms.router(pages))
    return routes


async def _statements(
    request: Request, graph: Graph, iri: str, media: str, asker: Asker | None = None
) -> Response:
    name = in_query(iri)
    assert name is not None  # iri_at lets nothing else through
    form = choose("statements", media)
    assert form is not None
    caps = graph.caps
    query = Query(
        statements_query(iri, name),
        accept=media,
        seconds=min(_SECONDS, caps.seconds),
        rows=caps.rows,
        bytes=caps.bytes,
    )
    _, body = await graph.fetch(asker.within(query) if asker else query)
    # What is said of a decision may change within a generation.
    generation = sha256(body).hexdigest() if asker else (await graph.current()).generation
    tag = f"{generation[:32]}.{form.name}"
    answer = tagged(request, tag, body, form.content_type)
    path = iri.removeprefix(BASE)
    answer.headers["link"] = f'<{_page(iri)}>; rel="alternate"; type="{_HTML}", {_links(path)}'
    return answer


async def _hint(graph: Graph, iri: str | None) -> str:
    near = nearest(iri, await siblings(graph, iri)) if iri else None
    detail = "nothing is said of this name"
    return f"{detail}; did you mean {here(near)}?" if near else detail


def _page(iri: str) -> str:
    if "/graph/" in iri:
        text = f"SELECT ?s ?p ?o {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} ORDER BY ?s ?p"
        return f"/query?query={quote(text)}"
    return page_of(iri)


def _term(path: str) -> str | None:
    """/about/ns/Rule is the page of ns#Rule: a fragment never reaches a server."""
    prefix, _, name = path.partition("/")
    return f"{BASE}ns#{name}" if prefix == "ns" and name.isalnum() else None


def _suffix(media: str) -> str:
    return next(suffix for suffix, of in SUFFIXES.items() if of == media)


def _links(path: str) -> str:
    found: Sequence[str] = [
        f'</{quote(path)}{suffix}>; rel="alternate"; type="{media}"'
        for suffix, media in SUFFIXES.items()
    ]
    return ", ".join(found)
