"""What results are made of (DESIGN §4, §6): what `rules` decides, member by member, as plain JSON.

Types of what the client gives, and of what the OpenAPI description tells. Texts are pairs
{"zh": …, "en": …}; a member that says nothing is null or empty, never absent.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from rules.condition import Operator

Verdict = Literal[
    "inadmissible", "non-compliant", "undetermined", "conditional", "admissible", "compliant"
]
Reason = Literal["place", "day", "not-a-task", "no-rule", "facts", "reading"]
Value = bool | int | str | None


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
    parts: Annotated[list[int], Field(description="Indexes of the parts it is about.")]
    inference: Annotated[bool, Field(description="Drawn from the text, not said by it.")]
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
    comparison: Operator
    values: list[bool | int | str]
    value_labels: list[Text]
    unit: str | None
    met: Annotated[bool | None, Field(description="Null: not known.")]
    gap: Annotated[
        str | None,
        Field(description="What is required less what was measured, as a decimal, if not met."),
    ]


class Due(TypedDict):
    """By when a norm wants it, read literally; `latest` is the other way to read it."""

    by: str
    latest: str | None
    passed: Annotated[
        bool | None, Field(description="On the day asked; null: it depends on the reading.")
    ]


class Standard(TypedDict):
    """A rule with a requirement: what was measured, what is required, what lacks."""

    rule: str
    title: Text
    norm: str
    strength: str
    decides: Annotated[
        bool, Field(description="False: the norm only advises, and decides nothing.")
    ]
    status: Literal["met", "unmet", "unknown", "defeated"]
    applies: Annotated[Literal["applies", "may-apply"] | None, Field(description="Null: defeated.")]
    defeated_by: list[DefeatedBy]
    bearer: Coded
    measured: list[Measured]
    required: Annotated[
        list[Required],
        Field(
            description="Comparisons that must all hold; none: the requirement is told in words."
        ),
    ]
    gap: Annotated[str | None, Field(description="The gap, where one comparison alone has one.")]
    due: Due | None
    text: Text
    parts: list[int]
    inference: bool
    note: Text | None
    doubt: Text | None
    citations: list[Citation]


class AgendaEntry(TypedDict):
    """Something that is due by a day which follows from the facts."""

    rule: str
    title: Text
    what: Text
    bearer: Coded
    by: Annotated[
        str | None, Field(description="The day; null where the facts that tell it are unknown.")
    ]
    status: Literal["done", "due", "overdue", "undated", "unknown", "defeated"]
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
    """Answers that settle the verdict: for each fact any of the values."""

    answers: dict[str, list[bool | int | str]]
    verdict: Verdict


class MissingSet(TypedDict):
    """A smallest set of unknown facts for which some answer settles the verdict."""

    facts: list[str]
    settles: list[Settling]


class Missing(TypedDict):
    """What to ask; not `complete` where the work budget ran out."""

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
Change.__doc__ = """An act of substance, who can do it, and what would prove it."""


class ChangeSet(TypedDict):
    """Changes that together bring about the best verdict."""

    changes: list[Change]


class Changes(TypedDict):
    """The smallest sets of changes; none: no change can."""

    complete: bool
    sets: list[ChangeSet]


class DerivedFact(TypedDict):
    """A fact that was derived or computed; `conflict` is the given value it yields to."""

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
    """The place meant; `note` where it was not named literally."""

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
    """A list that might have said something of a fact and was not used, and why."""

    list: Annotated[str, Field(description="Id of the version.")]
    why: Text
