"""What a state tells an engine: from masks of possible regions to literals that can or cannot hold.

A conjunction possibly holds where none of its literals is denied, and certainly where besides none
is *unsure* (may hold, need not): the strong Kleene value of a conjunction is its least literal. So
what an engine has to find is which conjunctions are free of denied literals. A single literal is
its own conjunction and needs no engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from rules.clusters import Cluster, Key, Limits, clusters_of
from rules.gathered import Fields, Literals
from rules.network import Network

_MOST_KNOWN: Final = 512
"""Combinations of masks kept for each run; all are let go when there are more."""

_Masks = tuple[int, ...]
_Found = tuple[tuple[str, ...], int]
"""What is said to each ruleset, and what is gathered."""


@dataclass(frozen=True, slots=True)
class Names:
    """Attributes: `keys` are named where a literal may hold, `denials` where it cannot."""

    keys: tuple[str, ...]
    denials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conjunction:
    """A rule for the engine: fires where its key is named and none of its denials is.

    `told` is what its firing adds to what is gathered.
    """

    key: str
    denials: tuple[str, ...]
    told: int


@dataclass(frozen=True, slots=True)
class _Literal:
    """A literal: where its slot stands in a run, its number, the mask of regions where it holds.

    `denied` is said where it cannot hold. `may` is gathered where it may, and `doubt` where besides
    it need not, otherwise `must`.
    """

    at: int
    number: int
    mask: int
    denied: _Found
    may: int
    doubt: int
    must: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Slots that are looked up together, and what to say of them.

    `known` keeps what masks mean once it is worked out.
    """

    masks: Callable[[_Masks], _Masks]
    literals: tuple[_Literal, ...]
    keys: tuple[tuple[Key, _Found], ...]
    known: dict[_Masks, _Found]


@dataclass(frozen=True, slots=True)
class _Ruleset:
    """A cluster with names for its keys and for what its rules deny."""

    cluster: Cluster
    keys: dict[Key, str]
    denials: dict[int, str]

    @classmethod
    def of(cls, cluster: Cluster, names: Names) -> _Ruleset:
        keys = dict.fromkeys(rule.key for rule in cluster.rules)
        denied = Counter(x for rule in cluster.rules for x in rule.others)
        often = sorted(denied.keys() - cluster.guards, key=lambda x: (-denied[x], x))
        return cls(
            cluster,
            dict(zip(keys, names.keys, strict=False)),
            dict(zip(often, names.denials, strict=False)),
        )

    def rules(self, fields: Fields) -> Iterator[Conjunction]:
        for rule in self.cluster.rules:
            told = 0
            for literals in rule.conjunctions:
                told |= fields.fired(literals)
            # What most rules share comes first, and is tested once for all of them.
            denials = tuple(name for x, name in self.denials.items() if x in rule.others)
            yield Conjunction(self.keys[rule.key], denials, told)


class Denials:
    """The conjunctions of a network in rulesets, and what states say of them."""

    def __init__(self, network: Network, names: Names, most: int) -> None:
        made_true: dict[Literals, int] = {}
        for path in network.paths:
            made_true[path.literals] = made_true.get(path.literals, 0) | 1 << path.bit
        joined = [literals for literals in made_true if len(literals) > 1]
        limits = Limits(most, len(names.keys), len(names.denials))
        own = [_Ruleset.of(each, names) for each in clusters_of(network, joined, limits)]
        fields = Fields(made_true, joined, len(network.trees), len(own))
        self._fields = fields
        self._always = fields.certain(()) | fields.possible(())
        self._bits = tuple((i, 1 << i) for i in range(len(own)))
        self.rulesets = tuple(tuple(each.rules(fields)) for each in own)
        self.masks = fields.masks

        def key(key: Key) -> _Found:
            named = [fields.named(i) for i, each in enumerate(own) if key in each.keys]
            return tuple(_attribute(each.keys.get(key)) for each in own), sum(named)

        def denied(literal: int) -> _Found:
            guarded = (i for i, each in enumerate(own) if literal in each.cluster.guards)
            said = tuple(_attribute(each.denials.get(literal)) for each in own)
            return said, sum(fields.barred(i) for i in guarded)

        keys = list(dict.fromkeys(key for each in own for key in each.keys))
        read = sorted({literal for literals in made_true for literal in literals})
        slot = {literal: network.literals[literal].slot for literal in read}
        self._runs = [
            _Run(
                _getter(slots),
                tuple(
                    _Literal(
                        slots.index(slot[x]),
                        x,
                        network.literals[x].mask,
                        denied(x),
                        fields.possible((x,)),
                        fields.unsure(x),
                        fields.certain((x,)),
                    )
                    for x in read
                    if slot[x] in slots
                ),
                tuple((k, key(k)) for k in keys if all(slot[x] in slots for x in k.literals)),
                {},
            )
            for slots in _runs(network, set(slot.values()))
        ]

    def of(self, state: _Masks) -> tuple[list[tuple[int, str]], int]:
        """What to say to which rulesets, and what is gathered beforehand.

        `state` has the mask of possible regions slot by slot.
        """
        texts: list[tuple[str, ...]] = []
        told = self._always
        for run in self._runs:
            masks, known = run.masks(state), run.known
            found = known.get(masks)
            if found is None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                found = known[masks] = self._found(run, masks)
            text, gathered = found
            texts.append(text)
            told |= gathered
        asked = self._fields.asked(told)
        asks = [(i, "".join([text[i] for text in texts])) for i, bit in self._bits if asked & bit]
        return asks, told

    def _found(self, run: _Run, masks: _Masks) -> _Found:
        may: set[int] = set()
        said: list[_Found] = []
        told = 0
        for literal in run.literals:
            mask = masks[literal.at]
            if mask & literal.mask:
                may.add(literal.number)
                told |= literal.may | (literal.doubt if mask & ~literal.mask else literal.must)
            else:
                said.append(literal.denied)
        said += (found for key, found in run.keys if key.named(may))
        for _, gathered in said:
            told |= gathered
        return tuple("".join(text[i] for text, _ in said) for i, _ in self._bits), told


def _attribute(name: str | None) -> str:
    """An attribute as it is written in a fact, nothing where a ruleset has none."""
    return f',"{name}":1' if name else ""


def _runs(network: Network, read: set[int]) -> list[list[int]]:
    """Slots that are looked up together: as many as make few combinations.

    Place and day are few, and facts that exist only where others are so are mostly absent together;
    what else goes together depends on how many values are told apart.
    """
    scope = sorted(s for s in read if s >= len(network.facts) or s == network.place_slot)
    dependent = sorted(read.intersection(network.applies_when).difference(scope))
    runs: list[list[int]] = []
    combinations = _MOST_KNOWN
    for slot in sorted(read.difference(scope, dependent)):
        values = len(network.domains[slot].regions) + 1
        combinations *= values
        if combinations > _MOST_KNOWN:
            runs.append([])
            combinations = values
        runs[-1].append(slot)
    return [run for run in (*runs, dependent, scope) if run]


def _getter(slots: list[int]) -> Callable[[_Masks], _Masks]:
    """The masks of some slots of a state."""
    if len(slots) == 1:
        [at] = slots
        return lambda state: (state[at],)
    return itemgetter(*slots)
