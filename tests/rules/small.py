"""Vocabularies and rulebooks made by hand in a few lines, for tests that state one thing each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ontology.vocabulary import (
    Change,
    CodeList,
    Concept,
    DecisionKind,
    Fact,
    Presumption,
    VerdictBy,
    Vocabulary,
)
from rules.compiled import Compiled, compile_kind, reference_kind
from rules.condition import from_json
from rules.decide import decide
from rules.model import Citation, Defeat, Due, Effect, InForce, Requirement, Rule, Rulebook
from tests.rules.generate import DAY, KIND, label, places

LISTS = {
    # k1 and k2 lie under k0, r3 under r2.
    "kinds": (("k0", None), ("k1", "k0"), ("k2", "k0"), ("k3", None)),
    "roles": (("r0", None), ("r1", None), ("r2", None), ("r3", "r2")),
    "changers": (("none", None), ("assigner", None)),
    "addressees": (("none", None),),
}


def fact(
    name: str,
    kind: Any = "boolean",
    *,
    by: str = "none",
    to: Sequence[Any] = (),
    when: Mapping[str, Any] | None = None,
    presumed: Any = None,
    scale: int | None = None,
) -> Fact:
    """A fact; `to` are the values an act can bring about, `when` is its condition of existence."""
    return Fact(
        name,
        kind,
        label(name),
        label(f"{name}?"),
        label(""),
        codes={"codes": "kinds", "code": "roles"}.get(kind),
        scale=scale,
        changeable_by=by,
        applies_when=when,
        presumption=None if presumed is None else Presumption(presumed, label("ground")),
        changes=tuple(Change(value, label(f"make it {value}"), label("proof")) for value in to),
    )


def rule(
    name: str,
    effect: Effect,
    when: Mapping[str, Any] | None = None,
    *,
    that: Mapping[str, Any] | None = None,
    defeats: Sequence[str] = (),
    place: str = "",
    instrument: str = "i",
    start: str = "2010-01-01",
    latest: str | None = None,
    end: str | None = None,
    due: Due | None = None,
) -> Rule:
    """A rule; without `when` it always speaks, `that` is what it requires."""
    return Rule(
        name,
        label(name),
        KIND,
        "obligation",
        "strict",
        (Citation(instrument, instrument, "title", "一", "iri", "quote"),),
        place,
        InForce(
            date.fromisoformat(start),
            date.fromisoformat(latest) if latest else None,
            date.fromisoformat(end) if end else None,
        ),
        from_json(when or {"all": []}),
        effect,
        Requirement("assigner", from_json(that), label(name)) if that else None,
        tuple(Defeat(target, "exception") for target in defeats),
        due=due,
    )


def book(facts: Sequence[Fact], rules: Sequence[Rule], by: VerdictBy = "permission") -> Rulebook:
    """A rulebook of one kind, with verdicts by permission or by standards."""
    lists = {
        name: CodeList(name, label(name), tuple(Concept(c, b, label(c)) for c, b in codes))
        for name, codes in LISTS.items()
    }
    decisions = {} if by == "permission" else {KIND: DecisionKind(by)}
    words = Vocabulary({KIND: tuple(facts)}, lists, places(), decisions)
    return Rulebook(words, {KIND: tuple(rules)})


def both(rulebook: Rulebook) -> tuple[Compiled, Compiled]:
    """The rulebook compiled with durable_rules and with the generated function."""
    return compile_kind(rulebook, KIND), reference_kind(rulebook, KIND)


def said(
    rulebook: Rulebook, facts: Mapping[str, object], day: date | str = DAY, **more: Any
) -> dict[str, Any]:
    """The result body of a decision, on which durable_rules and the generated function agree."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    first, second = (
        decide(KIND, facts, day, rulebook, compiled=compiled, **more) for compiled in both(rulebook)
    )
    assert first.canonical() == second.canonical()
    return first.to_json()


def is_(name: str, value: Any = True) -> dict[str, Any]:
    """The comparison "this fact is that"."""
    return {"fact": name, "is": value}


def statuses(body: Mapping[str, Any]) -> dict[str, str]:
    """The status of each finding by rule."""
    return {finding["rule"]: finding["status"] for finding in body["findings"]}
