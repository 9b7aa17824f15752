"""GET /healthz and /metrics: for whoever keeps the service running."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from service import metrics
from service.api.answering import json_response
from service.api.schemas import HealthOut
from service.deps import ServiceDep
from service.errors import ServiceError
from service.version import version

router = APIRouter(tags=["operation"])


@router.get("/healthz", response_model=HealthOut, responses={503: {"model": HealthOut}})
def health(service: ServiceDep) -> Response:
    """Whether decisions can be made: the store answers and a rulebook is published."""
    try:
        revision = service.head().revision
    except ServiceError:
        body = HealthOut(status="failing", version=version(), revision=None, store="failing")
    else:
        body = HealthOut(status="ok", version=version(), revision=revision, store="ok")
    answer = json_response(body.model_dump())
    answer.status_code = 200 if body.status == "ok" else 503
    return answer


@router.get("/metrics", response_class=Response)
def measurements(request: Request) -> Response:
    """Counters in the Prometheus text format."""
    return Response(request.app.state.metrics.text(), media_type=metrics.MEDIA_TYPE)
