"""The shape of answers, for the OpenAPI description and tests; no answer passes through here.

Texts are pairs {"zh": …, "en": …}. Every member is always there, unless said otherwise.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["inadmissible", "undetermined", "conditional", "admissible"]
Reason = Literal["place", "day", "not-a-task", "no-rule", "facts", "reading"]


class Shape(BaseModel):
    """A closed JSON object."""

    model_config = ConfigDict(extra="forbid")


class Text(Shape):
    """One meaning in Chinese and English."""

    zh: str
    en: str


class Ignored(Shape):
    """A member of the request that decided nothing."""

    path: str
    why: Text


class Beside(Shape):
    """What stands beside the result: not part of its hash."""

    id: str | None = Field(description="Id of the receipt; null where record=false.")
    decided_at: str
    engine: str
    lists: list[str] = Field(description="Versions of the lists in force that were consulted.")


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    errors: list[dict[str, str]] | None = Field(
        None, description="Each place at fault: path (or line and column), message, hint."
    )


class ReceiptOut(Shape):
    """A recorded decision; `result` is the canonical JSON whose SHA-256 is `result_sha256`."""

    id: str
    kind: str
    decided_at: str
    engine: str
    request: dict[str, Any]
    derived: list[dict[str, Any]] = Field(description="Of each case: derived facts, place.")
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
    difference: str | None = Field(
        None, description="First path that differs; absent if identical."
    )


class HealthOut(Shape):
    """Whether this process can decide, and by what."""

    status: Literal["ok", "failing"]
    version: str
    revision: str | None
    store: Literal["ok", "failing"]
