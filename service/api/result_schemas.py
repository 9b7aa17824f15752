"""The shape of a result (DESIGN §4, §6): what `rules` decides, member by member.

For the OpenAPI description and for tests; no answer passes through here. Texts are pairs
{"zh": …, "en": …}; a member that says nothing is null or empty, never absent.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal[
    "inadmissible", "non-compliant", "undetermined", "conditional", "admissible", "compliant"
]
Reason = Literal["place", "day", "not-a-task", "no-rule", "facts", "reading"]
Value = bool | int | str | None


class Shape(BaseModel):
    """A closed JSON object."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Text(Shape):
    """One meaning in Chinese and English."""

    zh: str
    en: str


class Coded(Shape):
    """A code with its label."""

    code: str
    label: Text


class QuotedIn(Shape):
    """The text that hands down a norm of an instrument not held."""

    instrument: str
    title: str
    provision: str
    iri: str


class Citation(QuotedIn):
    """A sentence, verbatim, in its provision."""

    quote: str
    quoted_in: QuotedIn | None


class Because(Shape):
    """A fact that made a finding so."""

    fact: str
    label: Text
    value: Value
    value_label: Text
    origin: Literal["given", "derived", "presumed", "unknown"]


class DefeatedBy(Shape):
    """A rule that prevails, and why."""

    rule: str
    ground: Literal["exception", "rank", "speciality", "date"]


class Finding(Shape):
    """One rule on these facts."""

    rule: str
    title: Text
    norm: str
    strength: str
    effect: Literal["forbids", "permits", "requires", "advises", "none"]
    status: Literal["holds", "fails", "unknown", "defeated"]
    defeated_by: list[DefeatedBy]
    parts: list[int] = Field(description="Indexes of the parts it is about.")
    inference: bool = Field(description="Drawn from the text, not said by it.")
    start_in_doubt: bool
    because: list[Because]
    text: Text
    note: Text | None
    doubt: Text | None
    citations: list[Citation]


class Requirement(Shape):
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


class Measured(Shape):
    """A fact that a standard reads, as far as it is known."""

    fact: str
    label: Text
    value: Value
    value_label: Text
    unit: str | None
    origin: Literal["given", "derived", "presumed", "unknown"]


class Required(Shape):
    """A comparison that a standard makes; a range is two of them."""

    fact: str
    label: Text
    comparison: Literal[
        "is",
        "in",
        "at-least",
        "more-than",
        "at-most",
        "less-than",
        "on-or-after",
        "after",
        "on-or-before",
        "before",
    ]
    values: list[bool | int | str]
    value_labels: list[Text]
    unit: str | None
    met: bool | None = Field(description="Null: not known.")
    gap: str | None = Field(
        description="What is required less what was measured, as a decimal; where it is not met."
    )


class Due(Shape):
    """By when a norm wants it, read literally; `latest` is the other way to read it."""

    by: str
    latest: str | None
    passed: bool | None = Field(description="On the day asked; null: it depends on the reading.")


class Standard(Shape):
    """A rule with a requirement: what was measured, what is required, what lacks."""

    rule: str
    title: Text
    norm: str
    strength: str
    decides: bool = Field(description="False: the norm only advises, and decides nothing.")
    status: Literal["met", "unmet", "unknown", "defeated"]
    applies: Literal["applies", "may-apply"] | None = Field(description="Null: defeated.")
    defeated_by: list[DefeatedBy]
    bearer: Coded
    measured: list[Measured]
    required: list[Required] = Field(
        description="Comparisons that must all hold; none: the requirement is told in words alone."
    )
    gap: str | None = Field(description="The gap, where one comparison alone has one.")
    due: Due | None
    text: Text
    parts: list[int]
    inference: bool
    note: Text | None
    doubt: Text | None
    citations: list[Citation]


class AgendaEntry(Shape):
    """Something that is due by a day which follows from the facts."""

    rule: str
    title: Text
    what: Text
    bearer: Coded
    by: str | None = Field(description="The day; null where the facts that tell it are unknown.")
    status: Literal["done", "due", "overdue", "undated", "unknown", "defeated"]
    doubt: Text | None
    citations: list[Citation]


class Lead(Shape):
    """Where an answer leads: any of these values gives this verdict."""

    values: list[bool | int | str]
    labels: list[Text]
    verdict: Verdict


class Question(Shape):
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


class Settling(Shape):
    """Answers that settle the verdict: for each fact any of the values."""

    answers: dict[str, list[bool | int | str]]
    verdict: Verdict


class MissingSet(Shape):
    """A smallest set of unknown facts for which some answer settles the verdict."""

    facts: list[str]
    settles: list[Settling]


class Missing(Shape):
    """What to ask; not `complete` where the work budget ran out."""

    complete: bool
    sets: list[MissingSet]
    questions: list[Question]


class Change(Shape):
    """An act of substance, who can do it, and what would prove it."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    fact: str
    label: Text
    from_: Value = Field(alias="from")
    to: Value
    by: Coded
    act: Text
    proof: Text


class ChangeSet(Shape):
    """Changes that together bring about the best verdict."""

    changes: list[Change]


class Changes(Shape):
    """The smallest sets of changes; none: no change can."""

    complete: bool
    sets: list[ChangeSet]


class DerivedFact(Shape):
    """A fact that was derived or computed; `conflict` is the given value it yields to."""

    fact: str
    value: Value
    part: int
    source: Text
    list: str | None
    row: int | None
    used: bool
    conflict: Value


class Part(Shape):
    """One kind of task or one certificate, decided by itself."""

    facts: dict[str, str]
    verdict: Verdict
    reason: Reason | None


class Place(Shape):
    """The place meant; `note` where it was not named literally."""

    code: str
    name: str
    note: Text | None


class Later(Shape):
    """A later instrument known to exist but not held."""

    number: str
    title: str
    date: str
    note: Text


class Ignored(Shape):
    """What played no part, and why."""

    path: str
    why: Text


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
