"""What a rulebook is made of: rules with their citations, and the revision that fixes them.

Terms after OASIS LegalRuleML 1.0 (norm, strength, bearer, override) and DESIGN §3–4. All values are
frozen; a `Rulebook` is self-contained, so deciding needs neither texts nor graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from ontology.places import PlaceTable
from ontology.vocabulary import Label, Vocabulary
from rules import condition as conditions
from rules.condition import Condition
from rules.receipt import canonical

NormKind = Literal[
    "obligation", "prohibition", "permission", "recommendation", "target", "definition"
]
Strength = Literal["strict", "in-principle", "best-effort"]
Effect = Literal["forbids", "permits", "requires", "advises", "none"]
Ground = Literal["exception", "rank", "speciality", "date"]

NORM_KINDS: tuple[NormKind, ...] = get_args(NormKind)
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
EFFECTS: tuple[Effect, ...] = get_args(Effect)
GROUNDS: tuple[Ground, ...] = get_args(Ground)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote in its provision; `quoted_in` is the text that reports a norm not held."""

    instrument: str
    number: str
    title: str
    provision: str
    iri: str
    quote: str
    quoted_in: Citation | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """Half-open interval of days; an uncertain start lies between `start` and `latest`."""

    start: date
    latest: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a rule demands, of whom; itself a condition on facts.

    Of a rule that `requires` it decides; of one that `advises` it is only shown.
    """

    bearer: str
    that: Condition
    text: Label


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which a norm wants its requirement met; `latest` is the other way to read it.

    It informs: a standard that binds only after its date has an in-force start that says so.
    """

    by: date
    latest: date | None = None

    def passed(self, day: date) -> bool | None:
        """Whether the day has passed by `day`; None where that depends on the reading."""
        if day <= self.by:
            return False
        return None if self.latest is not None and day <= self.latest else True


@dataclass(frozen=True, slots=True)
class Defeat:
    """This rule prevails over `rule` where both hold, on `ground`."""

    rule: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Rule:
    """An executable norm. `jurisdiction` is a GB/T 2260 prefix, "" for the whole nation.

    What is due is due on one day for all (`due`) or on the day a fact tells (`due_fact`).
    """

    id: str
    title: Label
    kind: str
    norm: NormKind
    strength: Strength
    citations: tuple[Citation, ...]
    jurisdiction: str
    in_force: InForce
    when: Condition
    effect: Effect
    requirement: Requirement | None = None
    defeats: tuple[Defeat, ...] = ()
    inference: bool = False
    note: Label | None = None
    doubt: Label | None = None
    due: Due | None = None
    due_fact: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """An instrument known to exist but not held: the horizon of decisions after its date."""

    number: str
    title: str
    date: str
    jurisdiction: str
    note: Label


@cache
def load_wording() -> Mapping[str, Any]:
    """The shipped sentences decisions are told in (`wording.yaml`)."""
    text = Path(__file__).with_name("wording.yaml").read_text("utf-8")
    wording: Mapping[str, Any] = yaml.safe_load(text)
    return wording


@dataclass(frozen=True)
class Rulebook:
    """Rules by decision kind with the vocabulary they are written in."""

    vocabulary: Vocabulary
    rules: Mapping[str, tuple[Rule, ...]]
    horizon: tuple[Later, ...] = ()
    wording: Mapping[str, Any] = field(default_factory=load_wording)
    revision: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.document()).hexdigest()
        object.__setattr__(self, "revision", f"sha256:{digest}")

    def document(self) -> bytes:
        """The revision document: RFC 8785 bytes of rules, vocabulary, horizon and wording."""
        return canonical(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """JSON form; places are data of the day, not of the revision, and stay outside."""
        return {
            "vocabulary": self.vocabulary.to_json(),
            "rules": {kind: [rule_to_json(r) for r in rs] for kind, rs in self.rules.items()},
            "horizon": [
                {
                    "number": e.number,
                    "title": e.title,
                    "date": e.date,
                    "jurisdiction": e.jurisdiction,
                    "note": e.note.to_json(),
                }
                for e in self.horizon
            ],
            "wording": self.wording,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any], places: PlaceTable) -> Rulebook:
        """The rulebook of a stored revision document, with the current table of places."""
        return cls(
            vocabulary=Vocabulary.from_json(document["vocabulary"], places=places),
            rules={
                kind: tuple(rule_from_json(r) for r in rs) for kind, rs in document["rules"].items()
            },
            horizon=tuple(
                Later(
                    e["number"],
                    e["title"],
                    e["date"],
                    e["jurisdiction"],
                    Label.from_json(e["note"]),
                )
                for e in document["horizon"]
            ),
            wording=document["wording"],
        )


