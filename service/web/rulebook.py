"""The rules to read: all that decide a kind, and one of them with its condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ontology.label import Label
from ontology.vocabulary import Vocabulary
from rules.condition import All, Condition, Either, Not, Operator, Test
from rules.model import Rule, Rulebook
from service.web.carried import NormView
from service.web.links import instrument_href
from service.web.said import Word, said
from service.web.sources import Source, source_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test in words."""

    label: Label
    op: Operator
    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Conditions that hold together, one at least, or not."""

    how: Literal["all", "any", "not"]
    parts: tuple[Comparison | Combination, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule with everything it says in words."""

    rule: Rule
    kind: Label
    place: str
    sources: tuple[Source, ...]
    when: Comparison | Combination
    that: Comparison | Combination | None
    defeats: tuple[tuple[str, Label | None, str], ...]
    defeated_by: tuple[tuple[str, Label | None, str], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules that rest on one instrument."""

    number: str
    title: str
    href: str
    rules: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class RulebookPage:
    """Every rule of a revision, by the instrument that it first cites."""

    revision: str
    count: int
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule, with the norms that it executes."""

    revision: str
    view: RuleView
    norms: tuple[NormView, ...]


def rulebook_page(book: Rulebook) -> RulebookPage:
    """The page of all rules."""
    by_instrument = rules_by_instrument(book)
    chapters = tuple(
        Chapter(
            number=rules[0].citations[0].number,
            title=rules[0].citations[0].title,
            href=instrument_href(key),
            rules=tuple(rule_view(rule, book) for rule in rules),
        )
        for key, rules in by_instrument.items()
    )
    return RulebookPage(book.revision, sum(len(c.rules) for c in chapters), chapters)


def rules_by_instrument(book: Rulebook) -> dict[str, list[Rule]]:
    """Every rule under the key of the instrument that it first cites."""
    found: dict[str, list[Rule]] = {}
    for rule in _all(book):
        found.setdefault(rule.citations[0].instrument, []).append(rule)
    return found


def rule_page(rule_id: str, book: Rulebook, norms: Iterable[NormView]) -> RulePage | None:
    """The page of one rule, or None where the revision has none of that id."""
    found = next((r for r in _all(book) if r.id == rule_id), None)
    return RulePage(book.revision, rule_view(found, book), tuple(norms)) if found else None


def _all(book: Rulebook) -> Iterator[Rule]:
    for rules in book.rules.values():
        yield from rules


def place_name(jurisdiction: str, words: Vocabulary) -> str:
    """The name of a jurisdiction; empty for the whole nation or a code that names nothing."""
    code = jurisdiction.ljust(6, "0")
    return next((p.name for p in words.places.places if jurisdiction and p.code == code), "")


def rule_view(rule: Rule, book: Rulebook) -> RuleView:
    """A rule of a rulebook in words."""
    words = book.vocabulary
    titles = {r.id: r.title for r in _all(book)}
    demanded = rule.requirement.that if rule.requirement else None
    return RuleView(
        rule=rule,
        kind=words.decision(rule.kind).label or Label(rule.kind, rule.kind),
        place=place_name(rule.jurisdiction, words),
        sources=tuple(source_of(c) for c in rule.citations),
        when=_in_words(rule.when, rule.kind, words),
        that=_in_words(demanded, rule.kind, words) if demanded else None,
        defeats=tuple((d.rule, titles.get(d.rule), d.ground) for d in rule.defeats),
        defeated_by=tuple(
            (r.id, r.title, d.ground) for r in _all(book) for d in r.defeats if d.rule == rule.id
        ),
    )


def _in_words(condition: Condition, kind: str, words: Vocabulary) -> Comparison | Combination:
    def each(parts: Iterable[Condition]) -> Sequence[Comparison | Combination]:
        return [_in_words(part, kind, words) for part in parts]

    match condition:
        case All(parts):
            return Combination("all", tuple(each(parts)))
        case Either(parts):
            return Combination("any", tuple(each(parts)))
        case Not(part):
            return Combination("not", tuple(each((part,))))
        case Test(name, op, values):
            fact = words.fact(kind, name)
            label = fact.label if fact else Label(name, name)
            return Comparison(label, op, said(kind, name, values, words))
