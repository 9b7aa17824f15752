"""What handlers ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from service.deciding import DecisionService
from service.receipts import Receipts


def service_of(request: Request) -> DecisionService:
    """The deciding service of the app."""
    service: DecisionService = request.app.state.service
    return service


def receipts_of(request: Request) -> Receipts:
    """The receipts of the app."""
    receipts: Receipts = request.app.state.receipts
    return receipts


ServiceDep = Annotated[DecisionService, Depends(service_of)]
ReceiptsDep = Annotated[Receipts, Depends(receipts_of)]
