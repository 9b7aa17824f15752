"""What the sentences of a text carry: norms, observations, or nothing normative, with the reason.

Terms after OASIS LegalRuleML 1.0 (modality, strength, bearer); a norm selects its words as a
TextQuoteSelector does (https://www.w3.org/TR/annotation-model/#text-quote-selector). How a sentence
becomes norms is laid down in `texts/ANNOTATING.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kb.sentences import Span
from ontology.label import Label

Modality = Literal[
    "obligation", "prohibition", "permission", "recommendation", "target", "definition"
]
Strength = Literal["strict", "in-principle", "best-effort"]
Comparison = Literal["at-least", "at-most", "more-than", "less-than", "is", "about"]
AccountKind = Literal["norms", "fact", "definition", "heading", "non-normative"]
Check = Literal["rule", "no-figure", "discretion", "direction", "internal"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a norm; `value` is a plain decimal, None where the text cannot be read."""

    measure: Label
    comparison: Comparison
    value: str | None
    unit: str
    as_written: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when: `by` is as much of a day as the words give literally; `readings` may differ."""

    as_written: str
    by: str | None = None
    readings: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often; `every` is an ISO 8601 duration where the text gives one."""

    as_written: str
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """One bearer, one action, one modality, in the words of `quote`.

    `span` is the place of the quote in the mended text, `repairs` the ids of repairs inside it;
    `prefix` and `suffix` tell it apart where its words come twice. `source` is the key of the
    instrument whose norm it is, where the text only reports it.
    """

    id: str
    iri: str
    sentence: str
    quote: str
    prefix: str
    suffix: str
    span: Span
    source_span: Span
    repairs: tuple[str, ...]
    modality: Modality
    strength: Strength
    bearer: tuple[str, ...]
    implied: bool
    counterparty: tuple[str, ...]
    action: Label
    condition: Label | None
    exception: Label | None
    quantities: tuple[Quantity, ...]
    deadline: Deadline | None
    recurrence: Recurrence | None
    topic: str
    check: Check
    doubt: Label | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """A number that a text reports of an indicator, `on` a day, month or year where it says so.

    `part_of` is the indicator whose total this one is a part of.
    """

    id: str
    iri: str
    quote: str
    indicator: str
    part_of: str | None
    name: Label
    value: str
    unit: str
    on: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """What a sentence carries, and where that is written down; `because` where it is no norm."""

    sentence: str
    kind: AccountKind
    because: Label | None
    norms: tuple[Norm, ...]
    observations: tuple[Observation, ...]
    where: str


def norms_of(accounts: Iterable[Account]) -> Iterator[Norm]:
    """The norms of all sentences, in the order of the text."""
    for account in accounts:
        yield from account.norms
