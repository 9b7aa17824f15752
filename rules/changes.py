"""What would have to change: the smallest sets of acts that would bring about the best verdict.

Only facts somebody can change are candidates, and only values for which the vocabulary names an act
of substance and its proof: never a relabelling (DESIGN §4). "No change can" is an empty, complete
answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ontology.vocabulary import Change, Fact
from rules.case import Case
from rules.domain import ABSENT
from rules.explore import OutOfBudget
from rules.obligations import obligations
from rules.verdict import VERDICTS, Verdict

MAX_SETS: Final = 5
BUDGET: Final = 20_000
"""Evaluations allowed for one search; a search beyond it says `complete: false`."""


@dataclass(frozen=True, slots=True)
class Act:
    """One change of one fact: the slot, the mask it goes to, and the act that brings it about."""

    slot: int
    mask: int
    fact: Fact
    change: Change


@dataclass(frozen=True, slots=True)
class Changes:
    """Sets of acts, smallest first; not `complete` where the work allowed ran out."""

    complete: bool = True
    sets: tuple[tuple[Act, ...], ...] = ()


def changes(case: Case, verdict: Verdict) -> Changes:
    """What would make a case with this verdict admissible, or compliant. Raises EngineFault."""
    best = VERDICTS[case.compiled.table.by][-1]
    if verdict is best or not case.parts:
        return Changes()
    explorer = case.explorer
    explorer.limit = explorer.spent + BUDGET
    found: list[tuple[Act, ...]] = []
    complete = True
    try:
        for acts in _choices(_candidates(case), found, obligations(case)):
            values = {act.fact.name: act.change.to for act in acts}
            if case.verdict({act.slot: act.mask for act in acts}, values) is best:
                found.append(acts)
                if len(found) == MAX_SETS:
                    break
    except OutOfBudget:
        complete = False
    finally:
        explorer.limit = None
    return Changes(complete, tuple(found))


def _candidates(case: Case) -> tuple[Act, ...]:
    """Acts open to somebody: the fact may exist or come to exist, and lacks the value."""
    network = case.compiled.network
    states = [case.compiled.frame.settle(part.raw) for part in case.parts]
    changeable = {i for i, fact in enumerate(network.facts) if fact.changes}
    acts: list[Act] = []
    for slot in sorted(changeable):
        fact = network.facts[slot]
        called_up = case.compiled.frame.depends_on(slot) & changeable
        feeds = slot in case.operands
        if fact.changeable_by == "none" or (
            not called_up and not feeds and all(state[slot] == ABSENT for state in states)
        ):
            continue
        for change in fact.changes:
            mask = network.domains[slot].locate(change.to)
            # Of a number that others are computed from, more matters than its region.
            if feeds or any(part.raw[slot] != mask for part in case.parts):
                acts.append(Act(slot, mask, fact, change))
    return tuple(acts)


def _choices(
    acts: tuple[Act, ...], found: list[tuple[Act, ...]], obliged: Sequence[frozenset[int]]
) -> Iterator[tuple[Act, ...]]:
    """Sets of acts on distinct facts, by size, then vocabulary order.

    None contains a found set, and each touches all that any way must touch.
    """
    slots = frozenset(act.slot for act in acts)
    touched = tuple(dict.fromkeys(one & slots for one in obliged))
    last = {
        one: max((i for i, a in enumerate(acts) if a.slot in one), default=-1) for one in touched
    }

    def choose(at: int, chosen: tuple[Act, ...], size: int) -> Iterator[tuple[Act, ...]]:
        taken = {act.slot for act in chosen}
        open_ = [one for one in touched if taken.isdisjoint(one)]
        if _apart(open_) > size - len(chosen) or any(last[one] < at for one in open_):
            return
        if len(chosen) == size:
            yield chosen
            return
        for i in range(at, len(acts)):
            if acts[i].slot not in taken:
                wider = (*chosen, acts[i])
                if not any(all(act in wider for act in smaller) for smaller in found):
                    yield from choose(i + 1, wider, size)
            if any(last[one] <= i for one in open_):
                return

    for size in range(1, len(slots) + 1):
        yield from choose(0, (), size)


def _apart(sets: Sequence[frozenset[int]]) -> int:
    """At least so many acts are needed to touch all of these: so many have nothing in common."""
    count, seen = 0, frozenset[int]()
    for slots in sorted(sets, key=len):
        if seen.isdisjoint(slots):
            count += 1
            seen |= slots
    return count
