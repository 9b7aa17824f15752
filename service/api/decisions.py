"""POST /v1/decisions/{kind}: one request, a list of them, or a stream of NDJSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from service.api.answers import written
from service.api.ndjson import Duplex, lines
from service.api.openapi import PROBLEMS
from service.body import parse_json
from service.deciding import DecisionService, known_kind
from service.deps import ServiceDep
from service.envelope import Detail
from service.errors import TooLarge, WrongMediaType

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

JSON = "application/json"
NDJSON = "application/x-ndjson"


@router.post("/{kind}", responses=PROBLEMS)
async def decide(
    request: Request,
    service: ServiceDep,
    kind: Annotated[str, Path(description="Decision kind.", examples=["admissibility"])],
    record: Annotated[bool, Query(description="False stores nothing and gives no id.")] = True,
    detail: Annotated[Detail, Query(description="For requests that do not say.")] = "full",
) -> Response:
    """Decide what is asked. Facts not given are unknown, never false."""
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
