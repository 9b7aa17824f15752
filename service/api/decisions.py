"""POST /v1/decisions/{kind}: one request, a list of them, or a stream of NDJSON lines.

A plain Starlette route that reads query and body itself: of the time a verdict takes over HTTP,
FastAPI's way to a handler would be a large part. `openapi` describes what FastAPI does not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api.answers import written
from service.api.ndjson import Duplex, lines
from service.api.query import read_query
from service.body import parse_json
from service.deciding import DecisionService, known_kind
from service.envelope import Detail
from service.errors import TooLarge, WrongMediaType

PATH: Final = "/v1/decisions/{kind}"
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
