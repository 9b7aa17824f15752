"""Kept results: /kept and /kept/{hash} for everybody, POST /kept and /v1/kept for who may keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from kb.library import Library
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest
from rules.model import Rulebook
from service.api.answering import json_response, tagged
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.auth import require
from service.body import parse_json
from service.deciding import today
from service.deps import LibraryDep, ServiceDep
from service.errors import BadRequest, NotAcceptable, UnknownKept
from service.questions.answering import VARY
from service.questions.asked import asked_of, question_named, sound
from service.questions.document import QUERY, Asked, read
from service.questions.forms import About, as_csv, as_xlsx
from service.questions.keeping import Keeping, ToKeep
from service.questions.kept_page import KeptPages
from service.questions.negotiation import FORMS, HTML, form_of, split
from service.questions.route import negotiated_route
from service.sparql.address import origin
from service.store.kept import Kept
from service.store.tokens import Token
from service.web.language import language_of
from service.web.login import writing
from service.web.templates import Pages

PAGE: Final = 50
_FIELDS: Final = ("title", "query", "question", "parameters", "result")
_EXAMPLE: Final = {"title": "各文件各种规范的条数", "question": "norms-by-modality"}
_HASH: Final = "SHA-256 of the very bytes, perhaps with a suffix: .json, .csv or .xlsx."
_BEFORE: Final = "`next` of the page before."
_FORMAT: Final = "json or html; before Accept."
_OFFERED: Final = ("json", "html", "csv", "xlsx", "srj")
# What is under a hash never changes (RFC 8246).
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The very bytes as they were kept, or the same as a table",
        "content": {form.media_type: {} for form in FORMS if form.name in _OFFERED},
    },
    **PROBLEMS,
}


def keeping_of(request: Request) -> Keeping:
    """What keeps results in the app."""
    keeping: Keeping = request.app.state.keeping
    return keeping


KeepingDep = Annotated[Keeping, Depends(keeping_of)]
Keeper = Annotated[Token, Depends(require("analyst"))]


class KeptResults:
    """Handlers of kept results."""

    def __init__(self, pages: Pages) -> None:
        self._pages = KeptPages(pages)

    async def index(
        self,
        request: Request,
        keeping: KeepingDep,
        format: Annotated[str, Query(description=_FORMAT)] = "",
        before: Annotated[str, Query(description=_BEFORE, max_length=40)] = "",
    ) -> Response:
        """What is kept, the last first."""
        form = form_of(request.headers.get("accept", ""), "", format)
        found = await run_in_threadpool(keeping.store.latest, PAGE + 1, before)
        shown, following = found[:PAGE], found[PAGE - 1].at if len(found) > PAGE else ""
        if form is HTML:
            return self._pages.index(request, shown, following)
        headers = {"vary": VARY, "cache-control": "no-cache"}
        if following:
            headers["link"] = f'</kept?before={following}>; rel="next"'
        told = {"kept": list(map(kept_json, shown)), "next": following or None}
        return json_response(told, headers)

    async def one(
        self,
        request: Request,
        keeping: KeepingDep,
        hash: Annotated[str, Path(description=_HASH)],
        format: Annotated[str, Query(description=_FORMAT)] = "",
    ) -> Response:
        """A kept result: the very bytes as JSON, which their SHA-256 proves, or a table."""
        name, suffix = split(hash)
        form = form_of(request.headers.get("accept", ""), suffix, format)
        if form.name not in _OFFERED:
            raise NotAcceptable(f"what is kept is to be had as {', '.join(_OFFERED)}")
        kept = await run_in_threadpool(keeping.store.find, name)
        document = await run_in_threadpool(keeping.store.document, name) if kept else None
        if kept is None or document is None:
            raise UnknownKept("no result is kept under this hash", hint="GET /kept lists them")
        told, language = read(document), language_of(request)
        match form.name:
            case "html":
                return self._pages.one(request, kept, told, origin(request))
            case "csv":
                body = as_csv(told.answer(language), language)
            case "xlsx":
                title = Label(kept.title, kept.title)
                about = About(title, (), f"{origin(request)}/kept/{name}", today())
                body = as_xlsx(told.answer(language), about, language)
            case _:
                body = document
        answer = tagged(request, f"{name}.{form.name}.{language}", body, form.content_type)
        answer.headers["vary"] = VARY
        answer.headers["cache-control"] = _FOR_EVER
        if form.name in ("csv", "xlsx"):
            answer.headers["content-disposition"] = f'attachment; filename="{name}.{form.name}"'
        return answer

    async def by_form(
        self,
        request: Request,
        graph: GraphDep,
        keeping: KeepingDep,
        service: ServiceDep,
        library: LibraryDep,
    ) -> Response:
        """Keep what the form of a page names, and show it."""
        form = await request.form(max_files=0, max_fields=10)
        csrf = str(form.get("csrf", ""))
        writer = await run_in_threadpool(writing, request, csrf, "analyst")
        given: dict[str, Any] = {name: str(form.get(name, "")) for name in _FIELDS}
        given["parameters"] = dict(parse_qsl(given["parameters"], keep_blank_values=True))
        wanted = to_keep(given, service.head(), library)
        kept, _ = await keeping.keep(graph, wanted, writer.token)
        return RedirectResponse(f"/kept/{kept.hash}", 303)


async def keep(
    request: Request,
    graph: GraphDep,
    keeping: KeepingDep,
    service: ServiceDep,
    library: LibraryDep,
    keeper: Keeper,
) -> Response:
    """Keep the result of a query, or of a question with its parameters, under its hash.

    It is asked now; with `result`, only a result of that hash is kept. The very same again is the
    one that is there (200). Anybody may read what is kept.
    """
    value = parse_json(await request.body())
    wanted = to_keep(_members(value), service.head(), library)
    kept, fresh = await keeping.keep(graph, wanted, keeper)
    answer = json_response(kept_json(kept), {"location": f"/kept/{kept.hash}"})
    answer.status_code = 201 if fresh else 200
    return answer


def router(pages: Pages) -> APIRouter:
    """The routes."""
    results = KeptResults(pages)
    routes = APIRouter(tags=["questions"], route_class=negotiated_route(pages))
    told: Mapping[str, Any] = {"response_class": Response, "responses": _RESULTS}
    routes.get("/kept", **told)(results.index)
    routes.get("/kept/{hash}", **told)(results.one)
    routes.head("/kept/{hash}", include_in_schema=False)(results.one)
    routes.post("/kept", include_in_schema=False)(results.by_form)
    content = {"application/json": {"schema": {"type": "object"}, "example": _EXAMPLE}}
    routes.post(
        "/v1/kept",
        response_model=dict[str, Any],
        status_code=201,
        responses=PROBLEMS,
        openapi_extra={"requestBody": {"required": True, "content": content}},
    )(keep)
    return routes


def to_keep(given: Mapping[str, Any], book: Rulebook, library: Library) -> ToKeep:
    """What a request names. Raises BadRequest, NotFound."""
    title, expected = given.get("title") or "", given.get("result") or ""
    if not given.get("question"):
        if not given.get("query"):
            raise _bad("query", "name a query, or a question")
        return ToKeep(title, given["query"], QUERY, expected=expected)
    question = question_named(given["question"])
    asked = sound(asked_of(question, given.get("parameters") or {}, book, library, today()))
    named = Asked(question.name, tuple((f.param.name, f.value) for f in asked.fields))
    return ToKeep(title, asked.text, named, question.show, expected)


def kept_json(kept: Kept) -> dict[str, Any]:
    """A kept result as it is listed."""
    return {
        "hash": kept.hash,
        "href": f"/kept/{kept.hash}",
        "title": kept.title,
        "query": kept.query,
        "generation": kept.generation or None,
        "result": kept.result,
        "rows_count": kept.rows,
        "kept_by": kept.by,
        "kept_at": kept.at,
    }


def _members(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad("", "the body is an object with a title and a query or a question")
    for name in value:
        if name not in _FIELDS:
            near = nearest(name, _FIELDS)
            hint = f"did you mean {near}?" if near else f"there are: {', '.join(_FIELDS)}"
            raise _bad(name[:60], f"unknown member {name[:60]}", hint)
    for name in ("title", "query", "question", "result"):
        if not isinstance(value.get(name, ""), str):
            raise _bad(name, f"{name} is a text")
    parameters = value.get("parameters", {})
    if not isinstance(parameters, dict) or not all(isinstance(v, str) for v in parameters.values()):
        raise _bad("parameters", "parameters are texts by their names")
    return value


def _bad(name: str, message: str, hint: str = "") -> BadRequest:
    where = f"$.{name}" if name else "$"
    return BadRequest(message, hint=hint, issues=[Issue("error", message, where, hint)])
