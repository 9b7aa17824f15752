"""What handlers ask for.

Coroutines where nothing is waited for: FastAPI sends plain functions to a thread and back.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from kb.library import Library
from service.decision_service import DecisionService
from service.lists.keeping import Lists
from service.receipts import Receipts
from service.shipped import Shipped


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


def library_of(request: Request) -> Library:
    """The texts of the app. Reading them takes a while the first time: in a thread, therefore."""
    shipped: Shipped = request.app.state.shipped
    return shipped.library


LibraryDep = Annotated[Library, Depends(library_of)]
ServiceDep = Annotated[DecisionService, Depends(service_of)]
ReceiptsDep = Annotated[Receipts, Depends(receipts_of)]
ListsDep = Annotated[Lists, Depends(lists_of)]
