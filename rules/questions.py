"""What is missing: the smallest sets of unknown facts some answer to which settles the verdict.

From `undetermined` a verdict is settled when it is any other; from `conditional`, when no further
answer can alter it; what is settled already lacks nothing. Sets come by size, then in vocabulary
order; the search counts evaluations, so it ends deterministically, and says so when it ended early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rules.case import Case, Part
from rules.explore import OutOfBudget
from rules.settling import Settling, everything
from rules.state import single, unsettled
from rules.verdict import Verdict

MAX_SETS: Final = 5
BUDGET: Final = 20_000
"""Evaluations allowed for one search; a search beyond it says `complete: false`."""
MAX_LOOKED_AT: Final = 200_000
"""Sets of facts looked at in one search, likewise."""

Known = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer (mask of regions) to a question and the verdict it leads to."""

    mask: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, and where each answer leads while the rest stays as it is."""

    slot: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class MissingSet:
    """Facts that settle the verdict together: `settles` lists the answers that do."""

    slots: tuple[int, ...]
    settles: tuple[tuple[Known, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Sets and questions; not `complete` where the work allowed ran out."""

    complete: bool = True
    sets: tuple[MissingSet, ...] = ()
    questions: tuple[Question, ...] = ()


def missing(case: Case, verdict: Verdict) -> Missing:
    """What is missing for a case with this verdict. Raises EngineFault."""
    if verdict not in (Verdict.UNDETERMINED, Verdict.CONDITIONAL) or not case.parts:
        return Missing()
    if all(_nothing_speaks(case, part) for part in case.parts):
        return Missing()
    explorer = case.explorer
    explorer.limit = explorer.spent + BUDGET
    sets: list[MissingSet] = []
    questions: dict[int, Question] = {}
    complete = True
    try:
        candidates = _candidates(case)
        settling = Settling(case, verdict, candidates)
        for slots in () if settling.settled({}) else _subsets(candidates, sets, settling):
            settles = _settling(case, slots, settling)
            if settles:
                for slot in slots:
                    questions.setdefault(slot, ask(case, slot))
                sets.append(MissingSet(slots, _merged(settles)))
                if len(sets) == MAX_SETS:
                    break
    except OutOfBudget:
        complete = False
    finally:
        explorer.limit = None
    return Missing(complete, tuple(sets), tuple(questions[slot] for slot in sorted(questions)))


def _nothing_speaks(case: Case, part: Part) -> bool:
    """Whether no rule that decides can hold whatever is answered: none in force there and then."""
    table = case.compiled.table
    _, possible = case.explorer.masks(case.compiled.frame.settle(part.raw))
    deciding = table.forbids | table.permits
    for demand in table.demands:
        deciding |= demand.trigger
    return not possible & deciding


def ask(case: Case, slot: int) -> Question:
    """Where each answer to one fact leads; answers with one verdict are told together."""
    leads: dict[Verdict, int] = {}
    for mask in _answers(case, slot):
        verdict = case.verdict({slot: mask})
        leads[verdict] = leads.get(verdict, 0) | mask
    return Question(slot, tuple(Answer(mask, verdict) for verdict, mask in leads.items()))


def _answers(case: Case, slot: int) -> tuple[int, ...]:
    return case.compiled.network.domains[slot].split(everything(case, slot))


def _candidates(case: Case) -> tuple[int, ...]:
    """Unknown facts that rules still turn on, in vocabulary order."""
    found = 0
    network, table, frame = case.compiled.network, case.compiled.table, case.compiled.frame
    for part in case.parts:
        state = frame.settle(part.raw)
        certain, possible = case.explorer.masks(state)
        open_bits = possible & ~certain & table.relevant
        turned_on = 0
        for bit, read in enumerate(network.slots_of_bit):
            if open_bits >> bit & 1:
                turned_on |= read
        # Whether a fact exists may have to be asked before, or instead of, the fact itself.
        for slot, _ in reversed(frame.existence):
            if turned_on >> slot & 1 and not single(state[slot]):
                turned_on |= frame.governed_by[slot]
        found |= turned_on & unsettled(state) & unsettled(part.raw)
    return tuple(i for i, fact in enumerate(network.facts) if found >> i & 1)


def _subsets(
    candidates: tuple[int, ...], found: list[MissingSet], settling: Settling
) -> Iterator[tuple[int, ...]]:
    """Sets that might settle, by size, then vocabulary order; none contains one already found."""
    looked_at = 0
    for size in range(1, len(candidates) + 1):
        for slots in combinations(candidates, size):
            looked_at += 1
            if looked_at > MAX_LOOKED_AT:
                raise OutOfBudget
            if settling.possible(slots) and not any(
                set(smaller.slots) <= set(slots) for smaller in found
            ):
                yield slots


def _settling(
    case: Case, slots: tuple[int, ...], settling: Settling
) -> list[tuple[dict[int, int], Verdict]]:
    found: list[tuple[dict[int, int], Verdict]] = []
    for known in settling.ways({slot: _answers(case, slot) for slot in slots}):
        if settling.settled(known):
            found.append((known, case.verdict(known)))
    return found


def _merged(
    settling: list[tuple[dict[int, int], Verdict]],
) -> tuple[tuple[Known, Verdict], ...]:
    """Answers that differ in one fact only and lead to one verdict told together."""
    for slot in settling[0][0]:
        groups: dict[tuple[Verdict, tuple[tuple[int, int], ...]], dict[int, int]] = {}
        for known, verdict in settling:
            rest = tuple((s, m) for s, m in known.items() if s != slot)
            group = groups.setdefault((verdict, rest), {**known, slot: 0})
            group[slot] |= known[slot]
        settling = [(known, verdict) for (verdict, _), known in groups.items()]
    return tuple(settling)
