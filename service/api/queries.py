"""GET /v1/queries, DELETE /v1/queries/{query_id}: what runs at /sparql, and ending it."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.auth import require
from service.errors import UnknownQuery
from service.sparql.client import Failed
from service.sparql.streaming import told
from service.store.tokens import Token

router = APIRouter(prefix="/v1/queries", tags=["sparql"], responses=PROBLEMS)

Admin = Annotated[Token, Depends(require("admin"))]
QueryId = Annotated[str, Path(description="As Query-Id names it.", max_length=64)]

_NONE: Final = "no query of this id runs or waits; it may have ended"


@router.get("", response_model=dict[str, Any])
async def active(graph: GraphDep, admin: Admin) -> Response:
    """Queries that run and wait, and those that took long, without the values in them."""
    try:
        found = await graph.activity()
    except Failed as failed:
        raise told(failed.failure, time.monotonic()) from None
    return json_response(
        {"active": list(map(asdict, found.active)), "slow": list(map(asdict, found.slow))},
        {"cache-control": "no-store"},
    )


@router.delete("/{query_id}", status_code=204, response_class=Response)
async def end(request: Request, graph: GraphDep, admin: Admin, query_id: QueryId) -> Response:
    """End a query; who asked it is told so."""
    try:
        ended = await graph.kill(query_id)
    except Failed as failed:
        raise told(failed.failure, time.monotonic()) from None
    if not ended:
        raise UnknownQuery(_NONE)
    return Response(status_code=204)
