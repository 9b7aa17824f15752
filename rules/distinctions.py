"""The facts that one rule's outcome hangs on, and the values of them that it tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules import condition as conditions
from rules.compiled import Compiled
from rules.condition import Condition
from rules.model import Rule


def trees_of(rule: Rule) -> tuple[Condition, ...]:
    """The conditions of a rule: when it speaks and, if it requires something, what."""
    return (rule.when, rule.requirement.that) if rule.requirement else (rule.when,)


def slots_of(compiled: Compiled, rule: Rule) -> tuple[int, ...]:
    """The slots of the facts a rule reads and of those that decide whether these exist."""
    network, frame = compiled.network, compiled.frame
    read = {network.slots[name] for tree in trees_of(rule) for name in conditions.facts_of(tree)}
    return tuple(sorted(read.union(*(frame.depends_on(slot) for slot in read))))


def kinds_of(compiled: Compiled, rule: Rule) -> Mapping[int, tuple[int, ...]]:
    """For each of a rule's slots one region (as a mask) of each kind of value it tells apart."""
    network = compiled.network
    slots = slots_of(compiled, rule)

    def asked() -> Iterator[conditions.Test]:
        for tree in trees_of(rule):
            yield from conditions.tests(tree)
        for slot in slots:
            if slot in network.applies_when:
                yield from conditions.tests(network.applies_when[slot])

    truths: dict[int, set[int]] = {slot: set() for slot in slots}
    for test in asked():
        slot = network.slots[test.fact]
        truths[slot].add(network.domains[slot].truth[test])
    found: dict[int, tuple[int, ...]] = {}
    for slot in slots:
        kinds: dict[tuple[bool, ...], int] = {}
        for mask in network.domains[slot].split(network.domains[slot].everything):
            told_apart = tuple(bool(truth & mask) for truth in sorted(truths[slot]))
            kinds.setdefault(told_apart, mask)
        found[slot] = tuple(kinds.values())
    return found
