"""Standards: every requirement with what was measured, what is required and what lacks.

A standard is a rule with a requirement, whether it decides (`requires`) or only advises. What is
read of a requirement is a comparison or several that must all hold (a range); of any other form it
is told in words alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from ontology.vocabulary import Fact
from rules.case import Case, Origin, Part
from rules.condition import All, Condition, Scalar, Test, facts_of
from rules.demands import Applies, RequirementStatus, demanded_of
from rules.domain import ABSENT
from rules.findings import defeats_of, fates_of
from rules.judge import Demand, fate
from rules.model import Defeat, Rule
from rules.state import State, kleene, single

StandardStatus = RequirementStatus | Literal["defeated"]
_TRUTH: Final = (False, None, True)


@dataclass(frozen=True, slots=True)
class Measured:
    """A fact that a standard reads: its value and whence that is, None where it is not known."""

    fact: str
    value: Scalar | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Required:
    """One comparison a standard makes: whether it holds (None: not known), and what lacks.

    `gap` is what is required less what was measured, as a decimal; None where the comparison
    holds, or is not one of order between numbers that are known.
    """

    test: Test
    met: bool | None
    gap: str | None


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that applies, may apply or is defeated; None as `applies`: defeated."""

    rule: Rule
    decides: bool
    status: StandardStatus
    applies: Applies | None
    measured: tuple[Measured, ...]
    required: tuple[Required, ...]
    defeated_by: tuple[Defeat, ...] = ()
    parts: tuple[int, ...] = ()


def standards(case: Case, rule: str | None = None) -> tuple[Standard, ...]:
    """The standards of all parts, or those of one rule, in the order of the rules; equal ones are
    told once."""
    table, rules = case.compiled.table, case.compiled.network.rules
    told: dict[Standard, Standard] = {}
    demands = sorted((*table.demands, *table.advice), key=lambda demand: demand.rule)
    for demand in demands:
        if rule not in (None, rules[demand.rule].id):
            continue
        for number, part in enumerate(case.parts):
            found = _of_part(case, part, demand)
            if found is not None:
                before = told.get(found, found)
                told[found] = replace(before, parts=(*before.parts, number))
    return tuple(told.values())


def _of_part(case: Case, part: Part, demand: Demand) -> Standard | None:
    compiled = case.compiled
    state = compiled.frame.settle(part.raw)
    rule = compiled.network.rules[demand.rule]
    known = fate(compiled.table, demand.rule, *case.explorer.masks(state))
    status: StandardStatus
    applies: Applies | None
    if fates_of(case, part, state, demand.rule, known) == {"defeated"}:
        status, applies = "defeated", None
        defeats = defeats_of(case, part, state, demand.rule)
    else:
        demanded = demanded_of(case, part, demand)
        if demanded is None:
            return None
        status, applies, defeats = demanded.status, demanded.applies, ()
    assert rule.requirement is not None
    that = rule.requirement.that
    return Standard(
        rule,
        rule.effect == "requires",
        status,
        applies,
        tuple(_measured(case, part, state, that)),
        tuple(_required(case, part, state, test) for test in comparisons(that)),
        defeats,
    )


def comparisons(that: Condition) -> tuple[Test, ...]:
    """The comparisons that must all hold; none where the condition has another form."""
    match that:
        case Test():
            return (that,)
        case All(parts):
            found = [comparisons(part) for part in parts]
            return tuple(test for tests in found for test in tests) if all(found) else ()
        case _:
            return ()


def _measured(case: Case, part: Part, state: State, that: Condition) -> Iterator[Measured]:
    network = case.compiled.network
    for name in facts_of(that):
        slot = network.slots[name]
        if state[slot] != ABSENT:
            known = single(state[slot] & ~ABSENT)
            value = part.values.get(name) if known else None
            origin: Origin = part.origins[name] if value is not None else "unknown"
            yield Measured(name, value, origin)


def _required(case: Case, part: Part, state: State, test: Test) -> Required:
    network = case.compiled.network
    fact = network.facts[network.slots[test.fact]]
    met = _TRUTH[kleene(test, network, state)]
    value = part.values.get(test.fact)
    gap = None
    if met is False and value is not None and _ordered(fact, test):
        lacking = Decimal(test.values[0]) - Decimal(value)
        # What was cut off of a computed number may be all that lacks: then one step of its scale.
        step = Decimal(1).scaleb(-(fact.scale or 0)).copy_sign(-1 if Decimal(value) > 0 else 1)
        gap = format(lacking or (step if fact.computed else lacking), "f")
    return Required(test, met, gap)


def _ordered(fact: Fact, test: Test) -> bool:
    return fact.type in ("integer", "decimal") and test.op != "in"
