"""The shape of answers around a result, for the OpenAPI description and tests."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from service.api.result_schemas import ItemsResult, Result, Shape, VerdictResult
from service.result_types import Ignored, LeftOut


class Beside(Shape):
    """What stands beside the result and is no part of its hash."""

    id: str | None = Field(description="Id of the receipt; null where record=false.")
    decided_at: str
    engine: str
    lists: list[str] = Field(
        description="Versions of lists in force there and then that the facts were looked up in."
    )
    lists_left_out: list[LeftOut] = Field(
        description="Lists in force of a division that was split or merged since: whether they "
        "still apply there cannot be told."
    )
    annotations: list[Ignored] = Field(description="Undeclared members of the request.")


class Decision(Result, Beside):
    """The answer to one case."""


class DecisionOnItems(ItemsResult, Beside):
    """The answer to a request with items."""


class VerdictOnly(VerdictResult, Beside):
    """The answer to one case with detail=verdict."""


ANSWERS: tuple[type[Beside], ...] = (Decision, DecisionOnItems, VerdictOnly)


class Fault(Shape):
    """A place at fault."""

    path: str = Field(description="JSON path, or line and column of a text that is no JSON.")
    message: str
    hint: str | None = None


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    errors: list[Fault] | None = None


class ReceiptOut(Shape):
    """A recorded decision; `result` is the canonical JSON whose SHA-256 is `result_sha256`."""

    id: str
    kind: str
    decided_at: str
    engine: str
    request: dict[str, Any]
    derived: list[dict[str, Any]] = Field(
        description="Of each case: derived facts, place, lists left out."
    )
    as_of: str
    revision: str
    lists: list[str]
    result_sha256: str
    result: dict[str, Any]


class ReplayOut(Shape):
    """How the recorded decision comes out when decided again."""

    id: str
    identical: bool
    result_sha256: str
    replay_sha256: str
    difference: str | None = Field(None, description="First path that differs, if any.")


class HealthOut(Shape):
    """Whether this process can decide, and by what."""

    status: Literal["ok", "failing"]
    version: str
    revision: str | None
    store: Literal["ok", "failing"]
