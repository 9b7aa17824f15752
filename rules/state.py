"""What is known of a case, slot by slot: masks of the regions that remain possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from rules import condition as conditions
from rules.condition import All, Condition, Either, Not, Scalar, Test
from rules.domain import ABSENT, Domain
from rules.network import WINDOW, Network

State = tuple[int, ...]
_FALSE: Final = 0
_UNKNOWN: Final = 1
_TRUE: Final = 2
_DECIDING: Final = frozenset({"forbids", "permits", "requires"})


@dataclass(frozen=True)
class Frame:
    """How raw knowledge becomes a state: facts that do not exist in a case drop out of it."""

    network: Network

    @cached_property
    def existence(self) -> tuple[tuple[int, Condition], ...]:
        """Slots with a condition of existence, each after the slots its condition reads."""
        network = self.network
        ordered: dict[int, Condition] = {}

        def visit(slot: int) -> None:
            tree = network.applies_when.get(slot)
            if tree is None or slot in ordered:
                return
            for name in conditions.facts_of(tree):
                visit(network.slots[name])
            ordered[slot] = tree

        for slot in network.applies_when:
            visit(slot)
        return tuple(ordered.items())

    @cached_property
    def _governed(self) -> tuple[tuple[Callable[[list[int]], int], tuple[int, ...]], ...]:
        """`existence` with the slots of neighbouring equal conditions together, made ready."""
        return tuple(
            (_ready(tree, self.network), tuple(slot for slot, _ in group))
            for tree, group in groupby(self.existence, key=itemgetter(1))
        )

    @cached_property
    def governed_by(self) -> Mapping[int, int]:
        """For each slot that may not exist, the slots that decide whether it does (as a mask)."""
        return {
            slot: sum(1 << self.network.slots[name] for name in conditions.facts_of(tree))
            for slot, tree in self.network.applies_when.items()
        }

    def depends_on(self, slot: int) -> frozenset[int]:
        """The slots that decide, directly or through others, whether a fact exists."""
        found: frozenset[int] = frozenset()
        if slot in self.network.applies_when:
            for name in conditions.facts_of(self.network.applies_when[slot]):
                governor = self.network.slots[name]
                found |= {governor} | self.depends_on(governor)
        return found

    @cached_property
    def scopes(self) -> tuple[int, ...]:
        """Rules, one for each period and place of those that decide.

        A rule of the whole nation is no text of a place; where there is no other, it is the text.
        """
        rules, trees = self.network.rules, self.network.trees
        local = [i for i, r in enumerate(rules) if r.jurisdiction and r.effect in _DECIDING]
        found: dict[tuple[Condition, ...], int] = {}
        for i in local or range(len(rules)):
            tree = trees[i]
            found.setdefault(tree.parts[1:] if isinstance(tree, All) else (), i)
        return tuple(found.values())

    def raw(self, values: Mapping[str, Scalar], place: str | None, as_of: date) -> State:
        """Raw knowledge: a known value as its region, an unknown fact as all regions.

        `values` holds one scalar a fact; `place` is a GB/T 2260 code or None where unknown.
        """
        masks = list(self._unknown)
        for name, value in values.items():
            if name in self._located:
                slot, domain = self._located[name]
                masks[slot] = domain.locate(value)
        if place is not None and self._place is not None:
            masks[self._place] = self.network.domains[self._place].locate(place)
        return (*masks, *self._begun(as_of))

    @cached_property
    def _unknown(self) -> State:
        """Every fact in all its regions."""
        return tuple(d.everything for d in self.network.domains[: len(self.network.facts)])

    @cached_property
    def _located(self) -> Mapping[str, tuple[int, Domain]]:
        """Slot and domain of the facts whose value tells their region."""
        return {
            fact.name: (slot, self.network.domains[slot])
            for slot, fact in enumerate(self.network.facts)
            if fact.type not in ("place", "text")
        }

    @cached_property
    def _place(self) -> int | None:
        return self.network.place_slot

    @cached_property
    def _begun(self) -> Callable[[date], State]:
        """The masks of the periods in force on a day."""
        windows = self.network.windows
        return lru_cache(maxsize=512)(
            lambda day: tuple(_WINDOW[window.truth(day)] for window in windows)
        )

    def settle(self, raw: State) -> State:
        """The state of raw knowledge: facts that cannot exist are absent, doubtful ones both."""
        if not self._governed:
            return raw
        masks = list(raw)
        for value, slots in self._governed:
            truth = value(masks)
            if truth != _TRUE:
                for slot in slots:
                    masks[slot] = ABSENT if truth == _FALSE else masks[slot] | ABSENT
        return tuple(masks)


_WINDOW: Final[Mapping[bool | None, int]] = {False: 2, True: 4, None: 6}


def kleene(tree: Condition, network: Network, masks: list[int] | State) -> int:
    """Strong Kleene value of a condition on masks: 0 false, 1 unknown, 2 true."""
    match tree:
        case Test():
            slot = network.slots[tree.fact]
            truth, mask = network.domains[slot].truth[tree], masks[slot]
            if not mask & truth:
                return _FALSE
            return _UNKNOWN if mask & ~truth else _TRUE
        case Not(part):
            return _TRUE - kleene(part, network, masks)
        case All(parts):
            return min((kleene(part, network, masks) for part in parts), default=_TRUE)
        case Either(parts):
            return max((kleene(part, network, masks) for part in parts), default=_FALSE)


def _ready(tree: Condition, network: Network) -> Callable[[list[int]], int]:
    """`kleene` of one condition, with what it looks up looked up once: every state asks it."""
    if not isinstance(tree, Test):
        return lambda masks: kleene(tree, network, masks)
    slot = network.slots[tree.fact]
    truth = network.domains[slot].truth[tree]

    def value(masks: list[int]) -> int:
        mask = masks[slot]
        if not mask & truth:
            return _FALSE
        return _UNKNOWN if mask & ~truth else _TRUE

    return value


def scope(network: Network, rule: int, state: State) -> tuple[int, int]:
    """Kleene values of "in force that day" and "of that place" for a rule."""
    tree = network.trees[rule]
    begun = there = _TRUE
    if isinstance(tree, All):
        for part in tree.parts[1:]:
            value = kleene(part, network, state)
            if isinstance(part, Test) and part.fact.startswith(WINDOW):
                begun = min(begun, value)
            else:
                there = min(there, value)
    return begun, there


def narrowed(raw: State, slot: int, mask: int) -> State:
    """Raw knowledge with one slot narrowed to a mask."""
    return (*raw[:slot], mask, *raw[slot + 1 :])


def single(mask: int) -> bool:
    """Whether a mask leaves one region: the value is known."""
    return not mask & (mask - 1)


def unsettled(state: State) -> int:
    """The slots whose value is not known, as bits."""
    return sum(1 << slot for slot, mask in enumerate(state) if not single(mask))
