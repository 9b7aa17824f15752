"""POST /v1/plans: how long a zone's plan is and which required parts it names; nothing is kept."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.plans import COUNTED, read_plan

router = APIRouter(prefix="/v1/plans", tags=["decisions"], responses=PROBLEMS)

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/plain": {"schema": {"type": "string"}, "example": "一、实验背景\n……"},
            DOCX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post("", summary="方案字数和必备内容", openapi_extra=_BODY)
async def plan(request: Request) -> Response:
    """Count a plan and find its required parts; the facts go into an `application` decision."""
    found = await run_in_threadpool(read_plan, await request.body())
    return json_response(
        {
            "characters": found.characters,
            "counted": COUNTED.to_json(),
            "parts": [
                {"fact": part.fact, "named": part.paragraph is not None}
                | {"paragraph": part.paragraph, "heading": part.heading}
                for part in found.parts
            ],
            "facts": found.facts(),
        }
    )
