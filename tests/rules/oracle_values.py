"""Brute force, the ground: values that stand for all others, and comparisons made directly.

Numbers and dates have one value for each region that the rules' constants cut, places one for each
jurisdiction that a rule names and one elsewhere; of codes and truth values all are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from ontology.vocabulary import Fact
from rules.condition import Test, from_json, tests
from rules.model import Rulebook

Value = bool | int | str | Fraction
"""A value as the data model has it; what is computed is a fraction, however long its decimals."""


class Words:
    """The facts of one kind as the comparisons of its rules see them."""

    def __init__(self, rulebook: Rulebook, kind: str) -> None:
        self._lists = rulebook.vocabulary.code_lists
        self._facts = {fact.name: fact for fact in rulebook.vocabulary.facts(kind)}
        self._rules = rulebook.rules[kind]
        conditions = [rule.when for rule in self._rules]
        conditions += [rule.requirement.that for rule in self._rules if rule.requirement]
        conditions += [from_json(f.applies_when) for f in self._facts.values() if f.applies_when]
        self._asked: dict[str, list[Test]] = {name: [] for name in self._facts}
        for condition in conditions:
            for test in tests(condition):
                self._asked[test.fact].append(test)

    def values(self, fact: Fact) -> tuple[Value, ...]:
        """The values of a fact that a world may have."""
        asked = self._asked[fact.name]
        constants = (
            sorted({number(v) for test in asked for v in test.values})
            if fact.type in ("integer", "decimal", "date")
            else []
        )
        match fact.type:
            case "boolean":
                return (False, True)
            case "code" | "codes":
                return self._lists[str(fact.codes)].codes
            case "integer" | "date":
                points = {p for c in constants for p in (c - 1, c, c + 1)} or {Decimal(800000)}
                return self._one_each(fact, [_written(p, fact) for p in sorted(points)])
            case "decimal":
                step = Decimal(1).scaleb(-(fact.scale or 0))
                near = {c.quantize(step) for c in constants} or {Decimal(0)}
                points = {p for c in near for p in (c - step, c, c + step)}
                if fact.computed is not None:
                    points |= {(a + b) / 2 for a, b in pairwise(sorted(points))}
                return self._one_each(fact, [_written(p, fact) for p in sorted(points)])
            case "place":
                named = {str(v) for test in asked for v in test.values}
                named |= {r.jurisdiction for r in self._rules if r.jurisdiction}
                return ("99", *sorted(named))
            case _:
                return ("",)

    def _one_each(self, fact: Fact, values: Iterable[Value]) -> tuple[Value, ...]:
        regions = {self.signature(fact.name, value): value for value in values}
        return tuple(regions.values())

    def signature(self, name: str, value: Value) -> object:
        """Equal for values that no comparison of the rules tells apart; codes are all distinct."""
        fact = self._facts[name]
        if fact.type == "place":
            named: set[tuple[str, ...]] = {(r.jurisdiction,) for r in self._rules}
            named |= {tuple(str(v) for v in test.values) for test in self._asked[name]}
            return tuple(str(value).startswith(prefixes) for prefixes in sorted(named))
        if fact.type in ("integer", "decimal", "date"):
            return tuple(self.holds(test, value) for test in self._asked[name])
        return value

    def holds(self, test: Test, value: Value) -> bool:
        """Whether a comparison is true of a value."""
        fact = self._facts[test.fact]
        if fact.type in ("code", "codes"):
            concepts = {c.code: c for c in self._lists[str(fact.codes)].concepts}
            above: str | None = str(value)
            while above is not None:
                if above in test.values:
                    return True
                above = concepts[above].broader
            return False
        if fact.type == "boolean":
            return value in test.values
        if fact.type == "place":
            return any(str(value).startswith(str(p)) for p in test.values)
        left, right = exact(value), [exact(v) for v in test.values]
        match test.op:
            case "at-least" | "on-or-after":
                return left >= right[0]
            case "more-than" | "after":
                return left > right[0]
            case "at-most" | "on-or-before":
                return left <= right[0]
            case "less-than" | "before":
                return left < right[0]
            case _:
                return left in right


def exact(value: Value) -> Fraction:
    """A number or the ordinal of a day, without rounding."""
    return value if isinstance(value, Fraction) else Fraction(number(value))


def number(value: bool | int | str) -> Decimal:
    """A number, or the ordinal of a day."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return Decimal(date.fromisoformat(value).toordinal())
    return Decimal(value)


def _written(value: Decimal, fact: Fact) -> bool | int | str:
    if fact.type == "date":
        return date.fromordinal(int(value)).isoformat()
    return int(value) if fact.type == "integer" else str(value)
