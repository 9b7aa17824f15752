"""GET /v1/decisions/{id}: the receipt; POST …/replay: the same decision once more."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from service import receipts
from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.api.schemas import ReceiptOut, ReplayOut
from service.deps import ReceiptsDep

router = APIRouter(prefix="/v1/decisions", tags=["receipts"])

Id = Annotated[str, Path(alias="id", description="Id that the decision's answer gave.")]


@router.get("/{id}", response_model=ReceiptOut, responses=PROBLEMS)
def receipt(found: ReceiptsDep, decision_id: Id) -> Response:
    """Everything the decision rests on, and its result as it was given."""
    return Response(receipts.to_bytes(found.find(decision_id)), media_type="application/json")


@router.post("/{id}/replay", response_model=ReplayOut, responses=PROBLEMS)
def replay(found: ReceiptsDep, decision_id: Id) -> Response:
    """Decide again under the recorded revision, day and derivations, and compare the bytes."""
    return json_response(found.replay(decision_id).to_json())
