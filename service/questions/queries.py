"""GET and POST /result: any query under an address of its own, as questions have at /q."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from ontology.issue import Issue
from ontology.label import Label
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.errors import BadQuery, BadRequest
from service.questions.answering import Subject, Wanted, respond
from service.questions.negotiation import FORMS, HTML, NAMES, form_of
from service.questions.page import ResultPages
from service.questions.permalink import then_of
from service.questions.route import negotiated_route
from service.sparql.asker import asker_of
from service.sparql.protocol import MAX_BYTES
from service.web.language import language_of
from service.web.templates import Pages

_TITLE: Final = Label("查询结果", "Result of a query")
_QUERY: Final = "SPARQL 1.1."
_FORMAT: Final = f"One of {', '.join(NAMES)}; before Accept."
_MOST: Final = (
    "So many rows are enough, in plain JSON; a result over the limits then has its first."
)
_GENERATION: Final = "Of a permalink: the generation of the data that was asked."
_RESULT: Final = "Of a permalink: the hash of what was answered."
_EXAMPLE: Final = "SELECT ?class { ?class a <http://www.w3.org/2002/07/owl#Class> } LIMIT 5"
_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer; plain JSON has labels, types, the generation and the hash",
        "content": {form.media_type: {} for form in FORMS},
    },
    **PROBLEMS,
}


class Queries:
    """Handlers of queries."""

    def __init__(self, pages: Pages) -> None:
        self._pages = ResultPages(pages)

    async def by_address(
        self,
        request: Request,
        graph: GraphDep,
        query: Annotated[str, Query(description=_QUERY, examples=[_EXAMPLE])] = "",
        format: Annotated[str, Query(description=_FORMAT)] = "",
        most: Annotated[str, Query(description=_MOST)] = "",
        generation: Annotated[str, Query(description=_GENERATION)] = "",
        result: Annotated[str, Query(description=_RESULT)] = "",
    ) -> Response:
        """The result of a query, with its permalink."""
        given = {
            "query": query,
            "format": format,
            "most": most,
            "generation": generation,
            "result": result,
        }
        return await self._answer(request, graph, given)

    async def by_form(
        self,
        request: Request,
        graph: GraphDep,
        query: Annotated[str, Form(description=_QUERY, examples=[_EXAMPLE])] = "",
        format: Annotated[str, Form(description=_FORMAT)] = "",
        most: Annotated[str, Form(description=_MOST)] = "",
    ) -> Response:
        """The same of a query that is too long for an address."""
        return await self._answer(request, graph, {"query": query, "format": format, "most": most})

    async def _answer(
        self, request: Request, graph: GraphDep, given: Mapping[str, str]
    ) -> Response:
        form = form_of(request.headers.get("accept", ""), "", given["format"])
        then, issues = then_of(given)
        most = _number(given["most"], issues)
        if issues:
            raise BadRequest(issues[0].message, issues=issues)
        text = given["query"]
        if not text.strip():
            raise BadQuery("there is no query", hint="give it as query=")
        if len(text.encode()) > MAX_BYTES:
            raise BadQuery(f"a query may have {MAX_BYTES:,} bytes")
        asker = await asker_of(request, graph.allowance)
        if form is HTML:
            return await self._pages.one(request, graph, asker, text, then)
        subject = Subject(text, "/result", {"query": text}, "result", _TITLE)
        wanted = Wanted(form, language_of(request), then, most)
        return await respond(request, graph, asker, subject, wanted)


def router(pages: Pages) -> APIRouter:
    """The routes."""
    queries = Queries(pages)
    routes = APIRouter(tags=["questions"], route_class=negotiated_route(pages))
    told: Mapping[str, Any] = {"response_class": Response, "responses": _RESULTS}
    routes.get("/result", **told)(queries.by_address)
    routes.head("/result", include_in_schema=False)(queries.by_address)
    content = {"application/x-www-form-urlencoded": {"example": {"query": _EXAMPLE}}}
    sent = {"requestBody": {"content": content}}
    routes.post("/result", **told, openapi_extra=sent)(queries.by_form)
    return routes


def _number(text: str, issues: list[Issue]) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and 0 < len(text) < 8 and int(text)):
        issues.append(Issue("error", "most is not a number of rows", "?most"))
        return None
    return int(text)
