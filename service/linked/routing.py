"""Routes of documents that both people and machines read: open to every origin, faults told in the
form that whoever asks can read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from service.accept import preferred
from service.linked.forms import DATA, HTML
from service.problems import response, told_of
from service.sparql.cors import OPEN
from service.web.pages import told
from service.web.templates import Pages


def document_route(pages: Pages) -> type[APIRoute]:
    """Routes whose faults are a page for people and a problem for machines."""

    class DocumentRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def answer_or_tell(request: Request) -> Response:
                try:
                    given = await answer(request)
                except (HTTPException, RequestValidationError) as error:
                    if not _reads_pages(request):
                        raise  # the application has words for these
                    given = _failed(pages, request, error)
                except Exception as error:  # noqa: BLE001 - both ways log what is unforeseen
                    given = _failed(pages, request, error)
                for name, value in OPEN.items():
                    given.headers.setdefault(name, value)
                return given

            return answer_or_tell

    return DocumentRoute


def _failed(pages: Pages, request: Request, error: Exception) -> Response:
    given: Response
    if _reads_pages(request):
        page, headers = told(error)
        given = pages.render(request, "error.html", page, page.status)
        given.headers.update(headers)
    else:
        given = response(told_of(error))
    given.headers["vary"] = "Accept, Cookie"
    return given


def _reads_pages(request: Request) -> bool:
    if request.url.path.endswith((*DATA, ".atom", ".sha256", ".gz")):
        return False
    accept = request.headers.get("accept", "")
    if HTML not in accept:
        return False  # who takes anything is a program: browsers name what they read
    return preferred(accept, (HTML, *DATA.values())) == HTML
