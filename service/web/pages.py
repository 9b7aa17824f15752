"""The addresses of the pages, and how a page says that it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from service.problems import told_of
from service.web.coverage import CoverageDesk
from service.web.covers import Covers
from service.web.desk import Desk
from service.web.help import Help
from service.web.lists import ListsDesk
from service.web.login import LoginDesk
from service.web.query import QueryDesk
from service.web.revisions import RevisionDesk
from service.web.search import SearchDesk
from service.web.shelves import Shelves
from service.web.templates import Pages
from service.web.workbench import WorkbenchDesk


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page that cannot be shown; `slug` is the last part of the problem's type."""

    slug: str
    status: int
    detail: str
    hint: str


def router(pages: Pages) -> APIRouter:
    """The routes; what they work with is asked of the app (`service.deps`)."""
    routes = APIRouter(include_in_schema=False, route_class=page_route(pages))
    desk = Desk(pages)
    routes.get("/")(desk.home)
    routes.get("/decide/{kind}")(desk.form)
    routes.post("/decide/application/plan")(desk.plan)
    routes.post("/decide/{kind}")(desk.decide)
    routes.get("/decisions/{decision_id}")(desk.decision)
    routes.get("/form/{kind}/{index}/{group}")(desk.group)
    routes.get("/places")(desk.places)
    routes.get("/query")(QueryDesk(pages).page)
    routes.get("/workbench")(WorkbenchDesk(pages).page)
    routes.get("/search")(SearchDesk(pages).page)
    manual = Help(pages)
    routes.get("/help")(manual.contents)
    routes.get("/help/{slug}")(manual.chapter)
    published = RevisionDesk(pages)
    routes.get("/revisions")(published.revisions)
    routes.get("/revisions/{pair}")(published.difference)
    covers = Covers()
    shelves = Shelves(pages, covers)
    routes.get("/rulebook")(shelves.rulebook)
    routes.get("/rules/{rule_id}")(shelves.rule)
    routes.get("/instruments")(shelves.instruments)
    routes.get("/instruments/{key}")(shelves.instrument)
    routes.get("/norms/{key}/{norm_id}")(shelves.norm)
    coverage = CoverageDesk(pages, covers)
    routes.get("/coverage")(coverage.overview)
    routes.get("/coverage/conditions")(coverage.conditions)
    routes.get("/coverage/{key}")(coverage.document)
    lists = ListsDesk(pages)
    routes.get("/lists")(lists.overview)
    routes.post("/lists")(lists.register)
    routes.get("/lists/{list_id}")(lists.one)
    routes.post("/lists/{list_id}/mapping")(lists.map)
    login = LoginDesk(pages)
    routes.get("/login")(login.page)
    routes.post("/login")(login.login)
    routes.post("/logout")(login.logout)
    return routes


def page_route(pages: Pages) -> type[APIRoute]:
    """Routes whose failures are told on a page, for a reader has no use for problem+json."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def answer_or_tell(request: Request) -> Response:
                try:
                    return await answer(request)
                except Exception as error:  # noqa: BLE001 - told_of logs what is unforeseen
                    page, headers = told(error)
                    response = pages.render(request, "error.html", page, page.status)
                    response.headers.update(headers)
                    return response

            return answer_or_tell

    return PageRoute


def told(error: Exception) -> tuple[ErrorPage, Mapping[str, str]]:
    """What a page says of an exception, and the headers that go with it."""
    match error:
        case HTTPException():
            return ErrorPage("", error.status_code, str(error.detail), ""), error.headers or {}
        case RequestValidationError():
            return ErrorPage("bad-request", 422, "a parameter cannot be read", ""), {}
        case _:
            known = told_of(error)
            page = ErrorPage(known.type.slug, known.type.status, known.detail, known.hint)
            return page, known.headers
