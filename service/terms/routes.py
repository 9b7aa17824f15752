"""GET /ontology, /ontology/{name}: the terms of the ontology, for people and for machines.

A term's IRI is a fragment of /ns, which no server sees: /ns leads to /ontology, whose anchors are
the names. Each address is a page, JSON, Turtle, JSON-LD and N-Triples, by Accept or suffix.
"""

from __future__ import annotations

import re
import time
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from ontology.ids import BASE, NS
from ontology.names import nearest
from service.api.sparql import GraphDep
from service.errors import NotFound
from service.linked.about import statements_query
from service.linked.forms import HTML, JSON, Wanted, sent, wanted
from service.linked.labels import labels
from service.linked.routing import document_route
from service.sparql.asking import SERVICE, Graph, query_id
from service.sparql.client import Failed
from service.sparql.streaming import told
from service.sparql.wire import Query
from service.terms.asking import Terms, found
from service.terms.model import Ontology, Term
from service.terms.pages import ontology_page, term_page
from service.web.language import language_of
from service.web.templates import Pages

_NAME: Final = re.compile(r"/ontology(?:/([A-Za-z][A-Za-z0-9]*))?", re.ASCII)
_ONTOLOGY: Final = f"{BASE}ns"


class TermDesk:
    """Handlers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._terms = Terms()

    async def read(self, request: Request, graph: GraphDep) -> Response:
        """The ontology, or one of its terms."""
        asked = wanted(request, request.url.path)
        name = _NAME.fullmatch(asked.path)
        if name is None:
            raise NotFound("no term is at this address", hint="/ontology")
        try:
            ontology = await self._terms.ontology(graph)
            if name[1] is None:
                return await self._whole(request, graph, asked, ontology)
            term = ontology.terms.get(NS + name[1])
            if term is None:
                near = nearest(name[1], (t.name for t in ontology.terms.values()))
                hint = f"did you mean /ontology/{near}?" if near else "/ontology"
                raise NotFound("the ontology has no term of this name", hint=hint)
            return await self._one(request, graph, asked, ontology, term)
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None

    async def _whole(
        self, request: Request, graph: Graph, asked: Wanted, ontology: Ontology
    ) -> Response:
        if asked.media == HTML:
            page = ontology_page(ontology, language_of(request))
            return self._shown(request, asked, "ontology.html", page)
        if asked.media == JSON:
            terms = [_json(term, ontology) for term in ontology.terms.values()]
            return await _sent(request, graph, asked, orjson.dumps({"terms": terms}))
        return await _statements(request, graph, asked, _ONTOLOGY)

    async def _one(
        self, request: Request, graph: Graph, asked: Wanted, ontology: Ontology, term: Term
    ) -> Response:
        language = language_of(request)
        if asked.media == HTML:
            called = await labels(graph, (*term.named_in, *term.sources), language)
            of = await found(graph, term, language)
            page = term_page(term, ontology, language, of, called)
            return self._shown(request, asked, "term.html", page)
        if asked.media == JSON:
            return await _sent(request, graph, asked, orjson.dumps(_json(term, ontology)))
        return await _statements(request, graph, asked, term.iri)

    def _shown(self, request: Request, asked: Wanted, template: str, page: object) -> Response:
        answer = self._pages.render(request, template, page)
        answer.headers.update(asked.headers())
        return answer


def router(pages: Pages) -> APIRouter:
    """The routes."""
    desk = TermDesk(pages)
    routes = APIRouter(include_in_schema=False, route_class=document_route(pages))
    for path in ("/ontology", "/ontology{suffix}", "/ontology/{name}"):
        routes.api_route(path, methods=["GET", "HEAD"])(desk.read)
    return routes


async def _statements(request: Request, graph: Graph, asked: Wanted, iri: str) -> Response:
    caps = graph.caps
    query = Query(
        statements_query(iri, f"<{iri}>"),
        accept=asked.media,
        seconds=caps.seconds,
        rows=caps.rows,
        bytes=caps.bytes,
        id=query_id(),
        role=SERVICE,
    )
    _, body = await graph.fetch(query)
    return await _sent(request, graph, asked, body)


async def _sent(request: Request, graph: Graph, asked: Wanted, body: bytes) -> Response:
    return sent(request, asked, (await graph.current()).generation[:32], body)


def _json(term: Term, ontology: Ontology) -> dict[str, Any]:
    return {
        "iri": term.iri,
        "name": term.name,
        "kind": term.kind,
        "label": term.label.to_json(),
        "definition": term.definition.to_json(),
        "above": list(term.above),
        "below": [t.iri for t in ontology.below(term.iri)],
        "domains": list(term.domains),
        "ranges": list(term.ranges),
        "inverses": list(ontology.inverses_of(term)),
        "disjoint": list(term.disjoint),
        "matches": [{"property": name, "iri": iri} for name, iri in term.matches],
        "deprecated": term.deprecated,
        "replaced_by": list(term.replaced_by),
        "named_in": list(term.named_in),
        "named_as": list(term.named_as),
    }
