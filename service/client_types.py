"""What the API is asked and answers, for type checkers; values are plain JSON.

What a result is made of are the types of the OpenAPI description itself; a test compares the rest.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from service.result_types import (
    AgendaEntry,
    Assumption,
    Changes,
    DerivedFact,
    Finding,
    Ignored,
    Later,
    LeftOut,
    Missing,
    Part,
    Place,
    Reason,
    Requirement,
    Standard,
    Text,
    Verdict,
)

Detail = Literal["full", "verdict"]


class Asked(TypedDict):
    """One of several cases in a request."""

    facts: dict[str, Any]
    text: NotRequired[str]


class Request(TypedDict, total=False):
    """A request: `facts`, or `items` with what is `common` to them."""

    facts: dict[str, Any]
    common: dict[str, Any]
    items: list[Asked]
    as_of: str
    detail: Detail
    not_a_task: bool


class Answered(TypedDict):
    """What every answer has; of one asked with detail=verdict, this is all."""

    kind: str
    as_of: str
    as_of_assumed: bool
    revision: str
    verdict: Verdict
    reason: Reason | None
    ignored: list[Ignored]
    id: str | None
    decided_at: str
    engine: str
    lists: list[str]
    lists_left_out: list[LeftOut]
    annotations: list[Ignored]


class Explained(TypedDict, total=False):
    """What explains an answer; `strike` and `items` where the request had items."""

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
    standards: list[Standard]
    agenda: list[AgendaEntry]
    strike: list[int]
    items: list[dict[str, Any]]


class Decision(Answered, Explained):
    """An answer."""


class Replay(TypedDict):
    """How a recorded decision comes out when decided again."""

    id: str
    identical: bool
    result_sha256: str
    replay_sha256: str
    difference: NotRequired[str]


class Receipt(TypedDict):
    """A recorded decision."""

    id: str
    kind: str
    decided_at: str
    engine: str
    request: dict[str, Any]
    derived: list[dict[str, Any]]
    as_of: str
    revision: str
    lists: list[str]
    result_sha256: str
    result: dict[str, Any]


class Fault(TypedDict):
    """A place at fault."""

    path: str
    message: str
    hint: NotRequired[str]
