"""POST /v1/decisions/{kind}: one request, a list of them, or a stream of NDJSON lines.

A plain Starlette route that reads query and body itself, and a shortcut to it past the layers and
routes between: of the time a verdict takes over HTTP, the way to a handler would be a large part.
`openapi` describes what FastAPI does not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.answers import written
from service.api.ndjson import Duplex, lines
from service.api.query import read_query
from service.body import parse_json
from service.deciding import known_kind
from service.decision_service import DecisionService
from service.envelope import Detail
from service.errors import TooLarge, WrongMediaType

_PREFIX: Final = "/v1/decisions"
PATH: Final = _PREFIX + "/{kind}"
JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"


async def decide(request: Request) -> Response:
    """Decide what is asked. Facts not given are unknown, never false."""
    service: DecisionService = request.app.state.service
    kind: str = request.path_params["kind"]
    record, detail = read_query(request.scope["query_string"])
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == NDJSON:
        known_kind(kind, service.head())
        stream = lines(request.stream(), service, kind, record=record, detail=detail)
        return Duplex(stream)
    if media != JSON:
        raise WrongMediaType(
            f"a body of type {media[:60] or '(none)'} is not read",
            hint=f"send Content-Type: {JSON}, or {NDJSON} for a stream",
        )
    value = parse_json(await request.body())
    if isinstance(value, list):
        return await _list(value, service, kind, record, detail)
    answer = await service.answer(value, kind, record=record, detail=detail)
    return Response(answer.to_bytes(), media_type=JSON)


def route() -> Route:
    """The route; it goes before all others."""
    return Route(PATH, decide, methods=["POST"])


class Shortcut:
    """ASGI middleware that takes requests for decisions straight to their handler.

    It stands right inside the guard, which answers for what the handler raises.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] == "http" and scope["method"] == "POST":
            prefix, _, kind = scope["path"].rpartition("/")
            if prefix == _PREFIX and kind:
                scope["path_params"] = {"kind": kind}
                answer = await decide(Request(scope, receive, send))
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _list(
    values: Sequence[object], service: DecisionService, kind: str, record: bool, detail: Detail
) -> Response:
    known_kind(kind, service.head())
    if len(values) > service.settings.max_list:
        raise TooLarge(
            f"a list may have {service.settings.max_list} requests",
            hint=f"send them as a stream of lines ({NDJSON})",
        )
    answers = await service.answers(values, kind, record=record, detail=detail)
    parts = [written(answer, f"$[{index}]") for index, answer in enumerate(answers)]
    return Response(b"[" + b",".join(parts) + b"]", media_type=JSON)
