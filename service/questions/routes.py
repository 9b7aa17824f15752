"""GET /q and /q/{name}: every competency question under an address of its own.

The parameters of a question are those of its address; the form is that of the suffix
(/q/instruments.csv), of `format=` or of Accept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kb.query import queries
from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.deciding import today
from service.deps import LibraryDep, ServiceDep
from service.errors import BadRequest
from service.questions.answer import Answer, answer_of
from service.questions.asked import asked_of, question_named, sound
from service.questions.forms import About, as_csv, as_xlsx
from service.questions.negotiation import FORMS, HTML, NAMES, Form, form_of, split
from service.questions.page import QuestionPages
from service.questions.permalink import Then, address, compared, then_of
from service.questions.plain import answer_json, asked_json, compared_json, question_json
from service.questions.route import negotiated_route
from service.sparql import wire
from service.sparql.address import origin
from service.sparql.asker import Asker, asker_of
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.protocol import known_tags
from service.sparql.results import generation_of
from service.sparql.streaming import answered, told, unless_gone
from service.web.language import Language, language_of
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an answer is wanted: its form, its language, and what it is compared with."""

    form: Form
    language: Language
    then: Then | None


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
        return json_response(told, {"vary": "Accept, Cookie"})

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
        return await _answered(request, graph, asker, sound(asked), wanted)


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


async def _answered(
    request: Request, graph: Graph, asker: Asker, asked: AskedQuestion, wanted: Wanted
) -> Response:
    form = wanted.form
    if form.sparql:
        query = wire.Query(
            asked.text,
            format=form.sparql,
            known=known_tags(request),
            head=request.method == "HEAD",
        )
        return await answered(request, graph, asker.within(query))
    try:
        # Weak, as the endpoint's: what a coding makes of it has other bytes.
        tag = _tag(await generation_of(graph), wanted)
        if tag and wanted.then is None and {tag, "*"} & set(known_tags(request)):
            return Response(status_code=304, headers=_headers(tag))
        work = answer_of(graph, asked.text, asker, wanted.language, asked.question.show)
        answer = await unless_gone(request.receive, work)
    except Failed as failed:
        raise told(failed.failure, 0.0) from None
    if answer is None:
        return Response(status_code=499)
    body = _body(request, asked, answer, wanted)
    headers = _headers("" if wanted.then else _tag(answer.result.generation, wanted))
    headers["link"] = f'<{_permalink(asked, answer)}>; rel="bookmark"'
    if form.name in ("csv", "xlsx"):
        name = f"{asked.question.name}.{form.name}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type=form.content_type, headers=headers)


def _body(request: Request, asked: AskedQuestion, answer: Answer, wanted: Wanted) -> bytes:
    match wanted.form.name:
        case "csv":
            return as_csv(answer, wanted.language)
        case "xlsx":
            about = About(
                asked.question.title,
                [(field.param.label, field.value) for field in asked.fields],
                origin(request) + _permalink(asked, answer),
                today(),
            )
            return as_xlsx(answer, about, wanted.language)
        case _:
            found = compared(wanted.then, answer.result) if wanted.then else None
            told = asked_json(asked) | answer_json(answer)
            told |= {"permalink": _permalink(asked, answer), "compared": compared_json(found)}
            return orjson.dumps(told)


def _permalink(asked: AskedQuestion, answer: Answer) -> str:
    values = {field.param.name: field.value for field in asked.fields}
    return address(f"/q/{asked.question.name}", values, answer.result)


def _tag(generation: str, wanted: Wanted) -> str:
    return f'W/"{generation}.{wanted.form.name}.{wanted.language}"' if generation else ""


def _headers(tag: str) -> dict[str, str]:
    told = {"vary": "Accept, Cookie", "cache-control": "no-cache"}
    return told | {"etag": tag} if tag else told
