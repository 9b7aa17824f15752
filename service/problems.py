"""Problems on the wire: the handlers that answer exceptions as application/problem+json."""

from __future__ import annotations

import logging

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ontology.issue import Issue
from rules.facts import BadFacts
from service.errors import (
    BadRequest,
    NotFound,
    Problem,
    ServiceError,
    TooLarge,
    WrongMethod,
    problem,
)

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


def response(told: Problem) -> Response:
    """A problem as an HTTP response."""
    return Response(
        orjson.dumps(told.to_json()),
        told.type.status,
        headers=dict(told.headers),
        media_type=MEDIA_TYPE,
    )


def told_of(error: Exception) -> Problem:
    """The problem of an exception; an unforeseen one is logged, for only the log may know it."""
    told = problem(error)
    if told.type.status == 500:
        _log.error("unforeseen failure", exc_info=error)
    return told


def install(app: FastAPI) -> None:
    """Let the app answer every exception with a problem."""
    for kind in (ServiceError, BadFacts):
        app.add_exception_handler(kind, _raised)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _parameters)


async def _raised(_request: Request, error: Exception) -> Response:
    return response(told_of(error))


async def _http(_request: Request, error: Exception) -> Response:
    """What Starlette itself raises: no route, no such method, no static file."""
    assert isinstance(error, HTTPException)
    match error.status_code:
        case 404:
            return response(problem(NotFound("nothing is at this address", hint="see /docs")))
        case 405:
            told = problem(WrongMethod("the address does not take this method", hint="see /docs"))
        case 413:
            told = problem(TooLarge("the body is too large"))
        case status if status < 500:
            told = problem(BadRequest("the request cannot be read"))
        case _:
            told = told_of(error)
    answer = response(told)
    answer.headers.update(error.headers or {})
    return answer


async def _parameters(_request: Request, error: Exception) -> Response:
    """Query and path parameters that FastAPI refused."""
    assert isinstance(error, RequestValidationError)
    issues = [
        Issue("error", str(e["msg"]), " ".join(str(part) for part in e["loc"]))
        for e in error.errors()
    ]
    return response(problem(BadRequest("a parameter cannot be read", issues=issues)))
