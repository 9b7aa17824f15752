"""The same rules for every peer: facts as small integers, conditions as trees of value tests.

A peer gets, fact by fact, one integer: 0 where the fact is unknown, otherwise a number for what is
known of it. What no condition tells apart shares a number, as it shares a region in our engine, so
no peer has to compare texts, codes or dates. Negation is gone from the trees, constants too. Each
test knows for which integers it certainly holds and for which it possibly holds (strong Kleene).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rules.condition import All, Condition, Either, Not, Test
from rules.network import Network
from rules.state import State

Masks = tuple[int, int]
"""The bits that certainly hold and those that possibly hold."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A test of one fact: the integers for which it certainly, and possibly, holds, of all."""

    name: str
    certain: tuple[int, ...]
    possible: tuple[int, ...]
    every: tuple[int, ...]

    def values(self, certain: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The integers that pass and those that do not."""
        passing = self.certain if certain else self.possible
        return passing, tuple(value for value in self.every if value not in passing)


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Tree, ...]


Tree = Atom | Both | Some


@dataclass(frozen=True)
class Coding:
    """Rules and states as peers get them.

    `trees` has the bits that depend on facts; `always` are those that hold whatever the facts: no
    peer is asked about them (neither is our engine). `names` are the facts that are read.
    """

    network: Network
    names: tuple[str, ...]
    codes: tuple[dict[int, int], ...]
    trees: tuple[tuple[int, Tree], ...]
    alternatives: tuple[tuple[tuple[Atom, ...], int], ...]
    always: int

    def facts(self, state: State) -> dict[str, int]:
        """The integers of a state, by name."""
        return {
            name: self.codes[slot][state[slot]]
            for slot, name in enumerate(_names(self.network))
            if name in self.names
        }


def code(network: Network, states: Iterable[State]) -> Coding:
    """Code the rules of a network for every known value and all masks that occur in `states`."""
    seen: list[dict[int, None]] = [
        {1 << region: None for region in range(1, len(domain.regions) + 1)}
        for domain in network.domains
    ]
    for state in states:
        for slot, mask in enumerate(state):
            seen[slot][mask] = None
    asked: list[set[int]] = [set() for _ in network.slots]
    for tree in network.trees:
        for slot, mask in _tests(tree, network, negated=False):
            asked[slot].add(mask)
    codes = tuple(
        _codes(sorted(masks), sorted(asked[slot]), _unknown(network, slot))
        for slot, masks in enumerate(seen)
    )
    names = _names(network)

    def atom(slot: int, mask: int) -> Atom:
        held = codes[slot]
        certain = sorted({held[m] for m in held if not m & ~mask})
        possible = sorted({held[m] for m in held if m & mask})
        return Atom(names[slot], tuple(certain), tuple(possible), tuple(sorted({*held.values()})))

    trees: list[tuple[int, Tree]] = []
    always = 0
    for bit, tree in enumerate(network.trees):
        coded = _tree(tree, network, atom, negated=False)
        if coded == Both(()):
            always |= 1 << bit
        else:
            trees.append((bit, coded))
    # The minimal conjunctions that make bits true, each once: for peers that want no disjunctions.
    conjunctions: dict[tuple[Atom, ...], int] = {}
    for path in network.paths:
        if path.literals:
            literals = [network.literals[number] for number in path.literals]
            found = (atom(literal.slot, literal.mask) for literal in literals)
            atoms = tuple(test for test in found if test.certain != test.every)
            conjunctions[atoms] = conjunctions.get(atoms, 0) | 1 << path.bit
    read = {found.name for _, tree in trees for found in atoms_of(tree)}
    return Coding(
        network,
        tuple(name for name in names if name in read),
        codes,
        tuple(trees),
        tuple(conjunctions.items()),
        always,
    )


def atoms_of(tree: Tree) -> Iterator[Atom]:
    """The tests of a tree."""
    match tree:
        case Atom():
            yield tree
        case Both(parts) | Some(parts):
            for part in parts:
                yield from atoms_of(part)


def infix(tree: Tree, both: str, some: str, atom: Callable[[Atom], str]) -> str:
    """The tree as text with infix operators."""
    match tree:
        case Atom():
            return atom(tree)
        case Both(parts) | Some(parts):
            word = both if isinstance(tree, Both) else some
            return "(" + f" {word} ".join(infix(part, both, some, atom) for part in parts) + ")"


def _names(network: Network) -> tuple[str, ...]:
    return tuple(f"s{slot}" for slot in range(len(network.slots)))


def _unknown(network: Network, slot: int) -> int:
    absent = 1 if slot in network.applies_when else 0
    return network.domains[slot].everything | absent


def _codes(masks: list[int], asked: list[int], unknown: int) -> dict[int, int]:
    """A number for each mask; masks that all tests treat alike share one, the unknown has 0."""

    def treated(mask: int) -> tuple[tuple[bool, bool], ...]:
        return tuple((not mask & ~truth, bool(mask & truth)) for truth in asked)

    numbers = {treated(unknown): 0}
    return {mask: numbers.setdefault(treated(mask), len(numbers)) for mask in masks}


def _truth(test: Test, network: Network, negated: bool) -> tuple[int, int]:
    slot = network.slots[test.fact]
    domain = network.domains[slot]
    mask = domain.truth[test]
    return slot, (domain.everything | 1) & ~mask if negated else mask


def _tests(tree: Condition, network: Network, *, negated: bool) -> Iterator[tuple[int, int]]:
    match tree:
        case Test():
            yield _truth(tree, network, negated)
        case Not(part):
            yield from _tests(part, network, negated=not negated)
        case All(parts) | Either(parts):
            for part in parts:
                yield from _tests(part, network, negated=negated)


def _tree(
    tree: Condition, network: Network, atom: Callable[[int, int], Atom], *, negated: bool
) -> Tree:
    match tree:
        case Test():
            test = atom(*_truth(tree, network, negated))
            return Both(()) if test.certain == test.every else test
        case Not(part):
            return _tree(part, network, atom, negated=not negated)
        case All(parts) | Either(parts):
            joined = Some if isinstance(tree, All) is negated else Both
            flat: list[Tree] = []
            for part in parts:
                coded = _tree(part, network, atom, negated=negated)
                if coded == Both(()) and joined is Some:
                    return coded
                flat += coded.parts if isinstance(coded, joined) else [coded]
            return flat[0] if len(flat) == 1 else joined(tuple(flat))
