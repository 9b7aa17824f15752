"""The shape of a result as a whole (DESIGN §6); `service.result_types` tells what it is made of.

For the OpenAPI description and for tests; no answer passes through here.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.result_types import (
    AgendaEntry,
    Assumption,
    Changes,
    DerivedFact,
    Finding,
    Ignored,
    Later,
    Missing,
    Part,
    Place,
    Reason,
    Requirement,
    Standard,
    Text,
    Verdict,
)


class Shape(BaseModel):
    """A closed JSON object, as are those in it."""

    model_config = ConfigDict(extra="forbid", strict=True)


class VerdictResult(Shape):
    """The result with detail=verdict."""

    kind: str
    as_of: str
    as_of_assumed: bool
    revision: str
    verdict: Verdict
    reason: Reason | None
    ignored: list[Ignored]


class Result(VerdictResult):
    """The result with detail=full."""

    summary: Text
    facts: dict[str, Any]
    place: Place | None
    findings: list[Finding]
    requirements: list[Requirement]
    assumptions: list[Assumption]
    missing: Missing
    changes: Changes
    derived: list[DerivedFact]
    parts: list[Part]
    horizon: list[Later]
    standards: list[Standard] = Field(
        [], description="Where the kind decides by standards, or its rules advise on some."
    )
    agenda: list[AgendaEntry] = Field(
        [], description="What is due by when, the earliest first (`lifecycle`)."
    )


class ItemVerdict(VerdictResult):
    """The result of one item with detail=verdict; what was ignored is told for the whole."""

    ignored: list[Ignored] = []
    index: int
    text: str | None


class ItemResult(Result):
    """The result of one item."""

    index: int
    text: str | None


class ItemsResult(VerdictResult):
    """The result of a request with items: the strictest verdict, and which items to strike."""

    summary: Text
    strike: list[int]
    items: list[ItemResult] | list[ItemVerdict]
