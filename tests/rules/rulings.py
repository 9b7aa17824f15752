"""What tests ask of the shipped rulebook: one decision, one finding, rules by id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ontology.vocabulary import Vocabulary
from rules.decide import Decision, decide
from rules.model import Rule, Rulebook

JILIN = "吉林省长春市南关区"


def decided(rulebook: Rulebook, day: str, **facts: Any) -> Decision:
    """A task in Jilin unless a place is given; `task__kind` stands for `task.kind`."""
    named = {name.replace("__", "."): value for name, value in facts.items()}
    named.setdefault("community.jurisdiction", JILIN)
    return decide("admissibility", named, date.fromisoformat(day), rulebook)


def narrower(vocabulary: Vocabulary, codes: Iterable[str]) -> frozenset[str]:
    """Kinds of task with all that are narrower."""
    kinds = vocabulary.code_lists["task-kinds"]
    return frozenset().union(*(kinds.narrower(code) for code in codes))


def rules_of(rulebook: Rulebook) -> dict[str, Rule]:
    """The rules of all kinds of decision by id."""
    return {rule.id: rule for rules in rulebook.rules.values() for rule in rules}


def found(decision: Decision, rule: str) -> dict[str, Any]:
    """The finding of a rule."""
    finding: dict[str, Any] = next(f for f in decision.body["findings"] if f["rule"] == rule)
    return finding
