"""Cases that would show what the cases of a rule leave unshown, made for a person to review.

A case of the rule is taken and one fact, else two, is changed or left out; what the case then comes
to is decided by the engine. So a proposal tells what the rules do, not what they ought to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ontology.vocabulary import Fact
from rules.case_text import Change, title
from rules.cases import REQUIREMENTS, STATUSES, Example, run_case
from rules.condition import Scalar
from rules.distinctions import kinds_of
from rules.exercised import Bench, Exercise, Hole, Seen
from rules.facts import BadFacts
from rules.marked import Value
from rules.model import Rule, Rulebook
from rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case made from `base` by changes; it shows what `fills` names."""

    example: Example
    base: Example
    changes: tuple[Change, ...]
    fills: tuple[Hole, ...]


def proposals(bench: Bench, exercise: Exercise) -> tuple[tuple[Proposal, ...], tuple[Hole, ...]]:
    """Cases that fill the holes of one rule, and the holes that no such case fills.

    Without a case of its own a rule has nothing that could be changed: all its holes stay.
    """
    open_holes = list(exercise.holes)
    made: list[Proposal] = []
    unfilled: list[Hole] = []
    while open_holes:
        hole = open_holes[0]
        found = _fill(bench, exercise, hole, open_holes)
        if found is None:
            unfilled.append(hole)
            open_holes.remove(hole)
            continue
        made.append(found)
        open_holes = [h for h in open_holes if h not in found.fills]
    return tuple(made), tuple(unfilled)


def _fill(bench: Bench, exercise: Exercise, hole: Hole, wanted: Sequence[Hole]) -> Proposal | None:
    """The case with the fewest changes that fills a hole, and of these the one that fills most."""
    rule = exercise.rule
    values = _values(bench, rule)
    for steps in (_single(values), _double(_moving(bench, rule, hole), values)):
        best: Proposal | None = None
        tried = list(steps)
        for base in exercise.examples:
            for changes in tried:
                found = _tried(bench, rule, base, changes, hole, wanted)
                if found and (best is None or len(found.fills) > len(best.fills)):
                    best = found
        if best is not None and (decided := _decided(best, rule, bench.rulebook)):
            return decided
    return None


def _tried(
    bench: Bench,
    rule: Rule,
    base: Example,
    changes: tuple[Change, ...],
    hole: Hole,
    wanted: Sequence[Hole],
) -> Proposal | None:
    facts = _changed(bench, rule, base.facts, changes)
    if facts == base.facts:
        return None
    try:
        seen: Seen = bench.seen(rule, facts, base.as_of)
    except BadFacts:
        return None
    fills = tuple(h for h in wanted if (h.compared, h.truth) in seen)
    if hole not in fills:
        return None
    return Proposal(replace(base, facts=facts, places={}), base, changes, fills)


def _decided(found: Proposal, rule: Rule, rulebook: Rulebook) -> Proposal | None:
    """The proposal with what the engine decides on its facts; None where a case cannot say it."""
    vocabulary = rulebook.vocabulary
    # Any verdict and requirement asked for make the outcome tell what they came to.
    asked = replace(found.example, verdict=Verdict.UNDETERMINED, requirement=REQUIREMENTS[0])
    outcome = run_case(asked, rulebook)
    if outcome.status not in STATUSES or outcome.requirement not in (None, *REQUIREMENTS):
        return None
    standards = vocabulary.decision(rule.kind).verdict_by == "standards"
    demanded = outcome.requirement if standards else None
    example = replace(
        asked,
        title=title(found.base.title, found.changes, rule.kind, vocabulary),
        status=outcome.status,
        verdict=outcome.verdict,
        reason=outcome.reason,
        requirement=demanded,
    )
    return replace(found, example=example)


def _moving(bench: Bench, rule: Rule, hole: Hole) -> list[str]:
    """The facts that can move a comparison: its own, and those that decide whether it exists."""
    compiled = bench.compiled(rule.kind)
    slot = compiled.network.slots[hole.compared.test.fact]
    slots = compiled.frame.depends_on(slot) | {slot}
    return [compiled.network.facts[found].name for found in sorted(slots)]


def _values(bench: Bench, rule: Rule) -> dict[str, list[Value | None]]:
    """For each fact of a rule: not known, then a value of each kind that the rule tells apart."""
    compiled = bench.compiled(rule.kind)
    network = compiled.network
    return {
        network.facts[slot].name: [
            None,
            *(
                _written(network.facts[slot], network.domains[slot].values(mask)[0])
                for mask in masks
            ),
        ]
        for slot, masks in kinds_of(compiled, rule).items()
    }


def _written(fact: Fact, value: Scalar) -> Value | None:
    if fact.type == "codes":
        return [value]
    if fact.type == "place":
        # Places are told apart by the digits they share; "" is any place elsewhere.
        return str(value).ljust(6, "0") if value else None
    return value


def _single(values: Mapping[str, Sequence[Value | None]]) -> Iterator[tuple[Change, ...]]:
    for name, tried in values.items():
        yield from (((name, value),) for value in tried)


def _double(
    first: Collection[str], values: Mapping[str, Sequence[Value | None]]
) -> Iterator[tuple[Change, ...]]:
    for one in first:
        for other in values:
            if one != other:
                for pair in product(values[one], values[other]):
                    yield ((one, pair[0]), (other, pair[1]))


def _changed(
    bench: Bench, rule: Rule, facts: Mapping[str, Value], changes: Iterable[Change]
) -> dict[str, Value]:
    changed = dict(facts)
    for name, value in changes:
        fact = bench.rulebook.vocabulary.fact(rule.kind, name)
        if fact is not None and fact.computed is not None:
            # Else what is given and what is computed would contradict each other.
            changed.pop(fact.computed.dividend, None)
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return changed
