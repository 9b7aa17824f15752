"""Whether a requirement could be met at all: with the facts somebody can change changed.

A requirement that is unmet and could not be met bars a task (DESIGN §4). What exists in a case
stays as it is: a fact that does not exist there is nobody's to change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from rules import condition as conditions
from rules.condition import ALWAYS, All, Condition, Either, Not, Test
from rules.domain import Domain

NEVER: Final = Either(())


def curable(
    that: Condition, changeable: Mapping[str, Domain], existence: Mapping[str, Condition]
) -> Condition:
    """The condition under which `that` holds for some values of the changeable facts.

    `changeable` has the domains of those facts, `existence` the conditions under which facts exist.
    """
    asked = [fact for fact in conditions.facts_of(that) if fact in changeable]
    found: dict[Condition, list[Condition]] = {}
    for choice in product(*(_values(fact, that, changeable, existence) for fact in asked)):
        known = {test: truth for truths, _ in choice for test, truth in truths.items()}
        there = All(tuple(guard for _, guard in choice if guard != ALWAYS))
        left = _with(that, known)
        if left != NEVER and left not in found.setdefault(there, []):
            found[there].append(left)
    ways = [
        All((*there.parts, ALWAYS if ALWAYS in left else Either(tuple(left))))
        for there, left in found.items()
        if left and isinstance(there, All)
    ]
    return Either(tuple(ways))


def _values(
    fact: str,
    that: Condition,
    changeable: Mapping[str, Domain],
    existence: Mapping[str, Condition],
) -> Iterator[tuple[Mapping[Test, bool], Condition]]:
    """Each value a fact can have, as the truth of the comparisons on it, and when it can."""
    domain = changeable[fact]
    asked = [test for test in conditions.tests(that) if test.fact == fact]
    exists = existence.get(fact, ALWAYS)
    if exists != ALWAYS:
        yield dict.fromkeys(asked, False), Not(exists)
    told: list[Mapping[Test, bool]] = []
    for region in domain.split(domain.everything):
        truths = {test: bool(domain.truth[test] & region) for test in asked}
        if truths not in told:  # other rules may tell more values apart than these comparisons do
            told.append(truths)
            yield truths, exists


def _with(tree: Condition, known: Mapping[Test, bool]) -> Condition:
    """The condition that is left of a tree where some comparisons are known."""
    match tree:
        case Test():
            if tree not in known:
                return tree
            return ALWAYS if known[tree] else NEVER
        case Not(part):
            left = _with(part, known)
            if left in (ALWAYS, NEVER):
                return NEVER if left == ALWAYS else ALWAYS
            return Not(left)
        case All(parts):
            left_parts = [p for p in (_with(part, known) for part in parts) if p != ALWAYS]
            return NEVER if NEVER in left_parts else All(tuple(left_parts))
        case Either(parts):
            left_parts = [p for p in (_with(part, known) for part in parts) if p != NEVER]
            return ALWAYS if ALWAYS in left_parts else Either(tuple(left_parts))
