"""GET /q and /q/{name}: every competency question under an address of its own.

The parameters of a question are those of its address; the form is that of the suffix
(/q/instruments.csv), of `format=` or of Accept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kb.query import queries
from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.deciding import today
from service.deps import LibraryDep, ServiceDep
from service.errors import BadRequest
from service.questions.answering import VARY, Subject, Wanted, respond
from service.questions.asked import asked_of, question_named, sound
from service.questions.negotiation import FORMS, HTML, NAMES, form_of, split
from service.questions.page import QuestionPages
from service.questions.permalink import then_of
from service.questions.plain import asked_json, question_json
from service.questions.route import negotiated_route
from service.sparql.asker import asker_of
from service.web.language import language_of
from service.web.query_fields import AskedQuestion
from service.web.templates import Pages

_NAME: Final = "Name of a question, perhaps with a suffix: one of " + ", ".join(NAMES) + "."
_FORMAT: Final = f"One of {', '.join(NAMES)}; before Accept."
_GENERATION: Final = "Of a permalink: the generation of the data that was asked."
_RESULT: Final = "Of a permalink: the hash of what was answered."
_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer; plain JSON has names, types and labels, the SPARQL forms none",
        "content": {form.media_type: {} for form in FORMS},
    },
    304: {"description": "The data are still of the generation that the entity tag names"},
    **PROBLEMS,
}


class Questions:
    """Handlers of questions."""

    def __init__(self, pages: Pages) -> None:
        self._pages = QuestionPages(pages)

    async def index(
        self,
        request: Request,
        format: Annotated[str, Query(description="json or html; before Accept.")] = "",
    ) -> Response:
        """Every question with its parameters."""
        form = form_of(request.headers.get("accept", ""), "", format)
        if form is HTML:
            return self._pages.index(request)
        told = {"questions": list(map(question_json, queries()))}
        return json_response(told, {"vary": VARY})

    async def one(
        self,
        request: Request,
        graph: GraphDep,
        service: ServiceDep,
        library: LibraryDep,
        name: Annotated[str, Path(description=_NAME, examples=["instruments"])],
        format: Annotated[str, Query(description=_FORMAT)] = "",
        generation: Annotated[str, Query(description=_GENERATION)] = "",
        result: Annotated[str, Query(description=_RESULT)] = "",
    ) -> Response:
        """The answer to a question; its parameters, which GET /q lists, stand beside these.

        A value that does not fit its parameter's type is refused (422) with the parameter's name
        and the nearest that would. An answer comes whole or not at all.
        """
        name, suffix = split(name)
        form = form_of(request.headers.get("accept", ""), suffix, format)
        given = request.query_params
        asked = asked_of(question_named(name), given, service.head(), library, today())
        then, issues = then_of(given)
        asker = await asker_of(request, graph.allowance)
        if issues:
            raise BadRequest(issues[0].message, issues=issues)
        if form is HTML:
            return await self._pages.one(request, graph, asker, asked, then)
        wanted = Wanted(form, language_of(request), then)
        return await respond(request, graph, asker, subject_of(sound(asked)), wanted)


def router(pages: Pages) -> APIRouter:
    """The routes."""
    questions = Questions(pages)
    routes = APIRouter(prefix="/q", tags=["questions"], route_class=negotiated_route(pages))
    told: Mapping[str, Any] = {"response_class": Response, "responses": _RESULTS}
    routes.get("", **told)(questions.index)
    routes.get("/{name}", **told)(questions.one)
    for path, handler in (("", questions.index), ("/{name}", questions.one)):
        routes.head(path, include_in_schema=False)(handler)
    return routes


def subject_of(asked: AskedQuestion) -> Subject:
    """A question as what is asked."""
    question = asked.question
    return Subject(
        asked.text,
        f"/q/{question.name}",
        {field.param.name: field.value for field in asked.fields},
        question.name,
        question.title,
        [(field.param.label, field.value) for field in asked.fields],
        question.show,
        asked_json(asked),
    )
