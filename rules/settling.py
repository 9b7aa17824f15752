"""Whether answers settle a verdict: decided once by looking, then mostly by remembering.

A goal says what every completion may come to, part by part; answers settle a verdict where some
goal is met. Goals are kept by adding answers, so one completion that spoils a goal speaks against
all answers it is compatible with: it is kept, as wide as it can be made, as a witness, and only
answers no witness speaks against are looked into. (Implicit hitting sets: a set of facts can settle
only if each witness against the goal fixes one of them.)
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final

from rules.case import Case
from rules.judge import Standing, standing
from rules.state import State, narrowed
from rules.verdict import (
    PERMITTED,
    REFUSED,
    UNVIOLATED,
    VERDICTS,
    VIOLATED,
    Verdict,
    alone,
    at_least,
)

Goal = tuple[frozenset[Standing], ...]
ANY: Final = frozenset(Standing)


class Settling:
    """Looks for answers to `slots` after which the verdict of a case can no longer alter."""

    def __init__(self, case: Case, verdict: Verdict, slots: tuple[int, ...]) -> None:
        self._case = case
        self._measured = case.compiled.table.by == "standards"
        self._goals = _goals(verdict, len(case.parts), measured=self._measured)
        self._answers = {slot: everything(case, slot) for slot in slots}
        self._count = 0
        self._against = [0] * len(self._goals)
        self._fixed = dict.fromkeys(slots, 0)
        self._within: dict[tuple[int, int], int] = {}
        # Witnesses to another value than the one a part has: they say nothing unless it is asked.
        self._elsewhere: dict[int, int] = {}

    def possible(self, slots: tuple[int, ...]) -> bool:
        """Whether some answers to these facts might settle, as far as is known."""
        fixed = self._out_of_question(slots)
        for slot in slots:
            fixed |= self._fixed[slot]
        return any(not against & ~fixed for against in self._against)

    def settled(self, known: Mapping[int, int]) -> bool:
        """Whether these answers settle the verdict. Raises OutOfBudget, EngineFault."""
        alive = ((1 << self._count) - 1) & ~self._out_of_question(known)
        for slot, mask in known.items():
            alive &= self._within.get((slot, mask), 0)
        found = any(
            not against & alive and self._met(goal, known)
            for goal, against in zip(self._goals, self._against, strict=True)
        )
        # Where nothing is violated, some standard must apply as well: silence settles nothing.
        return found and not (self._measured and self._case.verdict(known) is Verdict.UNDETERMINED)

    def ways(self, answers: Mapping[int, tuple[int, ...]]) -> Iterator[dict[int, int]]:
        """Answers, one a fact, that might settle as far as is known, in the order of their product.

        Where each goal has a witness that all answers still to be chosen leave standing, none of
        them is looked at; nor twice at what the same witnesses stood against in vain.
        """
        slots = tuple(answers)
        choices = [
            [(mask, self._within.get((slot, mask), 0)) for mask in answers[slot]] for slot in slots
        ]
        floors = [-1]
        for choice in reversed(choices):
            floor = floors[-1]
            for _, within in choice:
                floor &= within
            floors.append(floor)
        floors.reverse()
        against = tuple(self._against)
        vain: set[tuple[int, int]] = set()

        def choose(at: int, known: dict[int, int], alive: int) -> Iterator[dict[int, int]]:
            if at == len(slots):
                yield dict(known)
                return
            floor = floors[at + 1]
            for mask, within in choices[at]:
                left = alive & within
                tried = (at, left)
                if tried in vain:
                    continue
                vain.add(tried)
                if all([spoilt & left & floor for spoilt in against]):
                    continue
                known[slots[at]] = mask
                for way in choose(at + 1, known, left):
                    vain.discard(tried)
                    yield way
            known.pop(slots[at], None)

        alive = ((1 << self._count) - 1) & ~self._out_of_question(slots)
        if not all(spoilt & alive & floors[0] for spoilt in against):
            yield from choose(0, {}, alive)

    def _out_of_question(self, asked: Container[int]) -> int:
        found = 0
        for slot, witnesses in self._elsewhere.items():
            if slot not in asked:
                found |= witnesses
        return found

    def _met(self, goal: Goal, known: Mapping[int, int]) -> bool:
        for number, (part, allowed) in enumerate(zip(self._case.parts, goal, strict=True)):
            if allowed is ANY:
                continue
            for leaf, found in self._case.explorer.leaves(self._case.state(part, known)):
                if found not in allowed:
                    self._remember(number, leaf, found)
                    return False
        return True

    def _remember(self, part: int, leaf: State, found: Standing) -> None:
        """Keep completions of one standing as a witness."""
        cube = self._widened(leaf, found)
        bit = 1 << self._count
        self._count += 1
        for number, goal in enumerate(self._goals):
            if found not in goal[part]:
                self._against[number] |= bit
        for slot, whole in self._answers.items():
            if cube[slot] != whole:
                self._fixed[slot] |= bit
            if not cube[slot] & self._case.parts[part].raw[slot]:
                self._elsewhere[slot] = self._elsewhere.get(slot, 0) | bit
            for mask in self._case.compiled.network.domains[slot].split(cube[slot] & whole):
                self._within[slot, mask] = self._within.get((slot, mask), 0) | bit

    def _widened(self, leaf: State, found: Standing) -> State:
        """Completions of one standing, with what does not matter to it left open."""
        explorer = self._case.explorer
        for slot, whole in self._answers.items():
            if leaf[slot] != whole:
                wider = narrowed(leaf, slot, whole)
                masks = explorer.masks(explorer.frame.settle(wider))
                if standing(explorer.table, *masks) is found:
                    leaf = wider
        return leaf


def everything(case: Case, slot: int) -> int:
    """All regions of a fact: what is asked for when it is asked."""
    return case.compiled.network.domains[slot].everything


def _goals(verdict: Verdict, parts: int, *, measured: bool) -> tuple[Goal, ...]:
    """From undetermined, one part refused or all permitted; else no answer alters the strictest."""
    if verdict is Verdict.UNDETERMINED:
        bad, good = (VIOLATED, UNVIOLATED) if measured else (REFUSED, PERMITTED)
        refused = [tuple(bad if i == one else ANY for i in range(parts)) for one in range(parts)]
        return (*refused, (good,) * parts)
    return tuple(
        tuple(alone(reached) if i == one else at_least(reached) for i in range(parts))
        for reached in VERDICTS["permission"]
        for one in range(parts)
    )
