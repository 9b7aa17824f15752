"""A rulebook as RDF, so that SPARQL can ask which rule rests on which sentence.

Terms are those of `ontology/policy.ttl`. There are no blank nodes: what a rule has several of is
named by a fragment of the rule's IRI. Written as canonical RDF 1.1 N-Quads without a library
(https://www.w3.org/TR/n-quads/, https://www.w3.org/TR/rdf-canon/#canonical-quads).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Final

from ontology.ids import (
    code_iri,
    fact_iri,
    graph_iri,
    instrument_iri,
    mint,
    place_iri,
    rule_iri,
    term,
)
from ontology.label import Label
from ontology.vocabulary import Vocabulary
from rules import condition as conditions
from rules.model import Citation, Rule, Rulebook

Triple = tuple[str, str, str]
"""Subject, predicate and object as N-Quads write them."""

_RDF_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_RDFS_LABEL: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def nquads(rulebook: Rulebook) -> list[str]:
    """The rulebook as sorted N-Quads lines of the graph of rules."""
    graph = f"<{graph_iri('rules')}>"
    return sorted({f"{s} {p} {o} {graph} ." for s, p, o in triples(rulebook)})


def triples(rulebook: Rulebook) -> Iterator[Triple]:
    """What there is to say of a rulebook's revision and its rules."""
    revision = mint("revision", rulebook.revision)
    yield _type(revision, "Revision")
    for kind, rules in rulebook.rules.items():
        for order, rule in enumerate(rules, start=1):
            iri = rule_iri(rule.id)
            yield _link(iri, "inRevision", revision)
            yield _link(iri, "decidesKind", mint("decision-kind", kind))
            yield _value(iri, "order", str(order), "integer")
            yield from _rule(iri, rule)
            yield from _reads(iri, rule.when, kind, rulebook.vocabulary)
            yield from _requirement(iri, rule, rulebook.vocabulary)
            if rule.requirement is not None:
                node = f"{iri}#requirement"
                yield from _reads(node, rule.requirement.that, kind, rulebook.vocabulary)


def _rule(iri: str, rule: Rule) -> Iterator[Triple]:
    yield _type(iri, "Rule")
    yield _value(iri, "ruleId", rule.id)
    yield from _labels(iri, _RDFS_LABEL, rule.title)
    yield _link(iri, "normKind", term(rule.norm.capitalize()))
    yield _link(iri, "strength", code_iri("strengths", rule.strength))
    yield _link(iri, "effect", code_iri("effects", rule.effect))
    # GB/T 2260 codes have six digits; a jurisdiction is the part that its places share.
    yield _link(iri, "jurisdiction", place_iri(rule.jurisdiction.ljust(6, "0")))
    yield from _period(iri, rule)
    yield _value(iri, "condition", _json(rule.when))
    yield _value(iri, "inference", "true" if rule.inference else "false", "boolean")
    for name, label in (("note", rule.note), ("doubt", rule.doubt)):
        if label is not None:
            yield from _labels(iri, f"<{term(name)}>", label)
    for number, citation in enumerate(rule.citations, start=1):
        yield _link(iri, "cites", f"{iri}#citation-{number}")
        yield from _citation(iri, f"{iri}#citation-{number}", citation)
    for number, defeat in enumerate(rule.defeats, start=1):
        node = f"{iri}#defeat-{number}"
        yield _link(iri, "defeats", rule_iri(defeat.rule))
        yield _link(iri, "defeat", node)
        yield _type(node, "Defeat")
        yield _link(node, "defeated", rule_iri(defeat.rule))
        yield _link(node, "ground", code_iri("defeat-grounds", defeat.ground))


def _period(iri: str, rule: Rule) -> Iterator[Triple]:
    period, due = rule.in_force, rule.due
    days: tuple[tuple[str, date | None], ...] = (
        ("inForceFrom", period.start),
        ("inForceFromLatest", period.latest),
        ("inForceUntil", period.end),
        ("dueBy", due.by if due else None),
        ("dueByLatest", due.latest if due else None),
    )
    for name, day in days:
        if day is not None:
            yield _value(iri, name, day.isoformat(), "date")


def _citation(rule: str, iri: str, citation: Citation) -> Iterator[Triple]:
    yield _type(iri, "Citation")
    instrument = instrument_iri(citation.instrument)
    yield _link(iri, "citedInstrument", instrument)
    if citation.iri != instrument:
        yield _link(iri, "citedProvision", citation.iri)
        yield _link(rule, "restsOn", citation.iri)
    yield _value(iri, "quote", citation.quote)
    if citation.quoted_in is not None:
        yield _link(iri, "quotedIn", f"{iri}-in")
        yield from _citation(rule, f"{iri}-in", citation.quoted_in)


def _requirement(iri: str, rule: Rule, vocabulary: Vocabulary) -> Iterator[Triple]:
    requirement = rule.requirement
    if requirement is None:
        return
    node = f"{iri}#requirement"
    yield _link(iri, "requires", node)
    yield _type(node, "Requirement")
    changers = vocabulary.code_lists.get("changers")
    bearers = "changers" if changers and changers.get(requirement.bearer) else "addressees"
    yield _link(node, "bearer", code_iri(bearers, requirement.bearer))
    yield _value(node, "condition", _json(requirement.that))
    yield from _labels(node, _RDFS_LABEL, requirement.text)


def _reads(
    subject: str, condition: conditions.Condition, kind: str, vocabulary: Vocabulary
) -> Iterator[Triple]:
    """The facts a condition reads, the codes it asks for and the codes it leaves out."""
    for test, asked in _polar(condition, asked=True):
        yield _link(subject, "readsFact", fact_iri(kind, test.fact))
        fact = vocabulary.fact(kind, test.fact)
        if fact is not None and fact.codes:
            for value in test.values:
                name = "asksForCode" if asked else "leavesOutCode"
                yield _link(subject, name, code_iri(fact.codes, str(value)))


def _polar(
    condition: conditions.Condition, *, asked: bool
) -> Iterator[tuple[conditions.Test, bool]]:
    match condition:
        case conditions.Test():
            yield condition, asked
        case conditions.Not(part):
            yield from _polar(part, asked=not asked)
        case conditions.All(parts) | conditions.Either(parts):
            for part in parts:
                yield from _polar(part, asked=asked)


def _json(condition: conditions.Condition) -> str:
    return json.dumps(conditions.to_json(condition), ensure_ascii=False, sort_keys=True)


def literal(text: str) -> str:
    """A plain string as N-Quads write it."""
    return f'"{text.translate(_ESCAPES)}"'


def _type(subject: str, name: str) -> Triple:
    return f"<{subject}>", _RDF_TYPE, f"<{term(name)}>"


def _link(subject: str, name: str, target: str) -> Triple:
    return f"<{subject}>", f"<{term(name)}>", f"<{target}>"


def _value(subject: str, name: str, text: str, datatype: str = "string") -> Triple:
    # In canonical form a plain string does not name its datatype.
    suffix = "" if datatype == "string" else f"^^<{_XSD}{datatype}>"
    return f"<{subject}>", f"<{term(name)}>", f'"{text.translate(_ESCAPES)}"{suffix}'


def _labels(subject: str, predicate: str, label: Label) -> Iterator[Triple]:
    for language, text in (("zh", label.zh), ("en", label.en)):
        yield f"<{subject}>", predicate, f'"{text.translate(_ESCAPES)}"@{language}'
