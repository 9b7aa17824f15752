"""GET /why: why a statement is in the graph, as a page or as JSON (Accept, or /why.json).

A statement that follows is told with the rule and its premises, each told in turn down to what is
stated; what is stated, with the words it rests on, or the content it comes from.
"""

from __future__ import annotations

import time
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kb.explain import Statement
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.errors import NotFound
from service.linked.forms import HTML, JSON, Wanted, sent, wanted
from service.linked.routing import document_route
from service.sparql.asker import asker_of
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.streaming import told
from service.web.language import language_of
from service.web.templates import Pages
from service.why.asked import href, statement_of, term_of
from service.why.page import NoWhyPage, shown_statement, why_page
from service.why.reading import Reader
from service.why.telling import statement_json, why_json, words_of

_SUFFIXES: Final = {".json": JSON}
_LONGEST: Final = 4000


class Why:
    """Handlers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def why(
        self,
        request: Request,
        graph: GraphDep,
        subject: Annotated[
            str, Query(max_length=_LONGEST, examples=["https://zhunru.example/id/place/220102"])
        ] = "",
        predicate: Annotated[str, Query(max_length=_LONGEST, examples=["zr:within"])] = "",
        object: Annotated[
            str, Query(max_length=_LONGEST, examples=["https://zhunru.example/id/place/220000"])
        ] = "",
        in_graph: Annotated[
            str, Query(alias="graph", max_length=_LONGEST, description="One graph alone.")
        ] = "",
    ) -> Response:
        """Why a statement is in the graph.

        Terms are IRIs, prefixed names, or for the object a literal as N-Triples write it.
        """
        found = wanted(request, request.url.path, _SUFFIXES, JSON)
        statement = statement_of(subject, predicate, object)
        only = term_of(in_graph, literals=False)[1:-1] if in_graph else ""
        try:
            return await self._told(request, graph, found, statement, only)
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None

    async def _told(
        self, request: Request, graph: Graph, found: Wanted, statement: Statement, only: str
    ) -> Response:
        reader = Reader(graph, await asker_of(request, graph.allowance))
        reason = await reader.reason(statement, only)
        if reason is None:
            return await self._none(request, graph, found, reader, statement)
        words = await words_of(graph, [statement], reason)
        generation = (await graph.current()).generation
        query = href(statement).partition("?")[2]
        if found.media == HTML:
            page = why_page(reason, words, language_of(request), generation[:16])
            response: Response = self._pages.render(request, "why.html", page)
            response.headers.update(found.headers(query))
            return response
        body = orjson.dumps(why_json(reason, words, generation))
        return sent(request, found, generation[:32], body, query)

    async def _none(
        self,
        request: Request,
        graph: Graph,
        found: Wanted,
        reader: Reader,
        statement: Statement,
    ) -> Response:
        near = await reader.near(statement)
        if found.media != HTML:
            told_near = [{**statement_json(s), "why": href(s, ".json")} for s in near]
            hint = f"did you mean {href(near[0], '.json')}?" if near else ""
            detail = "the statement is not in the graph"
            raise NotFound(detail, hint=hint, members={"nearest": told_near})
        language = language_of(request)
        words = await words_of(graph, [statement, *near], None)
        page = NoWhyPage(
            shown_statement(statement, words, language),
            tuple(shown_statement(s, words, language) for s in near),
        )
        response = self._pages.render(request, "why-not.html", page, 404)
        response.headers["vary"] = "Accept, Cookie"
        return response


def router(pages: Pages) -> APIRouter:
    """The routes."""
    routes = APIRouter(route_class=document_route(pages), tags=["sparql"], responses=PROBLEMS)
    why = Why(pages)
    routes.get("/why", response_model=dict[str, Any])(why.why)
    routes.get("/why.json", include_in_schema=False)(why.why)
    return routes
