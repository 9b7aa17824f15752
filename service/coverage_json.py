"""Coverage as JSON: counts, documents down to the norm, rules, holes, and conditions if asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules import condition as conditions
from rules.exercised import Exercise
from service.coverage import Counts, Coverage, DocumentCover, RuleCover, SentenceCover
from service.holes import holes, rests_on


def to_json(
    coverage: Coverage, key: str = "", exercises: Iterable[Exercise] | None = None
) -> dict[str, Any]:
    """The whole coverage, or one document with the rules that rest on it."""
    rules = [rule for rule in coverage.rules if not key or rests_on(rule, key)]
    told: dict[str, Any] = {
        "counts": counts_to_json(coverage.counts),
        "documents": [
            _document(document)
            for document in coverage.documents
            if key in ("", document.instrument.key)
        ],
        "rules": [_rule(rule) for rule in rules],
        "holes": [hole.to_json() for hole in holes(coverage, key)],
    }
    if exercises is not None:
        named = {rule.rule.id for rule in rules}
        told["conditions"] = [exercise_to_json(e) for e in exercises if e.rule.id in named]
    return told


def counts_to_json(counts: Counts) -> dict[str, Any]:
    """The numbers of a document, a provision or of all."""
    return {
        "sentences": counts.all_sentences,
        "norms": counts.norms,
        "executed": counts.executed,
        "rules": counts.rules,
        "cases": counts.cases,
        "by_account": dict(counts.sentences),
        "by_modality": dict(counts.modality),
        "by_strength": dict(counts.strength),
        "by_check": dict(counts.check),
        "without_rule": dict(counts.unruled),
    }


def exercise_to_json(exercise: Exercise) -> dict[str, Any]:
    """A rule's comparisons with the number of cases that give them each value."""
    return {
        "rule": exercise.rule.id,
        "cases": len(exercise.examples),
        "comparisons": [
            {
                "in": shown.compared.role,
                "comparison": conditions.to_json(shown.compared.test),
                "cases": dict(shown.cases),
                "never": sorted(shown.never),
                "missing": list(shown.missing),
            }
            for shown in exercise.shown
        ],
    }


def _document(document: DocumentCover) -> dict[str, Any]:
    instrument = document.instrument
    return {
        "key": instrument.key,
        "number": instrument.number,
        "title": instrument.title,
        "counts": counts_to_json(document.counts),
        "provisions": [
            {
                "id": cover.provision.eid,
                "label": cover.provision.label,
                "iri": cover.provision.iri,
                "counts": counts_to_json(cover.counts),
                "sentences": [_sentence(sentence) for sentence in cover.sentences],
            }
            for cover in document.provisions
            if cover.sentences
        ],
    }


def _sentence(cover: SentenceCover) -> dict[str, Any]:
    account = cover.account
    return {
        "id": cover.sentence.id,
        "account": account.kind if account else None,
        "because": account.because.to_json() if account and account.because else None,
        "norms": [
            {
                "id": norm.norm.id,
                "iri": norm.norm.iri,
                "modality": norm.norm.modality,
                "strength": norm.norm.strength,
                "check": norm.norm.check,
                "rules": [rule.id for rule in norm.rules],
            }
            for norm in cover.norms
        ],
    }


def _rule(cover: RuleCover) -> dict[str, Any]:
    return {
        "id": cover.rule.id,
        "kind": cover.rule.kind,
        "executes": [norm.iri for norm in cover.norms],
        "rests_on": [rest.standing for rest in cover.rests],
        "lost": [str(rest.issue) for rest in cover.rests if rest.standing == "lost"],
        "cases": cover.cases,
        "why": list(cover.whys),
    }
