"""Completions of the unknown facts: exact answers where strong Kleene logic leaves them open.

A node is what is known. Where its standing is not settled, one unknown fact is tried in each of
its regions, and so on down: only the completions that matter are visited. Evaluations are
remembered for one decision and counted, so that work limits are deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from rules.judge import Standing, Table, may_stand, standing
from rules.network import Network
from rules.reference import Evaluator
from rules.state import Frame, State, narrowed, single

Seen = TypeVar("Seen")


class OutOfBudget(Exception):
    """The work allowed for a search is done."""


@dataclass
class Explorer:
    """Asks one evaluator about many states of one case; `spent` counts its evaluations."""

    network: Network
    table: Table
    frame: Frame
    evaluate: Evaluator
    spent: int = 0
    limit: int | None = None
    _seen: dict[State, tuple[int, int]] = field(default_factory=dict)
    _standings: dict[State, frozenset[Standing]] = field(default_factory=dict)

    def masks(self, state: State) -> tuple[int, int]:
        """Certain and possible bits of a state. Raises OutOfBudget, EngineFault."""
        known = self._seen.get(state)
        if known is None:
            if self.limit is not None and self.spent >= self.limit:
                raise OutOfBudget
            self.spent += 1
            known = self._seen[state] = self.evaluate(state)
        return known

    def standings(
        self, raw: State, enough: Callable[[frozenset[Standing]], bool] = lambda _: False
    ) -> frozenset[Standing]:
        """The standings of the completions of `raw`; stops early once `enough` are found."""
        state = self.frame.settle(raw)
        remembered = self._standings.get(state)
        if remembered is None:
            remembered = self._more(raw, state, frozenset(), enough)
            if not enough(remembered):
                self._standings[state] = remembered
        return remembered

    def _more(
        self,
        raw: State,
        state: State,
        found: frozenset[Standing],
        enough: Callable[[frozenset[Standing]], bool],
    ) -> frozenset[Standing]:
        """`found` with the standings of the completions of `raw`, or with `enough` of them.

        `state` is `raw` settled. Completions are not looked at where nothing may come that has not
        been found: of twenty unknown requirements, one completion with all of them met and one
        without are enough.
        """
        certain, possible = self.masks(state)
        if found and may_stand(self.table, certain, possible) <= found:
            return found
        settled = standing(self.table, certain, possible)
        if settled is not None:
            return found | {settled}
        for branch in self.branches(raw, state, possible & ~certain & self.table.relevant):
            found = self._more(branch, self.frame.settle(branch), found, enough)
            if enough(found):
                break
        return found

    def leaves(self, raw: State) -> Iterator[tuple[State, Standing]]:
        """Raw states that together are `raw`, with the one standing of all completions of each."""
        state = self.frame.settle(raw)
        certain, possible = self.masks(state)
        settled = standing(self.table, certain, possible)
        if settled is not None:
            yield raw, settled
            return
        for branch in self.branches(raw, state, possible & ~certain & self.table.relevant):
            yield from self.leaves(branch)

    def outcomes(
        self,
        raw: State,
        bits: int,
        probe: Callable[[int, int], Seen | None],
        enough: Callable[[frozenset[Seen]], bool] = lambda _: False,
    ) -> frozenset[Seen]:
        """What `probe` sees over all completions; it reads `bits`, and None means "it depends"."""
        state = self.frame.settle(raw)
        certain, possible = self.masks(state)
        settled = probe(certain, possible)
        if settled is not None:
            return frozenset((settled,))
        found: frozenset[Seen] = frozenset()
        for branch in self.branches(raw, state, possible & ~certain & bits):
            found |= self.outcomes(branch, bits, probe, enough)
            if enough(found):
                break
        return found

    def branches(self, raw: State, state: State, open_bits: int) -> Iterator[State]:
        """Raw states that together are `raw`, each with one more fact known.

        The fact chosen is read by most of the open bits; one whose existence is open waits for the
        facts that decide it.
        """
        slot = self._chosen(state, open_bits)
        for mask in self.network.domains[slot].split(state[slot]):
            yield narrowed(raw, slot, mask)

    def _chosen(self, state: State, open_bits: int) -> int:
        readers = self.network.readers
        most, slot = 0, -1
        for i, mask in enumerate(state):
            if mask & (mask - 1) and (count := (open_bits & readers[i]).bit_count()) > most:
                most, slot = count, i
        while state[slot] & 1:
            governors = self.frame.governed_by[slot]
            slot = next(s for s, m in enumerate(state) if governors >> s & 1 and not single(m))
        return slot
