"""Routes that any page may read (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.problems import response, told_of

OPEN: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Location, Query-Id, Retry-After",
    "cross-origin-resource-policy": "cross-origin",
}
_RAW: Final = [(name.encode(), value.encode()) for name, value in OPEN.items()]

Answer = Callable[[Request], Coroutine[Any, Any, Response]]

QUERYING: Final = "GET, HEAD, POST, OPTIONS"
"""The methods of a resource that is asked by address or by body."""


def preflight(methods: str) -> dict[str, str]:
    """What another origin may send, told before it does."""
    return OPEN | {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": "Accept, Authorization, Content-Type, If-None-Match",
        "access-control-max-age": "86400",
        "allow": methods,
    }


class OpenRoute(APIRoute):
    """A route whose answers, problems included, are open to every origin."""

    def get_route_handler(self) -> Answer:
        return openly(super().get_route_handler())


def openly(answer: Answer) -> Answer:
    """A handler whose answers, problems included, are open to every origin."""

    async def answer_openly(request: Request) -> Response:
        try:
            given = await answer(request)
        except (HTTPException, RequestValidationError):
            raise  # the application has words for these
        except Exception as error:  # noqa: BLE001 - told_of logs what is unforeseen
            given = response(told_of(error))
        named = {name for name, _ in given.raw_headers}
        given.raw_headers += [header for header in _RAW if header[0] not in named]
        return given

    return answer_openly
