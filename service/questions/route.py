"""Routes whose answers may be pages: what fails is told on a page, or else as a problem."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.errors import QueryFailed
from service.problems import response, told_of
from service.questions.negotiation import HTML, form_of, split
from service.sparql.cors import OPEN
from service.web.pages import told
from service.web.templates import Pages


def negotiated_route(pages: Pages) -> type[APIRoute]:
    """Routes open to every origin, as the endpoint is, with failures in the form asked for."""

    class NegotiatedRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def answer_or_tell(request: Request) -> Response:
                try:
                    given = await answer(request)
                except Exception as error:
                    if not wants_page(request):
                        if isinstance(error, (HTTPException, RequestValidationError)):
                            raise  # the application has words for these
                        given = response(told_of(error))
                    else:
                        page, headers = told(error)
                        given = pages.render(request, "error.html", page, page.status)
                        given.headers.update(headers)
                    given.headers["vary"] = "Accept, Cookie"
                if not given.headers.get("content-type", "").startswith(HTML.media_type):
                    for name, value in OPEN.items():
                        given.headers.setdefault(name, value)
                return given

            return answer_or_tell

    return NegotiatedRoute


def wants_page(request: Request) -> bool:
    """Whether a request asks for a page; one that asks for nothing that there is does not."""
    _, suffix = split(request.url.path)
    try:
        form = form_of(
            request.headers.get("accept", ""), suffix, request.query_params.get("format", "")
        )
    except QueryFailed:
        return False
    return form is HTML
