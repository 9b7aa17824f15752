"""The ground of a statement as a page shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kb.explain import Statement
from kb.inference import is_derived
from ontology.label import Label
from service.linked.about import Shown
from service.web.language import Language
from service.web.links import provision_href
from service.why.asked import href
from service.why.reading import Evidence, Reason
from service.why.telling import Origin, Words, because, origin_of


@dataclass(frozen=True, slots=True)
class StatementShown:
    """A statement by the names of its terms, with the address of its ground."""

    subject: Shown
    predicate: Shown
    object: Shown
    href: str


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule: its name, title and query."""

    name: str
    title: Label
    sparql: str


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """Quoted words with the address at which they are marked in their text."""

    it: Evidence
    href: str


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A statement with what it follows from or rests on."""

    statement: StatementShown
    derived: bool
    rule: RuleShown | None
    because: Label | None
    premises: tuple[ReasonShown, ...]
    size: int
    shown: int
    cut: bool
    origins: tuple[Origin, ...]
    evidence: tuple[EvidenceShown, ...]


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The page of a ground."""

    reason: ReasonShown
    json: str
    generation: str


@dataclass(frozen=True, slots=True)
class NoWhyPage:
    """The page of a statement that is not there, with those that are and come near."""

    statement: StatementShown
    near: tuple[StatementShown, ...]


def why_page(reason: Reason, words: Words, language: Language, generation: str) -> WhyPage:
    """The page of a ground."""
    return WhyPage(
        shown_reason(reason, words, language), href(reason.statement, ".json"), generation
    )


def shown_reason(
    reason: Reason, words: Words, language: Language, told: Collection[Evidence] = ()
) -> ReasonShown:
    """A ground as it is shown; `told` are the words quoted already for the premise beside it."""
    rule = reason.rule
    premises: list[ReasonShown] = []
    before: tuple[Evidence, ...] = ()
    for each in reason.premises:
        premises.append(shown_reason(each, words, language, before))
        before = each.evidence
    origins = () if reason.derived else reason.graphs
    return ReasonShown(
        statement=shown_statement(reason.statement, words, language),
        derived=reason.derived,
        rule=RuleShown(rule.name, rule.title, rule.text) if rule else None,
        because=because(reason, words),
        premises=tuple(premises),
        size=reason.size,
        shown=reason.shown,
        cut=reason.cut,
        origins=tuple(origin_of(reason.statement, g) for g in origins if not is_derived(g)),
        evidence=tuple(
            EvidenceShown(each, provision_href(each.sentence or each.provision, each.quote))
            for each in reason.evidence
            if each not in told
        ),
    )


def shown_statement(statement: Statement, words: Words, language: Language) -> StatementShown:
    """A statement as it is shown."""
    return StatementShown(
        words.of(statement.subject, language),
        words.of(statement.predicate, language),
        words.of(statement.object, language),
        href(statement),
    )
