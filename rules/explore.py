"""Completions of the unknown facts: exact answers where strong Kleene logic leaves them open.

A node is what is known. Where its standing is not settled, one unknown fact is tried in each of
its regions, and so on down: only the completions that matter are visited. Evaluations are
remembered for one decision and counted, so that work limits are deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rules.judge import Standing, Table, effective, standing
from rules.network import Network
from rules.reference import Evaluator
from rules.state import Frame, State, narrowed, single


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
        if remembered is not None:
            return remembered
        certain, possible = self.masks(state)
        settled = standing(self.table, certain, possible)
        if settled is not None:
            return frozenset((settled,))
        found: frozenset[Standing] = frozenset()
        for branch in self.branches(raw, state, possible & ~certain & self.table.relevant):
            found |= self.standings(branch, enough)
            if enough(found):
                return found
        self._standings[state] = found
        return found

    def fates(self, raw: State, rule: int, fates: frozenset[str] = frozenset()) -> frozenset[str]:
        """What becomes of a rule over all completions: some of holds, fails, defeated."""
        state = self.frame.settle(raw)
        certain, possible = self.masks(state)
        sure, may = effective(self.table, certain, possible)
        if not possible >> rule & 1:
            return fates | {"fails"}
        if sure >> rule & 1:
            return fates | {"holds"}
        if certain >> rule & 1 and not may >> rule & 1:
            return fates | {"defeated"}
        for branch in self.branches(raw, state, possible & ~certain & self._family(rule)):
            fates = self.fates(branch, rule, fates)
            if len(fates) > 1:
                break
        return fates

    def branches(self, raw: State, state: State, open_bits: int) -> Iterator[State]:
        """Raw states that together are `raw`, each with one more fact known.

        The fact chosen is read by most of the open bits; one whose existence is open waits for the
        facts that decide it.
        """
        slot = self._chosen(state, open_bits)
        for mask in self.network.domains[slot].split(state[slot]):
            yield narrowed(raw, slot, mask)

    def _chosen(self, state: State, open_bits: int) -> int:
        counts: dict[int, int] = {}
        bit = 0
        while open_bits:
            if open_bits & 1:
                read = self.network.slots_of_bit[bit]
                for slot, mask in enumerate(state):
                    if read >> slot & 1 and not single(mask):
                        counts[slot] = counts.get(slot, 0) + 1
            open_bits >>= 1
            bit += 1
        slot = max(counts, key=lambda s: (counts[s], -s))
        while state[slot] & 1:
            governors = self.frame.governed_by[slot]
            slot = next(s for s, m in enumerate(state) if governors >> s & 1 and not single(m))
        return slot

    def _family(self, rule: int) -> int:
        """The rule with all that may defeat it, directly or through others, as bits."""
        family, before = 1 << rule, 0
        while family != before:
            before = family
            for target, defeaters in self.table.defeated_by:
                if family >> target & 1:
                    family |= sum(1 << d for d in defeaters)
        return family
