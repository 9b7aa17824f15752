"""Which conjunctions are asked together: rulesets in which little need be said and little fires.

Each conjunction is found by its *key*, a literal that is named where it may hold; its other
literals are named where they cannot. A ruleset none of whose keys may hold is not asked, nor is one
whose *guards*, literals that all of its conjunctions share, cannot hold.

Conjunctions that differ in one literal only, the same rule in several periods or for several kinds
of task, are one rule besides, whose key is named where all these literals may hold; then the
single ones are not. Most conjunctions turn on one fact with many values (the kind of task): a known
value leaves few of them, an unknown one all. So for the unknown one there is a ruleset of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from rules.gathered import Literals
from rules.network import Network

_NARROW: Final = 0.25
"""A literal that holds in a smaller share of the regions of its fact is worth a key."""


@dataclass(frozen=True, slots=True)
class Key:
    """Named where all of `literals` may hold, unless all of `unless` may, which is a wider key."""

    literals: frozenset[int]
    unless: frozenset[int] = frozenset()

    def named(self, may: AbstractSet[int]) -> bool:
        """Whether the key is named where these literals may hold."""
        return self.literals <= may and not (self.unless and self.unless <= may)


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule for the engine: the conjunctions that a key and its other literals leave standing."""

    key: Key
    others: Literals
    conjunctions: tuple[Literals, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rules that are asked together; `guards` is what they all need and none of them names."""

    rules: tuple[Asked, ...]
    guards: frozenset[int]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one ruleset may hold: rules, different keys, names of other literals."""

    rules: int
    keys: int
    names: int


def clusters_of(
    network: Network, conjunctions: Sequence[Literals], limits: Limits
) -> tuple[Cluster, ...]:
    """Part conjunctions of two literals or more into rulesets that keep the limits."""
    shared = Counter(literal for literals in conjunctions for literal in literals)
    slot = {literal: network.literals[literal].slot for literal in shared}
    width = {literal: _width(network, literal) for literal in shared}
    often = Counter(slot.values())
    sharpest = max(often, key=lambda one: (often[one], -one), default=None)

    narrow: dict[Literals, int] = {}
    broad: list[Literals] = []
    for literals in conjunctions:
        sharp = [x for x in literals if slot[x] == sharpest and width[x] < _NARROW]
        if sharp:
            narrow[literals] = min(sharp, key=lambda x: (width[x], x))
        else:
            broad.append(literals)

    def lowest(literals: Literals) -> tuple[int, int]:
        key = narrow[literals]
        return network.literals[key].mask & -network.literals[key].mask, key

    def best(literals: Literals) -> int:
        on_facts = [x for x in literals if slot[x] < len(network.facts)] or literals
        return min(on_facts, key=lambda x: (width[x], -shared[x], x))

    whole = frozenset(narrow.values())
    known = [
        Asked(Key(frozenset((narrow[one],)), whole), _without(one, narrow[one]), (one,))
        for one in sorted(narrow, key=lowest)
    ]
    unknown = [
        Asked(Key(whole), others, tuple(members)) for others, members in _alike(narrow).items()
    ]
    periods = {one: x for one in broad for x in one if slot[x] >= len(network.facts)}
    rest = [*_bundled(periods)]
    taken = {one for rule in rest for one in rule.conjunctions}
    rest += [
        Asked(Key(frozenset((best(one),))), _without(one, best(one)), (one,))
        for one in sorted(broad, key=lambda one: (best(one), one))
        if one not in taken
    ]
    return tuple(
        Cluster(tuple(sorted(part, key=lambda rule: -_odds(rule, width))), _guards(part))
        for rules in (known, unknown, rest)
        for part in _parts(rules, limits)
    )


def _bundled(one_of: Mapping[Literals, int]) -> Iterator[Asked]:
    """Rules for conjunctions that differ in one literal only: for all of them, and for each."""
    for others, members in _alike(one_of).items():
        if len(members) > 1:
            whole = frozenset(one_of[one] for one in members)
            yield Asked(Key(whole), others, tuple(members))
            for one in members:
                yield Asked(Key(frozenset((one_of[one],)), whole), others, (one,))


def _alike(one_of: Mapping[Literals, int]) -> dict[Literals, list[Literals]]:
    """Conjunctions by what they need besides one literal."""
    found: dict[Literals, list[Literals]] = {}
    for literals, one in one_of.items():
        found.setdefault(_without(literals, one), []).append(literals)
    return found


def _without(literals: Literals, one: int) -> Literals:
    return tuple(literal for literal in literals if literal != one)


def _width(network: Network, literal: int) -> float:
    """The share of the regions of its fact in which a literal holds."""
    domain = network.domains[network.literals[literal].slot]
    held = network.literals[literal].mask & domain.everything
    return held.bit_count() / max(1, len(domain.regions))


def _odds(rule: Asked, width: Mapping[int, float]) -> float:
    """Roughly how often a rule fires; a firing is looked for from the first rule on."""
    odds = 1.0
    for literal in (*rule.key.literals, *rule.others):
        odds *= 0.3 + 0.7 * width[literal]
    return odds if rule.key.unless or len(rule.key.literals) == 1 else 1.0


def _guards(rules: Iterable[Asked]) -> frozenset[int]:
    return frozenset.intersection(*(frozenset(rule.others) for rule in rules))


def _parts(rules: Sequence[Asked], limits: Limits) -> Iterator[list[Asked]]:
    part: list[Asked] = []
    keys: set[Key] = set()
    names: set[int] = set()
    for rule in rules:
        if part and (
            len(part) == limits.rules
            or len(keys | {rule.key}) > limits.keys
            or len(names.union(rule.others)) > limits.names
        ):
            yield part
            part, keys, names = [], set(), set()
        part.append(rule)
        keys.add(rule.key)
        names.update(rule.others)
    if part:
        yield part