def citation_to_json(c: Citation) -> dict[str, Any]:
    """JSON form of a citation."""
    return {
        "instrument": c.instrument,
        "number": c.number,
        "title": c.title,
        "provision": c.provision,
        "iri": c.iri,
        "quote": c.quote,
        "quoted_in": citation_to_json(c.quoted_in) if c.quoted_in else None,
    }


def citation_from_json(value: Mapping[str, Any]) -> Citation:
    """A citation from its JSON form."""
    inner = value["quoted_in"]
    return Citation(
        value["instrument"],
        value["number"],
        value["title"],
        value["provision"],
        value["iri"],
        value["quote"],
        citation_from_json(inner) if inner else None,
    )


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """JSON form of a rule in a revision document."""
    in_force = rule.in_force
    requirement = rule.requirement
    # A member that came later is left out where it says nothing: older revisions keep their hash.
    later: dict[str, Any] = {"due": _due_to_json(rule.due)} if rule.due else {}
    later |= {"due_fact": rule.due_fact} if rule.due_fact else {}
    return {
        "id": rule.id,
        "title": rule.title.to_json(),
        "kind": rule.kind,
        "norm": rule.norm,
        "strength": rule.strength,
        "citations": [citation_to_json(c) for c in rule.citations],
        "jurisdiction": rule.jurisdiction,
        "in_force": {
            "start": in_force.start.isoformat(),
            "latest": in_force.latest.isoformat() if in_force.latest else None,
            "end": in_force.end.isoformat() if in_force.end else None,
        },
        "when": conditions.to_json(rule.when),
        "effect": rule.effect,
        "requires": None
        if requirement is None
        else {
            "bearer": requirement.bearer,
            "that": conditions.to_json(requirement.that),
            "text": requirement.text.to_json(),
        },
        "defeats": [{"rule": d.rule, "ground": d.ground} for d in rule.defeats],
        "inference": rule.inference,
        "note": rule.note.to_json() if rule.note else None,
        "doubt": rule.doubt.to_json() if rule.doubt else None,
    } | later


def _due_to_json(due: Due) -> dict[str, Any]:
    return {"by": due.by.isoformat(), "latest": due.latest.isoformat() if due.latest else None}


def rule_from_json(value: Mapping[str, Any]) -> Rule:
    """A rule from its JSON form in a revision document."""
    in_force, requires, due = value["in_force"], value["requires"], value.get("due")
    return Rule(
        id=value["id"],
        title=Label.from_json(value["title"]),
        kind=value["kind"],
        norm=value["norm"],
        strength=value["strength"],
        citations=tuple(citation_from_json(c) for c in value["citations"]),
        jurisdiction=value["jurisdiction"],
        in_force=InForce(
            date.fromisoformat(in_force["start"]),
            date.fromisoformat(in_force["latest"]) if in_force["latest"] else None,
            date.fromisoformat(in_force["end"]) if in_force["end"] else None,
        ),
        when=conditions.from_json(value["when"]),
        effect=value["effect"],
        requirement=None
        if requires is None
        else Requirement(
            requires["bearer"],
            conditions.from_json(requires["that"]),
            Label.from_json(requires["text"]),
        ),
        defeats=tuple(Defeat(d["rule"], d["ground"]) for d in value["defeats"]),
        inference=value["inference"],
        note=Label.from_json(value["note"]) if value["note"] else None,
        doubt=Label.from_json(value["doubt"]) if value["doubt"] else None,
        due=None
        if due is None
        else Due(
            date.fromisoformat(due["by"]),
            date.fromisoformat(due["latest"]) if due["latest"] else None,
        ),
        due_fact=value.get("due_fact"),
    )
