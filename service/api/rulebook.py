"""GET /v1/rulebook: the published rules, with the sentences they rest on."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from rules.model import Rulebook
from service.api.answering import tagged
from service.api.openapi import PROBLEMS
from service.deps import ServiceDep

router = APIRouter(prefix="/v1/rulebook", tags=["rulebook"], responses=PROBLEMS)


@router.get("", response_model=dict[str, Any])
def current(request: Request, service: ServiceDep) -> Response:
    """The rulebook that decides now."""
    return _answer(request, service.head())


@router.get("/{revision}", response_model=dict[str, Any])
def published(
    request: Request,
    service: ServiceDep,
    revision: Annotated[str, Path(description="A revision that was published here.")],
) -> Response:
    """A rulebook as it was published; what a revision names never changes."""
    return _answer(request, service.revisions.get(revision))


def _answer(request: Request, rulebook: Rulebook) -> Response:
    body = {"revision": rulebook.revision} | rulebook.to_json()
    return tagged(request, rulebook.revision, orjson.dumps(body))
