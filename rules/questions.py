"""What is missing: the smallest sets of unknown facts some answer to which settles the verdict.

From `undetermined` a verdict is settled when it is any other; from `conditional`, when no further
answer can alter it; what is settled already lacks nothing. Sets come by size, then in vocabulary
order; the search counts evaluations, so it ends deterministically, and says so when it ended early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from rules.case import Case
from rules.explore import OutOfBudget
from rules.judge import Standing
from rules.state import single, unsettled
from rules.verdict import Verdict, strictest, varied, verdict_of

MAX_SETS: Final = 5
BUDGET: Final = 20_000
"""Evaluations allowed for one search; a search beyond it says `complete: false`."""

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
    if verdict is Verdict.CONDITIONAL and _settled(case, {}, verdict):
        return Missing()
    explorer = case.explorer
    explorer.limit = explorer.spent + BUDGET
    sets: list[MissingSet] = []
    questions: dict[int, Question] = {}
    complete = True
    try:
        for slots in _subsets(_candidates(case), sets):
            settles = _settling(case, slots, verdict)
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


def ask(case: Case, slot: int) -> Question:
    """Where each answer to one fact leads; answers with one verdict are told together."""
    leads: dict[Verdict, int] = {}
    for mask in _answers(case, slot):
        verdict = case.verdict({slot: mask})
        leads[verdict] = leads.get(verdict, 0) | mask
    return Question(slot, tuple(Answer(mask, verdict) for verdict, mask in leads.items()))


def _answers(case: Case, slot: int) -> tuple[int, ...]:
    domain = case.compiled.network.domains[slot]
    return domain.split(domain.everything)


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


def _subsets(candidates: tuple[int, ...], found: list[MissingSet]) -> Iterator[tuple[int, ...]]:
    """Sets by size, then vocabulary order; none that contains one already found."""
    for size in range(1, len(candidates) + 1):
        for slots in combinations(candidates, size):
            if not any(set(smaller.slots) <= set(slots) for smaller in found):
                yield slots


def _settling(
    case: Case, slots: tuple[int, ...], verdict: Verdict
) -> list[tuple[dict[int, int], Verdict]]:
    settling: list[tuple[dict[int, int], Verdict]] = []
    for masks in product(*(_answers(case, slot) for slot in slots)):
        known = dict(zip(slots, masks, strict=True))
        reached = _settled(case, known, verdict)
        if reached is not None:
            settling.append((known, reached))
    return settling


def _settled(case: Case, known: Known, verdict: Verdict) -> Verdict | None:
    if verdict is Verdict.UNDETERMINED:
        reached = case.verdict(known)
        return None if reached is Verdict.UNDETERMINED else reached
    # Of a single part it is enough that it varies; of several, how strict each can become counts.
    enough = varied if len(case.parts) == 1 else _never
    standings = [case.explorer.standings(case.state(part, known), enough) for part in case.parts]
    each = [frozenset(verdict_of(frozenset((one,))) for one in found) for found in standings]
    lowest = strictest(verdict for verdicts in each for verdict in verdicts)
    # A part that can come out in one way only settles the whole where no other can be stricter.
    return lowest if frozenset((lowest,)) in each else None


def _never(_: frozenset[Standing]) -> bool:
    return False


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
