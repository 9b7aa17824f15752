"""What handlers ask for. Coroutines: FastAPI would send plain functions to a thread and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from service.deciding import DecisionService
from service.lists.keeping import Lists
from service.receipts import Receipts


async def service_of(request: Request) -> DecisionService:
    """The deciding service of the app."""
    service: DecisionService = request.app.state.service
    return service


async def receipts_of(request: Request) -> Receipts:
    """The receipts of the app."""
    receipts: Receipts = request.app.state.receipts
    return receipts


async def lists_of(request: Request) -> Lists:
    """The registered lists of the app."""
    lists: Lists = request.app.state.lists
    return lists


ServiceDep = Annotated[DecisionService, Depends(service_of)]
ReceiptsDep = Annotated[Receipts, Depends(receipts_of)]
ListsDep = Annotated[Lists, Depends(lists_of)]
