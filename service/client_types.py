"""What the API is asked and answers, for type checkers; values are plain JSON.

The members are those of the OpenAPI description: a test compares them.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Verdict = Literal[
    "inadmissible", "non-compliant", "undetermined", "conditional", "admissible", "compliant"
]
Reason = Literal["place", "day", "not-a-task", "no-rule", "facts", "reading"]
Detail = Literal["full", "verdict"]
Value = bool | int | str | None


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


class Text(TypedDict):
    """One meaning in Chinese and English."""

    zh: str
    en: str


class Coded(TypedDict):
    """A code with its label."""

    code: str
    label: Text


class QuotedIn(TypedDict):
    """The text that hands down a norm of an instrument not held."""

    instrument: str
    title: str
    provision: str
    iri: str


class Citation(QuotedIn):
    """A sentence, verbatim, in its provision."""

    quote: str
    quoted_in: QuotedIn | None


class Because(TypedDict):
    """A fact that made a finding so."""

    fact: str
    label: Text
    value: Value
    value_label: Text
    origin: Literal["given", "derived", "presumed", "unknown"]


class DefeatedBy(TypedDict):
    """A rule that prevails, and why."""

    rule: str
    ground: Literal["exception", "rank", "speciality", "date"]


class Finding(TypedDict):
    """One rule on these facts."""

    rule: str
    title: Text
    norm: str
    strength: str
    effect: Literal["forbids", "permits", "requires", "advises", "none"]
    status: Literal["holds", "fails", "unknown", "defeated"]
    defeated_by: list[DefeatedBy]
    parts: list[int]
    inference: bool
    start_in_doubt: bool
    because: list[Because]
    text: Text
    note: Text | None
    doubt: Text | None
    citations: list[Citation]


class Requirement(TypedDict):
    """What must be so, and who must see to it."""

    rule: str
    title: Text
    text: Text
    bearer: Coded
    strength: str
    status: Literal["met", "unmet", "unknown"]
    applies: Literal["applies", "may-apply"]
    changeable: bool
    facts: list[str]
    parts: list[int]
    doubt: Text | None
    citations: list[Citation]


class Measured(TypedDict):
    """A fact that a standard reads, as far as it is known."""

    fact: str
    label: Text
    value: Value
    value_label: Text
    unit: str | None
    origin: Literal["given", "derived", "presumed", "unknown"]


class Required(TypedDict):
    """A comparison that a standard makes; a range is two of them."""

    fact: str
    label: Text
    comparison: str
    values: list[bool | int | str]
    value_labels: list[Text]
    unit: str | None
    met: bool | None
    gap: str | None


class Due(TypedDict):
    """By when a norm wants it, and whether that has passed on the day asked."""

    by: str
    latest: str | None
    passed: bool | None


class Standard(TypedDict):
    """A rule with a requirement: what was measured, what is required, what lacks."""

    rule: str
    title: Text
    norm: str
    strength: str
    decides: bool
    status: Literal["met", "unmet", "unknown", "defeated"]
    applies: Literal["applies", "may-apply"] | None
    defeated_by: list[DefeatedBy]
    bearer: Coded
    measured: list[Measured]
    required: list[Required]
    gap: str | None
    due: Due | None
    text: Text
    parts: list[int]
    inference: bool
    note: Text | None
    doubt: Text | None
    citations: list[Citation]


class Lead(TypedDict):
    """Where an answer leads: any of these values gives this verdict."""

    values: list[bool | int | str]
    labels: list[Text]
    verdict: Verdict


class Question(TypedDict):
    """A fact to ask for."""

    fact: str
    label: Text
    question: Text
    answers: list[Lead]


class Assumption(Question):
    """A presumption that decides while nobody says otherwise."""

    value: Value
    value_label: Text
    ground: Text


class Settling(TypedDict):
    """Answers that settle the verdict."""

    answers: dict[str, list[bool | int | str]]
    verdict: Verdict


class MissingSet(TypedDict):
    """A smallest set of unknown facts for which some answer settles the verdict."""

    facts: list[str]
    settles: list[Settling]


class Missing(TypedDict):
    """What to ask."""

    complete: bool
    sets: list[MissingSet]
    questions: list[Question]


Change = TypedDict(
    "Change",
    {
        "fact": str,
        "label": Text,
        "from": Value,
        "to": Value,
        "by": Coded,
        "act": Text,
        "proof": Text,
    },
)


class ChangeSet(TypedDict):
    """Changes that together bring about the best verdict."""

    changes: list[Change]


class Changes(TypedDict):
    """The smallest sets of changes."""

    complete: bool
    sets: list[ChangeSet]


class DerivedFact(TypedDict):
    """A fact that was derived or computed."""

    fact: str
    value: Value
    part: int
    source: Text
    list: str | None
    row: int | None
    used: bool
    conflict: Value


class Part(TypedDict):
    """One kind of task or one certificate, decided by itself."""

    facts: dict[str, str]
    verdict: Verdict
    reason: Reason | None


class Place(TypedDict):
    """The place meant."""

    code: str
    name: str
    note: Text | None


class Later(TypedDict):
    """A later instrument known to exist but not held."""

    number: str
    title: str
    date: str
    note: Text


class Ignored(TypedDict):
    """What played no part, and why."""

    path: str
    why: Text


class LeftOut(TypedDict):
    """A list that was not used, and why."""

    list: str
    why: Text


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


class AgendaEntry(TypedDict):
    """Something that is due by a day which follows from the facts."""

    rule: str
    title: Text
    what: Text
    bearer: Coded
    by: str | None
    status: Literal["done", "due", "overdue", "undated", "unknown", "defeated"]
    doubt: Text | None
    citations: list[Citation]


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
